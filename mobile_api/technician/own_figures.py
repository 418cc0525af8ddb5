"""A technician's own figures: nobody else's. Outside /t/, where the phone's worker would answer by itself."""

from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response

from dispatch.accounts.turn import Turn
from dispatch.clock import local_day
from dispatch.errors import NotFound
from dispatch.kpis.behind import A_PAGE, rows_behind
from dispatch.kpis.definitions import ARRIVAL_WORDS, BY_KEY
from dispatch.kpis.queries import arrivals, measured
from dispatch.kpis.saying import (
    KIND_WORDS,
    SECTIONS,
    SMALL_WORDS,
    VERDICT_WORDS,
    counted_spoken,
    interval_spoken,
    month_words,
    spoken,
)
from dispatch.kpis.scope import last_of_month, month_scope
from dispatch.kpis.star import own_standing, published_star
from dispatch.kpis.star_rules import AS_IF, BARRED_WORDS, FEWEST_ARRIVALS, FEWEST_POINTS, WEIGHTS
from mobile_api.dependencies import Reading, only
from mobile_api.pages import page

router = APIRouter(include_in_schema=False)
SAYING: dict[str, Any] = {
    "spoken": spoken,
    "interval_spoken": interval_spoken,
    "counted_spoken": counted_spoken,
    "month_words": month_words,
    "kind_words": KIND_WORDS,
    "small_words": SMALL_WORDS,
    "arrival_words": ARRIVAL_WORDS,
    "by_key": BY_KEY,
}


def _month(turn: Turn, text: str) -> tuple[date, date]:
    """The month that an address names (2026-11), this one for what is none; and today."""
    today = local_day(turn.now, turn.settings.zone)
    try:
        chosen = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1), today
    return (chosen if date(2000, 1, 1) <= chosen <= today else today.replace(day=1)), today


@router.get("/own/figures")
def show_own(turn: Reading, request: Request, month: str = "") -> Response:
    """The month in one's own figures, the month before beside it, and where one stands for the star."""
    viewer, (chosen, today) = only(turn, "technician").viewer, _month(turn, month)
    if viewer.technician_id is None:
        raise NotFound
    scope = month_scope(chosen, technician_id=viewer.technician_id)
    now = measured(turn.session, viewer, scope, today=today)
    before = measured(turn.session, viewer, scope.before, today=today)
    return page(
        request,
        "technician/figures.html",
        month=chosen,
        month_before=(chosen - timedelta(days=1)).replace(day=1),
        month_after=last_of_month(chosen) + timedelta(days=1),
        sections=[(words, [BY_KEY[key] for key in keys if BY_KEY[key].of != "complaint"]) for words, keys in SECTIONS],
        now_measured=now,
        before_measured=before,
        verdicts={key: VERDICT_WORDS[one.verdict(before[key])] for key, one in now.items()},
        arrivals=arrivals(turn.session, viewer, scope, today=today),
        standing=own_standing(turn, chosen),
        named=published_star(turn, chosen),
        weights=WEIGHTS,
        as_if=AS_IF,
        fewest_arrivals=FEWEST_ARRIVALS,
        fewest_points=FEWEST_POINTS,
        barred_words=BARRED_WORDS,
        **SAYING,
    )


@router.get("/own/figures/{key}")
def show_own_rows(turn: Reading, request: Request, key: str, month: str = "", at: int = 1) -> Response:
    """The visits behind one's own figure. Which of them a complaint names is not shown."""
    viewer, (chosen, today) = only(turn, "technician").viewer, _month(turn, month)
    if key not in BY_KEY or BY_KEY[key].private or viewer.technician_id is None:
        raise NotFound
    scope, number = month_scope(chosen, technician_id=viewer.technician_id), min(max(at, 1), 100_000)
    rows, count = rows_behind(turn.session, viewer, BY_KEY[key], scope, today=today, page=number)
    return page(
        request,
        "technician/figure_rows.html",
        figure=BY_KEY[key],
        month=chosen,
        rows=rows,
        count=count,
        at=number,
        last=max(1, -(-count // A_PAGE)),
        **SAYING,
    )
