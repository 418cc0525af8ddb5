"""The routes of the technician's pages, gathered."""

from fastapi import APIRouter

from mobile_api.technician import calendar_feed, day, line, own, own_figures, pack, papers, screens, shell, visit

router = APIRouter(include_in_schema=False)
for room in (day, visit, line, papers, own, own_figures, calendar_feed, shell, screens, pack):
    router.include_router(room.router)
