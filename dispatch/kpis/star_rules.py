"""The star of the month (服务明星) by rules that everybody can read: pure, figures of technicians in, standings out.

Few cases say little, so each figure is counted as if `AS_IF` more cases had gone as the whole house's did: nobody gains
by few lucky cases, and nobody loses by few. Whoever has too few cases is not ranked at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from checklists.words import Words

WEIGHTS: dict[str, int] = {"on_time": 25, "first_fix": 25, "conduct": 20, "satisfaction": 20, "record": 10}
"""What each figure can bring, 100 in all (our proposal)."""
AS_IF = 20
FEWEST_ARRIVALS, FEWEST_POINTS = 30, 10
FINAL_AFTER = timedelta(days=8)
"""The last visits of a month are settled when the seven days for a fault again are over."""

Barred = Literal["few_arrivals", "few_points", "demanded", "conduct_complaint"]
BARRED_WORDS: dict[Barred, Words] = {
    "few_arrivals": Words(f"到达不足 {FEWEST_ARRIVALS} 次", f"Fewer than {FEWEST_ARRIVALS} arrivals"),
    "few_points": Words(f"客户评分不足 {FEWEST_POINTS} 个", f"Fewer than {FEWEST_POINTS} ratings"),
    "demanded": Words("回访中客户反映有索要或收受", "A return call told of something demanded or accepted"),
    "conduct_complaint": Words("有查实的服务态度投诉", "A complaint about conduct that was found to be true"),
}


@dataclass(frozen=True)
class Count:
    """One figure of one technician, or of the house: hits over cases, as a share of what could be reached (0 to 1)."""

    hits: float
    cases: int

    @property
    def share(self) -> float | None:
        """As it is."""
        return self.hits / self.cases if self.cases else None


@dataclass(frozen=True)
class Person:
    """A technician's month. `demanded` and `conduct_complaints`: how often each was told or found."""

    id: UUID
    name: str
    code: str
    counts: Mapping[str, Count]
    demanded: int = 0
    conduct_complaints: int = 0


@dataclass(frozen=True)
class Part:
    """What one figure brought: as it is, as it counts with the cases of the house beside it, and the points."""

    figure: str
    count: Count
    counted: float
    points: float


@dataclass(frozen=True)
class Standing:
    """Where a technician stands; `place` is None for who is not ranked, and `barred` says why."""

    person: Person
    parts: tuple[Part, ...]
    score: float
    barred: tuple[Barred, ...]
    place: int | None


def standings(people: Sequence[Person], house: Mapping[str, Count]) -> list[Standing]:
    """Everybody, the ranked first. Scores are compared with one decimal; equal ones share their place."""
    judged = [(person, _parts(person, house), barred(person)) for person in people]
    scored = [(person, parts, round(sum(part.points for part in parts), 1), why) for person, parts, why in judged]
    ranked = sorted((score for _, _, score, why in scored if not why), reverse=True)
    found = [
        Standing(person, parts, score, why, None if why else ranked.index(score) + 1)
        for person, parts, score, why in scored
    ]
    return sorted(found, key=lambda one: (one.place is None, one.place or 0, -one.score, one.person.code))


def stars(found: Sequence[Standing]) -> list[Standing]:
    """Who is the star: everybody in the first place, nobody if nobody is ranked."""
    return [one for one in found if one.place == 1]


def barred(person: Person) -> tuple[Barred, ...]:
    """Why somebody is not ranked; empty if they are."""
    why: list[Barred] = []
    if person.counts["on_time"].cases < FEWEST_ARRIVALS:
        why.append("few_arrivals")
    if min(person.counts[key].cases for key in ("conduct", "satisfaction")) < FEWEST_POINTS:
        why.append("few_points")
    if person.demanded:
        why.append("demanded")
    if person.conduct_complaints:
        why.append("conduct_complaint")
    return tuple(why)


def _parts(person: Person, house: Mapping[str, Count]) -> tuple[Part, ...]:
    found = []
    for key, weight in WEIGHTS.items():
        mine, all_of_us = person.counts[key], house[key].share
        if all_of_us is None:  # nobody had a case: it brings everybody the same
            found.append(Part(key, mine, 0.0, 0.0))
            continue
        counted = (mine.hits + AS_IF * all_of_us) / (mine.cases + AS_IF)
        found.append(Part(key, mine, counted, weight * counted))
    return tuple(found)


def is_final(month: date, today: date) -> bool:
    """Whether the month's standings will not change by time alone any more."""
    first_of_next = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    return today >= first_of_next + FINAL_AFTER
