"""Filing repairs: what a sealed record says, as a case that the next fault like it will find; the signs are counted.

Done in batches, by one process at a time, each batch in one transaction: a case and its counts are there together.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from dispatch.health_files.bigrams import words_in
from dispatch.health_files.places import Place
from dispatch.health_files.ranking import ALL, UNKNOWN
from dispatch.health_files.signs import Looks, signs_of
from dispatch.health_files.tables import RepairCase
from dispatch.health_files.words_index import forget_words, index_words, token_of

CAME_BACK_WITHIN = timedelta(days=30)
HELPED: dict[str, bool | None] = {"fixed": True, "not_fixed": False}
"""What the result says of the remedy; better, or passed on, says nothing."""
DID, DID_HELP = "did:", "helped:"
LONGEST_SIGN = 80


@dataclass(frozen=True)
class NewCase:
    """A repair as it is to be filed. `at`: when its record was sealed."""

    visit_id: UUID
    record: str
    at: datetime
    place: Place
    looks: Looks
    cause: str
    actions: Sequence[str] = ()
    fault_type: str | None = None
    outcome: str = "fixed"
    note: str = ""


def file_cases(session: Session, cases: Sequence[NewCase]) -> int:
    """File these repairs, oldest first; a case of a visit that has one already takes its place. Returns how many."""
    tally: Counter[tuple[str, str]] = Counter()
    ordered = sorted(cases, key=lambda case: case.at)
    _take_back(session, [case.visit_id for case in ordered], tally)
    rows = [_row(case) for case in ordered]
    _note_what_came_back(session, rows, tally)
    session.add_all(rows)
    session.flush()
    for row in rows:
        tally.update(_counted(row))
    _count(session, tally)
    index_words(session, [(row.number, findable(row)) for row in rows])
    return len(rows)


def findable(row: RepairCase) -> list[str]:
    """The words that find a case: what was said and noted, and its signs as words."""
    signs = [token_of(sign) for sign in row.signs if sign[0] in "sdmuv"]
    return [*signs, token_of(f"c:{row.cause}"), *words_in(" ".join([*row.symptoms, row.note]))]


def _row(case: NewCase) -> RepairCase:
    return RepairCase(
        visit_id=case.visit_id,
        record=case.record,
        line_id=case.place.line_id,
        at=case.at,
        splitter=case.place.splitter,
        building=case.place.building,
        device_model=case.place.device_model,
        symptoms=list(case.looks.symptoms),
        dial_codes=list(case.looks.dial_codes),
        found=dict(case.looks.found),
        signs=[sign for sign in signs_of(case.looks) if len(sign) <= LONGEST_SIGN],
        fault_type=case.fault_type,
        cause=case.cause,
        actions=list(case.actions),
        note=case.note[:1000],
        outcome=case.outcome,
        helped=HELPED.get(case.outcome),
        came_back_at=None,
    )


def _counted(row: RepairCase) -> Counter[tuple[str, str]]:
    """What this case adds to the counts; nothing when its cause stayed unknown."""
    if row.cause == UNKNOWN:
        return Counter()
    counted = Counter({(ALL, row.cause): 1})
    counted.update((sign, row.cause) for sign in row.signs)
    counted.update((DID + action, row.cause) for action in row.actions if row.helped is not None)
    counted.update((DID_HELP + action, row.cause) for action in row.actions if row.helped)
    return counted


def _take_back(session: Session, visit_ids: Sequence[UUID], tally: Counter[tuple[str, str]]) -> None:
    kept = session.scalars(select(RepairCase).where(RepairCase.visit_id.in_(visit_ids))).all()
    for row in kept:
        tally.subtract(_counted(row))
        session.delete(row)
    if kept:
        forget_words(session, [row.number for row in kept])
        session.flush()


def _note_what_came_back(session: Session, rows: Sequence[RepairCase], tally: Counter[tuple[str, str]]) -> None:
    """A repair within 30 days after one that had helped says that it had not."""
    if not rows:
        return
    lines = {row.line_id for row in rows}
    kept = session.scalars(
        select(RepairCase).where(
            RepairCase.line_id.in_(lines), RepairCase.at >= rows[0].at - CAME_BACK_WITHIN, RepairCase.at <= rows[-1].at
        )
    )
    last: dict[UUID, list[RepairCase]] = {}
    fresh = {id(row) for row in rows}
    for row in sorted([*kept, *rows], key=lambda one: one.at):
        earlier = last.setdefault(row.line_id, [])
        for one in earlier:
            if one.helped and one.at < row.at <= one.at + CAME_BACK_WITHIN:
                _had_not_helped(one, row.at, None if id(one) in fresh else tally)
        earlier.append(row)


def _had_not_helped(row: RepairCase, at: datetime, tally: Counter[tuple[str, str]] | None) -> None:
    """`tally`: None for a row that is not counted yet."""
    row.helped, row.came_back_at = False, at
    if tally is not None and row.cause != UNKNOWN:
        tally.subtract((DID_HELP + action, row.cause) for action in row.actions)


def _count(session: Session, tally: Counter[tuple[str, str]]) -> None:
    changes = [
        {"sign": sign, "cause": cause, "cases": cases} for (sign, cause), cases in sorted(tally.items()) if cases
    ]
    if changes:
        session.execute(
            text(
                "INSERT INTO fault_signs (sign, cause, cases) VALUES (:sign, :cause, :cases) "
                "ON CONFLICT (sign, cause) DO UPDATE SET cases = fault_signs.cases + excluded.cases"
            ),
            changes,
        )


def reindex(session: Session, rows: Iterable[RepairCase]) -> None:
    """Make these cases findable again."""
    index_words(session, [(row.number, findable(row)) for row in rows])
