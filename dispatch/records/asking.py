"""Asking afterwards: the satisfaction question on the next day, and the announcement of a return call (回访)."""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import DESK
from dispatch.clock import local_day
from dispatch.database import one_at_a_time
from dispatch.errors import Invalid, NotAllowed
from dispatch.notices.calls import open_call
from dispatch.notices.rules import quiet_until
from dispatch.notices.tables import CallTask, Notice
from dispatch.records.queries import record_of_visit
from dispatch.records.tables import RatingRow, Record
from dispatch.visits.life import Status
from dispatch.visits.queries import visit_seen_by, with_story
from dispatch.visits.tables import Visit
from dispatch.visits.telling import reader_of, spoken, tell
from dispatch.visits.windows import Window, window_to_promise

ASKED_AT = time(10)
ASKED_WITHIN = timedelta(days=7)
AT_ONCE = 200
LONGEST_CALL_WINDOW = timedelta(hours=4)


def asking_due(ended: datetime, zone: ZoneInfo) -> datetime:
    """When a customer is asked how they liked a visit that ended at `ended`: the next day at ten, business time."""
    return datetime.combine(local_day(ended, zone) + timedelta(days=1), ASKED_AT, zone).astimezone(ended.tzinfo)


def owe_satisfaction(turn: Turn) -> int:
    """Owe the satisfaction questions that are due now, once a visit; returns how many.

    Not to who has rated through their link already, and not about a visit of more than seven days ago. What was said
    on site, with the technician beside, is no answer to this question.
    """
    one_at_a_time(turn.session, "satisfaction")
    asked = select(Notice.id).where(Notice.visit_id == Visit.id, Notice.kind == "satisfaction").exists()
    rated = select(RatingRow.visit_id).where(RatingRow.visit_id == Visit.id).exists()
    visits = turn.session.scalars(
        with_story(select(Visit))
        .where(
            Visit.status == Status.SEALED,
            Visit.ended_at >= turn.now - ASKED_WITHIN,
            Visit.ended_at < turn.now,
            ~asked,
            ~rated,
        )
        .order_by(Visit.ended_at, Visit.id)
        .limit(AT_ONCE * 10)
    ).unique()
    owed = 0
    for visit in visits:
        record = record_of_visit(turn.session, turn.viewer, visit.id)
        if record is None or visit.ended_at is None or turn.now < asking_due(visit.ended_at, turn.settings.zone):
            continue
        tell(
            turn,
            visit,
            "satisfaction",
            replaces=(),
            dedupe=f"satisfaction:{visit.id}",
            useful_until=visit.ended_at + ASKED_WITHIN + timedelta(days=1),
            number=record.number,
        )
        owed += 1
        if owed == AT_ONCE:
            break
    return owed


def announce_return_call(turn: Turn, visit_id: UUID, window: Window) -> tuple[Notice, CallTask]:
    """Promise the customer of a completed visit a call within `window`: the notice, and the task to make the call.

    Refuses with NotAllowed before the visit is completed or while another return call is promised, and with Invalid
    a window that is past, longer than four hours, or in the quiet hours.
    """
    turn.viewer.must_be(DESK)
    visit = visit_seen_by(turn.session, turn.viewer, visit_id, to_change=True)
    record = _record_of_completed(turn, visit)
    window = _window_to_call_in(turn, window)
    promised = turn.session.scalar(
        select(CallTask.id).where(
            CallTask.visit_id == visit.id, CallTask.kind == "return_call", CallTask.state == "open"
        )
    )
    if promised is not None:
        raise NotAllowed(
            Words(
                "已约定回访电话且尚未完成，请先完成并登记结果。",
                "A return call is promised and not made yet. Make it and note its outcome first.",
            ),
            name="return-call-promised",
        )
    key = f"return_call:{visit.id}:{window.start.isoformat()}"
    notice = tell(
        turn,
        visit,
        "return_call",
        replaces=("return_call", "satisfaction"),
        dedupe=key,
        about=window.start,
        useful_until=window.end,
        number=record.number,
        call_window=spoken(window),
    )
    task = open_call(
        turn,
        "return_call",
        reader=reader_of(visit.work_order.customer),
        due_at=window.end,
        dedupe=key,
        visit_id=visit.id,
        notice_id=notice.id,
        why=record.number,
    )
    turn.audit("announce_return_call", "visit", visit.id, start=window.start.isoformat())
    return notice, task


def promised_call(turn: Turn, visit_id: UUID) -> Window | None:
    """The window of the return call that this visit's customer was promised and that was not made yet."""
    task = turn.session.scalar(
        select(CallTask).where(CallTask.visit_id == visit_id, CallTask.kind == "return_call", CallTask.state == "open")
    )
    notice = turn.session.get(Notice, task.notice_id) if task and task.notice_id else None
    if notice is None or turn.now >= datetime.fromisoformat(notice.facts["call_window"]["end"]):
        return None
    said = notice.facts["call_window"]
    return Window(datetime.fromisoformat(said["start"]), datetime.fromisoformat(said["end"]))


def _record_of_completed(turn: Turn, visit: Visit) -> Record:
    record = record_of_visit(turn.session, turn.viewer, visit.id)
    if visit.status != Status.SEALED or record is None:
        raise NotAllowed(
            Words("服务完成后才能约定回访电话。", "A return call is promised once the visit is completed."),
            name="visit-state",
            facts={"status": visit.status},
        )
    return record


def _window_to_call_in(turn: Turn, window: Window) -> Window:
    settings = turn.settings
    window = window_to_promise(window.start, window.end, now=turn.now)
    if window.length > LONGEST_CALL_WINDOW:
        raise Invalid(
            Words("回访时段请不超过四小时。", "Promise a call within four hours at most."), name="window-length"
        )
    for moment in (window.start, window.end - timedelta(seconds=1)):
        if quiet_until(moment, settings.zone, settings.quiet_from, settings.quiet_until) is not None:
            raise Invalid(
                Words("回访时段在休息时间，请选择白天的时段。", "That is in the quiet hours. Choose a time by day."),
                name="window-quiet",
            )
    return window
