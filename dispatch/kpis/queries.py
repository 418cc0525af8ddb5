"""Adding the figures up: every one by the same statement, whole or by technician, area, kind, day, week or month."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from dispatch.accounts.viewer import Viewer
from dispatch.kpis.definitions import FIGURES, Figure
from dispatch.kpis.intervals import (
    SMALL,
    Difference,
    Interval,
    median,
    medians_differ,
    of_median,
    of_points,
    shares_differ,
    wilson,
)
from dispatch.kpis.scope import By, Scope, must_see
from dispatch.kpis.tables import figure_rows

GROUPS: dict[By, ColumnElement[Any]] = {
    "technician": figure_rows.c.technician_id,
    "area": figure_rows.c.area_id,
    "kind": figure_rows.c.kind,
    "day": figure_rows.c.day,
    "week": figure_rows.c.week,
    "month": figure_rows.c.month,
}
Histogram = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Measured:
    """One figure of one group. `total` over `cases`: hits, or points added up; for times `histogram` says all.

    `value` is a share (0 to 1), points, or minutes; None without a case. `is_small`: fewer than 30 cases.
    """

    figure: Figure
    cases: int
    total: int
    histogram: Histogram = ()

    @property
    def value(self) -> float | None:
        """The figure itself."""
        if self.figure.shape == "time":
            return median(self.histogram)
        return self.total / self.cases if self.cases else None

    @property
    def interval(self) -> Interval | None:
        """Where it lies with 95 %."""
        if self.figure.shape == "time":
            return of_median(self.histogram)
        if self.figure.shape == "points":
            return of_points(self.total, self.cases, *self.figure.scale)
        return wilson(self.total, self.cases)

    @property
    def is_small(self) -> bool:
        """Whether it rests on few cases."""
        return self.cases < SMALL

    def without(self, part: "Measured") -> "Measured":
        """What is left of it without `part` of it: the others, to hold one of them against."""
        left = dict(self.histogram)
        for value, often in part.histogram:
            left[value] -= often
        rest = tuple((value, often) for value, often in left.items() if often)
        return Measured(self.figure, self.cases - part.cases, self.total - part.total, rest)

    def against(self, other: "Measured") -> Difference:
        """Whether it is above or below another one of the same figure by more than chance."""
        if self.figure.shape == "time":
            return medians_differ(self.interval, other.interval)
        low, high = self.figure.scale
        room = high - low
        hits = [(one.total - low * one.cases) / room for one in (self, other)]
        return shares_differ(hits[0], self.cases, hits[1], other.cases)

    def verdict(self, other: "Measured") -> str:
        """The same in the figure's own sense: better, worse, chance or unknown."""
        found = self.against(other)
        if found in ("chance", "unknown"):
            return found
        return "better" if (found == "up") == (self.figure.better == "high") else "worse"


def measured(
    session: Session, viewer: Viewer, scope: Scope, *, today: date, figures: Sequence[Figure] = FIGURES
) -> dict[str, Measured]:
    """These figures of a scope, by key."""
    return grouped(session, viewer, scope, None, today=today, figures=figures).get(None) or {
        figure.key: Measured(figure, 0, 0) for figure in figures
    }


def grouped(
    session: Session,
    viewer: Viewer,
    scope: Scope,
    by: By | None,
    *,
    today: date,
    figures: Sequence[Figure] = FIGURES,
) -> dict[Any, dict[str, Measured]]:
    """These figures for each group that has rows: by id, kind, or name of the day, week or month. None: nobody's."""
    must_see(viewer, scope, by)
    group = GROUPS[by] if by else None
    found: dict[Any, dict[str, Measured]] = {}
    summed = [figure for figure in figures if figure.shape != "time"]
    columns: list[Any] = [func.count()]
    for figure in summed:
        value = figure_rows.c[figure.value]
        columns += [func.count(value) if figure.of_value is None else func.sum(figure_rows.c[figure.of_value])]
        columns += [func.sum(value)]
    histograms = {
        figure.key: _histograms(session, scope, group, figure, today) for figure in figures if figure.shape == "time"
    }
    query = select(*([group] if group is not None else []), *columns).where(*conditions(scope, today))
    for row in session.execute(query.group_by(group) if group is not None else query):
        name, sums = (row[0], row[2:]) if group is not None else (None, row[1:])
        cells: dict[str, Measured] = {}
        for number, figure in enumerate(summed):
            cells[figure.key] = Measured(figure, int(sums[2 * number] or 0), int(sums[2 * number + 1] or 0))
        for figure in figures:
            if figure.shape == "time":
                values = histograms[figure.key].get(name, ())
                cells[figure.key] = Measured(figure, sum(often for _, often in values), 0, values)
        found[name] = {figure.key: cells[figure.key] for figure in figures}
    return found


def conditions(scope: Scope, today: date) -> list[ColumnElement[bool]]:
    """Which rows belong to a scope. Days to come do not: what is known of them so far is only what went fast."""
    rows = figure_rows.c
    wanted = [rows.day >= f"{scope.first}", rows.day <= f"{min(scope.last, today)}"]
    if scope.technician_id is not None:
        wanted.append(rows.technician_id == scope.technician_id)
    if scope.area_id is not None:
        wanted.append(rows.area_id == scope.area_id)
    if scope.kind is not None:
        wanted.append(rows.kind == scope.kind)
    return wanted


def _histograms(
    session: Session, scope: Scope, group: ColumnElement[Any] | None, figure: Figure, today: date
) -> Mapping[Any, Histogram]:
    value = figure_rows.c[figure.value]
    keys = [group, value] if group is not None else [value]
    query = select(*keys, func.count()).where(*conditions(scope, today), value.is_not(None)).group_by(*keys)
    found: dict[Any, list[tuple[int, int]]] = defaultdict(list)
    for row in session.execute(query.order_by(value)):
        found[row[0] if group is not None else None].append((row[-2], row[-1]))
    return {name: tuple(values) for name, values in found.items()}


def arrivals(session: Session, viewer: Viewer, scope: Scope, *, today: date) -> dict[str, int]:
    """How arrivals were, in counts: too early, 5 to 10 minutes before, in the window, late, not arrived."""
    must_see(viewer, scope)
    rows = figure_rows.c
    query = select(rows.arrival, func.count()).where(*conditions(scope, today), rows.arrival.is_not(None))
    return {row[0]: row[1] for row in session.execute(query.group_by(rows.arrival))}
