"""The routes of telling customers, gathered: calls that a person makes, notices with their story, channels, outages."""

from fastapi import APIRouter

from mobile_api.api import calls, channels, one_notice, outages

router = APIRouter()
for room in (calls, channels, one_notice, outages):
    router.include_router(room.router)
