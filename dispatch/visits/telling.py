"""What a visit's notices say, gathered here so that notices never look a visit up; and what was said so far."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.customers.tables import Customer
from dispatch.notices.actions import Reader, owe, supersede
from dispatch.notices.tables import Notice
from dispatch.visits.links import link_for
from dispatch.visits.promised import Believed, Saying, believed_windows
from dispatch.visits.tables import Visit
from dispatch.visits.windows import Window

WORK_WORDS: dict[str, Words] = {
    "install": Words("宽带装机", "broadband installation"),
    "repair": Words("宽带维修", "broadband repair"),
}
NAMES_A_WINDOW = ("booked", "moved")
AFTERWARDS = frozenset({"record_ready", "satisfaction", "return_call"})
"""Kinds about which nothing begins: the quiet hours hold them even when the visit was just now."""


def spoken(window: Window) -> dict[str, str]:
    """A window as a notice's facts keep it."""
    return {"start": window.start.isoformat(), "end": window.end.isoformat()}


def heard(kept: dict[str, str]) -> Window:
    """The same read again."""
    return Window(datetime.fromisoformat(kept["start"]), datetime.fromisoformat(kept["end"]))


def reader_of(customer: Customer) -> Reader:
    """Whom a customer's notices and calls go to."""
    return Reader(customer.id, customer.phone, customer.language, customer.mail, customer.channel)


def facts_of(turn: Turn, visit: Visit, **more: Any) -> dict[str, Any]:
    """Everything that any wording about this visit may use."""
    return {**spoken_facts(visit, link_for(turn, visit.id, visit.window_end)), **more}


def spoken_facts(visit: Visit, link_id: str) -> dict[str, Any]:
    """The facts that every kind of notice about a visit has."""
    order = visit.work_order
    work = WORK_WORDS[order.kind]
    return {
        "customer": order.customer.name,
        "work": {"zh": work.zh, "en": work.en},
        "window": spoken(visit.window),
        "technician": visit.technician.name if visit.technician else None,
        "technician_code": visit.technician.code if visit.technician else None,
        "link_id": link_id,
    }


def tell(
    turn: Turn,
    visit: Visit,
    kind: str,
    *,
    replaces: Collection[str] | None = None,
    dedupe: str | None = None,
    about: datetime | None = None,
    deadline: datetime | None = None,
    useful_until: datetime | None = None,
    urgent: bool = False,
    breach: bool = False,
    **more: Any,
) -> Notice:
    """Owe the customer of `visit` a notice, in this transaction.

    What was owed about the visit before and not said is closed: everything, or the kinds in `replaces`.
    """
    supersede(turn, visit.id, replaces)
    return owe(
        turn,
        kind,
        reader_of(visit.work_order.customer),
        facts_of(turn, visit, **more),
        visit_id=visit.id,
        visit_version=visit.version,
        dedupe=dedupe,
        about=about or (None if kind in AFTERWARDS else visit.window_start),
        deadline=deadline,
        useful_until=useful_until,
        urgent=urgent or breach,
        breach=breach,
    )


def believed(session: Session, visit: Visit, *, to_change: bool = False) -> Believed:
    """What the customer of this visit may believe its window to be, by what was said to them.

    `to_change` locks those notices, so that none leaves between this look and what is decided by it.
    """
    query = (
        select(Notice)
        .where(Notice.visit_id == visit.id, Notice.kind.in_(NAMES_A_WINDOW))
        .order_by(Notice.visit_version.desc(), Notice.owed_at.desc(), Notice.id)
    )
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    return believed_windows([_saying(row) for row in session.scalars(query)], visit.window)


def _saying(row: Notice) -> Saying:
    return Saying(
        row.kind,
        heard(row.facts["window"]),
        row.state,
        row.attempts,
        accepted=row.accepted_at is not None,
        agreed=row.facts.get("asked_by") == "customer" or bool(row.facts.get("heard")),
    )


def tell_of_another_technician(turn: Turn, visit: Visit) -> Notice:
    """Somebody else comes. What has not left yet is said anew with the new name, else a notice of its own says it."""
    waiting = turn.session.scalar(
        select(Notice)
        .where(
            Notice.visit_id == visit.id,
            Notice.kind.in_(NAMES_A_WINDOW),
            Notice.state == "owed",
            Notice.attempts == 0,
        )
        .order_by(Notice.visit_version.desc())
        .limit(1)
        .with_for_update()
    )
    ends = visit.window_end
    if waiting is None:
        replaced = ("technician_changed", "reminder", "on_the_way", "running_late")
        return tell(turn, visit, "technician_changed", replaces=replaced, useful_until=ends)
    kept = {key: waiting.facts[key] for key in ("asked_by", "reason", "old_window", "heard") if key in waiting.facts}
    return tell(
        turn,
        visit,
        waiting.kind,
        deadline=waiting.deadline,
        about=min(visit.window_start, heard(kept["old_window"]).start) if "old_window" in kept else None,
        useful_until=ends,
        urgent=waiting.urgent and waiting.deadline is None,
        **kept,
    )
