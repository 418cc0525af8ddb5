"""The routes of the desk's pages, gathered."""

from fastapi import APIRouter

from mobile_api.desk import (
    accounts,
    board_moves,
    calls,
    cancelling,
    channels,
    conflicts,
    correcting,
    customers,
    day,
    exports,
    imports,
    kit,
    lines,
    live_board,
    me,
    moves,
    new_order,
    notices,
    on_the_day,
    orders,
    outages,
    papers,
    phone_imports,
    phones,
    texts,
    verifying,
    visit,
    what_helped,
)

ROOMS = (
    live_board,
    board_moves,
    day,
    calls,
    visit,
    on_the_day,
    moves,
    cancelling,
    new_order,
    orders,
    customers,
    what_helped,
    lines,
    papers,
    exports,
    notices,
    channels,
    texts,
    outages,
    phones,
    phone_imports,
    kit,
    conflicts,
    imports,
    verifying,
    correcting,
    accounts,
    me,
)

router = APIRouter(include_in_schema=False)
for room in ROOMS:
    router.include_router(room.router)
