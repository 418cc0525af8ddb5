"""The routes of the technician's pages, gathered."""

from fastapi import APIRouter

from mobile_api.technician import day, own, papers, visit

router = APIRouter(include_in_schema=False)
for room in (day, visit, papers, own):
    router.include_router(room.router)
