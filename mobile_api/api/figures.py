"""Figures over the API: with definition, interval and cases; the rows behind one; a technician's own; the star."""

from datetime import date, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.clock import local_day
from dispatch.errors import NotFound
from dispatch.kpis.behind import A_PAGE, rows_behind
from dispatch.kpis.definitions import BY_KEY, FIGURES
from dispatch.kpis.filing import waiting
from dispatch.kpis.queries import Measured, grouped
from dispatch.kpis.scope import By, Scope, last_of_month, must_see
from dispatch.kpis.star import published_star
from dispatch.kpis.star_rules import AS_IF, FEWEST_ARRIVALS, FEWEST_POINTS, WEIGHTS
from dispatch.technicians.tables import Technician
from mobile_api.api.routing import api_router
from mobile_api.dependencies import Reading
from mobile_api.shapes import Day

router = api_router("figures")
# A calendar has an end, and months lead beyond it.
DayOfOurs = Annotated[Day, Field(ge=date(2000, 1, 1), lt=date(2200, 1, 1))]
First = Annotated[
    DayOfOurs | None, Query(description="First day, of the business zone; this month's first if left out.")
]
Last = Annotated[DayOfOurs | None, Query(description="Last day, included; today if left out.")]
Kind = Annotated[Literal["install", "repair"] | None, Query()]
FigureKey = Literal[
    "on_time", "late_told", "notices", "booking_told", "confirmed", "plan_kept", "first_fix", "repeat_7", "repeat_30",
    "handling", "site_time", "satisfaction", "conduct", "recommend", "checklist", "kit", "record", "in_limit",
    "complaints", "escalations", "closed_in_time",
]  # fmt: skip


@router.get("/figures", summary="All figures of some days, whole or by technician, area, kind, day, week or month")
def get_figures(
    turn: Reading,
    first: First = None,
    last: Last = None,
    area_id: UUID | None = None,
    kind: Kind = None,
    by: Annotated[By | None, Query(description="By technician: for supervisors only.")] = None,
) -> dict[str, Any]:
    """For the desk. Who is measured by name is for supervisors; a technician asks for their own."""
    scope, today = _scope(turn, first, last, area_id=area_id, kind=kind)
    return _answer(turn, scope, by, today)


@router.get("/technicians/{technician_id}/figures", summary="A technician's own figures")
def get_technicians_figures(
    turn: Reading, technician_id: UUID, first: First = None, last: Last = None, kind: Kind = None
) -> dict[str, Any]:
    """For the technician and for supervisors."""
    scope, today = _scope(turn, first, last, technician_id=technician_id, kind=kind)
    must_see(turn.viewer, scope)
    if turn.session.get(Technician, technician_id) is None:
        raise NotFound
    return _answer(turn, scope, None, today)


@router.get("/figures/{figure}/rows", summary="The rows behind a figure")
def get_rows(
    turn: Reading,
    figure: FigureKey,
    first: First = None,
    last: Last = None,
    area_id: UUID | None = None,
    technician_id: UUID | None = None,
    kind: Kind = None,
    which: Annotated[Literal["all", "yes", "no"], Query(description="Of a share: those that did, or did not.")] = "all",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> dict[str, Any]:
    """A hundred a page, the newest first. Rows that speak of complaints are for supervisors."""
    scope, today = _scope(turn, first, last, area_id=area_id, technician_id=technician_id, kind=kind)
    rows, count = rows_behind(turn.session, turn.viewer, BY_KEY[figure], scope, today=today, which=which, page=page)
    items = [
        {
            "of": BY_KEY[figure].of,
            "id": str(row.id),
            "number": row.number,
            "day": row.day,
            "kind": row.kind,
            "arrival": row.arrival,
            "value": row.value,
            "of_value": row.of_value,
        }
        for row in rows
    ]
    return {"figure": figure, "count": count, "pages": -(-count // A_PAGE), "items": items}


@router.get("/star", summary="The star of a month, and the rules")
def get_star(
    turn: Reading,
    month: Annotated[DayOfOurs | None, Query(description="Any day of the month; the last month if left out.")] = None,
) -> dict[str, Any]:
    """Published to everybody: names once the month is settled, and by what rules."""
    if turn.viewer.role == "customer":
        raise NotFound
    today = local_day(turn.now, turn.settings.zone)
    named = published_star(turn, month or today.replace(day=1) - timedelta(days=1))
    rules = {
        "weights": WEIGHTS,
        "as_if_more_cases": AS_IF,
        "fewest_arrivals": FEWEST_ARRIVALS,
        "fewest_ratings": FEWEST_POINTS,
    }
    return {"month": f"{named.first:%Y-%m}", "final": named.final, "names": list(named.names), "rules": rules}


def _scope(turn: Turn, first: date | None, last: date | None, **more: Any) -> tuple[Scope, date]:
    today = local_day(turn.now, turn.settings.zone)
    begin = first or (last or today).replace(day=1)
    return Scope(begin, last or min(today, last_of_month(begin)), **more), today


def _answer(turn: Turn, scope: Scope, by: By | None, today: date) -> dict[str, Any]:
    found = grouped(turn.session, turn.viewer, scope, by, today=today)
    items = [
        {"group": None if by is None or name is None else str(name), "figures": [_said(one) for one in cells.values()]}
        for name, cells in sorted(found.items(), key=lambda pair: str(pair[0]))
    ]
    definitions = {
        one.key: {
            "name": _pair(one.name),
            "definition": _pair(one.definition),
            "source": _pair(one.source),
            "shape": one.shape,
            "better": one.better,
        }
        for one in FIGURES
    }
    return {
        "first": f"{scope.first}",
        "last": f"{min(scope.last, today)}",
        "by": by,
        "waiting": waiting(turn.session),
        "items": items,
        "definitions": definitions,
    }


def _pair(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _said(one: Measured) -> dict[str, Any]:
    """A figure: `value` a share (0 to 1), points or minutes; `interval` with 95 %."""
    found = one.interval
    return {
        "figure": one.figure.key,
        "value": one.value,
        "interval": [found.low, found.high] if found else None,
        "cases": one.cases,
        "hits": one.total if one.figure.shape == "share" else None,
        "few_cases": one.is_small,
    }
