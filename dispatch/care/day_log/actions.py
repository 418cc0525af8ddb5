"""The daily log: write a line, hand something over to the next shift, take it over."""

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from checklists.plain_text import unsafe
from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import Viewer
from dispatch.care.day_log.tables import LogLine
from dispatch.care.who import CARERS
from dispatch.clock import local_day
from dispatch.errors import Invalid, NotAllowed, NotFound

MOST = 500


def write_line(turn: Turn, text: str, *, handover: bool) -> LogLine:
    """A line of today. A hand-over stays open until somebody takes it over."""
    turn.viewer.must_be(CARERS)
    text = text.strip()
    if not text or len(text) > 1000 or unsafe(text):
        raise Invalid(Words("请填写内容（最多 1000 字）。", "Write at most 1000 characters."), name="text-missing")
    line = LogLine(
        day=f"{local_day(turn.now, turn.settings.zone)}",
        at=turn.now,
        account_id=turn.viewer.account_id,
        by=turn.by,
        kind="handover" if handover else "note",
        text=text,
    )
    turn.session.add(line)
    turn.session.flush()
    return line


def take_over(turn: Turn, line_id: UUID) -> LogLine:
    """Somebody else knows of it now. Not whoever wrote it."""
    turn.viewer.must_be(CARERS)
    line = turn.session.scalar(select(LogLine).where(LogLine.id == line_id).with_for_update())
    if line is None or line.kind != "handover":
        raise NotFound
    if line.taken_at is not None:
        raise NotAllowed(Words("已有人接班。", "Somebody took it over already."), name="taken")
    if line.account_id is not None and line.account_id == turn.viewer.account_id:
        raise NotAllowed(
            Words("交班内容须由接班的同事确认。", "Whoever takes the next shift confirms it, not its writer."),
            name="own-handover",
        )
    line.taken_at, line.taken_by = turn.now, turn.by
    turn.audit("take_over", "day_log", line.id)
    return line


def lines_between(session: Session, viewer: Viewer, first: str, last: str) -> list[LogLine]:
    """Every line of these days, the first first. Nothing for who is not at the desk."""
    if viewer.role not in CARERS:
        return []
    query = select(LogLine).where(LogLine.day >= first, LogLine.day <= last)
    return list(session.scalars(query.order_by(LogLine.day, LogLine.at, LogLine.id)))


def lines_of_day(session: Session, viewer: Viewer, day: str) -> list[LogLine]:
    """The lines of a day, and what earlier days left open; the first first. Nothing for who is not at the desk."""
    if viewer.role not in CARERS:
        return []
    left = (LogLine.day < day) & (LogLine.kind == "handover") & LogLine.taken_at.is_(None)
    return list(session.scalars(select(LogLine).where(or_(LogLine.day == day, left)).order_by(LogLine.at).limit(MOST)))
