"""The routes of the desk's pages, gathered."""

from fastapi import APIRouter

from mobile_api.desk import day

router = APIRouter(include_in_schema=False)
for room in (day,):
    router.include_router(room.router)
