"""Questions to the knowledge base: one search over articles, scripts, dial codes and cases, in both languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.accounts.viewer import Viewer
from dispatch.care.knowledge.tables import KnowledgeEntry, KnowledgeVersion, KnowledgeWord
from dispatch.errors import NotFound
from dispatch.health_files.bigrams import words_in

MOST_WORDS = 40
ENOUGH = 0.34
"""Share of the asked words that an entry must have to be shown: whole sentences find what fits most of them."""


@dataclass(frozen=True)
class Found:
    """An entry with its newest version, and how well it fits (0 to 1)."""

    entry: KnowledgeEntry
    version: KnowledgeVersion
    fits: float


def search(session: Session, text: str, viewer: Viewer, *, kind: str | None = None, most: int = 20) -> list[Found]:
    """Live entries that fit `text`, the best first. Technicians do not find what is for the desk only."""
    words = words_in(text)[:MOST_WORDS]
    if not words or viewer.role in ("customer",):
        return []
    hits = func.count(func.distinct(KnowledgeWord.word))
    weight = func.sum(KnowledgeWord.weight)
    votes = KnowledgeEntry.helped - KnowledgeEntry.not_helped
    query = (
        select(KnowledgeWord.number, hits.label("hits"), weight.label("weight"))
        .join(KnowledgeEntry, KnowledgeEntry.number == KnowledgeWord.number)
        .where(KnowledgeWord.word.in_(words), KnowledgeEntry.state == "live")
        .group_by(KnowledgeWord.number, KnowledgeEntry.helped, KnowledgeEntry.not_helped)
        .order_by(hits.desc(), weight.desc(), votes.desc(), KnowledgeWord.number)
        .limit(most * 2)
    )
    if kind is not None:
        query = query.where(KnowledgeEntry.kind == kind)
    if not viewer.at_desk:
        query = query.where(KnowledgeEntry.inner.is_(False))
    rows = session.execute(query).all()
    best = {row.number: row.hits / len(words) for row in rows if row.hits / len(words) >= ENOUGH or row.weight >= 6}
    return [Found(entry, version, best[entry.number]) for entry, version in _with_text(session, list(best)[:most])]


def _with_text(session: Session, numbers: Sequence[int]) -> list[tuple[KnowledgeEntry, KnowledgeVersion]]:
    rows = session.execute(
        select(KnowledgeEntry, KnowledgeVersion)
        .join(
            KnowledgeVersion,
            (KnowledgeVersion.number == KnowledgeEntry.number) & (KnowledgeVersion.version == KnowledgeEntry.version),
        )
        .where(KnowledgeEntry.number.in_(list(numbers)))
    ).all()
    order = {number: place for place, number in enumerate(numbers)}
    return sorted(((row[0], row[1]) for row in rows), key=lambda one: order[one[0].number])


def entries_listed(
    session: Session, viewer: Viewer, *, kind: str | None = None, due_by: str | None = None, most: int = 100
) -> list[tuple[KnowledgeEntry, KnowledgeVersion]]:
    """Entries, the last changed first; with `due_by` (a day) those that are to be reviewed by then, the longest due."""
    if not viewer.at_desk:
        return []
    query = select(KnowledgeEntry.number).where(KnowledgeEntry.state == "live")
    if kind is not None:
        query = query.where(KnowledgeEntry.kind == kind)
    if due_by is not None:
        query = query.where(KnowledgeEntry.review_on <= due_by).order_by(KnowledgeEntry.review_on)
    else:
        query = query.order_by(KnowledgeEntry.changed_at.desc())
    return _with_text(session, list(session.scalars(query.order_by(KnowledgeEntry.number).limit(most))))


def entry_seen_by(session: Session, viewer: Viewer, number: int, *, to_change: bool = False) -> KnowledgeEntry:
    """One entry; NotFound for who may not read it."""
    query = select(KnowledgeEntry).where(KnowledgeEntry.number == number)
    entry = session.scalar(query.with_for_update() if to_change else query)
    if entry is None or not (viewer.at_desk or (viewer.role == "technician" and not entry.inner)):
        raise NotFound
    return entry


def versions_of(session: Session, number: int) -> list[KnowledgeVersion]:
    """What an entry said from when on, the newest first."""
    query = select(KnowledgeVersion).where(KnowledgeVersion.number == number)
    return list(session.scalars(query.order_by(KnowledgeVersion.version.desc())))


def entry_by_key(session: Session, key: str) -> KnowledgeEntry | None:
    """The entry that came from this."""
    return session.scalar(select(KnowledgeEntry).where(KnowledgeEntry.key == key))


def owner_ids(entries: Sequence[KnowledgeEntry]) -> list[UUID]:
    """Who owns these entries."""
    return [one.owner_id for one in entries if one.owner_id is not None]
