"""Which notice a gateway means, when it tells what became of one."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from dispatch.accounts.turn import Turn
from dispatch.notices.channels.protocol import Said
from dispatch.notices.receipts import take_receipt
from dispatch.notices.tables import Notice, Receipt


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


EARLIEST = timedelta(minutes=10)


def join_early_receipts(turn: Turn, known_as: Mapping[str, UUID]) -> int:
    """Fold in what gateways told under their own number before we knew that number. Returns how many.

    A report can overtake the answer to the message that it is about: it was kept without a notice.
    """
    if not known_as:
        return 0
    number = Receipt.body["sid"].as_string()
    early = turn.session.execute(
        select(number, Receipt.state, Receipt.body)
        .where(Receipt.notice_id.is_(None), Receipt.at > turn.now - EARLIEST, number.in_(list(known_as)))
        .order_by(Receipt.at)
    ).all()
    for told, state, body in early:
        take_receipt(turn, known_as[told], state, body)
    return len(early)
