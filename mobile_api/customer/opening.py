"""The address in a message: it changes nothing, so scanners may fetch it. It swaps its secret for a cookie.

The pages behind it live at an address without the secret, so none is in a history, a log, or a picture of the screen.
"""

from datetime import timedelta

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from dispatch.care.complaints.telling import open_complaint_link
from dispatch.clock import utc_now
from dispatch.house import House
from dispatch.settings import Settings
from dispatch.visits.links import open_link
from mobile_api.customer.tries import address_of, knocks_of
from mobile_api.dependencies import LinkClosed, customer_cookie, house_of

router = APIRouter(include_in_schema=False)

COOKIE_LASTS = timedelta(days=1)  # the message stays: opening it again gives a new one
LONGEST_TOKEN = 100
BURST, PER_SECOND = 60.0, 1.0
UNKNOWN_COSTS = 4.0  # beyond the one that every knock costs


@router.api_route("/c/{token:path}", methods=["GET", "HEAD"])
def open_from_message(request: Request, token: str) -> Response:
    """To the visit's page with the cookie set; 404 for a token that opens nothing, whatever the reason."""
    house = house_of(request)
    settings = house.settings
    knocks, address = knocks_of(request, "link", BURST, PER_SECOND), address_of(request)
    knocks.take(address)
    opened = None
    if token.isascii() and len(token) <= LONGEST_TOKEN:
        with house.database.reading() as session:
            opened = open_link(session, token, utc_now())
    if opened is None and (own := _complaint(house, token)) is not None:
        answer = RedirectResponse(f"/v/complaint/{own}", 303)
        let_in(answer, settings, own, token)
        return answer
    if opened is None:
        knocks.charge(address, UNKNOWN_COSTS)
        raise LinkClosed
    link_id, _ = opened
    asked = request.query_params.get("lang")
    answer = RedirectResponse(f"/v/{link_id}" + (f"?lang={asked}" if asked in ("zh", "en") else ""), 303)
    let_in(answer, settings, link_id, token)
    return answer


def _complaint(house: House, token: str) -> str | None:
    """The id of the link when the token opens a complaint instead of a visit."""
    if not token.isascii() or len(token) > LONGEST_TOKEN:
        return None
    with house.database.reading() as session:
        opened = open_complaint_link(session, token, utc_now())
    return opened[0] if opened else None


def let_in(answer: Response, settings: Settings, link_id: str, token: str) -> None:
    """Give the cookie that opens the pages of one link."""
    answer.set_cookie(
        customer_cookie(settings, link_id),
        token,
        max_age=int(COOKIE_LASTS.total_seconds()),
        path="/",
        secure=settings.on_https,
        httponly=True,
        samesite="lax",
    )
