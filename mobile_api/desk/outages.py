"""Outages, planned or faults: looked at before anybody is told, approved by a supervisor, watched, cancelled."""

from datetime import datetime, time, timedelta
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import OVERRIDERS, PLANNERS
from dispatch.errors import Refusal
from dispatch.kpis.surges import surge_began
from dispatch.notices.composing import voice_of
from dispatch.notices.own_texts import live_texts
from dispatch.notices.texts import name_of, texts_in_house
from dispatch.notices.wording import sms_parts, worded
from dispatch.outages.actions import approve_outage, cancel_outage, plan_outage
from dispatch.outages.queries import facts_of, outage_seen_by, outages_seen_by, pace_of, preview_of, telling_of
from dispatch.outages.rules import expected_repair
from dispatch.outages.tables import Outage
from dispatch.technicians.queries import areas
from mobile_api.desk.doors import DeskReading, DeskWriting, may
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, read_form
from mobile_api.desk.moves import Day
from mobile_api.desk.telling_words import MEDIUM_WORDS
from mobile_api.desk.words import flashes, who
from mobile_api.errors import status_of
from mobile_api.pages import page
from mobile_api.shapes import GivenReason, Reason

router = APIRouter()
KEPT = timedelta(days=30)
UNKNOWN_CAUSE = Words("网络故障", "a network fault")
FIELD_OF_REFUSAL = {
    "outage-length": "end_time",
    "outage-in-the-past": "day",
    "outage-too-far": "day",
    "fault-not-begun": "begin",
    "fault-too-old": "day",
    "fault-over": "end_time",
    "fault-too-long": "end_time",
    "not-found": "area",
}


class PlanShape(FormShape):
    """Where and when the network is down, and why, in both languages. Without an end day it ends the same day."""

    kind: Literal["planned", "fault"] = "planned"
    area: UUID
    day: Day
    begin: time
    end_day: Day | None = None
    end_time: time
    reason_zh: GivenReason
    reason_en: GivenReason


class ApproveShape(FormShape):
    """Which version was looked at."""

    version: int


class CancelShape(FormShape):
    """Which version was looked at, and why (needed once customers are being told of planned work)."""

    version: int
    reason: Reason = ""


@router.get("/desk/outages")
def show_outages(
    request: Request, turn: DeskReading, done: str = "", area: str = "", surge: str = "", kind: str = ""
) -> Response:
    """Those to come and those of the last month, with the form for one; filled in where a surge calls for it."""
    known = next((one for one in areas(turn.session) if str(one.id) == area), None)
    values = {"kind": "fault" if surge or kind == "fault" else "planned", "area": str(known.id) if known else ""}
    if known and surge:
        values |= _for_surge(turn, known.id)
    return _draw_list(request, turn, Form(values), done=done)


def _for_surge(turn: Turn, area_id: UUID) -> dict[str, str]:
    """What a person would fill in: down since the first report of the surge (or now), back in four hours."""
    zone = turn.settings.zone
    begun = (surge_began(turn, area_id) or turn.now).astimezone(zone)
    back = expected_repair(turn.now).astimezone(zone)
    return {
        "day": f"{begun:%Y-%m-%d}",
        "begin": f"{begun:%H:%M}",
        "end_day": f"{back:%Y-%m-%d}",
        "end_time": f"{back:%H:%M}",
        "reason_zh": UNKNOWN_CAUSE.zh,
        "reason_en": UNKNOWN_CAUSE.en,
    }


@router.post("/desk/outages")
def plan(request: Request, turn: DeskWriting, sent: Sent) -> Response:
    """Keep the plan; nobody is told."""
    turn.viewer.must_be(PLANNERS)
    read = read_form(PlanShape, sent)
    if read.shape is None:
        return _draw_list(request, turn, read.again())
    shape, zone = read.shape, turn.settings.zone

    def do() -> str:
        starts = datetime.combine(shape.day, shape.begin, zone)
        ends = datetime.combine(shape.end_day or shape.day, shape.end_time, zone)
        outage = plan_outage(turn, shape.area, starts, ends, Words(shape.reason_zh, shape.reason_en), shape.kind)
        return f"/desk/outages/{outage.id}?done={'fault_kept' if outage.kind == 'fault' else 'outage_planned'}"

    answer = attempt(turn, shape, "plan outage", do)
    if isinstance(answer, Response):
        return answer
    field = FIELD_OF_REFUSAL.get(answer.name)
    return _draw_list(request, turn, read.again(**({field: answer.words} if field else {})), answer)


@router.get("/desk/outages/{outage_id}")
def show_outage(request: Request, turn: DeskReading, outage_id: UUID, done: str = "") -> Response:
    """One outage: who would be told and what they would read; once approved, how far the telling is."""
    return _draw(request, turn, outage_seen_by(turn.session, turn.viewer, outage_id), Form(), done=done)


@router.post("/desk/outages/{outage_id}/approve")
def approve(request: Request, turn: DeskWriting, sent: Sent, outage_id: UUID) -> Response:
    """A supervisor lets the telling begin."""
    turn.viewer.must_be(OVERRIDERS)
    outage = outage_seen_by(turn.session, turn.viewer, outage_id)
    read = read_form(ApproveShape, sent)
    if read.shape is None:
        return _draw(request, turn, outage, read.again())
    shape = read.shape

    def do() -> str:
        approve_outage(turn, outage_id, shape.version)
        return f"/desk/outages/{outage_id}?done=outage_telling"

    answer = attempt(turn, shape, f"approve outage {outage_id}", do)
    return answer if isinstance(answer, Response) else _again(request, turn, outage_id, read.again(), answer)


@router.post("/desk/outages/{outage_id}/cancel")
def cancel(request: Request, turn: DeskWriting, sent: Sent, outage_id: UUID) -> Response:
    """Call it off, or note that a fault is repaired."""
    turn.viewer.must_be(PLANNERS)
    outage = outage_seen_by(turn.session, turn.viewer, outage_id)
    read = read_form(CancelShape, sent)
    if read.shape is None:
        return _draw(request, turn, outage, read.again())
    shape = read.shape

    def do() -> str:
        cancel_outage(turn, outage_id, shape.reason, shape.version)
        return f"/desk/outages/{outage_id}?done={'fault_repaired' if outage.kind == 'fault' else 'outage_cancelled'}"

    answer = attempt(turn, shape, f"cancel outage {outage_id}", do)
    if isinstance(answer, Response):
        return answer
    more = {"reason": answer.words} if answer.name == "reason-missing" else {}
    return _again(request, turn, outage_id, read.again(**more), answer)


def _again(request: Request, turn: Turn, outage_id: UUID, form: Form, refusal: Refusal) -> Response:
    return _draw(request, turn, outage_seen_by(turn.session, turn.viewer, outage_id), form, refusal)


def _draw_list(request: Request, turn: Turn, form: Form, refusal: Refusal | None = None, done: str = "") -> Response:
    return page(
        request,
        "desk/outages.html",
        status=status_of(refusal) if refusal else 422 if form.errors else 200,
        outages=outages_seen_by(turn.session, turn.viewer, ends_after=turn.now - KEPT),
        areas={one.id: one for one in areas(turn.session)},
        form=form,
        refusal=refusal,
        flashes=flashes(done),
        may=may(turn.viewer),
    )


def _draw(
    request: Request, turn: Turn, outage: Outage, form: Form, refusal: Refusal | None = None, done: str = ""
) -> Response:
    told = telling_of(turn.session, outage.id)
    return page(
        request,
        "desk/outage.html",
        status=status_of(refusal) if refusal else 422 if form.errors else 200,
        outage=outage,
        area=next(one for one in areas(turn.session) if one.id == outage.area_id),
        preview=preview_of(turn, outage),
        pace=pace_of(turn),
        messages=_messages(turn, outage),
        told=told,
        owed=sum(told.values()),
        reached=sum(told.get(state, 0) for state in ("accepted", "delivered", "phoned")),
        form=form,
        refusal=refusal,
        fresh=Form,
        media=MEDIUM_WORDS,
        who=who,
        flashes=flashes(done),
        may=may(turn.viewer),
    )


def _messages(turn: Turn, outage: Outage) -> dict[str, dict[str, Any]]:
    """What customers would read, by language, with its SMS parts; a made-up name stands for theirs."""
    area = next(one for one in areas(turn.session) if one.id == outage.area_id)
    texts, voice = live_texts(turn.session), voice_of(turn.settings)
    facts = facts_of(outage, area)
    name, link = name_of("outage", facts), f"{turn.settings.public_url}/outages/{outage.id}"
    found: dict[str, dict[str, Any]] = {}
    for language, customer in (("zh", "王女士"), ("en", "Ms Wang")):
        chosen = texts.get((name, language)) or texts_in_house(name, language)
        said = worded(chosen, "outage", language, {**facts, "customer": customer}, voice, link)
        found[language] = {"sms": said.sms, "parts": sms_parts(said.sms)}
    return found
