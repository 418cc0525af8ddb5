"""The papers that go with a visit: service card, missed-visit note, sticky note, user guide. One template each.

The phone shows them in its frame; the desk, the customer's link and the public guide show them as a sheet of A6 to A4.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

import segno
from fastapi import Request, Response

from checklists.answers import read_moment
from checklists.dial_errors import DIAL_ERRORS, DialError
from checklists.progress import Folded, fold
from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.errors import NotFound
from dispatch.health_files.said_queries import said_on
from dispatch.health_files.signs import SAME_FAULT
from dispatch.health_files.telling import short_day
from dispatch.records.entries import counted, rows_of
from dispatch.records.queries import records_of_line
from dispatch.settings import Settings
from dispatch.visits.life import Status
from dispatch.visits.tables import Visit
from mobile_api.pages import page

Size = Literal["a6", "a5", "a4"]
SIZES: tuple[Size, ...] = ("a6", "a5", "a4")
TITLES: dict[str, Words] = {
    "card": Words("服务贴心卡", "Service card"),
    "note": Words("未遇留言条", "Missed-visit note"),
    "sticky": Words("服务便利贴", "Sticky note"),
    "guide": Words("宽带用户使用指南", "User guide"),
}
USUAL_SIZE: dict[str, Size] = {"card": "a6", "note": "a6", "sticky": "a6", "guide": "a4"}
COMMON = (651, 691, 619, 629, 647, 649, 676, 720, 734, 769, 797, 813)
"""The codes that customers meet; a small sheet shows these, a large one all."""
EARLIER_DATES = 3


@lru_cache(maxsize=64)
def code_path(address: str) -> tuple[int, str]:
    """The QR code of an address: its width in modules, and an SVG path of its dark ones."""
    rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix]
    dark = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, module in enumerate(row) if module]
    return len(rows), "".join(dark)


def guide_address(settings: Settings) -> str:
    """Where anybody may read the user guide."""
    return f"{settings.public_url.rstrip('/')}/guide"


def general_facts(settings: Settings, *, all_codes: bool = True) -> dict[str, Any]:
    """What a paper says without knowing any customer."""
    return {
        "on": short_day(settings.zone),
        "draw_code": code_path,
        "guide_address": guide_address(settings),
        "dial_errors": dial_errors(all_codes=all_codes),
        "technician": None,
    }


@lru_cache(maxsize=2)
def dial_errors(*, all_codes: bool) -> tuple[tuple[str, DialError], ...]:
    """Codes with what they mean; those that are one fault under several numbers stand together."""
    others: dict[int, list[int]] = {}
    for code, same in SAME_FAULT.items():
        others.setdefault(same, []).append(code)
    shown = [code for code in (DIAL_ERRORS if all_codes else COMMON) if code in DIAL_ERRORS and code not in SAME_FAULT]
    return tuple((" / ".join(str(c) for c in (code, *others.get(code, ()))), DIAL_ERRORS[code]) for code in shown)


def paper_facts(turn: Turn, visit: Visit) -> dict[str, Any]:
    """What the papers of a visit draw. The account stands on the sticky note only with the customer's own consent."""
    folded = fold(counted(rows_of(turn.session, visit.id), visit.technician_id))
    agreed = _value(folded, "guide", "sticky_note") == "with_account" and (
        _value(folded, "guide", "account_note_consent") is True
    )
    changed = _moment(folded, "remind", "password_changed_at")
    return {
        **general_facts(turn.settings),
        "visit": visit,
        "order": visit.work_order,
        "technician": visit.technician,
        "arrived": _moment(folded, "appointment", "arrived_at") or visit.arrived_at,
        "left": _moment(folded, "talk", "left_door_at") or visit.ended_at,
        "password_changed": changed,
        "password_changes": _earlier_changes(turn, visit, changed),
        "account_on_note": visit.work_order.line.account_name if agreed else None,
    }


def _earlier_changes(turn: Turn, visit: Visit, last: datetime | None) -> list[str]:
    """The days of earlier changes that were told on this line, newest first. Dates only."""
    day = short_day(turn.settings.zone)
    others = [one.visit_id for one in records_of_line(turn.session, visit.work_order.line_id)]
    said = said_on(turn.session, [one for one in others if one != visit.id])
    days = {day(one.password_changed) for one in said.values() if one.password_changed is not None}
    return sorted(days - ({day(last)} if last else set()), reverse=True)[:EARLIER_DATES]


def _value(folded: Folded, step: str, key: str) -> Any:
    entry = folded.get((step, key))
    return entry.value if entry is not None else None


def _moment(folded: Folded, step: str, key: str) -> datetime | None:
    value = _value(folded, step, key)
    return read_moment(value) if isinstance(value, str) else None


def papers_of(visit: Visit) -> list[str]:
    """Which papers a visit has: the missed-visit note where nobody was met, the others where a technician is named."""
    if visit.technician is None:
        return ["guide"]
    return ["note", "card", "guide"] if visit.status == Status.NO_ACCESS else ["card", "sticky", "guide"]


def papers_given_to(visit: Visit) -> list[str]:
    """Which papers the customer may open: the technician's number from when they have met, or were missed."""
    met = visit.status in (Status.ON_SITE, Status.SEALED, Status.NO_ACCESS)
    return papers_of(visit) if met else ["guide"]


def sheet(request: Request, name: str, size: str | None, facts: dict[str, Any], back: str | None = None) -> Response:
    """A paper as a sheet of its own. NotFound for a paper that there is not."""
    if name not in TITLES:
        raise NotFound
    chosen: Size = next((one for one in SIZES if one == size), USUAL_SIZE[name])
    codes = dial_errors(all_codes=chosen == "a4")
    about = {"name": name, "title": TITLES[name], "size": chosen, "sizes": SIZES, "back": back}
    return page(request, "papers/page.html", **(facts | {"dial_errors": codes} | about))
