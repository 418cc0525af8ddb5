"""The appointment as a calendar file, for a calendar that our mails do not reach."""

from fastapi import APIRouter, Request, Response

from checklists.words import Words
from dispatch.errors import NotFound
from dispatch.notices.composing import calendar_file
from dispatch.visits.life import MOVABLE
from dispatch.visits.telling import spoken_facts
from mobile_api.customer.appointment import own_visit
from mobile_api.dependencies import CustomerReading
from mobile_api.pages import language_of

router = APIRouter(include_in_schema=False)


@router.api_route("/v/{link_id}/appointment.ics", methods=["GET", "HEAD"])
def download(request: Request, link_id: str, turn: CustomerReading) -> Response:
    """The visit while it is to come; the same UID as in our mails, so that no calendar shows it twice."""
    visit = own_visit(turn)
    if visit.status not in MOVABLE:
        raise NotFound(
            Words("这次上门已没有可添加到日历的时间。", "There is no time left to put into a calendar for this visit.")
        )
    facts = {**spoken_facts(visit, link_id), "address": visit.work_order.site.address}
    text = calendar_file(visit.id, visit.version, facts, language_of(request), turn.settings, turn.now)
    return Response(
        text,
        media_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="appointment.ics"'},
    )
