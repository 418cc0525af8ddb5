"""What is missing in a visit, and what is next: a fold over its entries, whatever order they arrived in.

An entry is one answer, made on the phone with its own id and time; the latest answer to a field counts. Steps are done
in order: a step is locked while an earlier one lacks something that blocks, but for a step that is owed later.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from checklists.answers import AnswerContext, Flaw, flaws, taken_back
from checklists.definition import Checklist, Condition, Field, Step
from checklists.words import Words

StepState = Literal["done", "open", "locked", "later", "not_needed"]
Why = Literal["unanswered", "flawed", "must_be_yes", "must_be_ticked"]

SPOKEN: dict[Why, Words] = {
    "unanswered": Words("尚未填写。", "Not answered yet."),
    "flawed": Words("填写有误，请更正。", "Something is wrong with it. Put it right."),
    "must_be_yes": Words("完成此项后才能继续。", "This has to be done before going on."),
    "must_be_ticked": Words("有必做项未勾选。", "A required item is not ticked."),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer to one field. `at`: the aware instant it is taken to be made at (the caller judges odd clocks)."""

    id: str
    step: str
    key: str
    value: Any
    at: datetime

    def __post_init__(self) -> None:
        if self.at.utcoffset() is None:
            raise ValueError("an entry's time needs an offset")


Folded = dict[tuple[str, str], Entry]


@dataclass(frozen=True, slots=True)
class Missing:
    """A field that keeps its step from being done, and why."""

    step: str
    number: int
    key: str
    label: Words
    why: Why
    flaws: tuple[Flaw, ...] = ()

    @property
    def words(self) -> Words:
        """The reason, for people."""
        return self.flaws[0].words if self.flaws else SPOKEN[self.why]


@dataclass(frozen=True, slots=True)
class StepProgress:
    """One step: its state, what blocks it, and how many of the asked fields have a sound answer."""

    key: str
    number: int
    title: Words
    state: StepState
    missing: tuple[Missing, ...]
    answered: int
    asked: int


@dataclass(frozen=True, slots=True)
class Progress:
    """A visit so far. `next_step`: the first open step, None when nothing holds it up. `flawed`: answers to look at.

    `owed_later`: what may be entered after the visit. `ended_early`: nobody let the technician in.
    """

    steps: tuple[StepProgress, ...]
    next_step: str | None
    ended_early: bool
    owed_later: tuple[Missing, ...]
    flawed: tuple[Missing, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing that blocks is missing (what is owed later does not block)."""
        return self.next_step is None

    def step(self, key: str) -> StepProgress:
        """The step `key`; KeyError when there is none."""
        for step in self.steps:
            if step.key == key:
                return step
        raise KeyError(key)


def fold(entries: Iterable[Entry]) -> Folded:
    """The answer that counts for each (step, key): the latest by (time, id), so the order of arrival never matters."""
    latest: Folded = {}
    for entry in entries:
        known = latest.get((entry.step, entry.key))
        if known is None or (entry.at, entry.id) > (known.at, known.id):
            latest[(entry.step, entry.key)] = entry
    return latest


def holds(checklist: Checklist, condition: Condition, folded: Mapping[tuple[str, str], Entry]) -> bool:
    """Whether the field that `condition` points to is asked and answered with one of its values."""
    entry, step = folded.get((condition.step, condition.key)), checklist.step(condition.step)
    if entry is None or not is_asked(checklist, step, step.field(condition.key), folded):
        return False
    given = entry.value if isinstance(entry.value, list) else [entry.value]
    # `is` for booleans: in Python 1 == True, but the number 1 is no yes.
    return any(
        (item is wanted) if isinstance(wanted, bool) else (isinstance(item, str) and item == wanted)
        for item in given
        for wanted in condition.values
    )


def is_needed(checklist: Checklist, step: Step, folded: Mapping[tuple[str, str], Entry]) -> bool:
    """Whether `step` is to be done, as things are: not after a visit that ended at the door, for one."""
    stop = checklist.stops_when
    if stop is not None and step.number > checklist.step(stop.step).number and holds(checklist, stop, folded):
        return False
    return step.skipped_if is None or not holds(checklist, step.skipped_if, folded)


def is_asked(checklist: Checklist, step: Step, field: Field, folded: Mapping[tuple[str, str], Entry]) -> bool:
    """Whether `field` of `step` is to be asked, as things are."""
    if not is_needed(checklist, step, folded):
        return False
    return field.shown_if is None or holds(checklist, field.shown_if, folded)


def is_required(checklist: Checklist, step: Step, field: Field, folded: Mapping[tuple[str, str], Entry]) -> bool:
    """Whether `field` of `step` has to be answered, as things are."""
    if not is_asked(checklist, step, field, folded):
        return False
    return field.blocks or (field.required_if is not None and holds(checklist, field.required_if, folded))


def progress(checklist: Checklist, entries: Iterable[Entry], context: AnswerContext | None = None) -> Progress:
    """How far a visit is. Entries for fields that this version does not know are ignored here (others keep them)."""
    folded, context = fold(entries), context or AnswerContext()
    ended_early = checklist.stops_when is not None and holds(checklist, checklist.stops_when, folded)
    steps: list[StepProgress] = []
    owed_later: list[Missing] = []
    flawed: list[Missing] = []
    next_step: str | None = None
    for step in checklist.steps:
        if not is_needed(checklist, step, folded):
            steps.append(StepProgress(step.key, step.number, step.title, "not_needed", (), 0, 0))
            continue
        asked = [field for field in step.fields if is_asked(checklist, step, field, folded)]
        problems = {field.key: _problem(step, field, folded, context) for field in asked}
        missing = tuple(
            problem
            for field in asked
            if (problem := problems[field.key]) is not None and is_required(checklist, step, field, folded)
        )
        flawed += [problem for problem in problems.values() if problem is not None and problem.why == "flawed"]
        later = bool(step.late_if and missing and holds(checklist, step.late_if, folded))
        state: StepState = "done"
        if next_step is not None:
            state = "locked"
        elif later:
            state = "later"
        elif missing:
            state, next_step = "open", step.key
        if later:
            owed_later += missing
        sound = sum(problem is None for problem in problems.values())
        steps.append(StepProgress(step.key, step.number, step.title, state, missing, sound, len(asked)))
    return Progress(tuple(steps), next_step, ended_early, tuple(owed_later), tuple(flawed))


def missing_for_seal(
    checklist: Checklist, entries: Iterable[Entry], context: AnswerContext | None = None
) -> list[Missing]:
    """What has to be there before the record may be sealed; what is owed later is not among it (see `owed_later`)."""
    found = progress(checklist, entries, context)
    later = set(found.owed_later)
    return [missing for step in found.steps for missing in step.missing if missing not in later]


def missing_to_begin(
    checklist: Checklist, step: str, entries: Iterable[Entry], context: AnswerContext | None = None
) -> list[Missing]:
    """What has to be done before `step` may be begun: the blocking entries of the steps before it."""
    number = checklist.step(step).number
    return [missing for missing in missing_for_seal(checklist, entries, context) if missing.number < number]


def may_begin(checklist: Checklist, step: str, entries: Iterable[Entry], context: AnswerContext | None = None) -> bool:
    """Whether `step` may be begun: everything before it is done, and the visit has not ended at the door."""
    found = progress(checklist, entries, context)
    return found.step(step).state not in ("locked", "not_needed")


def is_late(checklist: Checklist, entry: Entry, entries: Iterable[Entry]) -> bool:
    """Whether `entry` was made after the visit, in a step that may be filed later: it is marked as such.

    After the visit means after the time of leaving, or, where that is not known, after the customer's signature.
    """
    folded = fold(entries)
    late_if = checklist.step(entry.step).late_if
    if late_if is None or not holds(checklist, late_if, folded) or entry.key == late_if.key:
        return False
    end = folded.get(("leave", "left_at")) or folded.get(("leave", "customer_signature"))
    return end is not None and entry.at > end.at


def _problem(step: Step, field: Field, folded: Folded, context: AnswerContext) -> Missing | None:
    """Why the field has no sound answer; None when it has one."""
    entry = folded.get((step.key, field.key))

    def because(why: Why, found: tuple[Flaw, ...] = ()) -> Missing:
        return Missing(step.key, step.number, field.key, field.label, why, found)

    if entry is None or taken_back(entry.value):
        return because("unanswered")
    found = flaws(field, entry.value, _knowing_symptoms(field, folded, context))
    if found:
        return because("flawed", tuple(found))
    if field.must_be_yes and entry.value is not True:
        return because("must_be_yes")
    if any(option.must and option.value not in entry.value for option in field.options):
        return because("must_be_ticked")
    return None


def _knowing_symptoms(field: Field, folded: Folded, context: AnswerContext) -> AnswerContext:
    """The context, with the symptoms told at the home beside those of the work order."""
    told = folded.get(field.watches) if field.watches else None
    if told is None or not isinstance(told.value, list):
        return context
    names = tuple(name for name in told.value if isinstance(name, str))
    return replace(context, reported_symptoms=context.reported_symptoms + names)
