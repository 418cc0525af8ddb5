"""The routes of telling customers, gathered: calls that a person makes."""

from fastapi import APIRouter

from mobile_api.api import calls

router = APIRouter()
for room in (calls,):
    router.include_router(room.router)
