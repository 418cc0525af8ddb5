"""Which notice a gateway means, when it tells what became of one."""

from uuid import UUID

from sqlalchemy import select

from dispatch.accounts.turn import Turn
from dispatch.notices.channels.protocol import Said
from dispatch.notices.receipts import take_receipt
from dispatch.notices.tables import Notice


def hear_receipt(turn: Turn, channel: str, said: Said) -> Notice | None:
    """Keep one receipt of `channel` and fold it in. None for a notice that we do not know; it is kept all the same."""
    return take_receipt(turn, _notice_meant(turn, channel, said.notice_id), said.state, said.body, channel=channel)


def _notice_meant(turn: Turn, channel: str, told: str) -> UUID | None:
    """Gateways name a message by our id, or by their own, which we kept when they took it."""
    try:
        return UUID(told)
    except ValueError:
        return turn.session.scalar(
            select(Notice.id).where(Notice.reference == told, Notice.channel == channel).order_by(Notice.id).limit(1)
        )
