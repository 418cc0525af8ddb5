"""The index that the desk searches: FTS5 on SQLite, tsvector on PostgreSQL, with tokens made in Python for both.

Triggers note what is to be indexed in the transaction of the change (migration 0008); the jobs, and whoever searches,
work that off. So nothing has to remember the index, and a restored backup is indexed by itself.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from dispatch.customers.tables import Customer, Site
from dispatch.records.tables import Record
from dispatch.search.tokens import customer_tokens, groups_of
from dispatch.visits.tables import WorkOrder

AT_ONCE = 400
ENOUGH = 10_000  # rows that PostgreSQL gathers for a word that half the city shares: only some are shown anyway


def _is_postgres(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def waiting(session: Session) -> bool:
    """Whether anything is still to be indexed."""
    return session.execute(text("SELECT 1 FROM search_todo LIMIT 1")).first() is not None


def index_waiting(session: Session, most: int = AT_ONCE) -> int:
    """Index what waits, `most` at a time; how many were done. Several processes may do it at once."""
    skip = " FOR UPDATE SKIP LOCKED" if _is_postgres(session) else ""
    taken = session.execute(
        text(f"SELECT id, kind, thing FROM search_todo ORDER BY id LIMIT :most{skip}"),  # noqa: S608
        {"most": most},
    ).all()
    if not taken:
        return 0
    session.execute(text("DELETE FROM search_todo WHERE id = :id"), [{"id": row.id} for row in taken])
    for kind, tokens_of in (("customer", _customers), ("order", _orders), ("record", _records)):
        ids = list(dict.fromkeys(UUID(str(row.thing)) for row in taken if row.kind == kind))
        if ids:
            _put(session, kind, ids, tokens_of(session, ids))
    return len(taken)


def _customers(session: Session, ids: Sequence[UUID]) -> dict[UUID, set[str]]:
    addresses: dict[UUID, list[str]] = {}
    for row in session.execute(select(Site.customer_id, Site.address).where(Site.customer_id.in_(ids))):
        addresses.setdefault(row.customer_id, []).append(row.address)
    rows = session.execute(select(Customer.id, Customer.name, Customer.phone).where(Customer.id.in_(ids)))
    return {row.id: customer_tokens(row.name, addresses.get(row.id, ()), row.phone) for row in rows}


def _orders(session: Session, ids: Sequence[UUID]) -> dict[UUID, set[str]]:
    rows = session.execute(select(WorkOrder.id, WorkOrder.external_id).where(WorkOrder.id.in_(ids)))
    return {row.id: groups_of(row.external_id) for row in rows if row.external_id}


def _records(session: Session, ids: Sequence[UUID]) -> dict[UUID, set[str]]:
    rows = session.execute(select(Record.id, Record.number).where(Record.id.in_(ids)))
    return {row.id: groups_of(row.number) for row in rows}


def _put(session: Session, kind: str, ids: Sequence[UUID], found: dict[UUID, set[str]]) -> None:
    """These things are found by these tokens from now on, and by no others; those not `found` by nothing."""
    if _is_postgres(session):
        session.execute(
            text("DELETE FROM search_words WHERE kind = :kind AND thing = :thing"),
            [{"kind": kind, "thing": id} for id in ids],
        )
        if rows := [{"kind": kind, "thing": id, "words": sorted(words)} for id, words in found.items() if words]:
            session.execute(
                text("INSERT INTO search_words (kind, thing, words) VALUES (:kind, :thing, array_to_tsvector(:words))"),
                rows,
            )
        return
    for id in ids:
        key = {"kind": kind, "thing": id.hex}
        number = session.execute(
            text("SELECT number FROM search_things WHERE kind = :kind AND thing = :thing"), key
        ).scalar()
        words = " ".join(sorted(found.get(id, ())))
        if number is not None:
            session.execute(text("DELETE FROM search_words WHERE rowid = :number"), {"number": number})
            if not words:
                session.execute(text("DELETE FROM search_things WHERE number = :number"), {"number": number})
        elif words:
            session.execute(text("INSERT INTO search_things (kind, thing) VALUES (:kind, :thing)"), key)
            number = session.execute(text("SELECT last_insert_rowid()")).scalar_one()
        if words:
            session.execute(
                text("INSERT INTO search_words (rowid, words) VALUES (:number, :words)"),
                {"number": number, "words": words},
            )


def find(session: Session, kind: str, tokens: Iterable[str], most: int) -> list[UUID]:
    """Things of a kind that have all of `tokens`; the last indexed first on SQLite, any on PostgreSQL."""
    wanted = list(dict.fromkeys(tokens))
    if not wanted:
        return []
    if _is_postgres(session):
        session.execute(text(f"SET LOCAL gin_fuzzy_search_limit = {ENOUGH}"))
        query = " & ".join(f"'{one}'" for one in wanted)  # letters and digits only, by how tokens are made
        asked = text(
            "SELECT thing FROM search_words WHERE words @@ CAST(:query AS tsquery) AND kind = :kind LIMIT :most"
        )
    else:
        query = " AND ".join(f'"{one}"' for one in wanted)
        asked = text(
            "SELECT thing FROM search_words JOIN search_things ON search_things.number = search_words.rowid"
            " WHERE search_words MATCH :query AND kind = :kind ORDER BY search_words.rowid DESC LIMIT :most"
        )
    return [UUID(str(one)) for one in session.scalars(asked, {"query": query, "kind": kind, "most": most})]
