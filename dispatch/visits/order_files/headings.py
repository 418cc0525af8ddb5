"""Which column is what: headings in Chinese and English, as order systems write them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from checklists.words import Words
from dispatch.errors import Invalid
from dispatch.visits.order_files.cells import shown
from dispatch.visits.order_files.coordinates import Datum, datum_in
from dispatch.visits.order_files.shapes import SheetRow

SEARCHED_ROWS = 20  # titles, dates and remarks may stand above the headings
FEWEST_HEADINGS = 3

# The first heading of each line that a file has is the one taken: 装机地址 goes before 客户地址.
_HEADINGS: dict[str, str] = {
    "external_id": "工单号 工单编号 工单编码 工单流水号 派单号 订单号 订单编号 订单编码 定单号 定单编号 受理单号"
    " 服务单号 故障单号 报障单号 施工单号 单号 workorderno workordernumber workorderid workorder orderno ordernumber"
    " orderid ticketno ticketnumber ticketid ticket externalid order",
    "kind": "工单类型 订单类型 定单类型 施工类型 作业类型 装维类型 服务类型 受理类型 业务类型 类型 类别 workordertype"
    " ordertype worktype jobtype kind type",
    "customer_external_id": "客户编号 客户编码 客户id 客户号 客户标识 用户编号 用户编码 用户id customerno"
    " customernumber customerid customercode",
    "customer_name": "客户姓名 客户名称 用户姓名 用户名称 姓名 客户名 用户名字 机主姓名 户主姓名 户主 机主 联系人姓名"
    " 联系人 客户 customername fullname clientname name customer contactname contact",
    "phone": "联系电话 联系手机 手机号码 手机号 手机 移动电话 客户电话 用户电话 客户联系电话 联系号码 联系方式 电话号码"
    " 电话 固定电话 固话 座机 phone phonenumber phoneno mobile mobilenumber mobileno mobilephone telephone tel"
    " contactphone contactnumber customerphone cell cellphone landline",
    "mail": "电子邮箱 电子邮件 电子邮箱地址 邮箱 邮箱地址 邮件地址 客户邮箱 用户邮箱 email emailaddress mail"
    " mailaddress customeremail customermail contactemail",
    "channel": "通知方式 首选通知方式 联系偏好 首选联系方式 首选渠道 preferredchannel preferredcontact contactchannel"
    " notifyby channel",
    "address": "装机地址 安装地址 施工地址 上门地址 服务地址 故障地址 标准地址 详细地址 用户地址 客户地址 联系地址 地址"
    " 住址 installaddress installationaddress serviceaddress siteaddress address streetaddress customeraddress",
    "latitude": "纬度 lat latitude",
    "longitude": "经度 lon lng long longitude",
    "place": "经纬度 坐标 经纬度坐标 coordinates coordinate lonlat lnglat",
    "datum": "坐标系 坐标系统 坐标类型 datum crs coordinatesystem",
    "area": "装维片区 装维区域 包区 片区 服务区域 所属区域 区域 网格名称 网格 所属网格 区县 行政区 area areaname"
    " servicearea district zone region grid",
    "account": "宽带账号 宽带帐号 上网账号 上网帐号 拨号账号 pppoe账号 接入号 接入号码 业务号码 用户账号 账号 帐号"
    " broadbandaccount pppoeaccount accountname accountno accountnumber account username login",
    "product": "产品名称 套餐名称 业务名称 商品名称 产品 套餐 业务 资费 资费名称 productname product planname plan"
    " packagename package tariff service",
    "down": "下行速率 下行带宽 下载速率 下行 downloadrate downloadspeed downrate downspeed downstream download down"
    " downmbps",
    "up": "上行速率 上行带宽 上传速率 上行 uploadrate uploadspeed uprate upspeed upstream upload up upmbps",
    "rates": "签约速率 签约带宽 宽带速率 接入速率 带宽 速率 网速 bandwidth subscribedrate subscribedspeed rate speed",
    "access": "接入方式 接入类型 接入技术 access accesstype accesstechnology technology",
    "symptoms": "故障现象 障碍现象 报障现象 申告现象 故障描述 报障内容 申告内容 现象 symptoms symptom faultsymptom"
    " faultdescription problem fault",
    "deadline": "要求完成时间 要求完成日期 要求竣工时间 最晚完成时间 处理时限 完成时限 截止时间 截止日期 截止 时限"
    " 到期时间 deadline duedate duetime dueby due completeby finishby sladeadline",
    "reported": "报障时间 申告时间 报修时间 受理时间 下单时间 派单时间 reportedat reporttime reported createdat"
    " orderdate",
    "note": "备注 备注信息 客户备注 用户备注 note notes remark remarks comment comments",
    "wanted": "预约日期 预约上门日期 上门日期 预约上门时间 预约时间 上门时间 期望上门时间 期望时间 appointmentdate"
    " preferreddate wanteddate visitdate appointment appointmenttime preferredtime wantedtime wanted",
    "wanted_span": "预约时段 预约时间段 上门时段 期望时段 时间段 时段 timeslot slot appointmentslot"
    " appointmentwindow arrivalwindow timewindow window wantedwindow",
    "wanted_start": "预约开始时间 预约起始时间 上门开始时间 appointmentstart wantedstart windowstart",
    "wanted_end": "预约结束时间 预约截止时间 上门结束时间 appointmentend wantedend windowend",
    "skills": "技能 技能要求 所需技能 技能标签 skills skill requiredskills skillsrequired",
    "minutes": "时长 预计时长 作业时长 施工时长 标准工时 工时 预计工时 minutes duration durationmin durationminutes"
    " estimatedduration estimatedminutes",
    "language": "语言 语种 客户语言 language lang preferredlanguage",
}  # fmt: skip
_FIELD_OF = {heading: (field, rank) for field, names in _HEADINGS.items() for rank, heading in enumerate(names.split())}

REQUIRED: dict[str, Words] = {
    "external_id": Words("工单号", "order no"),
    "kind": Words("类型", "type"),
    "customer_name": Words("客户姓名", "customer name"),
    "phone": Words("联系电话", "phone"),
    "address": Words("装机地址", "address"),
}
_DATUM_RANK: dict[Datum | None, int] = {"wgs84": 0, None: 1, "gcj02": 2, "bd09": 3}


@dataclass(frozen=True)
class Column:
    """One understood column: where it stands, its heading as written, and what the heading adds (unit, datum)."""

    at: int
    heading: str
    field: str
    rank: int
    aside: str
    datum: Datum | None


@dataclass(frozen=True)
class Header:
    """The headings of a file. `spare_phones` are read where the first phone column is blank."""

    line: int
    headings: tuple[str, ...]
    columns: dict[str, Column]
    spare_phones: tuple[Column, ...]

    @property
    def understood(self) -> tuple[tuple[str, str], ...]:
        """Heading and field, from left to right."""
        used = [*self.columns.values(), *self.spare_phones]
        return tuple((column.heading, column.field) for column in sorted(used, key=lambda used_one: used_one.at))

    @property
    def ignored(self) -> tuple[str, ...]:
        """Headings that nothing is read from, from left to right."""
        used = {column.at for column in [*self.columns.values(), *self.spare_phones]}
        return tuple(name for at, name in enumerate(self.headings) if at not in used and name.strip())


def find_header(rows: Sequence[SheetRow]) -> tuple[int, Header] | None:
    """Where in `rows` the headings stand and what they are; None if no row looks like headings."""
    for at, row in enumerate(rows[:SEARCHED_ROWS]):
        columns = [column for i, cell in enumerate(row.cells) if (column := understand(i, cell))]
        fields = {column.field for column in columns}
        if len(fields) >= FEWEST_HEADINGS and len(fields & REQUIRED.keys()) >= 2:
            return at, _header(row, columns)
    return None


def understand(at: int, cell: str) -> Column | None:
    """The column that a heading announces, or None."""
    if len(cell) > 60:
        return None
    datum, plain = datum_in(cell)
    aside = " ".join(re.findall(r"[(\[【]([^)\]】]*)[)\]】]", plain))
    bare = re.sub(r"[(\[【][^)\]】]*[)\]】]", "", plain)
    bare = re.sub(r"[\s*:_\-./#、,]|必填", "", bare)
    found = _FIELD_OF.get(bare)
    if not found:
        return None
    return Column(at, cell.strip(), found[0], found[1], aside, datum)


def refuse_missing(header: Header, *, kind_is_given: bool) -> None:
    """Refuses with `Invalid` a file that lacks a column without which no order can be made."""
    missing = [
        words
        for field, words in REQUIRED.items()
        if field not in header.columns and not (field == "kind" and kind_is_given)
    ]
    if missing:
        zh, en = "、".join(words.zh for words in missing), ", ".join(words.en for words in missing)
        raise Invalid(
            Words(
                f"第 {header.line} 行的表头缺少：{zh}。请补上这些列后重新导入。",
                f"The headings in line {header.line} lack: {en}. Add these columns and import again.",
            ),
            name="order-file-columns",
        )


def _header(row: SheetRow, found: list[Column]) -> Header:
    chosen: dict[str, Column] = {}
    spare_phones: list[Column] = []
    for column in sorted(found, key=lambda one: (_DATUM_RANK[one.datum], one.rank)):
        taken = chosen.get(column.field)
        if taken is None:
            chosen[column.field] = column
        elif column.field == "phone":
            spare_phones.append(column)
        elif column.field == "wanted" and "wanted_span" not in {one.field for one in found}:
            # 预约日期 beside 预约时间: the second is the time of day
            chosen.setdefault("wanted_span", column)
        elif (taken.rank, taken.datum) == (column.rank, column.datum):
            raise Invalid(
                Words(
                    f"第 {row.line} 行有两列都叫“{shown(column.heading)}”，请删去或改名其中一列。",
                    f"In line {row.line} two columns are called “{shown(column.heading)}”. Remove or rename one.",
                ),
                name="order-file-columns",
            )
    lat, lon = chosen.get("latitude"), chosen.get("longitude")
    if lat and lon and lat.datum != lon.datum and "datum" not in chosen:
        raise Invalid(
            Words(
                "经度和纬度两列的坐标系不同，请统一。",
                "Latitude and longitude columns name different datums. Use one.",
            ),
            name="order-file-columns",
        )
    return Header(row.line, row.cells, chosen, tuple(spare_phones))
