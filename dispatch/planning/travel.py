"""Ways of a day: straight lines, or what a route service tells, known ways first. Never blocks a plan.

What the service does not tell in time, or at all, is taken from the straight line, and the plan says so.
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from dispatch.database import Database
from dispatch.planning.optimiser.travel import Point, StraightLine, TravelTable
from dispatch.planning.road_services import NotTold, RouteService, service_of
from dispatch.planning.tables import KnownWay
from dispatch.settings import Settings

log = logging.getLogger("doorstep.planning")
KEPT = timedelta(days=30)
MOST_PLACES = 600  # beyond that a table of ways is too big to ask for
AT_ONCE = 400  # names in one question to the database
BANDS = ((7, 10, "morning"), (10, 16, "day"), (16, 19, "evening"))
ANY_TIME = "any"  # a service without traffic tells the same at any hour


@dataclass(frozen=True)
class Travelled:
    """The ways of a day: by which service, and what it did not tell (empty: everything)."""

    travel: TravelTable | StraightLine
    service: str = "straight_line"
    fell_back: str = ""


def band_of(moment: datetime, zone: ZoneInfo) -> str:
    """The part of the day: traffic differs by it. Borders are proposals."""
    hour = moment.astimezone(zone).hour
    return next((name for first, last, name in BANDS if first <= hour < last), "night")


def place_key(point: Point) -> str:
    """A place to some ten metres: neighbours share their ways."""
    return f"{point.latitude:.4f},{point.longitude:.4f}"


def travelled(
    database: Database,
    settings: Settings,
    straight: StraightLine,
    *,
    now: datetime,
    wanted: datetime,
    service: RouteService | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Travelled:
    """The ways between the points of `straight`, for a day whose driving is around `wanted`."""
    service = service or service_of(settings)
    if service is None:
        return Travelled(straight)
    if len(straight.points) > MOST_PLACES:
        return Travelled(straight, service.name, f"{len(straight.points)} > {MOST_PLACES}")
    keys = {place_key(point): point for point in straight.points}
    timeless = service.name == "osrm"
    asking = ANY_TIME if timeless else band_of(now, settings.zone)
    wished = ANY_TIME if timeless else band_of(wanted, settings.zone)
    try:
        with database.reading() as session:
            known = known_ways(session, service.name, list(keys), wished, now - KEPT)
        told, why = _ask(service, keys, known, settings, clock)
        if told:
            with database.writing() as session:
                keep_ways(session, service.name, asking, told, now)
        return _joined(straight, service.name, known | told, why)
    except Exception:  # whatever it is, a plan does not wait for roads
        log.exception("ways could not be asked for")
        return Travelled(straight, service.name, "error")


Pair = tuple[str, str]


def known_ways(
    session: Session, service: str, keys: Sequence[str], band: str, since: datetime
) -> dict[Pair, int | None]:
    """What was told before about ways between these places, that part of the day first, else any other."""
    found: dict[Pair, int | None] = {}
    best: set[Pair] = set()
    for origins in _some(keys):
        for destinations in _some(keys):
            rows = session.execute(
                select(KnownWay.origin, KnownWay.destination, KnownWay.seconds, KnownWay.band).where(
                    KnownWay.service == service,
                    KnownWay.origin.in_(origins),
                    KnownWay.destination.in_(destinations),
                    KnownWay.asked_at > since,
                )
            )
            for row in rows:
                pair = row.origin, row.destination
                if row.band == band or pair not in best:
                    found[pair] = row.seconds
                    best |= {pair} if row.band == band else set()
    return found


def keep_ways(session: Session, service: str, band: str, told: dict[Pair, int | None], now: datetime) -> None:
    """Remember what was told, instead of what was told before."""
    by_origin: dict[str, list[str]] = {}
    for origin, destination in told:
        by_origin.setdefault(origin, []).append(destination)
    for origin, destinations in sorted(by_origin.items()):
        for some in _some(destinations):
            session.execute(
                delete(KnownWay).where(
                    KnownWay.service == service,
                    KnownWay.band == band,
                    KnownWay.origin == origin,
                    KnownWay.destination.in_(some),
                )
            )
    session.execute(
        insert(KnownWay),
        [
            {"service": service, "band": band, "origin": a, "destination": b, "seconds": seconds, "asked_at": now}
            for (a, b), seconds in sorted(told.items())
        ],
    )


def _some(names: Sequence[str]) -> Iterable[Sequence[str]]:
    return (names[at : at + AT_ONCE] for at in range(0, len(names), AT_ONCE))


def _ask(
    service: RouteService,
    keys: dict[str, Point],
    known: dict[Pair, int | None],
    settings: Settings,
    clock: Callable[[], float],
) -> tuple[dict[Pair, int | None], str]:
    """What is not known yet, block by block, as far as calls and time go; and why it ended early, if it did."""
    until = clock() + settings.route_seconds
    told: dict[Pair, int | None] = {}
    calls, names = 0, list(keys)
    for at in range(0, len(names), service.columns):
        destinations = names[at : at + service.columns]
        wanted = [a for a in names if any(a != b and (a, b) not in known for b in destinations)]
        for first in range(0, len(wanted), service.rows):
            origins = wanted[first : first + service.rows]
            if calls >= settings.route_calls:
                return told, f"{settings.route_calls} calls"
            if clock() > until:
                return told, f"{settings.route_seconds:g} s"
            calls += 1
            try:
                block = service.ways([keys[one] for one in origins], [keys[one] for one in destinations])
            except NotTold as problem:
                log.warning("ways: %s", problem.why)
                return told, problem.why
            for origin, row in zip(origins, block, strict=True):
                told |= {(origin, b): seconds for b, seconds in zip(destinations, row, strict=True) if b != origin}
    return told, ""


def _joined(straight: StraightLine, service: str, ways: dict[Pair, int | None], why: str) -> Travelled:
    """A whole table: what is not told is the straight line, counted."""
    points = straight.points
    keys = [place_key(point) for point in points]
    lines = straight.matrix(list(range(len(points))))
    absent = 0
    rows: list[tuple[int, ...]] = []
    for a, origin in enumerate(keys):
        row: list[int] = []
        for b, destination in enumerate(keys):
            seconds = 0 if origin == destination else ways.get((origin, destination))
            if seconds is None:
                absent += 1
                seconds = int(lines[a, b])
            elif origin != destination:
                seconds += straight.parking
            row.append(0 if a == b else seconds)
        rows.append(tuple(row))
    said = f"{absent} / {len(points) * (len(points) - 1)}" + (f" ({why})" if why else "") if absent else ""
    return Travelled(TravelTable(places=straight.places, seconds=tuple(rows)), service, said)
