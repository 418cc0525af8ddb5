"""The routes of the desk's pages, gathered."""

from fastapi import APIRouter

from mobile_api.desk import cancelling, day, moves, visit

router = APIRouter(include_in_schema=False)
for room in (day, visit, moves, cancelling):
    router.include_router(room.router)
