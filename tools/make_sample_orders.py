"""Write the sample order files: a Chinese export (GB18030 text) and an English workbook, with dates near a day.

People, numbers and orders are invented; homes are those of the demo city. The Chinese file writes GCJ-02 coordinates
and mixed spellings of phones, dates and rates, as exports do. The same day gives the same bytes.

Usage: python tools/make_sample_orders.py 2026-11-20 docs/samples
"""

import csv
import io
import random
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
from openpyxl.styles import Font

from dispatch.demo.city import QUARTERS, a_home
from dispatch.visits.order_files.coordinates import gcj_from_wgs

CHINESE_HEADINGS = (
    "工单号", "类型", "客户编号", "客户姓名", "联系电话", "装机地址", "经度(GCJ-02)", "纬度(GCJ-02)", "片区",
    "宽带账号", "套餐", "带宽", "接入方式", "故障现象", "要求完成时间", "预约日期", "预约时段", "时长(分钟)", "技能",
    "备注",
)  # fmt: skip
ENGLISH_HEADINGS = (
    "Order no", "Type", "Customer no", "Customer name", "Phone", "Address", "Latitude", "Longitude", "Area",
    "Account", "Plan", "Bandwidth (Mbps)", "Access", "Symptoms", "Deadline", "Appointment date", "Time slot",
    "Duration (min)", "Skills", "Language",
)  # fmt: skip

# name | phone as written | plan | rates | access | symptoms | span | skills
CHINESE = """
陈立群 | 138 0000 0101 | 融合千兆 | 1000/100 | GPON | | 上午 | 光纤
吴晓岚 | 138-0000-0102 | 融合千兆 | 千兆 | GPON | 频繁掉线、网速慢 | 09:00-11:00 | 光纤、组网
郑可 | +86 13800000103 | 智家500M | 500M/50M | 光纤 | | 14：00-16：00 | 光纤
㛃文博 | １３８０００００１０４ | 智家500M | 500M | GPON | 光猫红灯 | 下午 | 光纤
孙宇航 | 13800000105 | 全屋两千兆 | 2000/200 | XGS-PON | | 下午2点-4点 | 光纤、FTTR
何静 | (021) 5888-0106 | 融合千兆 | 1G | GPON | 无法上网，报错691 | 晚上 | 光纤
林子涵 | 0086 13800000107 | 融合千兆 | 1000M | GPON | | 10:00 | 光纤
马骏 | 13800000108 | 企业500M | 500/500 | GPON | 电视卡顿 | 上午 | 光纤
周雅琴 | '13800000109 | 融合千兆 | 1000/100 | GPON | | 13:00-15:00 | 光纤
徐一鸣 | 13800000110 | 老小区100M | 100M | DSL | 雨天断网 | 上午 | 铜缆
高翔 | 13800000111 | 融合千兆 | 1000/100 | GPON | | 16:00-18:00 | 光纤
梁思琪 | 13800000112 | 全屋两千兆 | 2000/200 | XGS-PON | 卧室无线信号弱 | 上午 | 组网
冯国强 | 13800000113 | 企业千兆 | 1000/1000 | XGS-PON | | 09:30-11:30 | 光纤
谢婉 | 13800000114/021-58880114 | 智家500M | 500M/50M | GPON | 电视卡顿、花屏 | 下午 | 光纤
曹阳 | 13800000115 | 融合千兆 | 1000/100 | GPON | | 全天 | 光纤
唐书瑶 | 13800000116 | 融合千兆 | 1000/100 | LAN | 网页打不开 | 18:00-20:00 | 组网
"""

# name | phone (a number in the workbook if only digits) | plan | rate | access | symptoms | span | skills
ENGLISH = """
Emma Laurent | 13800000201 | Fibre 1000 | 1000 | GPON | | 09:00-11:00 | fibre
Daniel Okafor | +86 138 0000 0202 | Fibre 500 | 500 | GPON | slow Wi-Fi; drops at night | afternoon | fibre; wifi
Sofia Marin | 13800000203 | Fibre 1000 | 1000 | GPON | | 14:00 | fibre
Li Wei | 138-0000-0204 | Business 2000 | 2000 | XGS-PON | no internet, code 651 | 10:00-12:00 | fibre
Noah Fischer | 13800000205 | Whole home 1000 | 1000 | GPON | | morning | fibre; fttr
Aiko Tanabe | 0086 138 0000 0206 | Fibre 500 | 500 | GPON | ONT lamp red | 1-3 pm | fibre
Grace Adeyemi | 13800000207 | Copper 100 | 100 | DSL | no connection after rain | evening | copper
Zhang Min | (021) 5888-0208 | Fibre 1000 | 1000 | GPON | | 16:00-18:00 | fibre
Lucas Pereira | 13800000209 | Fibre 500 | 500 | LAN | pages do not open | 09:30-11:30 | wifi
Hannah Weiss | 13800000210 | Fibre 1000 | 1000 | GPON | | all day | fibre
Wang Jing | 13800000211 | Fibre 1000 | 1000 | GPON | TV stutters | afternoon | fibre
Oliver Grant | 13800000212 | Whole home 2000 | 2000 | XGS-PON | | 11:00-12:30 | fibre; fttr
"""

DATE_FORMS = (
    "{:%Y-%m-%d}", "{:%Y/%m/%d}", "{0.year}年{0.month}月{0.day}日", "{:%Y%m%d}", "{0.month}月{0.day}日", "{:%Y.%m.%d}",
)  # fmt: skip


def records(block: str) -> list[list[str]]:
    """The rows of a block above, cell by cell."""
    return [[cell.strip() for cell in line.split("|")] for line in block.strip().splitlines()]


def chinese_csv(day: date) -> bytes:
    """The Chinese export, in GB18030, with a title line above the headings; visits on the three days after `day`."""
    chance = random.Random(1)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([f"装维工单导出 {day:%Y-%m-%d}"])
    writer.writerow(CHINESE_HEADINGS)
    for number, (name, phone, plan, rates, access, symptoms, span, skills) in enumerate(records(CHINESE)):
        home = a_home(chance, QUARTERS[number % len(QUARTERS)])
        latitude, longitude = gcj_from_wgs(home.latitude, home.longitude)
        wanted, form = day + timedelta(days=1 + number % 3), DATE_FORMS[number % len(DATE_FORMS)]
        writer.writerow([
            f"SH{day:%y%m%d}{number + 1:04}", "维修" if symptoms else "移机" if number == 6 else "新装",
            f"KH{310100 + number}", name, phone, home.zh, f"{longitude:.6f}", f"{latitude:.6f}", home.quarter,
            f"sh{310100 + number}", plan, rates, access, symptoms, form.format(wanted + timedelta(days=2)) + " 18:00",
            form.format(wanted), span, 60 if symptoms else 90, skills, "家有宠物" if number == 4 else "",
        ])  # fmt: skip
    return text.getvalue().encode("gb18030")


def english_xlsx(day: date) -> bytes:
    """The English workbook, with real dates and numbers and WGS-84; visits on the three days after `day`."""
    chance = random.Random(2)
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Orders"
    sheet.append([f"Work orders exported {day:%Y-%m-%d}"])
    sheet.append(ENGLISH_HEADINGS)
    for cell in sheet[2]:
        cell.font = Font(bold=True)
    for number, (name, phone, plan, rate, access, symptoms, span, skills) in enumerate(records(ENGLISH)):
        home = a_home(chance, QUARTERS[number % len(QUARTERS)])
        wanted = day + timedelta(days=1 + number % 3)
        sheet.append([
            f"EN{day:%y%m%d}{number + 1:04}", "Repair" if symptoms else "Install", f"C{52000 + number}", name,
            int(phone) if phone.isdigit() else phone, home.en, home.latitude, home.longitude, home.quarter,
            f"en{52000 + number}", plan, int(rate), access, symptoms,
            datetime.combine(wanted + timedelta(days=2), time(18)), wanted, span, 60 if symptoms else 90, skills,
            "English",
        ])  # fmt: skip
    for column, width in zip("ABCDEFO", (16, 10, 12, 18, 20, 60, 18), strict=True):
        sheet.column_dimensions[column].width = width
    kept = io.BytesIO()
    book.save(kept)
    return _without_clock(kept.getvalue(), day)


def _without_clock(data: bytes, day: date) -> bytes:
    """The same workbook without the moment at which it was made: `day` stands for it everywhere."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part == "docProps/core.xml":
                continue
            content = old.read(part)
            if part in ("[Content_Types].xml", "_rels/.rels"):
                content = _without_core(content)
            info = zipfile.ZipInfo(part, (day.year, day.month, day.day, 0, 0, 0))
            new.writestr(info, content, compress_type=zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def _without_core(content: bytes) -> bytes:
    """A list of parts without the one that names author and times."""
    head, *entries = content.split(b"<")
    return head + b"".join(b"<" + entry for entry in entries if b"docProps/core.xml" not in entry)


def main() -> None:
    """Both files into a folder."""
    day, folder = date.fromisoformat(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "orders-zh.csv").write_bytes(chinese_csv(day))
    (folder / "orders-en.xlsx").write_bytes(english_xlsx(day))


if __name__ == "__main__":
    main()
