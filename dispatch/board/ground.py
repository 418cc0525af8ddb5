"""The ground of the board's map, from the product's own rows: areas with their cells, and where homes lie."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.accounts.viewer import Viewer
from dispatch.board.territories import territories
from dispatch.customers.tables import Site
from dispatch.technicians.queries import areas

MOST_SITES = 20_000
EXACTLY = 3  # decimal places of a degree: some hundred metres, so that a dot is a neighbourhood and no home


def ground(session: Session, viewer: Viewer) -> dict[str, Any]:
    """`areas`: id, name, centre, corners; `homes`: neighbourhoods with homes, each once. Degrees, WGS-84.

    Nothing for who is not at the desk.
    """
    if not viewer.at_desk:
        return {"areas": [], "homes": []}
    known = areas(session)
    cells = territories([(one.latitude, one.longitude) for one in known])
    places = session.execute(
        select(Site.latitude, Site.longitude)
        .where(Site.latitude.is_not(None), Site.longitude.is_not(None))
        .order_by(Site.id)
        .limit(MOST_SITES)
    )
    homes = {
        (round(north, EXACTLY), round(east, EXACTLY))
        for north, east in places
        if north is not None and east is not None
    }
    return {
        "areas": [
            {
                "id": str(one.id),
                "zh": one.name,
                "en": one.name_en,
                "xy": [one.latitude, one.longitude],
                "cell": [[round(north, 5), round(east, 5)] for north, east in cell],
            }
            for one, cell in zip(known, cells, strict=True)
        ],
        "homes": sorted(homes),
    }
