"""The page of one visit, and the step of looking at its customer's number."""

from datetime import datetime, timedelta
from uuid import UUID

from fastapi import APIRouter, Request, Response

from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.clock import local_day
from dispatch.errors import Refusal
from dispatch.visits.queries import visit_seen_by
from dispatch.visits.tables import Visit
from dispatch.visits.windows import Window
from mobile_api.desk.choices import technicians_for
from mobile_api.desk.doors import DeskReading, DeskWriting
from mobile_api.desk.forms import Form
from mobile_api.desk.visit_facts import visit_facts
from mobile_api.desk.windows import said
from mobile_api.desk.words import flashes
from mobile_api.errors import status_of
from mobile_api.pages import language_of, page

router = APIRouter()


def draw_visit(
    request: Request,
    turn: Turn,
    visit: Visit,
    *,
    number: str | None = None,
    late: Form | None = None,
    returning: Form | None = None,
    refusal: Refusal | None = None,
    done: str = "",
) -> Response:
    """The page; with `late` or `returning` one of its small forms as it was sent and refused."""
    wrong = any(form is not None and form.errors for form in (late, returning))
    facts = visit_facts(turn, visit, language_of(request))
    day = local_day(visit.window_start, turn.settings.zone)
    return page(
        request,
        "desk/visit.html",
        status=status_of(refusal) if refusal else 422 if wrong else 200,
        **facts,
        late=late or Form({"time": _expected(visit, turn)}),
        late_sent=late is not None,
        returning=returning or Form(_tomorrow_afternoon(turn)),
        returning_sent=returning is not None,
        refusal=refusal,
        number=number,
        wish=_wished(visit, turn),
        choices=technicians_for(turn, visit.work_order, day) if facts["may"]["plan"] else [],
        assigning=Form({"technician": str(visit.technician_id or "")}),
        accepting=Form(),
        flashes=flashes(done),
    )


def _expected(visit: Visit, turn: Turn) -> str | None:
    return f"{visit.predicted_at.astimezone(turn.settings.zone):%H:%M}" if visit.predicted_at else None


def _tomorrow_afternoon(turn: Turn) -> dict[str, str]:
    """What stands in the form of a return call at first."""
    day = local_day(turn.now, turn.settings.zone) + timedelta(days=1)
    return {"day": day.isoformat(), "begin": "14:00", "end": "16:00"}


def _wished(visit: Visit, turn: Turn) -> dict[str, str] | None:
    """The window that the customer chose, as the moving form wants it; None when they chose none."""
    wish = visit.wish or {}
    if not wish.get("start") or not wish.get("end"):
        return None
    window = Window(datetime.fromisoformat(wish["start"]), datetime.fromisoformat(wish["end"]))
    return said(window, turn.settings.zone)


@router.get("/desk/visits/{visit_id}")
def show_visit(request: Request, turn: DeskReading, visit_id: UUID, done: str = "") -> Response:
    """Everything about one visit; the number masked."""
    return draw_visit(request, turn, visit_seen_by(turn.session, turn.viewer, visit_id), done=done)


@router.post("/desk/visits/{visit_id}/number")
def show_number(request: Request, turn: DeskWriting, visit_id: UUID) -> Response:
    """The customer's whole number. Who asked for it, and when, is written down before the answer leaves."""
    visit = visit_seen_by(turn.session, turn.viewer, visit_id)
    customer = visit.work_order.customer
    note_look(turn.session, turn.viewer, "customer_phone", customer.id, turn.now)
    if request.headers.get("hx-request"):
        return page(request, "desk/number.html", number=customer.phone)
    return draw_visit(request, turn, visit, number=customer.phone)
