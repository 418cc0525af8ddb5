"""Work orders: those that wait to be booked, those that somebody searches for, and one with its booking form."""

from datetime import time
from uuid import UUID

from fastapi import APIRouter, Request, Response

from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import PLANNERS
from dispatch.clock import local_day
from dispatch.customers.phones import masked_phone
from dispatch.errors import Refusal
from dispatch.technicians.queries import technicians_seen_by
from dispatch.visits.attention import SIGN_WORDS, SignKey
from dispatch.visits.booking import book_visit
from dispatch.visits.day_queries import orders_found, visits_of_orders
from dispatch.visits.queries import order_seen_by, orders_waiting, visits_of_order
from dispatch.visits.tables import WorkOrder
from dispatch.visits.windows import Window
from mobile_api.desk.choices import technicians_for
from mobile_api.desk.doors import DeskReading, DeskWriting, may
from mobile_api.desk.forms import Form, FormShape, Sent, Values, attempt, day_from, read_form
from mobile_api.desk.moves import FIELD_OF_REFUSAL, Day
from mobile_api.desk.visit_facts import fit
from mobile_api.desk.windows import moment_said, quick_picks, said, window_said
from mobile_api.desk.words import ACCESS_WORDS, KIND_WORDS, ORDER_STATE_WORDS, flashes
from mobile_api.errors import status_of
from mobile_api.pages import page

router = APIRouter()
LONGEST_SEARCH = 100
MOST = 300


class BookShape(FormShape):
    """A window to promise. No technician: unassigned; no planned start: the earliest free time."""

    day: Day
    begin: time
    end: time
    technician: UUID | None = None
    planned: time | None = None


@router.get("/desk/orders")
def show_orders(request: Request, turn: DeskReading, q: str = "") -> Response:
    """Without a search, what waits to be booked; with one, whatever fits, booked or not."""
    words = q.strip()[:LONGEST_SEARCH].replace("\0", "")
    if words:
        orders = orders_found(turn.session, turn.viewer, words)
        note_look(turn.session, turn.viewer, "order_search", "found", turn.now)
    else:
        orders = orders_waiting(turn.session, turn.viewer, MOST)
        note_look(turn.session, turn.viewer, "orders", "waiting", turn.now)
    return page(
        request,
        "desk/orders.html",
        q=words,
        orders=orders,
        visits=visits_of_orders(turn.session, [order.id for order in orders]) if words else {},
        masked={order.id: masked_phone(order.customer.phone) for order in orders},
        kind_words=KIND_WORDS,
        state_words=ORDER_STATE_WORDS,
        may=may(turn.viewer),
    )


@router.get("/desk/orders/{order_id}")
def show_order(
    request: Request, turn: DeskReading, order_id: UUID, day: str = "", begin: str = "", end: str = "", done: str = ""
) -> Response:
    """One work order, its visits, and the form to book the next one."""
    order = order_seen_by(turn.session, turn.viewer, order_id)
    values = _first_pick(turn, order)
    values |= {name: text for name, text in (("day", day), ("begin", begin), ("end", end)) if text}
    return _draw(request, turn, order, Form(values), done=done)


@router.get("/desk/orders/{order_id}/fit")
def show_fit(
    request: Request, turn: DeskReading, order_id: UUID, day: str = "", technician: str = "", begin: str = "",
    end: str = "", planned: str = "",
) -> Response:  # fmt: skip
    """What speaks against this technician at that time, while the form is filled in: a warning, no refusal."""
    order = order_seen_by(turn.session, turn.viewer, order_id)
    today = local_day(turn.now, turn.settings.zone)
    chosen = next((one for one in technicians_seen_by(turn.session, turn.viewer) if str(one.id) == technician), None)
    found: tuple[SignKey, ...] = ()
    if chosen is not None:
        start = moment_said(day_from(day, today), _time(planned) or _time(begin), turn.settings.zone)
        last = moment_said(day_from(day, today), _time(end), turn.settings.zone)
        stretch = Window(start, last) if start and last and last > start else None
        found = fit(turn, chosen, stretch, order.skills)
    return page(request, "desk/fit.html", found=found, sign_words=SIGN_WORDS)


@router.post("/desk/orders/{order_id}/book")
def book(request: Request, turn: DeskWriting, sent: Sent, order_id: UUID) -> Response:
    """Promise the window and owe its confirmation, once however often the button is pressed."""
    turn.viewer.must_be(PLANNERS)
    order = order_seen_by(turn.session, turn.viewer, order_id)
    read = read_form(BookShape, sent)
    if read.shape is None:
        return _draw(request, turn, order, read.again())
    shape, zone = read.shape, turn.settings.zone

    def do() -> str:
        done = book_visit(
            turn,
            order_id,
            window_said(shape.day, shape.begin, shape.end, zone),
            technician_id=shape.technician,
            planned_start=moment_said(shape.day, shape.planned, zone),
        )
        return f"/desk/visits/{done.visit.id}?done=booked"

    answer = attempt(turn, shape, f"book {order_id}", do)
    if isinstance(answer, Response):
        return answer
    field = FIELD_OF_REFUSAL.get(answer.name)
    form = read.again(**({field: answer.words} if field else {}))
    return _draw(request, turn, order_seen_by(turn.session, turn.viewer, order_id), form, refusal=answer)


def _draw(
    request: Request, turn: Turn, order: WorkOrder, form: Form, *, refusal: Refusal | None = None, done: str = ""
) -> Response:
    note_look(turn.session, turn.viewer, "work_order", order.id, turn.now)
    zone = turn.settings.zone
    today = local_day(turn.now, zone)
    rights = may(turn.viewer)
    status = status_of(refusal) if refusal else 422 if form.errors else 200
    return page(
        request,
        "desk/order.html",
        status=status,
        order=order,
        masked=masked_phone(order.customer.phone),
        visits=visits_of_order(turn.session, order.id),
        form=form,
        refusal=refusal,
        kind_words=KIND_WORDS,
        access_words=ACCESS_WORDS,
        state_words=ORDER_STATE_WORDS,
        picks=quick_picks(today, turn.now, order.wanted, zone),
        choices=technicians_for(turn, order, day_from(form.value("day"), today)) if rights["plan"] else [],
        may=rights,
        flashes=flashes(done),
    )


def _first_pick(turn: Turn, order: WorkOrder) -> Values:
    """What stands in the form at first: what the customer asked for, else nothing but the day."""
    zone = turn.settings.zone
    if order.wanted is not None and order.wanted.end > turn.now:
        return dict(said(order.wanted, zone))
    return {"day": local_day(turn.now, zone).isoformat()}


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
