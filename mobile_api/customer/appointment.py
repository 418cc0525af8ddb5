"""The appointment: when, what for, who comes, where it stands; and that it suits the customer."""

from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.customers.phones import masked_phone
from dispatch.records.asking import promised_call
from dispatch.records.queries import record_of_visit
from dispatch.records.rating import rating_of_visit
from dispatch.visits.call_me import promised_call_me
from dispatch.visits.life import MOVABLE, Status
from dispatch.visits.links import link_of_visit
from dispatch.visits.on_the_day import confirm
from dispatch.visits.punctuality import latest_arrival
from dispatch.visits.queries import visit_seen_by
from dispatch.visits.rules import TOLD_BEFORE
from dispatch.visits.slots_offered import ENDED_UNDONE, as_customer_of, may_choose, successor_by
from dispatch.visits.tables import Visit
from dispatch.visits.windows import Window
from mobile_api.customer.forms import SentFields, form_key_in, new_form_key
from mobile_api.dependencies import CustomerReading, CustomerWriting
from mobile_api.pages import page
from mobile_api.papers import TITLES, papers_given_to

router = APIRouter(include_in_schema=False)

FORGOTTEN_AFTER = timedelta(minutes=30)  # a predicted arrival that is past and did not come true misleads
WORK = {
    "install": Words("宽带装机", "Broadband installation"),
    "repair": Words("宽带维修", "Broadband repair"),
}
WAY = (
    (Status.BOOKED, Words("已预约", "Booked")),
    (Status.EN_ROUTE, Words("师傅在路上", "On the way")),
    (Status.ON_SITE, Words("正在服务", "At your home")),
    (Status.SEALED, Words("已完成", "Completed")),
)


def own_visit(turn: Turn, *, to_change: bool = False) -> Visit:
    """The one visit of the link that the viewer holds, with its story."""
    assert turn.viewer.visit_id is not None
    return visit_seen_by(turn.session, turn.viewer, turn.viewer.visit_id, to_change=to_change)


def way_of(visit: Visit) -> list[dict[str, Any]]:
    """The four stations of a visit, each with its state and time; empty for one that ended another way."""
    order = [status for status, _ in WAY]
    if visit.status not in order:
        return []
    here = order.index(Status(visit.status))
    reached = {Status.EN_ROUTE: visit.departed_at, Status.ON_SITE: visit.arrived_at, Status.SEALED: visit.ended_at}
    passed = here + 1 if visit.status == Status.SEALED else here
    return [
        {
            "words": words,
            "state": "done" if at < passed else "now" if at == here else "todo",
            "at": reached.get(status) if at <= here else None,
        }
        for at, (status, words) in enumerate(WAY)
    ]


def wish_of(visit: Visit) -> dict[str, Any] | None:
    """What the customer last asked for, with its moments as moments."""
    if not visit.wish:
        return None
    wish = dict(visit.wish)
    for part in ("start", "end", "at"):
        wish[part] = datetime.fromisoformat(wish[part]) if wish.get(part) else None
    return wish


def facts_of(turn: Turn, link_id: str, visit: Visit) -> dict[str, Any]:
    """What every page about the appointment may say."""
    return {
        "link_id": link_id,
        "visit": visit,
        "work": WORK[visit.work_order.kind],
        "customer_name": visit.work_order.customer.name,
        "phone": masked_phone(visit.work_order.customer.phone),
        "address": visit.work_order.site.address,
        "symptoms": visit.work_order.symptoms,
        "technician": visit.technician,
        "way": way_of(visit),
        "wish": wish_of(visit),
        "may_change": visit.status in MOVABLE,
        "is_close": visit.window_start - turn.now < TOLD_BEFORE,
        "arrival": arrival_of(visit, turn.now),
        "call": promised_call_me(turn.session, visit.id),
        "slot_name": slot_name,
    }


def slot_name(window: Window) -> str:
    """How a form names a free window: its start in UTC."""
    return f"{window.start:%Y%m%dT%H%MZ}"


def arrival_of(visit: Visit, now: datetime) -> dict[str, Any] | None:
    """When the technician is expected, while that is still to come; `late` if the promise is not kept."""
    if visit.predicted_at is None or visit.status not in MOVABLE or now > visit.predicted_at + FORGOTTEN_AFTER:
        return None
    return {"at": visit.predicted_at, "late": visit.predicted_at > latest_arrival(visit.window)}


@router.api_route("/v/{link_id}", methods=["GET", "HEAD"])
def show(request: Request, link_id: str, turn: CustomerReading) -> Response:
    """The appointment as it stands now."""
    visit = own_visit(turn)
    return page(
        request,
        "customer/appointment.html",
        **facts_of(turn, link_id, visit),
        record=record_of_visit(turn.session, turn.viewer, visit.id),
        papers=[(name, TITLES[name]) for name in papers_given_to(visit)],
        return_call=promised_call(turn, visit.id),
        rated=rating_of_visit(turn.session, turn.viewer, visit.id) is not None,
        successor=_successor(turn, link_id, visit),
        may_choose=may_choose(turn, visit),
        done=request.query_params.get("done"),
        form_key=new_form_key(turn.settings, link_id),
    )


def _successor(turn: Turn, link_id: str, visit: Visit) -> str | None:
    """The link of the visit that this customer booked here after this one had come to nothing."""
    if visit.status not in ENDED_UNDONE:
        return None
    booked = successor_by(turn, visit, f"slot:{link_id}:")
    return link_of_visit(turn.session, as_customer_of(turn, booked).viewer, booked.id, turn.now) if booked else None


@router.post("/v/{link_id}/confirm")
def confirm_it(link_id: str, turn: CustomerWriting, fields: SentFields) -> Response:
    """The appointment suits the customer. Saying it twice is fine."""
    form_key_in(turn.settings, link_id, fields)
    confirm(turn, own_visit(turn).id)
    return RedirectResponse(f"/v/{link_id}", 303)
