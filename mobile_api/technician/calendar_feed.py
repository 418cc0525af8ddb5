"""A technician's visits for a calendar of their own, under a secret address. No sign-in: a calendar has none."""

from fastapi import APIRouter, Request, Response

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import Viewer
from dispatch.clock import utc_now
from dispatch.errors import NotFound
from dispatch.visits.feeds import feed_of, feed_opened
from mobile_api.dependencies import Place, house_of

router = APIRouter(include_in_schema=False)


@router.api_route("/calendar/{token}.ics", methods=["GET", "HEAD"])
def read_feed(request: Request, token: str, _: Place) -> Response:
    """Today and two weeks on. Unknown, ended and cut addresses look alike; reading changes nothing."""
    house = house_of(request)
    with house.database.reading() as session:
        opened = feed_opened(session, token)
        if opened is None:
            raise NotFound
        one = opened.technician
        viewer = Viewer("technician", one.code, language=opened.language, technician_id=one.id)
        text = feed_of(Turn(session, viewer, utc_now(), house.settings), opened)
    return Response(
        text,
        media_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'inline; filename="visits.ics"', "Cache-Control": "private, no-store"},
    )
