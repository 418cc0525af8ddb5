"""A day to plan, over HTTP: the jobs process's part, and an area with somebody's and nobody's visits."""

from typing import Any

from sqlalchemy import select, update

from dispatch.customers.tables import Site
from dispatch.house import House
from dispatch.planning.rounds import Planner
from dispatch.settings import Settings
from dispatch.technicians.tables import Area, Technician
from tests.journeys.desk_hand import tomorrow
from tests.makers import Cast, a_booking, a_turn


def plan_what_waits(house: House, settings: Settings) -> None:
    """What the jobs process does, to the end."""
    planner = Planner(house.database, settings.model_copy(update={"plan_iterations": 200}))
    planner.round()
    planner.wait()
    planner.close()


def a_day(house: House, settings: Settings, cast: Cast) -> dict[str, Any]:
    """One visit that somebody has and one that nobody has, tomorrow; the area."""
    with house.database.writing() as session:
        turn = a_turn(session, settings, house.database.now())
        technician = session.get(Technician, cast.technician_id)
        mine = a_booking(turn, technician, tomorrow(9, 2)).visit
        pool = a_booking(turn, technician, tomorrow(13, 4)).visit
        pool.technician_id = None
        area = session.scalars(select(Area.id)).one()
        session.execute(update(Site).values(area_id=area))
        return {"area": str(area), "mine": str(mine.id), "pool": str(pool.id), "day": f"{tomorrow(9).start:%Y-%m-%d}"}
