"""Days of “what if” side by side, and as a table to take along. Pure: runs' values in, rows out."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import Workbook

from checklists.words import Language, Words
from dispatch.planning.asked import Otherwise
from dispatch.planning.proposal import Figures
from dispatch.visits.order_files import defused

HEADS: tuple[tuple[str, Words], ...] = (
    ("label", Words("方案", "Line")),
    ("served", Words("可服务（次）", "Visits served")),
    ("left_out", Words("无人可去（次）", "Without anybody")),
    ("driving", Words("路上时间（分钟）", "Driving (min)")),
    ("overtime", Words("加班（分钟）", "Overtime (min)")),
    ("price", Words("总代价（秒）", "Price (s)")),
    ("left_out_more", Words("无人可去的增减", "Without anybody, difference")),
    ("driving_more", Words("路上时间的增减（分钟）", "Driving, difference (min)")),
)


@dataclass(frozen=True)
class Compared:
    """One line: how the day differs, and its figures (None while it is being reckoned, or could not be)."""

    label: Words
    figures: Figures | None
    state: str


def label_of(otherwise: Otherwise | None) -> Words:
    """How a line differs from the day as it is, in words."""
    if otherwise is None:
        return Words("现有安排条件", "The day as it is")
    if otherwise.label:
        return Words(otherwise.label, otherwise.label)
    zh, en = [], []
    if otherwise.technicians:
        many = abs(otherwise.technicians)
        zh.append(f"{'增加' if otherwise.technicians > 0 else '减少'} {many} 人")
        en.append(f"{many} technician{'s' if many > 1 else ''} {'more' if otherwise.technicians > 0 else 'fewer'}")
    if otherwise.shift_minutes:
        many = abs(otherwise.shift_minutes)
        zh.append(f"班次{'推迟' if otherwise.shift_minutes > 0 else '提前'} {many} 分钟")
        en.append(f"shifts {many} min {'later' if otherwise.shift_minutes > 0 else 'earlier'}")
    if otherwise.widen_minutes:
        many = abs(otherwise.widen_minutes)
        zh.append(f"时段两端各{'放宽' if otherwise.widen_minutes > 0 else '收窄'} {many} 分钟")
        en.append(f"windows {many} min {'wider' if otherwise.widen_minutes > 0 else 'narrower'} at both ends")
    return Words("，".join(zh), ", ".join(en)) if zh else Words("与现有相同", "As it is")


def table_of(lines: Sequence[Compared], language: Language) -> list[list[str | int | None]]:
    """Heads and rows. Differences are to the first line; what is not reckoned yet stays empty."""
    rows: list[list[str | int | None]] = [[words.to(language) for _, words in HEADS]]
    first = lines[0].figures if lines else None
    for line in lines:
        one = line.figures
        if one is None:
            rows.append([line.label.to(language), *([None] * (len(HEADS) - 1))])
            continue
        more = (one.left_out - first.left_out, _minutes(one.driving - first.driving)) if first else (None, None)
        rows.append(
            [
                line.label.to(language),
                one.served,
                one.left_out,
                _minutes(one.driving),
                _minutes(one.overtime),
                one.price,
                *more,
            ]
        )
    return rows


def _minutes(seconds: int) -> int:
    return round(seconds / 60)


def as_csv(rows: Sequence[Sequence[str | int | None]]) -> bytes:
    """As spreadsheets in China open it: UTF-8 with its mark; a text that looks like a formula is defused."""
    out = io.StringIO()
    csv.writer(out).writerows([[_plain(cell) for cell in row] for row in rows])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_xlsx(rows: Sequence[Sequence[str | int | None]]) -> bytes:
    """The same as a workbook of one sheet; numbers stay numbers."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append([_plain(cell) for cell in row])
    sheet.freeze_panes = "B2"
    sheet.column_dimensions["A"].width = 40
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _plain(cell: str | int | None) -> str | int | None:
    return defused(cell) if isinstance(cell, str) else cell
