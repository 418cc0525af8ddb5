"""The field's own tables (台账) as rows of text: contacts, return calls, complaints, workflow, daily log, compensation.

Times are written in the business zone. Cells that a spreadsheet would take for a formula are defused by the caller.
"""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.care.compensation.table import rule_words, severity_words
from dispatch.care.compensation.tables import Compensation
from dispatch.care.complaints.causes import cause_words
from dispatch.care.complaints.clocks import CLOCK_WORDS
from dispatch.care.complaints.life import STATE_WORDS, State
from dispatch.care.complaints.queries import clocks_of, complaints_listed, names_of, rounds_of, steps_of
from dispatch.care.contacts.answering import Answered
from dispatch.care.contacts.queries import contacts_listed
from dispatch.care.day_log.actions import lines_between, lines_of_day
from dispatch.care.return_calls.queries import return_calls_listed
from dispatch.customers.phones import masked_phone
from dispatch.customers.queries import customers_by_id
from dispatch.technicians.tables import Technician

Sheet = tuple[list[str], list[list[str]]]
MOST = 50_000
"""Rows of a table that is taken away: more than a month has; what is shown on pages is cut earlier."""


def _heads(language: str, *words: tuple[str, str]) -> list[str]:
    return [Words(*one).to(language) for one in words]


def _at(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else ""


def _yes(value: bool | None, language: str) -> str:
    return "" if value is None else Words("是", "yes").to(language) if value else Words("否", "no").to(language)


def _names(session: Session, ids: Iterable[object]) -> dict[object, str]:
    wanted = [one for one in ids if one is not None]
    return {one.id: one.name for one in session.scalars(select(Technician).where(Technician.id.in_(wanted)))}


def contact_sheet(turn: Turn, language: str, begin: datetime, end: datetime) -> Sheet:
    """The contact and answer-rate log (来电登记表)."""
    zone = turn.settings.zone
    heads = _heads(
        language, ("编号", "Number"), ("时间", "Time"), ("渠道", "Channel"), ("来电人", "Caller"), ("号码", "Phone"),
        ("类型", "Kind"), ("判断依据", "Words"), ("事由", "Matter"), ("复述确认", "Read back"), ("接通", "Answered"),
        ("等待秒数", "Waited (s)"), ("受理人", "Agent"), ("结果", "Result"), ("结束时间", "Closed"),
    )  # fmt: skip
    rows = [
        [
            one.number, _at(one.at, zone), one.channel, one.caller, masked_phone(one.phone), one.kind,
            " ".join(one.words), one.matter, _yes(one.confirmed, language), _yes(one.answered, language),
            "" if one.waited is None else str(one.waited), one.by, one.result, _at(one.closed_at, zone),
        ]
        for one in reversed(contacts_listed(turn.session, turn.viewer, begin=begin, end=end, most=MOST))
    ]  # fmt: skip
    return heads, rows


def answer_rate_sheet(language: str, days: Iterable[Answered]) -> Sheet:
    """How many calls were answered, day by day (接通率统计表)."""
    heads = _heads(
        language, ("日期", "Day"), ("来电", "Calls"), ("接通", "Answered"), ("未接", "Lost"), ("接通率", "Answer rate"),
        ("20 秒内接听", "Within 20 s"), ("20 秒接听率", "Rate within 20 s"), ("平均等待秒数", "Mean wait (s)"),
    )  # fmt: skip
    rows = [
        [
            one.day, str(one.calls), str(one.answered), str(one.calls - one.answered), one.share(one.answered),
            str(one.in_time), one.share(one.in_time), "" if one.waited is None else f"{one.waited:.1f}",
        ]
        for one in days
    ]  # fmt: skip
    return heads, rows


def return_call_sheet(turn: Turn, language: str, begin: datetime | None = None, end: datetime | None = None) -> Sheet:
    """The return-call table (回访登记表)."""
    zone = turn.settings.zone
    calls = [
        *return_calls_listed(turn.session, turn.viewer, state="due", begin=begin, end=end, most=MOST),
        *return_calls_listed(turn.session, turn.viewer, state="other", begin=begin, end=end, most=MOST),
    ]
    people = customers_by_id(turn.session, {one.customer_id for one in calls})
    crew = _names(turn.session, {one.technician_id for one in calls})
    heads = _heads(
        language, ("客户", "Customer"), ("装维人员", "Technician"), ("状态", "State"), ("拨打次数", "Tries"),
        ("是否解决", "Fixed"), ("文明施工", "Conduct"), ("总体评价", "Overall"), ("推荐意愿", "Recommend"),
        ("索要财物", "Demanded"), ("意见", "Comment"), ("回访人", "By"), ("完成时间", "Done"),
    )  # fmt: skip
    rows = [
        [
            people[one.customer_id].name, crew.get(one.technician_id, ""), one.state, str(len(one.tries)),
            one.fixed or "", *("" if n is None else str(n) for n in (one.conduct, one.overall, one.recommend)),
            _yes(one.demanded, language), one.comment, one.done_by or "", _at(one.done_at, zone),
        ]
        for one in calls
    ]  # fmt: skip
    return heads, rows


def complaint_sheet(turn: Turn, language: str, begin: datetime | None = None, end: datetime | None = None) -> Sheet:
    """The complaint table (投诉处理登记表)."""
    zone = turn.settings.zone
    listed = complaints_listed(turn.session, turn.viewer, open_only=False, most=MOST, begin=begin, end=end)
    rounds = rounds_of(turn.session, [one.id for one in listed])
    people = customers_by_id(turn.session, {one.customer_id for one in listed})
    owners = names_of(turn.session, [one.owner_id for one in listed])
    clocks = [CLOCK_WORDS[name].to(language) for name in ("answer", "investigate", "solve", "final")]
    heads = _heads(
        language, ("编号", "Number"), ("登记时间", "Registered"), ("客户", "Customer"), ("类别", "About"),
        ("严重程度", "Gravity"), ("状态", "State"), ("负责人", "Owner"), ("原因", "Cause"), ("调查结论", "Finding"),
        ("处理结果", "Result"), ("满意", "Content"), ("复核次数", "Appeals"),
    )  # fmt: skip
    rows = []
    for one in listed:
        now = rounds[one.id][-1]
        verdicts = [
            f"{_at(clock.due, zone)} {clock.verdict(turn.now, one.ended_at)}{' *' if clock.provisional else ''}"
            for clock in clocks_of(one, now)
        ]
        rows.append(
            [
                one.number, _at(one.registered_at, zone), people[one.customer_id].name,
                cause_words(one.subject).to(language), severity_words(one.severity).to(language),
                STATE_WORDS[State(one.state)].to(language), owners.get(one.owner_id, ""),
                cause_words(now.cause).to(language) if now.cause else "", now.finding, now.result,
                _yes(now.satisfied, language), str(one.appeals), *verdicts,
            ]
        )  # fmt: skip
    return [*heads, *clocks], rows


def workflow_sheet(turn: Turn, language: str, begin: datetime | None = None, end: datetime | None = None) -> Sheet:
    """What was done about each complaint, step by step (投诉流程跟踪表)."""
    zone = turn.settings.zone
    heads = _heads(
        language, ("编号", "Number"), ("轮次", "Round"), ("时间", "Time"), ("步骤", "Step"), ("经办", "By"),
        ("内容", "Text"), ("已通知客户", "Customer told"),
    )  # fmt: skip
    rows = [
        [
            one.number, str(step.round), _at(step.at, zone), step.what, step.by, step.text,
            _yes(step.notice_id is not None, language),
        ]
        for one in complaints_listed(turn.session, turn.viewer, open_only=False, most=MOST, begin=begin, end=end)
        for step in steps_of(turn.session, one.id)
    ]  # fmt: skip
    return heads, rows


def day_log_sheet(turn: Turn, language: str, day: str, last: str | None = None) -> Sheet:
    """The daily log with its hand-over (值班日志): a day and what earlier ones left open, or all days to `last`."""
    zone = turn.settings.zone
    heads = _heads(
        language, ("日期", "Day"), ("时间", "Time"), ("记录人", "By"), ("类别", "Kind"), ("内容", "Text"),
        ("接班人", "Taken over by"), ("接班时间", "Taken over at"),
    )  # fmt: skip
    rows = [
        [one.day, _at(one.at, zone), one.by, one.kind, one.text, one.taken_by or "", _at(one.taken_at, zone)]
        for one in (
            lines_between(turn.session, turn.viewer, day, last)
            if last
            else lines_of_day(turn.session, turn.viewer, day)
        )
    ]
    return heads, rows


def compensation_sheet(turn: Turn, language: str, rows: Iterable[Compensation]) -> Sheet:
    """What billing is to credit. Amounts in yuan with two places; the proof as ids."""
    zone, listed = turn.settings.zone, list(rows)
    people = customers_by_id(turn.session, {one.customer_id for one in listed})
    heads = _heads(
        language, ("编号", "Number"), ("客户编号", "Customer id"), ("客户", "Customer"), ("事由", "Why"),
        ("金额（元）", "Amount (yuan)"), ("依据", "Proof"), ("批准人", "Approved by"), ("批准时间", "Approved at"),
    )  # fmt: skip
    made = [
        [
            one.number, people[one.customer_id].external_id or str(one.customer_id), people[one.customer_id].name,
            rule_words(one.rule).to(language), f"{one.amount_fen / 100:.2f}",
            " ".join(f"{part['what']}:{part['id']}" for part in one.proof), one.decided_by or "",
            _at(one.decided_at, zone),
        ]
        for one in listed
    ]  # fmt: skip
    return heads, made
