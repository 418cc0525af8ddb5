"""Route services: how long the way between places takes, in seconds, as OSRM's `table` and AMap's `distance` tell.

What goes wrong is `NotTold`, with a word for the page; nothing here tries twice or waits. Coordinates are WGS-84
degrees; AMap is asked in its own (GCJ-02). A way that the service does not know is None, not 0.
"""

import json
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import httpx

from dispatch.planning.optimiser.travel import Point
from dispatch.settings import Settings
from dispatch.visits.order_files.coordinates import gcj_from_wgs

Ways = list[list[int | None]]
MOST_BYTES = 8_000_000  # of an answer; a table of 100 x 100 has some 100 kB
LONGEST = 86_400  # seconds; a longer way is a slip of units
AMAP_ORIGINS = 100  # its own limit for one call
OSRM_BLOCK = 50  # rows and columns of one call: its usual limit is 100 coordinates


class NotTold(Exception):
    """The service did not tell: it refused, its limit or quota is used up, or what came back makes no sense."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class RouteService(Protocol):
    """Something that tells ways, some origins and destinations a call."""

    name: str
    rows: int
    columns: int

    def ways(self, origins: Sequence[Point], destinations: Sequence[Point]) -> Ways:
        """Seconds from each origin (row) to each destination (column), within `rows` and `columns`."""
        ...


class Osrm:
    """`GET {url}/table/v1/driving/lon,lat;…?annotations=duration`: seconds as decimals, null for no way."""

    name = "osrm"
    rows = columns = OSRM_BLOCK

    def __init__(self, url: str, timeout_seconds: float) -> None:
        self._url, self._timeout = url.rstrip("/"), timeout_seconds

    def ways(self, origins: Sequence[Point], destinations: Sequence[Point]) -> Ways:
        """One block of the table."""
        places = ";".join(f"{one.longitude:.6f},{one.latitude:.6f}" for one in [*origins, *destinations])
        first = ";".join(str(number) for number in range(len(origins)))
        then = ";".join(str(len(origins) + number) for number in range(len(destinations)))
        query = {"annotations": "duration", "sources": first, "destinations": then}
        status, told = _told(f"{self._url}/table/v1/driving/{places}", query, self._timeout)
        if told.get("code") != "Ok" or status != 200:
            raise NotTold(f"OSRM: {str(told.get('code') or status)[:40]}")
        return _table(told.get("durations"), len(origins), len(destinations))


class Amap:
    """`GET {url}/v3/distance`: many origins to one destination a call; seconds as texts; status "0" refuses."""

    name = "amap"
    rows, columns = AMAP_ORIGINS, 1

    def __init__(self, url: str, key: str, timeout_seconds: float) -> None:
        self._url, self._key, self._timeout = url.rstrip("/"), key, timeout_seconds

    def ways(self, origins: Sequence[Point], destinations: Sequence[Point]) -> Ways:
        """One column of the table."""
        (there,) = destinations
        query = {
            "key": self._key,
            "type": "1",
            "origins": "|".join(_in_china(one) for one in origins),
            "destination": _in_china(there),
        }
        status, told = _told(f"{self._url}/v3/distance", query, self._timeout)
        if told.get("status") != "1" or status != 200:
            code = str(told.get("infocode") or status)[:10]
            raise NotTold(f"AMap: {code} {str(told.get('info') or '')[:40]}".strip())
        found: list[int | None] = [None] * len(origins)
        results = told.get("results")
        for one in results if isinstance(results, list) else ():
            number = one.get("origin_id") if isinstance(one, dict) else None
            if not isinstance(number, str) or not number.isdigit() or not 1 <= int(number) <= len(origins):
                raise NotTold("AMap: an answer for another question")
            if "code" not in one:  # with a code it says why it knows no way
                found[int(number) - 1] = _seconds(one.get("duration"))
        return [[seconds] for seconds in found]


def _in_china(point: Point) -> str:
    latitude, longitude = gcj_from_wgs(point.latitude, point.longitude)
    return f"{longitude:.6f},{latitude:.6f}"


def _table(told: object, rows: int, columns: int) -> Ways:
    if not isinstance(told, list) or len(told) != rows:
        raise NotTold("OSRM: a table of another size")
    if any(not isinstance(row, list) or len(row) != columns for row in told):
        raise NotTold("OSRM: a table of another size")
    return [[_seconds(cell) for cell in row] for row in told]


def _seconds(told: object) -> int | None:
    """Whole seconds, rounded up; None for no way and for what cannot be one."""
    if isinstance(told, bool) or not isinstance(told, int | float | str):
        return None
    try:
        seconds = float(told)
    except ValueError:
        return None
    return int(-(-seconds // 1)) if 0 <= seconds <= LONGEST else None


def _told(url: str, query: dict[str, str], timeout: float) -> tuple[int, dict[str, Any]]:
    """The status and the JSON object that came back, within `timeout` seconds for the whole call."""
    until = time.monotonic() + timeout
    try:
        with httpx.stream("GET", url, params=query, timeout=timeout, follow_redirects=False) as answer:
            body = b""
            for part in answer.iter_bytes():
                body += part
                if len(body) > MOST_BYTES or time.monotonic() > until:
                    raise NotTold("too slow, or too much")
            if answer.status_code == 429:
                raise NotTold("HTTP 429")
            told = json.loads(body)
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as problem:
        raise NotTold(type(problem).__name__) from problem
    except (ValueError, RecursionError) as problem:
        raise NotTold("not JSON") from problem
    if not isinstance(told, dict):
        raise NotTold("not a JSON object")
    return answer.status_code, told


def service_of(settings: Settings) -> RouteService | None:
    """The service that the settings name; None for straight lines."""
    made: dict[str, Callable[[], RouteService]] = {
        "osrm": lambda: Osrm(settings.route_url or "http://127.0.0.1:5000", settings.route_timeout_seconds),
        "amap": lambda: Amap(
            settings.route_url or "https://restapi.amap.com", settings.route_key, settings.route_timeout_seconds
        ),
    }
    return made[settings.route_service]() if settings.route_service in made else None
