"""A technician's own figures: nobody else's. Outside /t/, where the phone's worker would answer by itself."""

from fastapi import APIRouter, Request, Response

from dispatch.clock import local_day
from dispatch.errors import NotFound
from dispatch.kpis.behind import A_PAGE, rows_behind
from dispatch.kpis.definitions import BY_KEY
from dispatch.kpis.queries import arrivals, measured
from dispatch.kpis.saying import SAYING, SECTIONS, verdicts
from dispatch.kpis.scope import month_after, month_before, month_from, month_scope
from dispatch.kpis.star import own_standing, published_star
from dispatch.kpis.star_rules import AS_IF, BARRED_WORDS, FEWEST_ARRIVALS, FEWEST_POINTS, WEIGHTS
from mobile_api.dependencies import Reading, only
from mobile_api.pages import page

router = APIRouter(include_in_schema=False)


@router.get("/own/figures")
def show_own(turn: Reading, request: Request, month: str = "") -> Response:
    """The month in one's own figures, the month before beside it, and where one stands for the star."""
    viewer, today = only(turn, "technician").viewer, local_day(turn.now, turn.settings.zone)
    chosen = month_from(month, today)
    if viewer.technician_id is None:
        raise NotFound
    scope = month_scope(chosen, technician_id=viewer.technician_id)
    now = measured(turn.session, viewer, scope, today=today)
    before = measured(turn.session, viewer, scope.before, today=today)
    return page(
        request,
        "technician/figures.html",
        month=chosen,
        month_before=month_before(chosen),
        month_after=month_after(chosen),
        sections=[(words, [BY_KEY[key] for key in keys if BY_KEY[key].of != "complaint"]) for words, keys in SECTIONS],
        now_measured=now,
        before_measured=before,
        verdicts=verdicts(now, before),
        arrivals=arrivals(turn.session, viewer, scope, today=today),
        standing=own_standing(turn, chosen),
        named=published_star(turn, chosen),
        weights=WEIGHTS,
        as_if=AS_IF,
        fewest_arrivals=FEWEST_ARRIVALS,
        fewest_points=FEWEST_POINTS,
        barred_words=BARRED_WORDS,
        by_key=BY_KEY,
        **SAYING,
    )


@router.get("/own/figures/{key}")
def show_own_rows(turn: Reading, request: Request, key: str, month: str = "", at: int = 1) -> Response:
    """The visits behind one's own figure. Which of them a complaint names is not shown."""
    viewer, today = only(turn, "technician").viewer, local_day(turn.now, turn.settings.zone)
    chosen = month_from(month, today)
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
