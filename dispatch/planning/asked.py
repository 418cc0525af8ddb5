"""What somebody asks of the planner: a day's plan, a new plan after something has happened, or a “what if”. Pure.

Kept as JSON with the run, so that it can be asked again in the same words.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["plan", "replan", "what_if"]
EventKind = Literal["sick", "late", "longer", "no_access", "cancelled", "urgent", "slower"]
OF_TECHNICIANS: frozenset[EventKind] = frozenset({"sick", "late"})
OF_VISITS: frozenset[EventKind] = frozenset({"longer", "no_access", "cancelled"})
NEEDS_MINUTES: frozenset[EventKind] = frozenset({"late", "longer"})
MOST_EVENTS, MOST_ORDERS, MOST_PICKED = 50, 100, 200
LONGEST_MINUTES = 720


class Value(BaseModel):
    """A frozen value; unknown fields are refused. Ids come back from JSON as text, so it is not strict."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Event(Value):
    """Something that has happened to the day.

    `sick`, `late` are about a technician, `longer`, `no_access`, `cancelled` about a visit, `urgent` about a work order
    (`about` is its id), `slower` about the roads. `minutes`: how late, or how much longer. `percent`: how much slower.
    """

    kind: EventKind
    about: UUID | None = None
    minutes: Annotated[int, Field(ge=5, le=LONGEST_MINUTES)] | None = None
    percent: Annotated[int, Field(ge=5, le=300)] | None = None

    @property
    def lacks(self) -> str | None:
        """The field that this kind needs and that is not said; None when it is whole."""
        if self.kind != "slower" and self.about is None:
            return "about"
        if self.kind in NEEDS_MINUTES and self.minutes is None:
            return "minutes"
        return "percent" if self.kind == "slower" and self.percent is None else None


class Otherwise(Value):
    """How a day of “what if” differs. `technicians`: so many more (copies of those there are) or fewer.

    `shift_minutes`: shifts begin so much later (negative: earlier) and are as long. `widen_minutes`: told windows are
    so much wider at both ends (negative: narrower). `label` names the line in the comparison.
    """

    label: Annotated[str, Field(max_length=80)] = ""
    technicians: Annotated[int, Field(ge=-20, le=20)] = 0
    shift_minutes: Annotated[int, Field(ge=-240, le=240)] = 0
    widen_minutes: Annotated[int, Field(ge=-120, le=240)] = 0


class Asked(Value):
    """All that one run is asked. `with_waiting`: also work orders to book that belong to this day.

    `picked`: only these visits may go to somebody else, or to somebody at all; everybody keeps the others. Empty: all.
    """

    events: Annotated[tuple[Event, ...], Field(max_length=MOST_EVENTS)] = ()
    with_waiting: bool = False
    picked: Annotated[tuple[UUID, ...], Field(max_length=MOST_PICKED)] = ()
    otherwise: Otherwise | None = None

    def keeps(self, visit_id: UUID) -> bool:
        """Whether this visit stays with whom it is, because others were picked."""
        return bool(self.picked) and visit_id not in self.picked

    def about(self, *kinds: EventKind) -> dict[UUID, Event]:
        """The events of these kinds, by what they are about; of two about the same the later counts."""
        return {one.about: one for one in self.events if one.kind in kinds and one.about is not None}
