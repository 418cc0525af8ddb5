"""A line's health file as a page: baseline, every later visit, and what moved since the line was healthy."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from dispatch.accounts.audit import note_look
from dispatch.health_files.queries import health_file_seen_by
from mobile_api.desk.doors import DeskReading
from mobile_api.desk.words import ACCESS_WORDS, KIND_WORDS
from mobile_api.pages import page

router = APIRouter()


@router.get("/desk/lines/{line_id}")
def show_line(request: Request, turn: DeskReading, line_id: UUID) -> Response:
    """The same content as the API's health file; who looked is written down."""
    told = health_file_seen_by(turn.session, turn.viewer, line_id)
    note_look(turn.session, turn.viewer, "line", line_id, turn.now)
    visits = [_visit(visit) for visit in reversed(told["visits"])]
    return page(
        request,
        "desk/line.html",
        line=told["line"],
        baseline_at=_instant(told["baseline"]["at"]) if told["baseline"] else None,
        comparison=[{**one, "latest_at": _instant(one["latest_at"])} for one in told["comparison"]],
        visits=visits,
        kind_words=KIND_WORDS,
        access_words=ACCESS_WORDS,
    )


def _visit(visit: dict[str, Any]) -> dict[str, Any]:
    return {**visit, "sealed_at": _instant(visit["sealed_at"])}


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
