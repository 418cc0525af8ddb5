"""Planning at the desk: ask for a day's plan, or for a new one after something has happened."""

from datetime import date, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from checklists.words import Words
from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import PLANNERS
from dispatch.clock import local_day
from dispatch.errors import Refusal
from dispatch.planning.actions import ask_for_plans
from dispatch.planning.asked import OF_TECHNICIANS, OF_VISITS, Asked, Event
from dispatch.planning.queries import plans_on
from dispatch.technicians.queries import areas, technicians_seen_by
from dispatch.visits.life import OPEN, Status
from dispatch.visits.queries import orders_waiting, visits_on
from mobile_api.desk.doors import DeskReading, DeskWriting, may
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, day_from, read_form
from mobile_api.desk.plan_view import EVENT_WORDS, RUN_KIND_WORDS, STATE_WORDS
from mobile_api.desk.words import KIND_WORDS, flashes, who
from mobile_api.errors import status_of
from mobile_api.pages import page

router = APIRouter()
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31))]
FIELD_OF_REFUSAL = {"area-missing": "areas", "day-past": "day", "day-too-far": "day", "minutes-missing": "minutes"}
FIELD_OF_REFUSAL |= {"percent-missing": "percent"}


class PlanShape(FormShape):
    """Which areas of which day; `waiting`: also orders to book that belong to it."""

    day: Day
    areas: Annotated[list[UUID], Field(min_length=1, max_length=50)]
    waiting: Literal["yes"] | None = None


class ReplanShape(FormShape):
    """What has happened, to whom or what, and how much."""

    day: Day
    area: UUID
    kind: Literal["sick", "late", "longer", "no_access", "cancelled", "urgent", "slower"]
    technician: UUID | None = None
    visit: UUID | None = None
    order: UUID | None = None
    minutes: Annotated[int, Field(ge=5, le=720)] | None = None
    percent: Annotated[int, Field(ge=5, le=300)] | None = None

    @property
    def about(self) -> UUID | None:
        """Whom or what this kind of event is about."""
        if self.kind in OF_TECHNICIANS:
            return self.technician
        return self.visit if self.kind in OF_VISITS else self.order if self.kind == "urgent" else None

    @property
    def field(self) -> str:
        """The field that says so."""
        return "technician" if self.kind in OF_TECHNICIANS else "visit" if self.kind in OF_VISITS else "order"


@router.get("/desk/plan")
def show_plans(request: Request, turn: DeskReading, day: str = "", area: str = "", done: str = "") -> Response:
    """The form, and the plans of that day."""
    turn.viewer.must_be(PLANNERS)
    chosen = day_from(day, local_day(turn.now, turn.settings.zone))
    form = Form({"day": chosen, "areas": [area] if area else []})
    return _draw(request, turn, chosen, form, area=area, done=done)


@router.post("/desk/plan")
def ask(request: Request, turn: DeskWriting, sent: Sent) -> Response:
    """A run for each area; one leads to its own page."""
    turn.viewer.must_be(PLANNERS)
    read = read_form(PlanShape, sent)
    if read.shape is None:
        return _draw(
            request, turn, day_from(str(sent.get("day")), local_day(turn.now, turn.settings.zone)), read.again()
        )
    shape = read.shape

    def do() -> str:
        asked = Asked(with_waiting=shape.waiting == "yes")
        runs = ask_for_plans(turn, shape.areas, shape.day, "plan", [asked])
        return f"/desk/plans/{runs[0].id}" if len(runs) == 1 else f"/desk/plan?day={shape.day}&done=plan_asked"

    answer = attempt(turn, shape, "ask for plans", do)
    if isinstance(answer, Response):
        return answer
    field = FIELD_OF_REFUSAL.get(answer.name)
    return _draw(request, turn, shape.day, read.again(**({field: answer.words} if field else {})), answer)


@router.get("/desk/replan")
def ask_replan(
    request: Request, turn: DeskReading, day: str = "", area: str = "", kind: str = "sick", about: str = ""
) -> Response:
    """What has happened? `kind` and `about` may be said by the page that leads here."""
    turn.viewer.must_be(PLANNERS)
    chosen = day_from(day, local_day(turn.now, turn.settings.zone))
    values: dict[str, Any] = {"day": chosen, "area": area, "kind": kind}
    values |= {"technician": about, "visit": about, "order": about}
    return draw_replan(request, turn, chosen, Form(values))


@router.post("/desk/replan")
def replan(request: Request, turn: DeskWriting, sent: Sent) -> Response:
    """Plan the rest of the day anew, changing as little as pays."""
    turn.viewer.must_be(PLANNERS)
    read = read_form(ReplanShape, sent)
    day = day_from(str(sent.get("day")), local_day(turn.now, turn.settings.zone))
    if read.shape is None:
        return draw_replan(request, turn, day, read.again())
    shape = read.shape

    def do() -> str:
        event = Event(kind=shape.kind, about=shape.about, minutes=shape.minutes, percent=shape.percent)
        runs = ask_for_plans(turn, [shape.area], shape.day, "replan", [Asked(events=(event,))])
        return f"/desk/plans/{runs[0].id}"

    answer = attempt(turn, shape, "plan anew", do)
    if isinstance(answer, Response):
        return answer
    field = shape.field if answer.name == "about-missing" else FIELD_OF_REFUSAL.get(answer.name)
    return draw_replan(request, turn, day, read.again(**({field: answer.words} if field else {})), answer)


def _draw(
    request: Request,
    turn: Turn,
    day: date,
    form: Form,
    refusal: Refusal | None = None,
    *,
    area: str = "",
    done: str = "",
) -> Response:
    return page(
        request,
        "desk/plans.html",
        status=status_of(refusal) if refusal else 422 if form.errors else 200,
        day=day,
        area=area,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        areas={one.id: one for one in areas(turn.session)},
        runs=plans_on(turn.session, turn.viewer, day),
        state_words=STATE_WORDS,
        run_kinds=RUN_KIND_WORDS,
        form=form,
        refusal=refusal,
        who=who,
        flashes=flashes(done),
        may=may(turn.viewer),
    )


def draw_replan(request: Request, turn: Turn, day: date, form: Form, refusal: Refusal | None = None) -> Response:
    """The page that asks what has happened, with whom and what there is to choose from."""
    note_look(turn.session, turn.viewer, "day", day, turn.now)
    zone = turn.settings.zone
    visits = [
        visit
        for visit in visits_on(turn.session, turn.viewer, zone=zone, day=day, limit=2000)
        if Status(visit.status) in OPEN
    ]
    return page(
        request,
        "desk/replan.html",
        status=status_of(refusal) if refusal else 422 if form.errors else 200,
        day=day,
        areas=areas(turn.session),
        technicians=technicians_seen_by(turn.session, turn.viewer),
        visits=visits,
        orders=orders_waiting(turn.session, turn.viewer),
        event_words=EVENT_WORDS,
        kind_words=KIND_WORDS,
        nobody=Words("请选择", "Choose"),
        form=form,
        refusal=refusal,
        may=may(turn.viewer),
    )
