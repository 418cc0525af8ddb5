"""Every figure held against plain SQL: row by row, and added up whole and by every group."""

import statistics
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from benchmarks.figures_in_sql import make_truth
from checklists.published import CHECKLISTS
from dispatch.accounts.viewer import SYSTEM
from dispatch.database import Database
from dispatch.kpis.definitions import FIGURES, Figure
from dispatch.kpis.queries import Measured, grouped
from dispatch.kpis.record_rules import always_asked
from dispatch.kpis.scope import By, Scope
from dispatch.kpis.tables import VISIT_COLUMNS

COLUMNS = {
    "visit": ("arrival", *VISIT_COLUMNS, "technician_id", "area_id", "kind", "day"),
    "order": ("in_limit", "area_id", "kind", "day"),
    "complaint": ("escalated", "in_time", "technician_id", "area_id", "kind", "day"),
}
GROUPS: dict[By, str] = {
    "technician": "technician_id", "area": "area_id", "kind": "kind", "month": "substr(day, 1, 7)", "day": "day",
}  # fmt: skip


def held_against_sql(database: Database, now: datetime, scopes: list[Scope]) -> Iterator[str]:
    """What differs, in words; nothing when all is equal. The last line says how much was compared."""
    required = [(key, step, field) for key in CHECKLISTS for step, field in always_asked(key)]
    with database.reading() as session:
        connection = session.connection()
        make_truth(connection, int(now.timestamp()), required)
        rows = 0
        for of, columns in COLUMNS.items():
            differs = " OR ".join(f"f.{name} IS DISTINCT FROM t.{name}" for name in columns)
            count, wrong, missing, more = connection.execute(
                text(
                    f"SELECT (SELECT count(*) FROM truth_{of}s),"
                    f" (SELECT count(*) FROM truth_{of}s t JOIN figure_rows f ON f.of = '{of}' AND f.id = t.id"
                    f"  WHERE {differs}),"
                    f" (SELECT count(*) FROM truth_{of}s t WHERE NOT EXISTS"
                    f"  (SELECT 1 FROM figure_rows f WHERE f.of = '{of}' AND f.id = t.id)),"
                    f" (SELECT count(*) FROM figure_rows f WHERE f.of = '{of}' AND NOT EXISTS"
                    f"  (SELECT 1 FROM truth_{of}s t WHERE t.id = f.id))"
                )
            ).one()
            rows += count
            if count == 0:
                yield f"no {of} was compared"
            if wrong or missing or more:
                yield f"{of}: {wrong} of {count} rows differ, {missing} are missing, {more} too many"
                yield from _which(connection, of, columns)
        sums = 0
        for scope in scopes:
            for by in (None, *GROUPS):
                found = grouped(session, SYSTEM, scope, by, today=scope.last)
                for figure in FIGURES:
                    truth = _truth(connection, figure, scope, by)
                    mine = {name: _said(cells[figure.key]) for name, cells in found.items() if cells[figure.key].cases}
                    sums += len(truth)
                    if truth != mine:
                        odd = sorted(map(str, {k for k in {*truth, *mine} if truth.get(k) != mine.get(k)}))[:3]
                        yield f"{figure.key} by {by} in {scope.first}…{scope.last}: differs for {odd}"
        yield f"compared: {rows} rows, {sums} sums"


def _which(connection: Connection, of: str, columns: tuple[str, ...]) -> Iterator[str]:
    for name in columns:
        row = connection.execute(
            text(
                f"SELECT count(*), min(CAST(t.id AS text)), min(CAST(f.{name} AS text)), min(CAST(t.{name} AS text))"
                f" FROM truth_{of}s t JOIN figure_rows f ON f.of = '{of}' AND f.id = t.id"
                f" WHERE f.{name} IS DISTINCT FROM t.{name}"
            )
        ).one()
        if row[0]:
            yield f"  {name}: {row[0]} differ, for example {row[1]}: ours {row[2]}, SQL {row[3]}"


def _said(one: Measured) -> tuple[int, float | None]:
    return one.cases, round(one.value, 9) if one.value is not None else None


def _truth(connection: Connection, figure: Figure, scope: Scope, by: By | None) -> dict[Any, tuple[int, float | None]]:
    """Cases and value of a figure for each group, from the temporary rows alone."""
    group = GROUPS[by] if by else "1"
    if figure.of == "order" and by == "technician":  # whose an order is, is the product's own word: not held here
        group = "(SELECT f.technician_id FROM figure_rows f WHERE f.of = 'order' AND f.id = t.id)"
    where = f"day BETWEEN '{scope.first}' AND '{scope.last}'"
    table = f"FROM truth_{figure.of}s t WHERE {where}"
    if figure.shape == "time":
        values: dict[Any, list[int]] = {}
        asked = f"SELECT {group}, {figure.value} {table} AND {figure.value} IS NOT NULL"
        for name, value in connection.execute(text(asked)):
            values.setdefault(_name(by, name), []).append(value)
        return {name: (len(listed), round(float(statistics.median(listed)), 9)) for name, listed in values.items()}
    cases = f"sum({figure.of_value})" if figure.of_value else f"count({figure.value})"
    asked = f"SELECT {group}, {cases}, sum({figure.value}) {table}" + (f" GROUP BY {group}" if by else "")
    return {
        _name(by, name): (int(count), round(float(total) / int(count), 9))
        for name, count, total in connection.execute(text(asked))
        if count
    }


def _name(by: By | None, name: Any) -> Any:
    if by is None:
        return None
    return UUID(str(name)) if name is not None and by in ("technician", "area") else name
