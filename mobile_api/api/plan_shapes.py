"""What may be asked of the planner, and how a plan looks in answers."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from dispatch.accounts.turn import Turn
from dispatch.planning.asked import Asked, Event, Otherwise
from dispatch.planning.proposal import Proposal, Spot
from dispatch.planning.tables import PlanRun
from mobile_api.api import shown
from mobile_api.shapes import Day, Id, Reason, Shape


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _between(least: int, most: int) -> Any:
    return Annotated[
        int,
        BeforeValidator(_whole, json_schema_input_type=Annotated[int, Field(ge=least, le=most)]),
        Field(ge=least, le=most),
    ]


class EventShape(Shape):
    """Something that has happened: to a technician (sick, late), a visit (longer, no_access, cancelled), a work order
    that must be done today (urgent), or the roads (slower)."""

    kind: Literal["sick", "late", "longer", "no_access", "cancelled", "urgent", "slower"]
    about: Id | None = Field(None, description="The technician's, visit's or work order's id.")
    minutes: _between(5, 720) | None = Field(None, description="How late, or how much longer.")  # type: ignore[valid-type]
    percent: _between(5, 300) | None = Field(None, description="How much slower.")  # type: ignore[valid-type]


class OtherwiseShape(Shape):
    """One line of a “what if”: the same day with other people, hours or windows."""

    label: Reason = ""
    technicians: _between(-20, 20) = Field(0, description="So many more, or fewer.")  # type: ignore[valid-type]
    shift_minutes: _between(-240, 240) = Field(0, description="Shifts begin so much later, or earlier.")  # type: ignore[valid-type]
    widen_minutes: _between(-120, 240) = Field(0, description="Told windows wider at both ends, or narrower.")  # type: ignore[valid-type]


class PlansShape(Shape):
    """Whose day to plan. Several areas are planned side by side, by any machine."""

    area_ids: list[Id] = Field(min_length=1, max_length=200)
    day: Annotated[Day, Field(strict=False, examples=["2026-11-23"])]
    kind: Literal["plan", "replan", "what_if"] = "plan"
    events: list[EventShape] = Field(default_factory=list, max_length=50)
    with_waiting: bool = Field(False, description="Also book work orders that belong to this day.")
    what_if: list[OtherwiseShape] = Field(default_factory=list, max_length=10)
    seconds: float | None = Field(None, ge=0.1, le=600, description="How long to look; left out: as the settings say.")
    seed: _between(0, 1_000_000) = 1  # type: ignore[valid-type]

    def asked(self) -> list[Asked]:
        """What each area's run is asked: one thing, or a line for each “what if” with the day as it is first."""
        events = tuple(
            Event(kind=one.kind, about=one.about, minutes=one.minutes, percent=one.percent) for one in self.events
        )
        plain = Asked(events=events, with_waiting=self.with_waiting)
        if self.kind != "what_if":
            return [plain]
        lines = [
            Otherwise(
                label=one.label[:80],
                technicians=one.technicians,
                shift_minutes=one.shift_minutes,
                widen_minutes=one.widen_minutes,
            )
            for one in self.what_if
        ]
        return [plain, *(plain.model_copy(update={"otherwise": one}) for one in lines)]


class AcceptShape(Shape):
    """Which of the proposed changes to make, by visit (or work order, where one is to be booked); left out: all."""

    visits: list[Id] | None = Field(None, min_length=1, max_length=2000)


def run_shown(run: PlanRun) -> dict[str, Any]:
    """A run without its proposal: where it stands."""
    return {
        "id": str(run.id),
        "batch": str(run.batch),
        "version": run.version,
        "area_id": str(run.area_id),
        "day": run.day,
        "kind": run.kind,
        "state": run.state,
        "progress": run.part,
        "asked": run.asked,
        "asked_by": run.asked_by,
        "asked_at": shown.moment(run.asked_at),
        "seconds": run.seconds,
        "iterations": run.iterations,
        "seed": run.seed,
        "begun_at": shown.moment(run.begun_at),
        "ended_at": shown.moment(run.ended_at),
        "problem_sha256": run.problem_sha256,
        "trouble": {"zh": run.trouble_zh, "en": run.trouble_en} if run.trouble_zh else None,
        "outcome": run.outcome,
    }


def plan_shown(turn: Turn, run: PlanRun) -> dict[str, Any]:
    """A run with what it proposes."""
    del turn
    return {**run_shown(run), "proposal": _proposal(Proposal.kept(run.proposal)) if run.proposal else None}


def _proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        "before": proposal.before.model_dump(),
        "after": proposal.after.model_dump(),
        "customers_told": proposal.told,
        "travel": proposal.travel,
        "travel_fell_back": proposal.travel_fell_back or None,
        "changes": [
            {
                "visit": one.visit,
                "is_order": one.is_order,
                "kind": one.kind,
                "version": one.version,
                "before": _spot(one.before),
                "after": _spot(one.after),
                "window": {"start": shown.moment(one.window_start), "end": shown.moment(one.window_end)},
                "why": {"zh": one.why_zh, "en": one.why_en} if one.why_zh else None,
                "tell": {
                    "by": one.tell.by,
                    "what": one.tell.what,
                    "until": shown.moment(one.tell.until),
                    "late": one.tell.late,
                }
                if one.tell
                else None,
            }
            for one in proposal.changes
        ],
    }


def _spot(spot: Spot | None) -> dict[str, Any] | None:
    if spot is None:
        return None
    return {"technician_id": spot.technician, "start": shown.moment(spot.start), "end": shown.moment(spot.end)}
