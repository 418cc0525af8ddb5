"""The index for searching the texts of repairs, on both engines: FTS5 on SQLite, tsvector on PostgreSQL.

Words are made by `bigrams`, so both engines find the same. The only place that writes SQL for one engine of it.
"""

import re
from collections.abc import Iterable, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

TABLE = "repair_words"


def token_of(sign: str) -> str:
    """A sign as one word that no text contains: letters and digits only, because FTS5 cuts at anything else."""
    return "zq" + re.sub(r"[\W_]", lambda found: f"q{ord(found.group()):x}", sign)


def _is_postgres(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def index_words(session: Session, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
    """Make the cases with these numbers findable by these words; what they were found by before is forgotten."""
    listed = [{"number": number, "words": list(dict.fromkeys(words))} for number, words in rows]
    if not listed:
        return
    forget_words(session, [one["number"] for one in listed])  # type: ignore[misc]
    if _is_postgres(session):
        put = text(f"INSERT INTO {TABLE} (number, words) VALUES (:number, array_to_tsvector(:words))")  # noqa: S608
        session.execute(put, listed)
        return
    put = text(f"INSERT INTO {TABLE} (rowid, words) VALUES (:number, :words)")  # noqa: S608
    session.execute(put, [{"number": one["number"], "words": " ".join(one["words"])} for one in listed])  # type: ignore[arg-type]


def forget_words(session: Session, numbers: Sequence[int]) -> None:
    """Make these cases unfindable."""
    key = "number" if _is_postgres(session) else "rowid"
    session.execute(text(f"DELETE FROM {TABLE} WHERE {key} = :number"), [{"number": n} for n in numbers])  # noqa: S608


def find_words(session: Session, words: Sequence[str], limit: int, *, newest_first: bool = True) -> list[int]:
    """Numbers of the cases that have all of `words`; newest first, or any `limit` of them (quicker on PostgreSQL)."""
    wanted = list(dict.fromkeys(words))
    if not wanted:
        return []
    if _is_postgres(session):
        query = " & ".join("'" + word.replace("'", "''").replace("\\", "\\\\") + "'" for word in wanted)
        order = " ORDER BY number DESC" if newest_first else ""
        asked = text(
            f"SELECT number FROM {TABLE} WHERE words @@ CAST(:query AS tsquery){order} LIMIT :limit"  # noqa: S608
        )
    else:
        query = " AND ".join('"' + word.replace('"', '""') + '"' for word in wanted)
        asked = text(f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH :query ORDER BY rowid DESC LIMIT :limit")  # noqa: S608
    return list(session.scalars(asked, {"query": query, "limit": limit}))


def unindexed(session: Session, most: int = 500) -> list[int]:
    """Numbers of cases that no word finds yet (after a backup was restored: it holds the cases and no index)."""
    key = "number" if _is_postgres(session) else "rowid"
    asked = text(
        f"SELECT number FROM repair_cases WHERE number NOT IN (SELECT {key} FROM {TABLE}) "  # noqa: S608
        "ORDER BY number LIMIT :most"
    )
    return list(session.scalars(asked, {"most": most}))
