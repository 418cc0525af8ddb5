"""The routes of the customer's pages, gathered."""

from fastapi import APIRouter

from mobile_api.customer import another_time, appointment, opening, record, signing, verifying

router = APIRouter(include_in_schema=False)
for room in (opening, appointment, another_time, signing, record, verifying):
    router.include_router(room.router)
