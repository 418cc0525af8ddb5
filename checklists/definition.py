"""What a checklist is made of: steps in order, fields in a step, and when a field is asked or has to be answered.

A checklist is data. A visit keeps the version that it was started with, so a published one is never edited:
a change is a new file with a higher version.
"""

from dataclasses import dataclass, replace
from typing import Literal, get_args

from checklists.words import Words

Kind = Literal["install", "repair"]
FilledBy = Literal["technician", "customer"]
KitPart = Literal["carried", "used"]
FieldType = Literal[
    "yes_no",
    "choice",
    "multi_choice",
    "text",
    "number",
    "measurement",
    "room_measurements",
    "photo",
    "signature",
    "moment",
    "rating",
    "kit",
    "open_questions",
    "symptoms",
    "symptom_watch",
    "dial_code",
    "device",
]
FIELD_TYPES: tuple[str, ...] = get_args(FieldType)


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds when the field `key` of `step` is itself asked and its answer is (or contains) one of `values`."""

    step: str
    key: str
    values: tuple[str | bool, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose. `must`: in a list to tick, the field counts as answered only when this one is ticked."""

    value: str
    label: Words
    must: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a step.

    `blocks`: the step is not done without a sound answer. `required_if`: blocks while that condition holds.
    `shown_if`: asked at all only while that condition holds (a field that is not asked never blocks).
    `must_be_yes`: a "no" is kept, but does not do; only for what the technician can always put right on the spot.
    `may_refuse`: the signer may refuse, with a reason. `may_decline`: a rating may be left out on purpose.
    `min_count`/`max_count`: how many items a list holds, characters for a text (`max_count`).
    `min_value`/`max_value`: bounds of a number or a rating, both included.
    `measurement`: name in `checklists.measurements`. `watches`: (step, key) of the symptoms to be watched.
    `prefill`: name of a fact of the visit that the phone offers as a first answer.
    """

    key: str
    type: FieldType
    label: Words
    hint: Words | None = None
    filled_by: FilledBy = "technician"
    blocks: bool = True
    options: tuple[Option, ...] = ()
    measurement: str | None = None
    min_count: int | None = None
    max_count: int | None = None
    min_value: float | None = None
    max_value: float | None = None
    unit: str | None = None
    required_if: Condition | None = None
    shown_if: Condition | None = None
    must_be_yes: bool = False
    may_refuse: bool = False
    may_decline: bool = False
    kit_part: KitPart | None = None
    watches: tuple[str, str] | None = None
    prefill: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One of the eight steps. `rules` are shown and not answered.

    `skipped_if`: the step is not done at all while that condition holds.
    `late_if`: while it holds, what is missing in this step is owed later and holds nothing up.
    """

    key: str
    number: int
    title: Words
    purpose: Words
    fields: tuple[Field, ...]
    rules: tuple[Words, ...] = ()
    skipped_if: Condition | None = None
    late_if: Condition | None = None

    def field(self, key: str) -> Field:
        """The field `key` of this step; KeyError when there is none."""
        for field in self.fields:
            if field.key == key:
                return field
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class Checklist:
    """The eight steps of one kind of visit, in one version.

    `stops_when`: the visit ends in that condition's step (nobody let the technician in); later steps are not needed.
    """

    id: str
    version: int
    kind: Kind
    title: Words
    steps: tuple[Step, ...]
    stops_when: Condition | None = None

    @property
    def key(self) -> str:
        """Name and version in one, as a visit keeps it: `visit_install@1`."""
        return f"{self.id}@{self.version}"

    def step(self, key: str) -> Step:
        """The step `key`; KeyError when there is none."""
        for step in self.steps:
            if step.key == key:
                return step
        raise KeyError(key)

    def field(self, step: str, key: str) -> Field:
        """The field `key` of `step`; KeyError when there is none."""
        return self.step(step).field(key)

    def has(self, step: str, key: str) -> bool:
        """Whether this version asks that question at all."""
        return any(s.key == step and any(f.key == key for f in s.fields) for s in self.steps)

    def with_field(self, step: str, after: str, field: Field, *, version: int) -> "Checklist":
        """The next version: as this one, with `field` asked in `step` after the field `after`. KeyError without it."""
        before = self.field(step, after)
        at = self.step(step).fields.index(before) + 1
        asked = (*self.step(step).fields[:at], field, *self.step(step).fields[at:])
        steps = tuple(replace(one, fields=asked) if one.key == step else one for one in self.steps)
        return replace(self, version=version, steps=steps)

    def fields(self) -> tuple[tuple[Step, Field], ...]:
        """Every field with its step, in the order in which they are asked."""
        return tuple((step, field) for step in self.steps for field in step.fields)
