"""One figure: its definition, its course, by whom, where and which work, and the rows behind it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from checklists.words import Words
from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.errors import NotFound
from dispatch.kpis.behind import A_PAGE, Which, rows_behind
from dispatch.kpis.definitions import BY_KEY, Figure
from dispatch.kpis.queries import Measured, grouped, measured
from dispatch.kpis.saying import KIND_WORDS, SAYING, VERDICT_WORDS, month_words
from dispatch.kpis.scope import By, Scope, month_before, sees_people
from mobile_api.desk.doors import DeskReading
from mobile_api.desk.figures.asked import Asked, asked_in, by_from, choices, names_of_groups
from mobile_api.desk.figures.chart import drawn
from mobile_api.pages import day_words, page

router = APIRouter()
MONTHS, WEEKS = 12, 13
BY_WORDS: dict[By, Words] = {
    "month": Words("按月", "By month"),
    "week": Words("按周", "By week"),
    "day": Words("按日", "By day"),
    "area": Words("按片区", "By area"),
    "kind": Words("按类型", "By kind"),
    "technician": Words("按人员", "By technician"),
}
IN_TIME: frozenset[By] = frozenset({"month", "week", "day"})


def figure_named(key: str) -> Figure:
    """The figure of this name; NotFound for another."""
    if key not in BY_KEY:
        raise NotFound
    return BY_KEY[key]


@router.get("/desk/figures/{key}")
def show_figure(request: Request, turn: DeskReading, key: str, by: str = "") -> Response:
    """A figure, cut in one way, with what it is measured against."""
    figure, asked = figure_named(key), asked_in(request, turn)
    cut = by_from(by, "month")
    lines = lines_of(turn, figure, asked, cut)
    whole = measured(turn.session, turn.viewer, asked.scope, today=asked.today, figures=[figure])[key]
    return page(
        request,
        "desk/figures/one.html",
        figure=figure,
        asked=asked,
        by=cut,
        ways={way: words for way, words in BY_WORDS.items() if way != "technician" or sees_people(turn.viewer)},
        whole=whole,
        lines=lines,
        chart=drawn([line["measured"] for line in lines]) if cut in IN_TIME else None,
        opens=not figure.private or sees_people(turn.viewer),
        **choices(turn.session, turn),
        **SAYING,
    )


def lines_of(turn: Turn, figure: Figure, asked: Asked, by: By) -> list[dict[str, Any]]:
    """One line a group: its name, what was measured, the verdict on it, and the address of its rows.

    In time each is held against the one before; others against all the rest together.
    """
    scope = stretched(asked.scope, by)
    found = grouped(turn.session, turn.viewer, scope, by, today=asked.today, figures=[figure])
    if by in IN_TIME:
        found = dict(sorted(found.items()))
    names = names_of_groups(turn.session, by)
    cells = {name: one[figure.key] for name, one in found.items() if by in IN_TIME or one[figure.key].cases}
    whole = measured(turn.session, turn.viewer, scope, today=asked.today, figures=[figure])[figure.key]
    lines: list[dict[str, Any]] = []
    last: Measured | None = None
    for name, one in cells.items():
        other = last if by in IN_TIME else whole.without(one)
        verdict = VERDICT_WORDS[one.verdict(other)] if other is not None and one.cases else None
        lines.append(
            {
                "name": name_of_group(by, name, names),
                "measured": one,
                "verdict": verdict,
                "query": query_of_group(asked, by, name),
            }
        )
        last = one if one.cases else last
    if by not in IN_TIME:
        lines.sort(key=lambda line: (line["measured"].is_small, -(line["measured"].value or 0)))
    return lines


def stretched(scope: Scope, by: By) -> Scope:
    """What a course shows: twelve months, or thirteen weeks, up to the end of what was asked."""
    if by == "month":
        first = scope.last.replace(day=1)
        for _ in range(MONTHS - 1):
            first = month_before(first)
        return replace(scope, first=min(first, scope.first))
    if by == "week":
        monday = scope.last - timedelta(days=scope.last.weekday())
        return replace(scope, first=min(monday - timedelta(weeks=WEEKS - 1), scope.first))
    return scope


def name_of_group(by: By, name: Any, names: dict[Any, Any]) -> Words:
    """A group in words."""
    if by == "kind":
        return KIND_WORDS.get(name, KIND_WORDS[None])
    if by == "month":
        return month_words(date.fromisoformat(f"{name}-01"))
    if by == "day":
        return day_words(date.fromisoformat(name))
    if by == "week":
        begin, end = days_of_week(name)
        return Words(f"{begin.month}月{begin.day}日–{end.month}月{end.day}日", f"{begin:%d %b}–{end:%d %b}")
    one = names.get(name)
    if one is None:
        return Words("未指定", "Nobody") if by == "technician" else Words("未分区", "No area")
    if by == "area":
        return Words(one.name, one.name_en)
    return Words(f"{one.name} {one.code}", f"{one.name} {one.code}")


def query_of_group(asked: Asked, by: By, name: Any) -> str | None:
    """The address of a group's rows; None for what has no address (nobody's)."""
    if by == "month":
        return asked.query(month=name)
    if by == "day":
        return asked.query(first=name, last=name)
    if by == "week":
        begin, end = days_of_week(name)
        return asked.query(first=begin, last=end)
    return asked.query(**{by: name}) if name is not None else None


def days_of_week(name: str) -> tuple[date, date]:
    """Monday and Sunday of 2026-W47."""
    monday = date.fromisocalendar(int(name[:4]), int(name[6:]), 1)
    return monday, monday + timedelta(days=6)


@router.get("/desk/figures/{key}/rows")
def show_rows(request: Request, turn: DeskReading, key: str, which: str = "all", at: int = 1) -> Response:
    """The visits, orders or complaints behind a figure."""
    figure, asked = figure_named(key), asked_in(request, turn)
    wanted: Which = which if which in ("yes", "no") else "all"  # type: ignore[assignment]
    number = min(max(at, 1), 100_000)
    rows, count = rows_behind(
        turn.session, turn.viewer, figure, asked.scope, today=asked.today, which=wanted, page=number
    )
    note_look(turn.session, turn.viewer, "figure_rows", key, turn.now)
    return page(
        request,
        "desk/figures/rows.html",
        figure=figure,
        asked=asked,
        which=wanted,
        rows=rows,
        count=count,
        at=number,
        last=max(1, -(-count // A_PAGE)),
        href_of=href_of,
        **choices(turn.session, turn),
        **SAYING,
    )


def href_of(figure: Figure, row_id: UUID) -> str:
    """Where a row behind a figure is looked at."""
    return f"/desk/{ {'visit': 'visits', 'order': 'orders', 'complaint': 'complaints'}[figure.of] }/{row_id}"
