"""The star of the month: who, and for supervisors the figures behind everybody's place; the published rules."""

from typing import Any

from fastapi import APIRouter, Request, Response

from dispatch.clock import local_day
from dispatch.kpis.definitions import BY_KEY
from dispatch.kpis.saying import month_words
from dispatch.kpis.scope import month_after, month_before, month_from, sees_people
from dispatch.kpis.star import month_of_stars, published_star
from dispatch.kpis.star_rules import AS_IF, BARRED_WORDS, FEWEST_ARRIVALS, FEWEST_POINTS, WEIGHTS
from mobile_api.desk.doors import DeskReading
from mobile_api.pages import language_of, page

router = APIRouter()
RULES: dict[str, Any] = {
    "weights": WEIGHTS,
    "by_key": BY_KEY,
    "as_if": AS_IF,
    "fewest_arrivals": FEWEST_ARRIVALS,
    "fewest_points": FEWEST_POINTS,
}


@router.get("/desk/star")
def show_star(request: Request, turn: DeskReading, month: str = "") -> Response:
    """Who it is; the month before this one if no other is asked for, since it is the one that is settled."""
    today = local_day(turn.now, turn.settings.zone)
    chosen = month_from(month, today) if month else month_before(today.replace(day=1))
    language = language_of(request)
    return page(
        request,
        "desk/figures/star.html",
        named=published_star(turn, chosen),
        month=month_of_stars(turn, chosen) if sees_people(turn.viewer) else None,
        headings=[(BY_KEY[key].name.to(language), "num") for key in WEIGHTS],
        barred_words=BARRED_WORDS,
        month_before=month_before(chosen),
        month_after=month_after(chosen),
        month_words=month_words,
        **RULES,
    )


@router.get("/desk/star/rules")
def show_rules(request: Request, turn: DeskReading) -> Response:
    """By what rules."""
    del turn
    return page(request, "desk/figures/rules.html", **RULES)
