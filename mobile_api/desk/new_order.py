"""A work order told by a caller: typed in at the desk."""

from datetime import datetime, time
from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field, StringConstraints

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.customers.actions import CustomerFacts, LineFacts, SiteFacts
from dispatch.errors import Refusal
from dispatch.technicians.queries import areas
from dispatch.visits.orders import OrderFacts, take_in_order
from dispatch.visits.windows import Window
from mobile_api.desk.doors import DeskReading, DeskWriting, may
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, read_form
from mobile_api.desk.moves import Day
from mobile_api.desk.windows import moment_said, window_said
from mobile_api.desk.words import ACCESS_WORDS, KIND_WORDS
from mobile_api.errors import status_of
from mobile_api.pages import page
from mobile_api.shapes import Address, Line, ShortLine, Text

router = APIRouter()
BOTH = Words("经纬度请同时填写或都留空。", "Give both coordinates or neither.")
WHOLE_WINDOW = Words("希望的时段请填写日期、开始和结束。", "A wished window needs its day, its start and its end.")
WHOLE_DEADLINE = Words("请同时填写时限的日期。", "Give the day of the deadline as well.")
MOST_ITEMS = 20


class OrderShape(FormShape):
    """A work order as the form says it. Rates are Mbit/s; coordinates WGS-84 degrees; symptoms one a line."""

    kind: Literal["install", "repair"]
    name: Line
    phone: ShortLine
    language: Literal["zh", "en"] = "zh"
    mail: Line | None = None
    channel: Literal["sms", "mail", "call"] | None = None
    address: Address
    area: ShortLine | None = None
    latitude: Annotated[float | None, Field(ge=-90, le=90, allow_inf_nan=False)] = None
    longitude: Annotated[float | None, Field(ge=-180, le=180, allow_inf_nan=False)] = None
    account_name: ShortLine | None = None
    product: ShortLine | None = None
    access: Literal["gpon", "xgspon", "dsl", "ethernet"] = "gpon"
    subscribed_down: Annotated[float | None, Field(gt=0, le=100_000, allow_inf_nan=False)] = None
    subscribed_up: Annotated[float | None, Field(gt=0, le=100_000, allow_inf_nan=False)] = None
    external_id: ShortLine | None = None
    symptoms: Text = ""
    note: Text = ""
    skills: Annotated[str, StringConstraints(max_length=200)] = ""
    minutes: Annotated[int | None, Field(ge=5, le=720)] = None
    deadline_day: Day | None = None
    deadline_time: time | None = None
    wanted_day: Day | None = None
    wanted_begin: time | None = None
    wanted_end: time | None = None


@router.get("/desk/orders/new")
def ask_order(request: Request, turn: DeskReading) -> Response:
    """An empty form."""
    return _draw(request, turn, Form({"kind": "repair", "language": "zh", "access": "gpon"}))


@router.post("/desk/orders/new")
def take_order(request: Request, turn: DeskWriting, sent: Sent) -> Response:
    """Take it in; the page of the work order is where it is booked."""
    read = read_form(OrderShape, sent)
    shape = read.shape
    if shape is not None:
        read.errors |= _halves(shape)
    if shape is None or read.errors:
        return _draw(request, turn, read.again())

    def do() -> str:
        order, is_new = take_in_order(turn, _facts(shape, turn))
        return f"/desk/orders/{order.id}?done={'order' if is_new else 'order_known'}"

    answer = attempt(turn, shape, "new order", do)
    if isinstance(answer, Response):
        return answer
    field = _field_of(answer)
    return _draw(request, turn, read.again(**({field: answer.words} if field else {})), answer)


def _draw(request: Request, turn: Turn, form: Form, refusal: Refusal | None = None) -> Response:
    return page(
        request,
        "desk/order_new.html",
        status=status_of(refusal) if refusal else 422 if form.errors else 200,
        form=form,
        refusal=refusal,
        areas=areas(turn.session),
        kind_words=KIND_WORDS,
        access_words=ACCESS_WORDS,
        may=may(turn.viewer),
    )


def _halves(shape: OrderShape) -> dict[str, Words]:
    """What is only half said."""
    wrong: dict[str, Words] = {}
    if (shape.latitude is None) != (shape.longitude is None):
        wrong["latitude" if shape.latitude is None else "longitude"] = BOTH
    wanted = {"wanted_day": shape.wanted_day, "wanted_begin": shape.wanted_begin, "wanted_end": shape.wanted_end}
    if any(part is not None for part in wanted.values()):
        wrong |= {name: WHOLE_WINDOW for name, part in wanted.items() if part is None}
    if shape.deadline_time is not None and shape.deadline_day is None:
        wrong["deadline_day"] = WHOLE_DEADLINE
    return wrong


def _facts(shape: OrderShape, turn: Turn) -> OrderFacts:
    zone = turn.settings.zone
    deadline: datetime | None = None
    if shape.deadline_day is not None:
        deadline = moment_said(shape.deadline_day, shape.deadline_time or time(18, 0), zone)
    wanted: Window | None = None
    if shape.wanted_day and shape.wanted_begin is not None and shape.wanted_end is not None:
        wanted = window_said(shape.wanted_day, shape.wanted_begin, shape.wanted_end, zone)
    return OrderFacts(
        kind=shape.kind,
        customer=CustomerFacts(
            shape.name, shape.phone, language=shape.language, mail=shape.mail, channel=shape.channel
        ),
        site=SiteFacts(shape.address, shape.latitude, shape.longitude, shape.area),
        line=LineFacts(shape.account_name, shape.product, shape.access, shape.subscribed_down, shape.subscribed_up),
        external_id=shape.external_id,
        symptoms=tuple(_items(shape.symptoms.splitlines())),
        note=shape.note,
        deadline=deadline,
        minutes=shape.minutes,
        skills=tuple(_items(shape.skills.replace("，", ",").replace("、", ",").split(","))),
        wanted=wanted,
    )


def _items(parts: list[str]) -> list[str]:
    return [part.strip()[:80] for part in parts if part.strip()][:MOST_ITEMS]


def _field_of(refusal: Refusal) -> str | None:
    if refusal.name.startswith("phone-"):
        return "phone"
    if refusal.name == "mail-impossible":
        return "mail"
    return {"window-ends-before-it-starts": "wanted_end", "work-order-differs": "external_id"}.get(refusal.name)
