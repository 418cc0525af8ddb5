"""What a visit's notices say: facts gathered here, so that notices never look a visit up."""

from datetime import datetime
from typing import Any

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.notices.actions import Reader, owe, supersede
from dispatch.notices.tables import Notice
from dispatch.visits.links import link_for
from dispatch.visits.tables import Visit
from dispatch.visits.windows import Window

WORK_WORDS: dict[str, Words] = {
    "install": Words("宽带装机", "broadband installation"),
    "repair": Words("宽带维修", "broadband repair"),
}


def spoken(window: Window) -> dict[str, str]:
    """A window as a notice's facts keep it."""
    return {"start": window.start.isoformat(), "end": window.end.isoformat()}


def facts_of(turn: Turn, visit: Visit, **more: Any) -> dict[str, Any]:
    """Everything that any wording about this visit may use."""
    order = visit.work_order
    work = WORK_WORDS[order.kind]
    return {
        "customer": order.customer.name,
        "work": {"zh": work.zh, "en": work.en},
        "window": spoken(visit.window),
        "technician": visit.technician.name if visit.technician else None,
        "technician_code": visit.technician.code if visit.technician else None,
        "link_id": link_for(turn, visit.id, visit.window_end),
        **more,
    }


def tell(
    turn: Turn,
    visit: Visit,
    kind: str,
    *,
    deadline: datetime | None = None,
    about: datetime | None = None,
    urgent: bool = False,
    replaces: bool = True,
    **more: Any,
) -> Notice:
    """Owe the customer of `visit` a notice, in this transaction; what was owed before and not said is closed."""
    if replaces:
        supersede(turn, visit.id)
    customer = visit.work_order.customer
    reader = Reader(customer.id, customer.phone, customer.language)
    return owe(
        turn,
        kind,
        reader,
        facts_of(turn, visit, **more),
        visit_id=visit.id,
        visit_version=visit.version,
        about=about or visit.window_start,
        deadline=deadline,
        urgent=urgent,
    )
