"""Numbers that people read out: a letter, the day in the business zone, and a count that starts anew each day."""

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from dispatch.accounts.turn import Turn
from dispatch.clock import local_day
from dispatch.database import one_at_a_time


def next_number(turn: Turn, letter: str, column: "InstrumentedAttribute[str]") -> str:
    """The next free number, for example T-20261122-0007. Rows of `column` are never deleted."""
    one_at_a_time(turn.session, "number", letter)
    begin = f"{letter}-{local_day(turn.now, turn.settings.zone):%Y%m%d}-"
    taken = turn.session.scalar(select(func.count()).where(column.startswith(begin)))
    return f"{begin}{(taken or 0) + 1:04d}"
