"""The month in figures: every one with its definition, its interval, how many cases, and the month before beside it."""

from typing import Any

from fastapi import APIRouter, Request, Response

from dispatch.accounts.turn import Turn
from dispatch.kpis.definitions import BY_KEY
from dispatch.kpis.filing import waiting
from dispatch.kpis.queries import Measured, arrivals, grouped, measured
from dispatch.kpis.saying import SAYING, SECTIONS, verdicts
from dispatch.kpis.scope import month_after, month_before, sees_people
from mobile_api.desk.doors import DeskReading
from mobile_api.desk.figures.asked import Asked, asked_in, choices
from mobile_api.pages import page

router = APIRouter()


@router.get("/desk/figures")
def show_month(request: Request, turn: DeskReading) -> Response:
    """The figures of a month, of an area, a kind or (for supervisors) a technician."""
    asked = asked_in(request, turn)
    return page(request, "desk/figures/month.html", **month_facts(turn, asked), **choices(turn.session, turn))


def month_facts(turn: Turn, asked: Asked) -> dict[str, Any]:
    """What the page, the technician's own and the paper show of a scope."""
    session, viewer = turn.session, turn.viewer
    now = measured(session, viewer, asked.scope, today=asked.today)
    before = measured(session, viewer, asked.scope.before, today=asked.today)
    return {
        "asked": asked,
        "sections": [(words, [BY_KEY[key] for key in keys]) for words, keys in SECTIONS],
        "now_measured": now,
        "before_measured": before,
        "verdicts": verdicts(now, before),
        "times_by_kind": _times_by_kind(turn, asked),
        "arrivals": arrivals(session, viewer, asked.scope, today=asked.today),
        "waiting": waiting(session),
        "month_before": month_before(asked.month),
        "month_after": month_after(asked.month),
        "opens_private": sees_people(viewer),
        **SAYING,
    }


def _times_by_kind(turn: Turn, asked: Asked) -> dict[Any, Measured]:
    """Time on site of installations and of repairs: together they say little."""
    figure = BY_KEY["site_time"]
    found = grouped(turn.session, turn.viewer, asked.scope, "kind", today=asked.today, figures=[figure])
    return {kind: found[kind]["site_time"] for kind in ("install", "repair") if kind in found}
