"""Verbs of technicians: the van's kit goes down by what visits take."""

from uuid import UUID

from sqlalchemy import select

from dispatch.accounts.turn import Turn
from dispatch.technicians.tables import KitStock


def use_kit(turn: Turn, technician_id: UUID, used: dict[str, int]) -> None:
    """Take `used` pieces of each item from the van. A stock that was counted wrong stops at nothing."""
    rows = turn.session.scalars(
        select(KitStock).where(KitStock.technician_id == technician_id, KitStock.item.in_(used)).with_for_update()
    )
    for row in rows:
        row.quantity = max(0, row.quantity - used[row.item])
