"""The routes of the customer's pages, gathered."""

from fastapi import APIRouter

from mobile_api.customer import (
    another_time,
    appointment,
    calendar,
    choosing,
    complaint,
    opening,
    outages,
    own_phone,
    papers,
    record,
    seeing,
    signing,
    verifying,
)

ROOMS = (
    opening,
    appointment,
    another_time,
    choosing,
    complaint,
    calendar,
    seeing,
    signing,
    record,
    verifying,
    outages,
    papers,
    own_phone,
)

router = APIRouter(include_in_schema=False)
for room in ROOMS:
    router.include_router(room.router)
