"""The web application: every page and endpoint, put together."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import anyio.to_thread
from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from dispatch.board.map_settings import MapSettings
from dispatch.house import House, open_house
from dispatch.migrating import require_current
from dispatch.notices.channels.chosen import channels_of, listeners_of
from dispatch.settings import Settings
from mobile_api import problems, signing_in
from mobile_api.api import (
    blobs,
    exports,
    figures,
    health,
    hooks,
    kit,
    line_test,
    lines,
    metrics,
    notices,
    on_the_day,
    own_phone,
    parcels,
    phones,
    plans,
    records,
    slots,
    technicians,
    telling,
    visits,
    work_orders,
)
from mobile_api.customer import rooms as customer
from mobile_api.desk import rooms as desk
from mobile_api.desk.live import LiveDesk
from mobile_api.errors import answer_refusals
from mobile_api.gates import Gates
from mobile_api.pages import STATIC, static_version
from mobile_api.technician import rooms as technician

log = logging.getLogger("doorstep.web")

SPARE_THREADS = 10


class ForeverStatic(StaticFiles):
    """Static files under a versioned address: they never change there, so browsers may keep them."""

    async def get_response(self, path: str, scope: Scope):  # type: ignore[no-untyped-def]
        """The file, with a year's leave to keep it."""
        answer = await super().get_response(path, scope)
        if answer.status_code == 200:
            answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answer


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    house: House = app.state.house
    require_current(house.database)
    places = house.settings.pool_size
    app.state.places = asyncio.Semaphore(places)
    # whoever has a place needs at most one thread at a time; the rest is for pages without a transaction
    anyio.to_thread.current_default_thread_limiter().total_tokens = places + SPARE_THREADS
    app.state.live = LiveDesk(house, app.state.places)
    yield
    app.state.live.end()
    house.database.dispose()


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application over an opened house. Refuses to start on a schema that it does not speak."""
    house = open_house(settings or Settings())
    app = FastAPI(
        title="Doorstep 装维上门",
        version="1",
        description="Work orders, visits, notices, on-site entries and signed records of home-broadband field service.",
        lifespan=_life,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.house = house
    app.state.map_settings = MapSettings()
    channels_of(house.settings)  # refuses to start with channels that cannot be opened
    app.state.listeners = listeners_of(house.settings)
    for router in (
        work_orders.router,
        visits.router,
        on_the_day.router,
        technicians.router,
        plans.router,
        slots.router,
        parcels.router,
        phones.router,
        blobs.router,
        records.router,
        own_phone.router,
        lines.router,
        exports.router,
        figures.router,
        notices.router,
        kit.router,
        line_test.router,
        hooks.router,
        telling.router,
        health.router,
        metrics.router,
        signing_in.router,
        problems.router,
        desk.router,
        technician.router,
        customer.router,
    ):
        app.include_router(router)
    app.mount(f"/static/{static_version()}", ForeverStatic(directory=STATIC), name="static")
    answer_refusals(app)
    app.add_middleware(GZipMiddleware, minimum_size=800)
    app.add_middleware(Gates, settings=house.settings)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=_hosts(house.settings))
    return app


def _hosts(settings: Settings) -> list[str]:
    """Names that we answer to: our public one, and the machine itself."""
    public = urlsplit(settings.public_url).hostname or "localhost"
    return sorted({public, "localhost", "127.0.0.1", "[::1]", *settings.extra_hosts.split()})
