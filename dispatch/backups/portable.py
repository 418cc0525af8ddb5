"""Rows as lines of JSON that either engine can give and take: a kind for every column, a form for every kind.

What a JSON column holds is written as JSON text inside the line, because the database tells its own NULL from JSON's.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from dispatch.database import UtcDateTime
from dispatch.sealed_columns import SealedJson, SealedText
from dispatch.tables import metadata

Kind = Literal["text", "whole", "number", "yes_no", "uuid", "moment", "json"]
VERSION_TABLE = "alembic_version"
MADE_ANEW = ("repair_words", "live_", "search_", "figure_")  # indexes, feeds and sums: made anew from the rest
AT_ONCE = 500

_TYPES: dict[Kind, Callable[[], sa.types.TypeEngine[Any]]] = {
    "text": sa.Text,
    "whole": sa.BigInteger,
    "number": sa.Double,
    "yes_no": sa.Boolean,
    "uuid": sa.Uuid,
    "moment": UtcDateTime,
    "json": sa.JSON,
}


@dataclass(frozen=True)
class TableShape:
    """A table by name, with its columns and what each holds."""

    name: str
    columns: tuple[tuple[str, Kind], ...]

    def table(self) -> sa.TableClause:
        """For statements, with our types: the same values come out of both engines and go into both."""
        return sa.table(self.name, *(sa.column(name, _TYPES[kind]()) for name, kind in self.columns))


def shapes_of(connection: Connection) -> list[TableShape]:
    """Every table that the database has, those that others refer to first."""
    found = sa.MetaData()
    found.reflect(connection, only=lambda name, _: not name.startswith(MADE_ANEW))
    return [
        TableShape(table.name, tuple((column.name, _kind(table.name, column)) for column in table.columns))
        for table in found.sorted_tables
        if table.name != VERSION_TABLE
    ]


def _kind(table: str, reflected: sa.Column[Any]) -> Kind:
    """What a column holds, by our own declaration; by the database's word for a column that we no longer declare."""
    known = metadata.tables.get(table)
    column = known.columns.get(reflected.name) if known is not None else None
    type_ = (column if column is not None else reflected).type
    if isinstance(type_, SealedText | SealedJson):  # sealed they travel, and open with the same data key
        type_ = type_.impl_instance
    if isinstance(type_, UtcDateTime | sa.DateTime):
        return "moment"
    for kind, types in (
        ("uuid", (sa.Uuid,)), ("json", (sa.JSON,)), ("yes_no", (sa.Boolean,)), ("whole", (sa.Integer,)),
        ("number", (sa.Numeric, sa.Float)), ("text", (sa.String,)),
    ):  # fmt: skip
        if isinstance(type_, types):
            return cast(Kind, kind)
    raise TypeError(f"{table}.{reflected.name}: {type_!r} has no portable form yet")


def rows_as_lines(connection: Connection, shape: TableShape) -> Iterator[bytes]:
    """Every row of a table, one line each."""
    table = shape.table()
    asked = [  # as text, a JSON null is `null` and NULL stays NULL
        sa.cast(table.c[name], sa.Text).label(name) if kind == "json" else table.c[name] for name, kind in shape.columns
    ]
    kinds = [kind for _, kind in shape.columns]
    query = sa.select(*asked)
    if "seq" in table.c:  # the ledger takes each row only after the one before
        query = query.order_by(table.c.seq)
    for row in connection.execution_options(yield_per=AT_ONCE).execute(query):
        plain = [_plain(kind, value) for kind, value in zip(kinds, row, strict=True)]
        yield json.dumps(plain, separators=(",", ":")).encode() + b"\n"


def _plain(kind: Kind, value: Any) -> Any:
    if value is None:
        return None
    if kind == "uuid":
        return str(value)
    if kind == "moment":
        return cast(datetime, value).isoformat()
    return value


def put_lines(connection: Connection, shape: TableShape, lines: Iterator[bytes]) -> int:
    """Insert rows from their lines; returns how many."""
    table, count = shape.table(), 0
    insert = sa.insert(table)
    batch: list[dict[str, Any]] = []
    for line in lines:
        batch.append(_row(shape.columns, json.loads(line)))
        count += 1
        if len(batch) == AT_ONCE:
            connection.execute(insert, batch)
            batch = []
    if batch:
        connection.execute(insert, batch)
    return count


def _row(columns: Sequence[tuple[str, Kind]], values: list[Any]) -> dict[str, Any]:
    return {name: _rich(kind, value) for (name, kind), value in zip(columns, values, strict=True)}


def _rich(kind: Kind, value: Any) -> Any:
    if kind == "json":
        if value is None:
            return sa.null()
        read = json.loads(value)
        return sa.JSON.NULL if read is None else read
    if value is None:
        return None
    if kind == "uuid":
        return UUID(value)
    if kind == "moment":
        return datetime.fromisoformat(value)
    return value


def count_rows(connection: Connection, shape: TableShape) -> int:
    """How many rows the table has."""
    return int(connection.execute(sa.select(sa.func.count()).select_from(sa.table(shape.name))).scalar_one())


def set_counters(connection: Connection, shapes: Sequence[TableShape]) -> None:
    """Let PostgreSQL's own counters go on after the highest number that was put in; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for shape in shapes:
        if ("id", "whole") in shape.columns:
            # names are our own tables', checked against the database before
            connection.execute(
                sa.text(
                    f"SELECT setval(pg_get_serial_sequence('{shape.name}', 'id'), "  # noqa: S608
                    f"greatest((SELECT max(id) FROM {shape.name}), 1))"
                )
            )
