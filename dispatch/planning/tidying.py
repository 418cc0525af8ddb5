"""What planning keeps no longer than it is of use: old proposals, times held long ago, ways that were told long ago."""

from datetime import timedelta

from sqlalchemy import delete

from dispatch.accounts.turn import Turn
from dispatch.planning.slot_holds import forget_old_holds
from dispatch.planning.tables import KnownWay, PlanRun
from dispatch.planning.travel import KEPT

PLANS_KEPT = timedelta(days=30)  # what was taken up stands in the visits' own timelines and in the audit trail


def tidy_planning(turn: Turn) -> int:
    """Clear away what nobody asks for any more; returns how many plans went."""
    forget_old_holds(turn)
    turn.session.execute(delete(KnownWay).where(KnownWay.asked_at < turn.now - 2 * KEPT))
    gone = turn.session.execute(delete(PlanRun).where(PlanRun.asked_at < turn.now - PLANS_KEPT))
    return int(getattr(gone, "rowcount", 0))
