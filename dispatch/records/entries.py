"""The entries of a visit, as the pure code of checklists wants them."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from checklists.answers import AnswerContext
from checklists.definition import Checklist
from checklists.measurement_limits import Access, MeasuringContext
from checklists.progress import Entry
from checklists.published import by_key
from checklists.words import Words
from dispatch.records.tables import Blob, EntryBlob, EntryRow
from dispatch.visits.tables import Visit

STATE_STEP = "visit"
DEPARTED = (STATE_STEP, "departed")
ARRIVED = ("appointment", "arrived_at")
LEFT_DOOR = ("talk", "left_door_at")

CLOCK_AHEAD = timedelta(minutes=5)
CLOCK_BEHIND = timedelta(days=2)

ACCESS_ON_SITE: dict[str, Access] = {"gpon": "gpon_b", "xgspon": "xgs", "dsl": "vdsl2", "ethernet": "ethernet"}
"""What the order system calls a line, as the technician would; class B+ is the stricter limit of the two GPON ones."""

Flag = Literal["unknown_field", "flawed", "out_of_order", "clock_ahead", "clock_behind", "visit_closed", "reassigned"]
FLAG_WORDS: dict[Flag, Words] = {
    "unknown_field": Words("清单中没有此项，已保留待核对。", "Not a field of this checklist; kept to be looked at."),
    "flawed": Words("填写有误，已保留待更正。", "Something is wrong with it; kept to be corrected."),
    "out_of_order": Words("之前的步骤尚未完成。", "Made before an earlier step was done."),
    "clock_ahead": Words("手机时钟偏快。", "The phone's clock is ahead."),
    "clock_behind": Words("手机时钟偏慢。", "The phone's clock is behind."),
    "visit_closed": Words("上门已结束或取消后才收到。", "Came after the visit had ended or was cancelled."),
    "reassigned": Words("该上门已改派他人。", "The visit had gone to somebody else."),
}


def checklist_of(visit: Visit) -> Checklist:
    """The version that the visit was booked with."""
    return by_key(visit.checklist)


def context_of(visit: Visit) -> AnswerContext:
    """What the judge of an answer has to know about this visit's line and order. Needs the visit's story loaded."""
    line = visit.work_order.line
    return AnswerContext(
        measuring=MeasuringContext(
            access=ACCESS_ON_SITE.get(line.access),
            subscribed_down=line.subscribed_down,
            subscribed_up=line.subscribed_up,
        ),
        reported_symptoms=tuple(visit.work_order.symptoms),
    )


def rows_of(session: Session, visit_id: UUID) -> list[EntryRow]:
    """Every entry kept for a visit, as received."""
    return list(
        session.scalars(
            select(EntryRow).where(EntryRow.visit_id == visit_id).order_by(EntryRow.received_at, EntryRow.id)
        )
    )


def counted(rows: list[EntryRow], technician_id: UUID | None) -> list[Entry]:
    """The rows that count, as entries of the checklist; `technician_id` is the visit's present technician.

    What came after sealing, or from whom the visit was taken, is kept beside (see `conflict_rules`). A clock that is
    days off must not outvote the others: received time counts.
    """
    return [
        Entry(str(row.id), row.step, row.key, row.value, _time_that_counts(row))
        for row in rows
        if _beside(row) in (None, str(technician_id))
    ]


def _beside(row: EntryRow) -> str | None:
    """For whom an entry would count, if not for everybody."""
    return next((flag["beside"] for flag in row.flags or () if "beside" in flag), None)


def _time_that_counts(row: EntryRow) -> datetime:
    return row.at if clock_flag(row.at, row.received_at) is None else row.received_at


def clock_flag(at: datetime, received_at: datetime) -> Flag | None:
    """What is odd about the phone's clock. Offline for a day or two is not odd; in the future is."""
    if at > received_at + CLOCK_AHEAD:
        return "clock_ahead"
    return "clock_behind" if at < received_at - CLOCK_BEHIND else None


def missing_blobs(session: Session, visit_id: UUID) -> list[str]:
    """Pictures that entries of a visit speak of and that have not arrived, by SHA-256."""
    query = (
        select(EntryBlob.sha256)
        .join(EntryRow, EntryRow.id == EntryBlob.entry_id)
        .where(EntryRow.visit_id == visit_id, EntryBlob.sha256.not_in(select(Blob.sha256)))
        .distinct()
        .order_by(EntryBlob.sha256)
    )
    return list(session.scalars(query))
