"""What pages about a line show, for the desk and the phone alike: the file with its first sentence and its charts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from dispatch.accounts.turn import Turn
from dispatch.health_files.queries import health_file_seen_by
from dispatch.health_files.telling import TONES, charts_in, headline, short_day


def line_facts(turn: Turn, line_id: UUID) -> dict[str, Any]:
    """The health file of a line as its pages draw it, moments as moments. NotFound for a line that is not theirs."""
    file = health_file_seen_by(turn.session, turn.viewer, line_id)
    return {
        "line": file["line"],
        "on": short_day(turn.settings.zone),
        "headline": headline(file),
        "tone": TONES.get(file["state"]["level"], "note"),
        "charts": charts_in(file, turn.settings.zone),
        "baseline_at": _moment((file["baseline"] or {}).get("at")),
        "comparison": [{**one, "latest_at": _moment(one["latest_at"])} for one in file["comparison"]],
        "visits": [{**one, "sealed_at": _moment(one["sealed_at"])} for one in reversed(file["visits"])],
        "devices": [{**one, "since": _moment(one["since"])} for one in reversed(file["devices"])],
        "password_changes": [_moment(one["at"]) for one in reversed(file["password_changes"])],
        "open_questions": [{**one, "asked_at": _moment(one["asked_at"])} for one in reversed(file["open_questions"])],
        "records": [{**one, "sealed_at": _moment(one["sealed_at"])} for one in reversed(file["records"])],
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
