"""Who was visited, where, why and when."""

from typing import Any

from reportlab.platypus import Flowable

from checklists.words import Words
from dispatch.records.drawing import look
from dispatch.records.drawing.pen import NOTHING, Pen
from dispatch.records.drawing.sections.opening import KINDS, PUNCTUALITY

Pair = tuple[Words, str]
TIMES = {
    "booked": Words("预约登记", "Booked"),
    "told": Words("通知送达", "Told"),
    "called": Words("出发前电话", "Called"),
    "announced": Words("告知到达", "Announced"),
    "departed": Words("出发", "Departed"),
    "arrived": Words("到达", "Arrived"),
    "begun": Words("开始", "Begun"),
    "ended": Words("结束", "Ended"),
    "left": Words("离开", "Left"),
}


def facts_table(pen: Pen, pairs: list[Pair], wide: list[Pair] | None = None) -> Flowable:
    """Label and value, two pairs in a row, a hairline between rows; `wide` pairs follow with a row each."""
    rows: list[list[Any]] = []
    for start in range(0, len(pairs), 2):
        row = [cell for pair in pairs[start : start + 2] for cell in _pair(pen, pair)]
        rows.append(row + [pen.cell("") for _ in range(4 - len(row))])
    spans = [("SPAN", (1, len(rows) + number), (3, len(rows) + number)) for number in range(len(wide or []))]
    rows += [[*_pair(pen, pair), "", ""] for pair in wide or []]
    return pen.table(rows, [0.15, 0.36, 0.15, 0.34], heads="row", style=[*look.RULED, *spans])


def _pair(pen: Pen, pair: Pair) -> list[Any]:
    words, markup = pair
    return [pen.cell(pen.both(words, 6.4), look.LABEL), pen.cell(markup)]


def who_and_where(pen: Pen, record: dict[str, Any]) -> list[Flowable]:
    """Customer, site, line, order and technician."""
    customer, site = record.get("customer") or {}, record.get("site") or {}
    line, order = record.get("line") or {}, record.get("work_order") or {}
    technician = record.get("technician") or {}
    who = f'<font name="SCB">{pen.brief(customer.get("name"))}</font>'
    came = f'<font name="SCB">{pen.brief(technician.get("name"))}</font> {pen.brief(technician.get("code"))}'
    pairs: list[Pair] = [
        (Words("客户", "Customer"), who),
        (Words("装维人员", "Technician"), came),
        (Words("电话", "Phone"), pen.brief(customer.get("phone_masked"))),
        (Words("片区", "Area"), pen.brief(site.get("area") or technician.get("area"))),
        (Words("宽带账号", "Account"), pen.brief(line.get("account_masked"))),
        (Words("工单", "Work order"), _order(pen, order)),
    ]
    wide: list[Pair] = [
        (Words("地址", "Address"), pen.short(site.get("address"))),
        (Words("业务", "Product"), _product(pen, line)),
    ]
    if order.get("symptoms"):
        wide.append((Words("故障现象", "Symptoms"), _symptoms(pen, order)))
    return [*pen.heading(Words("谁、何处、何事", "Who, where, what for")), facts_table(pen, pairs, wide)]


def _symptoms(pen: Pen, order: dict[str, Any]) -> str:
    joined = pen.short(("; " if pen.language == "en" else "；").join(map(pen.plain_words, order["symptoms"])))
    if not order.get("reported_at"):
        return joined
    reported = f"{pen.say('报障', 'reported')} {pen.at(order['reported_at'])}"
    return f"{joined}{look.APART}{look.BESIDE.format(size=7.6, text=reported)}"


def _order(pen: Pen, order: dict[str, Any]) -> str:
    kind = KINDS.get(str(order.get("kind")))
    return f"{pen.words(kind)} {pen.brief(order.get('reference'))}" if kind else pen.brief(order.get("reference"))


def _product(pen: Pen, line: dict[str, Any]) -> str:
    parts = [pen.brief(line[key]) for key in ("product", "access") if line.get(key)]
    down, up = line.get("subscribed_down_mbps"), line.get("subscribed_up_mbps")
    if down is not None or up is not None:
        parts.append(f"↓{pen.text(down)} ↑{pen.text(up)} Mbit/s")
    return pen.listed(parts)


def when(pen: Pen, record: dict[str, Any]) -> list[Flowable]:
    """The promised window, what happened when, and whether the technician was punctual."""
    times = record.get("times") or {}
    story = pen.heading(Words("时间", "When"))
    story.append(pen.paragraph(promise(pen, record), look.PANEL_TEXT))
    day = pen.at(times.get("arrived") or (record.get("visit") or {}).get("window", {}).get("start"), "%m-%d")
    heads = [pen.cell(f"{pen.words(words)}<br/>{_other(pen, words)}", look.LABEL) for words in TIMES.values()]
    values = [pen.cell(_time(pen, times.get(key), day)) for key in TIMES]
    story += [pen.gap(3), pen.table([heads, values], [1 / len(TIMES)] * len(TIMES))]
    return story


def _other(pen: Pen, words: Words) -> str:
    other = words.zh if pen.language == "en" else words.en
    return look.BESIDE.format(size=6.2, text=pen.text(other))


def _time(pen: Pen, value: str | None, day: str) -> str:
    if not value:
        return NOTHING
    clock = f'<font name="SCB">{pen.at(value, "%H:%M")}</font>'
    if (date := pen.at(value, "%m-%d")) == day:
        return clock
    return f"{clock}<br/>{look.BESIDE.format(size=7, text=date)}"


def promise(pen: Pen, record: dict[str, Any]) -> str:
    """One sentence: what was promised, and how it was kept."""
    window = (record.get("visit") or {}).get("window") or {}
    start, end = pen.moment(window.get("start")), pen.moment(window.get("end"))
    kind, arrival = PUNCTUALITY.get(str(record.get("punctuality")), PUNCTUALITY["unknown"])
    verdict = pen.sign(kind, pen.words(arrival))
    if not start or not end:
        return verdict
    shown_end = end.strftime("%H:%M") if end.date() == start.date() else end.strftime("%m-%d %H:%M")
    agreed = f'<font name="SCB">{start.strftime("%Y-%m-%d %H:%M")}–{shown_end}</font>'
    arrived = pen.moment((record.get("times") or {}).get("arrived"))
    if not arrived:
        return f"{pen.say('约定时段', 'Agreed window')} {agreed}{look.APART}{verdict}"
    minutes = round((start - arrived).total_seconds() / 60)
    early = pen.say(f"（早于起点 {minutes} 分钟）", f" ({minutes} min before it opens)") if 0 < minutes < 240 else ""
    middle = f"{pen.say('到达', 'arrived')} {arrived.strftime('%H:%M')}{early}"
    return f"{pen.say('约定时段', 'Agreed window')} {agreed}{look.APART}{middle}{look.APART}{verdict}"
