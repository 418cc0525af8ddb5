"""Technicians: who there is, with skills, area and the day's shift."""

from typing import Annotated, Any

from fastapi import Query

from dispatch.clock import local_day
from dispatch.technicians.queries import shifts_on, technicians_seen_by
from mobile_api.api import shown
from mobile_api.api.routing import api_router
from mobile_api.dependencies import Reading
from mobile_api.shapes import Day

router = api_router("technicians")


@router.get("/technicians", summary="Technicians with their shift of a day")
def get_technicians(
    turn: Reading, day: Annotated[Day | None, Query(description="Today if left out.")] = None
) -> dict[str, Any]:
    """The desk sees all, a technician themselves."""
    shifts = shifts_on(turn.session, day or local_day(turn.now, turn.settings.zone), turn.settings.zone)
    items = []
    for row in technicians_seen_by(turn.session, turn.viewer):
        shift = shifts.get(row.id)
        items.append(
            {
                "id": str(row.id),
                "code": row.code,
                "name": row.name,
                "area": row.area.name if row.area else None,
                "skills": {skill.skill: skill.level for skill in row.skills},
                "shift": {"start": shown.moment(shift.starts_at), "end": shown.moment(shift.ends_at)}
                if shift
                else None,
            }
        )
    return {"items": items}
