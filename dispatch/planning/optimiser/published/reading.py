"""Whatever file comes: its format is recognised, or taken as said, and it is read as a problem."""

from enum import StrEnum

from checklists.words import Words
from dispatch.planning.optimiser.published.lines import text_of
from dispatch.planning.optimiser.published.measuring import Measure, Published
from dispatch.planning.optimiser.published.pillac import read_pillac
from dispatch.planning.optimiser.published.solomon import read_solomon
from dispatch.planning.optimiser.reading import BadProblem, faults

FIRST = 4_000  # signs in which a format shows itself


class Format(StrEnum):
    """What a file may be. `json` is ours."""

    json = "json"
    solomon = "solomon"
    pillac = "pillac"


def format_of(raw: str | bytes) -> Format:
    """Which format this looks like; ours when it looks like none."""
    head = text_of(raw[:FIRST]).lstrip("\ufeff \t\r\n")
    if head.startswith(("{", "[")):
        return Format.json
    starts = [line.strip().upper() for line in head.splitlines()]
    if any(line.startswith("VEHICLE") for line in starts) or any(line.startswith("CUST") for line in starts):
        return Format.solomon
    if any("TECHNICIANS" in line or line.startswith("CREW") for line in starts):
        return Format.pillac
    return Format.json


def read_published(
    raw: str | bytes, form: Format, *, measure: Measure = Measure.double, vehicles: int | None = None
) -> Published:
    """An instance of the literature as a problem, checked whole. Raises `BadProblem`."""
    if form is Format.pillac:
        if vehicles is not None:
            raise BadProblem(
                Words("该格式的人员不可增减。", "The number of technicians cannot be changed in this format.")
            )
        published = read_pillac(text_of(raw), measure=measure)
    else:
        published = read_solomon(text_of(raw), measure=measure, vehicles=vehicles)
    for words in faults(published.problem):
        raise BadProblem(words)
    return published
