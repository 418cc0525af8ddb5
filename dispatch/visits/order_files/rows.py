"""One row of a file becomes one order, or the exact reasons why it cannot."""

import re
from dataclasses import dataclass
from datetime import datetime

from checklists.answer_lists import LONGEST_SYMPTOM
from checklists.words import Words
from dispatch.customers.mails import normal_mail
from dispatch.customers.phones import normal_phone
from dispatch.errors import Invalid
from dispatch.visits.order_files import values
from dispatch.visits.order_files.cells import checked_code, checked_text, half_width, is_blank
from dispatch.visits.order_files.coordinates import read_datum, read_place, split_pair
from dispatch.visits.order_files.headings import Header
from dispatch.visits.order_files.moments import read_deadline, read_report_time, read_window
from dispatch.visits.order_files.row_cells import Reading, RowCells
from dispatch.visits.order_files.shapes import Channel, Kind, OrderRow, RowProblem, SheetRow

_DATED = re.compile(r"20[0-9]{2}\s*[-/.年]?|[0-9]{1,2}\s*月")


@dataclass(frozen=True)
class RowRead:
    """What came of one row. `order` is None if any problem is fatal; its number is kept to find repetitions."""

    row: SheetRow
    external_id: str | None
    order: OrderRow | None
    problems: tuple[RowProblem, ...]


def read_row(row: SheetRow, header: Header, reading: Reading) -> RowRead:
    """Reads every cell, so that all that is wrong with a row is told at once."""
    cells = RowCells(row, header, reading)
    take = cells.take
    external_id = take("external_id", lambda text: checked_code(text, 80))
    kind = _kind(cells)
    name = take("customer_name", lambda text: checked_text(text, 200))
    phone = _phone(cells)
    address = take("address", lambda text: checked_text(text, 300, one_line=False))
    latitude, longitude = _place(cells) or (None, None)
    down, up = _rates(cells)
    order = OrderRow(
        line=row.line,
        external_id=external_id or "",
        kind=kind or "install",
        customer_external_id=take("customer_external_id", lambda text: checked_code(text, 80)),
        customer_name=name or "",
        phone=phone or "",
        mail=_mail(cells),
        channel=_channel(cells),
        language=_language(cells),
        address=address or "",
        latitude=latitude,
        longitude=longitude,
        area=take("area", lambda text: checked_text(text, 80)),
        account=take("account", lambda text: checked_code(text, 80)),
        product=take("product", lambda text: checked_text(text, 120, one_line=False)),
        subscribed_down_mbps=down,
        subscribed_up_mbps=up,
        access=take("access", values.read_access),
        symptoms=take("symptoms", lambda text: values.read_items(text, LONGEST_SYMPTOM)) or (),
        note=take("note", lambda text: checked_text(text, 1000, one_line=False)) or "",
        reported_at=_reported(cells),
        deadline=_deadline(cells),
        minutes=take("minutes", lambda text: values.read_minutes(text, _unit(cells, "minutes"))),
        skills=take("skills", values.read_skills) or (),
        wanted_window=_wanted(cells),
        raw=tuple(zip(header.headings, cells.padded(), strict=True)),
    )
    if name and re.search(r"[*＊]", name):
        words = Words("姓名被隐去了部分文字，上门前请核实。", "Part of the name is masked. Ask before the visit.")
        cells.note("customer_name", words)
    if row.hidden:
        words = Words("这一行在表格中是隐藏的，也已读取。", "This row is hidden in the sheet; it was read too.")
        cells.problem(None, "", words, fatal=False)
    refused = any(problem.fatal for problem in cells.problems)
    return RowRead(row, external_id, None if refused else order, tuple(cells.problems))


def _kind(cells: RowCells) -> Kind | None:
    given = cells.reading.kind
    return cells.take("kind", values.read_kind, required=given is None) or given


def _phone(cells: RowCells) -> str | None:
    """The first phone column that holds something; where a cell holds several numbers, the first of them."""
    column = cells.columns["phone"]
    text: str | None = ""
    for candidate in (column, *cells.header.spare_phones):
        text = cells.text(candidate)
        if text is None:
            return None
        if not is_blank(text):
            column = candidate
            break
    numbers = [part for part in re.split(r"[/、,，;；|\r\n]+", text or "") if not is_blank(part)]
    if len(numbers) > 1:
        words = Words("这一格有多个号码，只取了第一个。", "Several numbers stand here; only the first is taken.")
        cells.problem(column, text or "", words, fatal=False)
    number = numbers[0] if numbers else ""
    return cells.attempt(column, text or "", lambda: normal_phone(number, cells.reading.allow_foreign))


def _place(cells: RowCells) -> tuple[float, float] | None:
    latitude, longitude, pair = (cells.columns.get(field) for field in ("latitude", "longitude", "place"))
    column = latitude or longitude or pair
    if column is None:
        return None
    texts = [cells.text(one) if one else "" for one in (latitude, longitude)]
    whole = cells.text(column) if column is pair else ""
    if whole is None or None in texts:
        return None
    north, east = ("" if is_blank(text or "") else half_width(text or "") for text in texts)
    if is_blank(whole) and not north and not east:
        return None
    datum = cells.take("datum", read_datum) or column.datum or "wgs84"
    before = len(cells.problems)
    place = cells.attempt(
        column,
        whole or north or east,
        lambda: read_place(*(split_pair(whole) if whole else (north, east)), datum),
    )
    if place is None and len(cells.problems) == before:
        words = Words("坐标为 0，按未知处理。", "Zero coordinates are taken as unknown.")
        cells.problem(column, "0", words, fatal=False)
    return place


def _rates(cells: RowCells) -> tuple[float | None, float | None]:
    """Down and up; a column of its own goes before the one that holds both."""
    both = cells.take("rates", lambda text: values.read_rates(text, _unit(cells, "rates"))) or (None, None)
    down = cells.take("down", lambda text: values.read_rates(text, _unit(cells, "down"))[0])
    up = cells.take("up", lambda text: values.read_rates(text, _unit(cells, "up"))[0])
    return down or both[0], up or both[1]


def _reported(cells: RowCells) -> datetime | None:
    reading = cells.reading
    return cells.take(
        "reported",
        lambda text: read_report_time(text, cells.zone("reported"), reading.today, from_1904=reading.from_1904),
    )


def _deadline(cells: RowCells) -> datetime | None:
    reading = cells.reading
    deadline = cells.take(
        "deadline",
        lambda text: read_deadline(text, cells.zone("deadline"), reading.today, from_1904=reading.from_1904),
    )
    if deadline and deadline.astimezone(reading.zone).date() < reading.today:
        cells.note("deadline", Words("截止时间已过，请尽快处理。", "This deadline has passed. Act soon."))
    return deadline


def _wanted(cells: RowCells) -> tuple[datetime, datetime] | None:
    """The window wished for: a day with its time, a day and a span beside it, or a start and an end."""
    reading, columns = cells.reading, cells.columns
    by_ends = "wanted" not in columns and "wanted_start" in columns
    column = columns.get("wanted_start" if by_ends else "wanted") or columns.get("wanted_span")
    if column is None:
        return None
    beside = columns.get("wanted_end" if by_ends else "wanted_span")
    first, second = cells.text(column), cells.text(beside) if beside and beside != column else ""
    if first is None or second is None:
        return None
    day, span = ("" if is_blank(text) else text for text in (first, second))
    if not day and not span:
        return None
    if by_ends and span:
        day, span = f"{day} 至 {span}", ""
    if not day and _DATED.match(half_width(span)):
        day, span = span, ""
    zone = cells.zone(column.field)
    window = cells.attempt(
        column,
        f"{day} {span}".strip(),
        lambda: read_window(day, span, zone, reading.today, from_1904=reading.from_1904),
    )
    if window and window[1].astimezone(reading.zone).date() < reading.today:
        words = Words(
            "客户期望的时段已过，请重新与客户约定。",
            "The time that the customer wanted has passed. Agree on a new one.",
        )
        cells.note(column.field, words)
    return window


def _mail(cells: RowCells) -> str | None:
    """The mail address; one that cannot be is told of and left out, because the order is good without it."""
    text = cells.take("mail", lambda cell: cell)
    try:
        return normal_mail(text) if text else None
    except Invalid:
        words = Words("邮箱地址不正确，未采用。", "This is no mail address; it is left out.")
        cells.note("mail", words)
        return None


def _channel(cells: RowCells) -> Channel | None:
    channel = cells.take("channel", values.read_channel)
    column = cells.columns.get("channel")
    if column and channel is None and not is_blank(cells.raw(column)):
        words = Words("不认识这种通知方式，未采用。", "This way of telling is not known; it is left out.")
        cells.note("channel", words)
    return channel


def _language(cells: RowCells) -> str | None:
    language = cells.take("language", values.read_language)
    column = cells.columns.get("language")
    if column and language is None and not is_blank(cells.raw(column)):
        words = Words("暂不支持这种语言，将使用中文。", "This language is not spoken here; Chinese is used.")
        cells.note("language", words)
    return language


def _unit(cells: RowCells, field: str) -> str:
    """The unit that a heading adds in brackets: h for durations, k, m or g for rates."""
    aside = cells.columns[field].aside
    if field == "minutes":
        return "h" if re.search(r"小时|hour|^h$", aside) else ""
    unit = re.match(r"[kmg]", aside)
    return unit[0] if unit else ""
