"""What gateways tell afterwards: kept as said, and folded into the notice's one state.

Receipts come twice, out of order, late, and for notices that nobody knows. One table says what each changes.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from dispatch.accounts.turn import Turn
from dispatch.notices.calls import call_for_notice, void_calls
from dispatch.notices.tables import Notice, Receipt

FOLD = {
    ("accepted", "delivered"): "delivered",
    ("accepted", "failed"): "failed",
    ("in_doubt", "delivered"): "delivered",
    ("in_doubt", "accepted"): "accepted",
    ("in_doubt", "failed"): "failed",
    ("claimed", "delivered"): "delivered",
    ("claimed", "accepted"): "accepted",
    ("owed", "delivered"): "delivered",
    ("owed", "accepted"): "accepted",
    ("failed", "delivered"): "delivered",
    ("expired", "delivered"): "delivered",
    ("expired", "accepted"): "accepted",
}
"""How a receipt moves a notice; what is not here changes nothing. A delivery is believed whatever was said before."""


def take_receipt(
    turn: Turn, notice_id: UUID | None, state: str, body: dict[str, Any], channel: str | None = None
) -> Notice | None:
    """Keep what the gateway says and fold it into the notice's state. Unknown ids are kept too.

    `read` implies delivered. A failure told by a `channel` that the notice has left already changes nothing; one told
    by its present channel sends it the next way, or to a person.
    """
    notice = turn.session.scalar(select(Notice).where(Notice.id == notice_id).with_for_update()) if notice_id else None
    turn.session.add(Receipt(notice_id=notice_id, state=state[:20], body=body, at=turn.now))
    if notice is None:
        return None
    if state == "read":
        notice.read_at = notice.read_at or turn.now
        state = "delivered"
    if notice.state == "superseded" and state in ("accepted", "delivered"):
        notice.accepted_at = notice.accepted_at or turn.now  # what has arrived has arrived: the customer believes it
        return notice
    after = FOLD.get((notice.state, state))
    elsewhere = channel is not None and notice.channel is not None and channel != notice.channel
    if after is None or (elsewhere and state != "delivered"):
        return notice
    if after == "failed":
        _not_delivered(turn, notice)
        return notice
    notice.state = after
    notice.accepted_at = notice.accepted_at or turn.now
    notice.last_problem = None
    if after == "delivered":
        notice.delivered_at = turn.now
    if notice.deadline is not None and notice.accepted_at > notice.deadline:
        notice.breached_at = notice.breached_at or turn.now
    void_calls(turn, [notice.id])
    return notice


def _not_delivered(turn: Turn, notice: Notice) -> None:
    """The gateway took it, but it never arrived: the next way, while there is one."""
    notice.failed_at, notice.last_problem = turn.now, "not delivered"
    notice.accepted_at = None
    written = [way for way in notice.routes if way != "call"]
    too_late = notice.deadline is not None and turn.now > notice.deadline
    if written and not too_late:
        notice.state, notice.medium = "owed", written[0]
        notice.routes = [way for way in notice.routes if way != written[0]]
        notice.not_before, notice.first_sent_at = turn.now, None
        return
    notice.state = "failed"
    if notice.call_by is not None:
        call_for_notice(turn.session, notice, "not delivered", turn.now)
