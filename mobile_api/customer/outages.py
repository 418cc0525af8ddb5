"""An outage, planned or a fault, as anybody may read it: where, when, why. Nothing about any customer is on it."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from checklists.words import Words
from dispatch.clock import utc_now
from dispatch.errors import NotFound
from dispatch.outages.queries import public_outage
from mobile_api.customer.tries import address_of, knocks_of
from mobile_api.dependencies import house_of
from mobile_api.pages import page

router = APIRouter(include_in_schema=False)

BURST, PER_SECOND = 60.0, 1.0


@router.api_route("/outages/{outage_id}", methods=["GET", "HEAD"])
def show(request: Request, outage_id: UUID) -> Response:
    """The outage that a message speaks of; 404 for a draft, and for what is not there."""
    knocks_of(request, "outage", BURST, PER_SECOND).take(address_of(request))
    with house_of(request).database.reading() as session:
        outage = public_outage(session, outage_id)
    if outage is None:
        raise NotFound(
            Words(
                "没有找到这条公告，请核对链接或致电客服。",
                "There is no such notice of an outage. Check the link, or call us.",
            )
        )
    now = utc_now()
    stage = "over" if now >= outage.ends_at else "now" if now >= outage.starts_at else "to_come"
    stage = "cancelled" if outage.is_cancelled else stage
    template = "customer/outage_fault.html" if outage.is_fault else "customer/outage.html"
    return page(request, template, outage=outage, stage=stage)
