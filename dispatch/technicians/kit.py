"""Verbs of the van's kit: it goes down by what visits take, once each, and is topped up at the station."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from checklists.kit_v1 import KIT_BY_KEY
from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import PLANNERS
from dispatch.database import one_at_a_time
from dispatch.errors import Forbidden, Invalid, NotFound
from dispatch.technicians.rules import MOST_HELD
from dispatch.technicians.tables import KitDraw, KitStock, KitTopUp, Technician

MISSED_VISIT_NOTE: Mapping[str, int] = {"sticky_note": 1}
"""What a visit takes that ends at a closed door: the note that says so (DOMAIN §2)."""


def draw_kit(turn: Turn, technician_id: UUID, visit_id: UUID, used: Mapping[str, int]) -> None:
    """Let the van's stock go down by what this visit used. Said again it changes nothing; said anew, the difference.

    Only items that are used up count. A stock that was counted wrong stops at nothing.
    """
    one_at_a_time(turn.session, "kit", str(technician_id))
    said = {item: pieces for item, pieces in used.items() if item in KIT_BY_KEY and KIT_BY_KEY[item].goes_down}
    drawn = {row.item: row for row in turn.session.scalars(select(KitDraw).where(KitDraw.visit_id == visit_id))}
    for item in sorted({*said, *drawn}):
        pieces, row = said.get(item, 0), drawn.get(item)
        if row is None:
            row = KitDraw(visit_id=visit_id, item=item, technician_id=technician_id, used=0, taken=0, at=turn.now)
            turn.session.add(row)
        elif row.used == pieces:
            continue
        stock = _stock(turn, row.technician_id, item)
        if stock is not None:
            taken = min(pieces, stock.quantity + row.taken)
            stock.quantity += row.taken - taken
            row.taken = taken
        row.used, row.at = pieces, turn.now
    turn.session.flush()


def top_up_kit(turn: Turn, technician_id: UUID, pieces: Mapping[str, int], *, counted: bool = False) -> dict[str, int]:
    """Put `pieces` of each item into the van, or (`counted`) say how many are in it; returns what it holds of them.

    By the desk's planners, or by the technician for their own van. Refuses with Invalid what is no item of the kit,
    nothing at all, or more than a van takes.
    """
    _must_be_theirs(turn, technician_id)
    _must_be_kit(pieces, counted=counted)
    one_at_a_time(turn.session, "kit", str(technician_id))
    held: dict[str, int] = {}
    for item, quantity in sorted(pieces.items()):
        stock = _stock(turn, technician_id, item)
        if stock is None:
            stock = KitStock(technician_id=technician_id, item=item, quantity=0)
            turn.session.add(stock)
        held[item] = quantity if counted else stock.quantity + quantity
        if held[item] > MOST_HELD:
            raise _too_many()
        stock.quantity = held[item]
        turn.session.add(
            KitTopUp(
                technician_id=technician_id,
                item=item,
                kind="counted" if counted else "added",
                quantity=quantity,
                held=held[item],
                at=turn.now,
                by=turn.by,
            )
        )
    turn.audit("count_kit" if counted else "top_up_kit", "technician", technician_id, **pieces)
    turn.session.flush()
    return held


def _stock(turn: Turn, technician_id: UUID, item: str) -> KitStock | None:
    return turn.session.get(KitStock, (technician_id, item), with_for_update=True, populate_existing=True)


def _must_be_theirs(turn: Turn, technician_id: UUID) -> None:
    viewer = turn.viewer
    if viewer.role == "technician" and viewer.technician_id != technician_id:
        raise NotFound
    if viewer.role not in PLANNERS and viewer.role not in ("technician", "system"):
        raise Forbidden
    if turn.session.get(Technician, technician_id) is None:
        raise NotFound


def _must_be_kit(pieces: Mapping[str, int], *, counted: bool) -> None:
    unknown = [item for item in pieces if item not in KIT_BY_KEY]
    if unknown:
        raise Invalid(
            Words("“5+3”工具包中没有此物品，请核对。", "The 5+3 kit has no such item. Check it."),
            name="kit-unknown-item",
        )
    if not pieces or any(quantity < (0 if counted else 1) for quantity in pieces.values()):
        raise Invalid(
            Words("请至少填写一种物品的数量。", "Say how many of at least one item."), name="kit-nothing-said"
        )
    if any(quantity > MOST_HELD for quantity in pieces.values()):
        raise _too_many()


def _too_many() -> Invalid:
    return Invalid(
        Words(
            f"数量过大，每种最多 {MOST_HELD} 件，请核对。",
            f"That is too many: {MOST_HELD} of an item at most. Check it.",
        ),
        name="kit-too-many",
    )
