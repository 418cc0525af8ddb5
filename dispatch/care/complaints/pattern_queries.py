"""The complaints of the last months, looked at for what they have in common."""

from sqlalchemy import select

from dispatch.accounts.turn import Turn
from dispatch.care.complaints.patterns import AGAIN_WITHIN, Pattern, Seen, patterns
from dispatch.care.complaints.tables import Complaint

MOST = 5000


def patterns_now(turn: Turn) -> list[Pattern]:
    """Repeated complaints and clusters at this time. Ids and keys only: what they tell is asked for with the viewer."""
    rows = turn.session.execute(
        select(
            Complaint.id, Complaint.registered_at, Complaint.customer_id, Complaint.area_id, Complaint.device_model,
            Complaint.technician_id,
        )
        .where(Complaint.registered_at > turn.now - AGAIN_WITHIN)
        .order_by(Complaint.registered_at.desc())
        .limit(MOST)
    )  # fmt: skip
    return patterns([Seen(*row) for row in rows], now=turn.now)
