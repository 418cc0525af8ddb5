"""Lines: the health file, on paper and as charts; where a line hangs; what helped when it looked like this."""

from typing import Any
from uuid import UUID

from fastapi import Query, Request, Response

from dispatch.accounts.audit import note_look
from dispatch.health_files.asking import helped_on_line, helped_on_visit
from dispatch.health_files.bigrams import words_in
from dispatch.health_files.places import tell_place
from dispatch.health_files.queries import health_file_seen_by
from dispatch.health_files.reasons import action_words, cause_words
from dispatch.health_files.similar import search_repairs
from dispatch.health_files.telling import charts_in, headline, line_document
from mobile_api.api import shown
from mobile_api.api.line_shapes import LooksShape, PlaceShape, Search
from mobile_api.api.records import PDF
from mobile_api.api.routing import api_router
from mobile_api.dependencies import Reading, Writing, only
from mobile_api.pages import Reader, context_of, environment, language_of

router = api_router("lines")


@router.get("/lines/{line_id}/health-file", summary="One line over time")
def get_health_file(line_id: UUID, turn: Reading) -> dict[str, Any]:
    """Baseline, every measurement since with its drift, repairs, devices, password-change dates, questions, records."""
    told = health_file_seen_by(turn.session, turn.viewer, line_id)
    note_look(turn.session, turn.viewer, "line", line_id, turn.now)
    return {**told, "headline": {"zh": headline(told).zh, "en": headline(told).en}}


@router.get("/lines/{line_id}/health-file.pdf", summary="The same on paper", response_class=Response, responses=PDF)
def get_health_file_pdf(line_id: UUID, turn: Reading, request: Request) -> Response:
    """Drawn now, in the reader's language; the file itself is attached to it as JSON."""
    file = health_file_seen_by(turn.session, turn.viewer, line_id)
    note_look(turn.session, turn.viewer, "line", line_id, turn.now)
    content = line_document(file, turn.settings, language_of(request), turn.now.replace(microsecond=0))
    name = f'attachment; filename="line-{str(line_id)[:8]}.pdf"'
    return Response(content, media_type="application/pdf", headers={"Content-Disposition": name})


@router.get("/lines/{line_id}/charts", summary="Small charts of what was measured over time")
def get_charts(line_id: UUID, turn: Reading, request: Request) -> dict[str, Any]:
    """Each chart as SVG in the reader's language, with the same in words: what moved most comes first."""
    file = health_file_seen_by(turn.session, turn.viewer, line_id)
    note_look(turn.session, turn.viewer, "line", line_id, turn.now)
    template = environment().from_string('{% import "line_parts.html" as parts with context %}{{ parts.chart(one) }}')
    context = context_of(request, turn.settings)
    reader = Reader(language_of(request), turn.settings.zone)
    items = [
        {"key": one.key, "label": reader.words(one.label), "alt": reader.words(one.alt), "unit": one.unit}
        | {"svg": template.render(context | {"one": one})}
        for one in charts_in(file, turn.settings.zone)
    ]
    return {"items": items}


@router.put("/lines/{line_id}/place", summary="Where a line hangs")
def put_place(line_id: UUID, shape: PlaceShape, turn: Writing) -> dict[str, Any]:
    """Splitter and building: lines that share one are neighbours. Null takes it back."""
    place = tell_place(turn, line_id, splitter=shape.splitter, building=shape.building)
    return {"line_id": str(line_id), "splitter": place.splitter, "building": place.building}


@router.post("/lines/{line_id}/what-helped", summary="What helped when a line looked like this")
def post_what_helped(line_id: UUID, shape: LooksShape, turn: Reading) -> dict[str, Any]:
    """Causes that fit with their reasons, remedies with how often they helped, and past repairs. Nothing is stored."""
    answer = helped_on_line(
        turn,
        line_id,
        symptoms=shape.symptoms,
        dial_codes=shape.dial_codes,
        found=dict(shape.found.items()),
        words=shape.words,
        device_model=shape.device_model,
    )
    note_look(turn.session, turn.viewer, "line", line_id, turn.now)
    return answer


@router.get("/visits/{visit_id}/what-helped", summary="The same for a repair visit as it stands")
def get_what_helped(visit_id: UUID, turn: Reading) -> dict[str, Any]:
    """Asked with the order's symptoms and what has arrived from the home so far."""
    answer = helped_on_visit(turn, visit_id)
    note_look(turn.session, turn.viewer, "visit", visit_id, turn.now)
    return answer


@router.get("/repairs", summary="Past repairs by words of their symptoms and notes")
def get_repairs(turn: Reading, q: Search, limit: int = Query(50, ge=1, le=200)) -> dict[str, Any]:
    """Newest first. For the desk: notes are in other customers' words."""
    found = search_repairs(only(turn, "dispatcher", "care_agent", "supervisor", "admin").session, words_in(q), limit)
    for one in found:
        note_look(turn.session, turn.viewer, "repair", one.visit_id, turn.now)
    return {
        "items": [
            {
                "record": one.record,
                "visit_id": str(one.visit_id),
                "line_id": str(one.line_id),
                "at": shown.moment(one.at),
                "symptoms": one.symptoms,
                "dial_codes": one.dial_codes,
                "found": one.found,
                "note": one.note,
                "cause": {"key": one.cause, "zh": cause_words(one.cause).zh, "en": cause_words(one.cause).en},
                "actions": [{"key": a, "zh": action_words(a).zh, "en": action_words(a).en} for a in one.actions],
                "helped": one.helped,
                "came_back_at": shown.moment(one.came_back_at),
            }
            for one in found
        ]
    }
