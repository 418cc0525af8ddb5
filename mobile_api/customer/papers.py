"""Papers through the customer's link, and the user guide for anybody: it says nothing about anyone."""

from fastapi import APIRouter, Request, Response

from dispatch.errors import NotFound
from mobile_api.customer.appointment import own_visit
from mobile_api.dependencies import CustomerReading, house_of
from mobile_api.papers import general_facts, paper_facts, papers_given_to, sheet

router = APIRouter(include_in_schema=False)


@router.api_route("/v/{link_id}/papers/{name}", methods=["GET", "HEAD"])
def show_paper(request: Request, link_id: str, name: str, turn: CustomerReading, size: str = "") -> Response:
    """One paper of the customer's visit, to read or to print; not before it is given to them."""
    visit = own_visit(turn)
    if name not in papers_given_to(visit):
        raise NotFound
    return sheet(request, name, size, paper_facts(turn, visit), back=f"/v/{link_id}")


@router.api_route("/guide", methods=["GET", "HEAD"])
def show_guide(request: Request, size: str = "") -> Response:
    """The user guide with the dial-up codes: its address may be sent to anybody."""
    return sheet(request, "guide", size, general_facts(house_of(request).settings))
