"""The day's pack: all that a technician's phone needs of today and tomorrow, in parts that are sent only when new.

A part is drawn here in both languages, so the phone shows it as it is; answers given since are filled in on the phone.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import APIRouter, Query, Request

from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.clock import local_day
from dispatch.errors import NotFound
from dispatch.records.entries import checklist_of
from dispatch.records.queries import record_of_visit
from dispatch.visits.queries import visit_seen_by
from dispatch.visits.tables import Visit
from mobile_api.dependencies import Reading, only
from mobile_api.pages import context_of, environment
from mobile_api.papers import paper_facts
from mobile_api.technician.day import Day, day_facts
from mobile_api.technician.line import whole_line
from mobile_api.technician.own import kit_facts, own_facts
from mobile_api.technician.papers import record_facts
from mobile_api.technician.screens import common_form, form_of
from mobile_api.technician.shell import LANGUAGES
from mobile_api.technician.speaking import spoken_in
from mobile_api.technician.visit_data import background_facts, visit_data

router = APIRouter(include_in_schema=False)

Part = tuple[str, dict[str, Any]]
HAVE = Annotated[str, Query(max_length=4000, pattern=r"^[0-9a-f,]*$", description="Hashes of the parts on the phone.")]


class Pen:
    """Draws one template in both languages."""

    def __init__(self, turn: Turn, request: Request) -> None:
        self.turn = turn
        self.context = context_of(request, turn.settings)

    def draw(self, template: str, facts: dict[str, Any]) -> dict[str, str]:
        """The fragment, by language."""
        page = environment().get_template(f"technician/{template}.html")
        settings = self.turn.settings
        return {one: page.render(spoken_in(self.context, one, settings) | facts) for one in LANGUAGES}


def visit_part(turn: Turn, pen: Pen, visit: Visit) -> dict[str, Any]:
    """One visit: its facts, the background, and the papers that are shown or printed at its end."""
    paper = paper_facts(turn, visit)
    pages = {name: pen.draw(f"{name}_part", paper) for name in ("note", "card", "sticky")}
    if record_of_visit(turn.session, turn.viewer, visit.id) is not None:
        pages["record"] = pen.draw("record_part", paper | record_facts(turn, visit))
    data = visit_data(turn, visit)
    form = data.pop("form")
    background = background_facts(turn, visit)
    pages["line"] = pen.draw("line_part", whole_line(turn, visit, background["helped"]))
    return {**data, "form_key": form["key"], "background": pen.draw("background", background),
            "pages": pages}  # fmt: skip


def parts_of(turn: Turn, request: Request, also_visits: list[UUID], also_days: list[date]) -> Iterator[Part]:
    """Every part of the pack, by name; what is not the technician's is left out without a word."""
    pen = Pen(turn, request)
    zone = turn.settings.zone
    today = local_day(turn.now, zone)
    days = {today, today + timedelta(days=1), *also_days}
    visits: dict[UUID, Visit] = {}
    for day in sorted(days):
        facts = day_facts(turn, day)
        shown = cast(list[Visit], facts["visits"])
        if today <= day <= today + timedelta(days=1):
            visits |= {visit.id: visit for visit in shown}
        ids = [str(visit.id) for visit in shown]
        is_packed = today <= day <= today + timedelta(days=1)
        yield f"day:{day}", {"pages": pen.draw("day_part", facts), "visits": ids, "kept": is_packed}
    yield "kit", {"pages": pen.draw("kit_part", kit_facts(turn))}
    yield "me", {"pages": pen.draw("me_part", own_facts(turn))}
    for visit_id in also_visits:
        with suppress(NotFound):
            visits[visit_id] = visit_seen_by(turn.session, turn.viewer, visit_id)
    forms = {}
    for visit in visits.values():
        checklist = checklist_of(visit)
        forms[checklist.key] = checklist
        yield f"visit:{visit.id}", visit_part(turn, pen, visit)
    if forms:
        yield "form:common", common_form()
        yield "paper:guide", {"pages": pen.draw("guide_part", paper_facts(turn, next(iter(visits.values()))))}
    for key, checklist in forms.items():
        form = form_of(checklist)
        steps = {f"form:{_hash(step)}": step for step in form["steps"]}  # most are the same in every checklist
        yield from steps.items()
        yield f"form:{key}", {**form, "steps": list(steps)}


def standing_of(turn: Turn) -> dict[str, Any]:
    """Who is signed in, and what time it is here."""
    return {"account": str(turn.viewer.account_id), "now": turn.now.isoformat()}


@router.get("/t/standing.json")
def get_standing(turn: Reading) -> dict[str, Any]:
    """What a phone asks before it hands anything in: is this still the account that the work belongs to?"""
    return standing_of(only(turn, "technician"))


@router.get("/t/pack.json")
def get_pack(
    turn: Reading,
    request: Request,
    have: HAVE = "",
    visit: Annotated[list[UUID], Query(max_length=20, description="Visits of other days.")] = [],  # noqa: B006
    day: Annotated[list[Day], Query(max_length=20, description="Lists of other days.")] = [],  # noqa: B006
) -> dict[str, Any]:
    """All parts by name and hash, and those in full that the phone has not got. Looks are noted for what is sent."""
    only(turn, "technician")
    known = set(have.split(","))
    names, changed = {}, {}
    for name, part in parts_of(turn, request, visit, day):
        hashed = _hash(part)
        names[name] = hashed
        if hashed not in known:
            changed[name] = part
            _note(turn, name, part)
    today = local_day(turn.now, turn.settings.zone)
    return {**standing_of(turn), "today": today, "parts": names, "changed": changed}


def _hash(part: Any) -> str:
    return hashlib.sha256(json.dumps(part, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _note(turn: Turn, name: str, part: dict[str, Any]) -> None:
    ids = part["visits"] if name.startswith("day:") else [part["id"]] if name.startswith("visit:") else []
    for visit_id in ids:
        note_look(turn.session, turn.viewer, "visit", visit_id, turn.now)
    if name.startswith("visit:") and part["customer"]["phone"]:
        note_look(turn.session, turn.viewer, "phone", part["customer_id"], turn.now)
