"""What helped when it looked like this, asked at the desk: for a line with what the caller tells, and by words."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import select

from checklists.dial_errors import DIAL_ERRORS
from checklists.plain_text import unsafe
from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.errors import Invalid, Refusal
from dispatch.health_files.asking import helped_on_line
from dispatch.health_files.bigrams import words_in
from dispatch.health_files.reasons import action_words, cause_words, outcome_words
from dispatch.health_files.said_queries import said_on
from dispatch.health_files.signs import SYMPTOM_WORDS, Value, symptom_words
from dispatch.health_files.similar import search_repairs
from dispatch.health_files.tables import RepairCase
from dispatch.visits.tables import Visit, WorkOrder
from mobile_api.desk.doors import DeskReading
from mobile_api.errors import status_of
from mobile_api.line_pages import line_facts
from mobile_api.pages import language_of, page

router = APIRouter()
Symptoms = Annotated[list[str], Query(max_length=20)]
RECENT = timedelta(days=30)


@router.get("/desk/lines/{line_id}/helped")
def show_helped(
    request: Request,
    turn: DeskReading,
    line_id: UUID,
    symptom: Symptoms = [],  # noqa: B006
    code: Annotated[str, Query(max_length=8)] = "",
    rx: Annotated[str, Query(max_length=12)] = "",
    words: Annotated[str, Query(max_length=300)] = "",
) -> Response:
    """Asked with what is in the address; with nothing, by the repair that is under way on this line."""
    facts = line_facts(turn, line_id)
    note_look(turn.session, turn.viewer, "line", line_id, turn.now)
    asked: dict[str, Any] = {"symptom": symptom, "code": code, "rx": rx, "words": words}
    if not any(asked.values()):
        asked |= _under_way(turn, line_id)
    answer, refusal = None, None
    if any(asked.values()):
        try:
            answer = helped_on_line(
                turn,
                line_id,
                symptoms=[*asked["symptom"], *asked.get("own", [])],
                dial_codes=[int(asked["code"])] if asked["code"].isascii() and asked["code"].isdigit() else [],
                found=_found(asked["rx"]),
                words=asked["words"] if not unsafe(asked["words"]) else "",
            )
        except Invalid as wrong:
            refusal = wrong
    language = language_of(request)
    return page(
        request,
        "desk/helped.html",
        status=status_of(refusal) if isinstance(refusal, Refusal) else 200,
        **facts,
        asked=asked,
        answer=answer,
        refusal=refusal,
        symptoms=[(value, label.to(language)) for value, label in SYMPTOM_WORDS.items()],
        codes=[("", "—"), *((str(one), f"{one} {known.meaning.to(language)}") for one, known in DIAL_ERRORS.items())],
    )


def _under_way(turn: Turn, line_id: UUID) -> dict[str, Any]:
    """What is known of the repair that this line waits for: its symptoms, and what was found on site so far."""
    order = turn.session.scalar(
        select(WorkOrder)
        .where(WorkOrder.line_id == line_id, WorkOrder.kind == "repair", WorkOrder.state == "open")
        .order_by(WorkOrder.created_at.desc())
        .limit(1)
    )
    if order is None:
        return {}
    visits = list(turn.session.scalars(select(Visit.id).where(Visit.work_order_id == order.id)))
    told, code, rx = list(order.symptoms), "", ""
    for said in said_on(turn.session, visits).values():
        told += said.symptoms
        code = str(said.dial_codes[0]) if said.dial_codes else code
        rx = str(said.found.get("onu_rx_power", rx))
    picked = [value for value, label in SYMPTOM_WORDS.items() if value in told or label.zh in told or label.en in told]
    own = [one for one in dict.fromkeys(told) if symptom_words(one).zh == one]
    return {"symptom": picked, "code": code, "rx": rx, "words": " ".join(own)[:300]}


def _found(rx: str) -> dict[str, Value]:
    """Received power as typed: a number with either minus sign, or LO."""
    text = rx.strip().replace("−", "-").upper()
    if not text:
        return {}
    if text == "LO":
        return {"onu_rx_power": "LO"}
    try:
        return {"onu_rx_power": float(text)}
    except ValueError:
        return {"onu_rx_power": text}  # the judge says that it is no number


@router.get("/desk/repairs")
def show_repairs(request: Request, turn: DeskReading, q: Annotated[str, Query(max_length=100)] = "") -> Response:
    """Past repairs by words of their symptoms and notes."""
    found = search_repairs(turn.session, words_in(q)) if q.strip() else []
    for one in found:
        note_look(turn.session, turn.viewer, "repair", one.visit_id, turn.now)
    return page(request, "desk/repairs.html", q=q, found=[_shown(request, one) for one in found])


def _shown(request: Request, one: RepairCase) -> dict[str, Any]:
    language = language_of(request)
    return {
        "at": one.at,
        "record": one.record,
        "line_id": one.line_id,
        "symptoms": [symptom_words(told).to(language) for told in one.symptoms],
        "note": one.note,
        "cause": cause_words(one.cause),
        "actions": [action_words(action) for action in one.actions],
        "outcome": outcome_words(
            one.outcome, one.helped, (one.came_back_at - one.at).days if one.came_back_at else None
        ),
    }
