"""Planning in place: from the board, in two clicks, to a proposal for whom or what was chosen there.

The board names whom or what it is about; the area is found here, by the same rule by which the planner gathers a day.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts.viewer import PLANNERS
from dispatch.clock import local_day
from dispatch.customers.tables import Site
from dispatch.errors import Invalid
from dispatch.planning.actions import ask_for_plans
from dispatch.planning.asked import MOST_PICKED, OF_TECHNICIANS, Asked, Event
from dispatch.technicians.tables import Technician
from dispatch.visits.tables import Visit, WorkOrder
from mobile_api.desk.doors import DeskWriting
from mobile_api.desk.forms import Form, FormShape, ManySent, attempt, day_from, read_form
from mobile_api.desk.plans import FIELD_OF_REFUSAL, Day, draw_replan

router = APIRouter()


class InPlaceShape(FormShape):
    """What happened (`picked`: nothing, these visits shall go to whom they fit best), and whom or what it is about."""

    day: Day
    kind: Literal["picked", "sick", "late", "longer", "urgent"]
    about: Annotated[list[UUID], Field(min_length=1, max_length=MOST_PICKED)]
    minutes: Annotated[int, Field(ge=5, le=720)] | None = None


@router.post("/desk/board/replan")
def replan_in_place(request: Request, turn: DeskWriting, sent: ManySent) -> Response:
    """A run for each area that it concerns; one leads to its own page. A refusal stands above the planner's form."""
    turn.viewer.must_be(PLANNERS)
    read = read_form(InPlaceShape, sent)
    day = day_from(str(sent.get("day")), local_day(turn.now, turn.settings.zone))
    if read.shape is None:
        return draw_replan(request, turn, day, Form({"day": day, "kind": "sick"}, read.errors))
    shape = read.shape

    def do() -> str:
        areas = areas_of(turn.session, shape.kind, shape.about)
        runs = ask_for_plans(turn, areas, shape.day, "replan", [_asked(shape)])
        return f"/desk/plans/{runs[0].id}" if len(runs) == 1 else f"/desk/plan?day={shape.day}&done=plan_asked"

    answer = attempt(turn, shape, "plan in place", do)
    if isinstance(answer, Response):
        return answer
    about = str(shape.about[0])
    values: dict[str, Any] = {"day": day, "kind": shape.kind, "minutes": shape.minutes}
    values |= {"technician": about, "visit": about, "order": about}
    field = FIELD_OF_REFUSAL.get(answer.name)
    return draw_replan(request, turn, day, Form(values, {field: answer.words} if field else {}), answer)


def _asked(shape: InPlaceShape) -> Asked:
    if shape.kind == "picked":
        return Asked(picked=tuple(dict.fromkeys(shape.about)))
    return Asked(events=(Event(kind=shape.kind, about=shape.about[0], minutes=shape.minutes),))


def areas_of(session: Session, kind: str, about: Sequence[UUID]) -> list[UUID]:
    """The areas whose days it concerns: a technician's own, and the site's where nobody goes yet. Refuses with Invalid
    what belongs to none.
    """
    if kind in OF_TECHNICIANS:
        query = select(Technician.area_id).where(Technician.id.in_(about))
    elif kind == "urgent":
        query = select(Site.area_id).join(WorkOrder, WorkOrder.site_id == Site.id).where(WorkOrder.id.in_(about))
    else:
        query = (
            select(func.coalesce(Technician.area_id, Site.area_id))
            .select_from(Visit)
            .join(WorkOrder, WorkOrder.id == Visit.work_order_id)
            .join(Site, Site.id == WorkOrder.site_id)
            .outerjoin(Technician, Technician.id == Visit.technician_id)
            .where(Visit.id.in_(about))
        )
    found = sorted({area for area in session.scalars(query) if area is not None})
    if not found:
        raise Invalid(
            Words("所选内容不属于任何片区，请选择片区后排程。", "This belongs to no area. Choose one, then plan."),
            name="area-missing",
        )
    return found
