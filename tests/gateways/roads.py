"""OSRM and AMap on loopback, answering as the real ones do: their units, their texts, their limits, their refusals."""

import json
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from tests.gateways.loopback import Asked, Server


@dataclass
class OsrmServer(Server):
    """`/table/v1/driving/…`: seconds with one decimal; null for no way; TooBig beyond its limit."""

    limit: int = 100
    unreachable: set[tuple[str, str]] = field(default_factory=set)
    tables: list[tuple[int, int]] = field(default_factory=list)

    def answer(self, asked: Asked) -> tuple[int, bytes]:
        parts = urlsplit(asked.target)
        prefix = "/table/v1/driving/"
        if not parts.path.startswith(prefix):
            return 400, _json({"code": "InvalidUrl", "message": "URL string malformed close to position 1"})
        places = unquote(parts.path.removeprefix(prefix)).split(";")
        query = parse_qs(parts.query)
        sources = [int(one) for one in query["sources"][0].split(";")]
        destinations = [int(one) for one in query["destinations"][0].split(";")]
        if len(places) > self.limit:
            return 400, _json({"code": "TooBig", "message": "Too many table coordinates"})
        self.tables.append((len(sources), len(destinations)))
        rows = [[self._seconds(places[a], places[b]) for b in destinations] for a in sources]
        return 200, _json({"code": "Ok", "durations": rows, "sources": [], "destinations": []})

    def _seconds(self, origin: str, destination: str) -> float | None:
        if (origin, destination) in self.unreachable:
            return None
        (a, b), (c, d) = (map(float, one.split(",")) for one in (origin, destination))
        assert a > b, "longitude comes first"
        return round(abs(a - c) * 60_000 + abs(b - d) * 60_000, 1)


@dataclass
class AmapServer(Server):
    """`/v3/distance`: at most 100 origins, one destination; everything is text; refusals come with status 200."""

    key: str = "k"
    quota: int = 1_000
    nowhere: set[int] = field(default_factory=set)
    queries: list[dict[str, str]] = field(default_factory=list)

    def answer(self, asked: Asked) -> tuple[int, bytes]:
        query = {name: values[0] for name, values in parse_qs(urlsplit(asked.target).query).items()}
        self.queries.append(query)
        if query.get("key") != self.key:
            return 200, _json({"status": "0", "info": "INVALID_USER_KEY", "infocode": "10001"})
        if len(self.queries) > self.quota:
            return 200, _json({"status": "0", "info": "DAILY_QUERY_OVER_LIMIT", "infocode": "10003"})
        origins = query["origins"].split("|")
        if len(origins) > 100 or "|" in query["destination"]:
            return 200, _json({"status": "0", "info": "INVALID_PARAMS", "infocode": "20000"})
        results = []
        for number, origin in enumerate(origins, 1):
            one = {
                "origin_id": str(number),
                "dest_id": "1",
                "distance": "4321",
                "duration": self._seconds(origin, query),
            }
            if number in self.nowhere:
                one = {"origin_id": str(number), "dest_id": "1", "distance": "0", "duration": "0"}
                one |= {"info": "no route", "code": "2"}
            results.append(one)
        return 200, _json({"status": "1", "info": "OK", "infocode": "10000", "count": "1", "results": results})

    def _seconds(self, origin: str, query: dict[str, str]) -> str:
        (a, b), (c, d) = (map(float, one.split(",")) for one in (origin, query["destination"]))
        return str(round(abs(a - c) * 60_000 + abs(b - d) * 60_000))


def _json(body: object) -> bytes:
    return json.dumps(body).encode()
