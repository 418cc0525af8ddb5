"""Another time: the page with its three ways. The third is here: a wish for a day and hours that the desk arranges."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import Field

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.clock import local_day
from dispatch.errors import Invalid
from dispatch.planning.slots import offered_to
from dispatch.visits.life import Status
from dispatch.visits.on_the_day import ask_for_another_time
from dispatch.visits.slots_offered import ENDED_UNDONE, may_choose
from dispatch.visits.tables import Visit
from dispatch.visits.windows import Window
from mobile_api.customer.appointment import facts_of, own_visit
from mobile_api.customer.forms import UNSAFE, Errors, SentFields, form_key_in, new_form_key, read_fields
from mobile_api.dependencies import CustomerReading, CustomerWriting
from mobile_api.pages import page
from mobile_api.shapes import Shape, Text

router = APIRouter(include_in_schema=False)

DAYS_AHEAD = 14
FIRST_HOUR, LAST_HOUR = 8, 21
USUAL = {"how": "time", "day": "", "begin": "9", "end": "12", "words": ""}


class WishShape(Shape):
    """What the form asks: hours are those of the business zone."""

    how: Literal["time", "call"]
    day: date | None = None
    begin: Annotated[int, Field(ge=FIRST_HOUR, lt=LAST_HOUR)] | None = None
    end: Annotated[int, Field(gt=FIRST_HOUR, le=LAST_HOUR)] | None = None
    words: Text = ""


TOLD = {
    "how": Words("请选择一种方式。", "Please choose one."),
    "day": Words("请选择日期。", "Please choose a day."),
    "begin": Words("请选择开始时间。", "Please choose from when."),
    "end": Words("请选择结束时间。", "Please choose until when."),
    "words": UNSAFE,
}


def days_offered(turn: Turn) -> list[date]:
    """The days to choose from: the next 14, today only while there is something left of it."""
    local = turn.now.astimezone(turn.settings.zone)
    first = local.date() if local.hour < LAST_HOUR - 1 else local.date() + timedelta(days=1)
    return [first + timedelta(days=n) for n in range(DAYS_AHEAD)]


@router.api_route("/v/{link_id}/another-time", methods=["GET", "HEAD"])
def ask(request: Request, link_id: str, turn: CustomerReading) -> Response:
    """The form."""
    return draw_another_time(request, link_id, turn, own_visit(turn))


@router.post("/v/{link_id}/another-time")
def wish(request: Request, link_id: str, turn: CustomerWriting, fields: SentFields) -> Response:
    """Keep the wish. The same wish again (a second press) is kept once."""
    form_key_in(turn.settings, link_id, fields)
    visit = own_visit(turn, to_change=True)
    sent, wrong = read_fields(WishShape, fields, TOLD)
    window: Window | None = None
    if sent is not None and sent.how == "time":
        window, wrong = _window(turn, sent)
    if sent is None or wrong:
        return draw_another_time(request, link_id, turn, visit, said=USUAL | fields, wrong=wrong, status=422)
    try:
        if not _is_kept(visit, window, sent):
            ask_for_another_time(turn, visit.id, wish=window, call_me=sent.how == "call", words=sent.words)
    except Invalid as refusal:  # refused before anything was written
        wrong = {"day": refusal.words}
        return draw_another_time(request, link_id, turn, visit, said=USUAL | fields, wrong=wrong, status=422)
    return RedirectResponse(f"/v/{link_id}", 303)


def _window(turn: Turn, sent: WishShape) -> tuple[Window | None, Errors]:
    wrong: Errors = {}
    if sent.day is None or sent.day not in days_offered(turn):
        wrong["day"] = TOLD["day"]
    if sent.begin is None:
        wrong["begin"] = TOLD["begin"]
    if sent.end is None:
        wrong["end"] = TOLD["end"]
    elif sent.begin is not None and sent.end <= sent.begin:
        wrong["end"] = Words("结束时间应晚于开始时间。", "This should be later than the beginning.")
    if wrong or sent.day is None or sent.begin is None or sent.end is None:
        return None, wrong
    zone = turn.settings.zone
    start = datetime.combine(sent.day, time(sent.begin), zone)
    end = datetime.combine(sent.day, time(sent.end), zone)
    if end - start > timedelta(hours=12):
        return None, {"end": Words("时段请不超过 12 小时。", "Please leave at most 12 hours between.")}
    if end <= turn.now:
        return None, {"end": Words("该时段已经过去，请另选。", "That time has passed. Choose another.")}
    return Window(start, end), {}


def _is_kept(visit: Visit, window: Window | None, sent: WishShape) -> bool:
    """Whether this very wish stands already."""
    kept = visit.wish or {}
    said = (window.start.isoformat(), window.end.isoformat()) if window else (None, None)
    return bool(kept) and (kept.get("start"), kept.get("end"), kept.get("call_me"), kept.get("words")) == (
        *said,
        sent.how == "call",
        sent.words,
    )


def draw_another_time(
    request: Request,
    link_id: str,
    turn: Turn,
    visit: Visit,
    *,
    said: dict[str, str] | None = None,
    wrong: Errors | None = None,
    refusal: Words | None = None,
    status: int = 200,
) -> Response:
    """The page with its three ways: a free window, a call, or a wish in one's own words."""
    facts: dict[str, Any] = facts_of(turn, link_id, visit)
    wrong = wrong or {}
    offered = offered_to(turn, visit)
    return page(
        request,
        "customer/another_time.html",
        status,
        **facts,
        begun=visit.status in (Status.ON_SITE, Status.SEALED),
        slots=_by_day(turn, offered.windows),
        green=offered.green,
        booked_elsewhere=visit.status in ENDED_UNDONE and not may_choose(turn, visit),
        days=[(day.isoformat(), day) for day in days_offered(turn)],
        begins=[(str(hour), f"{hour:02d}:00") for hour in range(FIRST_HOUR, LAST_HOUR)],
        ends=[(str(hour), f"{hour:02d}:00") for hour in range(FIRST_HOUR + 1, LAST_HOUR + 1)],
        said=said or USUAL,
        wrong=wrong,
        refusal=refusal,
        wishing=bool(wrong) and "slot" not in wrong,
        form_key=new_form_key(turn.settings, link_id),
    )


def _by_day(turn: Turn, windows: Sequence[Window]) -> list[tuple[date, list[Window]]]:
    return [(day, list(some)) for day, some in groupby(windows, lambda one: local_day(one.start, turn.settings.zone))]
