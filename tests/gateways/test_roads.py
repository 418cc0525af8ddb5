"""Ways by OSRM and AMap: their units and limits are known, what they do not tell is a straight line, and it is said."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from dispatch.database import Database
from dispatch.planning.optimiser.travel import Point, StraightLine, TravelTable
from dispatch.planning.road_services import Amap, NotTold, Osrm
from dispatch.planning.travel import KEPT, band_of, travelled
from dispatch.settings import Settings
from tests.gateways.loopback import running
from tests.gateways.roads import AmapServer, OsrmServer
from tests.makers import NOON, some_settings

HOURS = timedelta(hours=1)


def points(count: int) -> tuple[Point, ...]:
    return tuple(Point(place=f"p{n}", latitude=31.2 + n % 7 / 100, longitude=121.4 + n / 1000) for n in range(count))


@pytest.fixture
def osrm() -> Iterator[OsrmServer]:
    with running(OsrmServer()) as server:
        yield server


@pytest.fixture
def amap() -> Iterator[AmapServer]:
    with running(AmapServer()) as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return some_settings(tmp_path / "var", "", route_service="osrm", route_timeout_seconds=2)


def test_seconds_with_decimals_are_rounded_up_and_no_way_is_none(osrm: OsrmServer) -> None:
    a, b = points(2)
    service = Osrm(osrm.url, 5)
    ((there,),) = service.ways([a], [b])
    assert there == 660, "ten hundredths and one thousandth of a degree, at 60,000 s a degree"
    osrm.unreachable.add(("121.400000,31.200000", "121.401000,31.210000"))
    assert service.ways([a], [b]) == [[None]]


def test_amap_is_asked_in_its_own_coordinates_with_longitude_first(amap: AmapServer) -> None:
    beijing = Point(place="a", latitude=39.9042, longitude=116.4074)
    Amap(amap.url, "k", 5).ways([beijing], [beijing])
    assert amap.queries[0]["origins"] == "116.413642,39.905603", "the shifted point that is published for it"
    assert amap.queries[0]["type"] == "1"


@pytest.mark.parametrize(
    ("behaviour", "said"),
    [("html", "not JSON"), ("lost", "Error"), ("429", "429"), ("cut", "")],
)
def test_what_is_no_answer_is_said_and_not_believed(osrm: OsrmServer, behaviour: str, said: str) -> None:
    osrm.behaviours.append(behaviour if behaviour != "429" else "say:429:{}")
    a, b = points(2)
    with pytest.raises(NotTold) as told:
        Osrm(osrm.url, 2).ways([a], [b])
    assert said in told.value.why


def test_nobody_there_is_said_at_once() -> None:
    a, b = points(2)
    with pytest.raises(NotTold):
        Osrm("http://127.0.0.1:9", 2).ways([a], [b])
    with pytest.raises(NotTold):
        Osrm("no address at all", 2).ways([a], [b])


def test_a_whole_day_is_asked_in_blocks_within_the_limit_and_remembered(
    database: Database, osrm: OsrmServer, settings: Settings
) -> None:
    straight = StraightLine(points=points(120))
    settings = settings.model_copy(update={"route_url": osrm.url})
    first = travelled(database, settings, straight, now=NOON, wanted=NOON)
    assert isinstance(first.travel, TravelTable)
    assert (first.service, first.fell_back) == ("osrm", "")
    assert first.travel.seconds[0][1] == 660 + straight.parking
    asked = len(osrm.asked)
    assert asked == 9, "three by three blocks of fifty at most"
    assert travelled(database, settings, straight, now=NOON, wanted=NOON) == first
    assert len(osrm.asked) == asked, "known ways are not asked again"
    travelled(database, settings, straight, now=NOON + KEPT, wanted=NOON)
    assert len(osrm.asked) > asked, "but for a month only"


def test_ways_that_are_not_told_are_straight_lines_and_it_is_said(
    database: Database, osrm: OsrmServer, settings: Settings
) -> None:
    straight = StraightLine(points=points(3))
    osrm.unreachable.add(("121.400000,31.200000", "121.401000,31.210000"))
    settings = settings.model_copy(update={"route_url": osrm.url})
    ways = travelled(database, settings, straight, now=NOON, wanted=NOON)
    assert ways.fell_back == "1 / 6"
    assert isinstance(ways.travel, TravelTable)
    assert ways.travel.seconds[0][1] == straight.between(0, 1)
    assert ways.travel.seconds[1][0] == 660 + straight.parking


def test_a_used_up_quota_ends_the_asking_and_keeps_what_was_told(
    database: Database, amap: AmapServer, settings: Settings
) -> None:
    straight = StraightLine(points=points(5))
    amap.quota = 2
    settings = settings.model_copy(update={"route_service": "amap", "route_url": amap.url, "route_key": "k"})
    ways = travelled(database, settings, straight, now=NOON, wanted=NOON)
    assert ways.fell_back == "12 / 20 (AMap: 10003 DAILY_QUERY_OVER_LIMIT)"
    assert len(amap.queries) == 3
    amap.quota = 1_000
    assert travelled(database, settings, straight, now=NOON, wanted=NOON).fell_back == ""
    assert len(amap.queries) == 6, "only what was not known"


def test_no_more_calls_than_the_settings_allow_and_no_longer(
    database: Database, amap: AmapServer, settings: Settings
) -> None:
    straight = StraightLine(points=points(6))
    told = {"route_service": "amap", "route_url": amap.url, "route_key": "k"}
    few = settings.model_copy(update=told | {"route_calls": 2})
    assert "(2 calls)" in travelled(database, few, straight, now=NOON, wanted=NOON).fell_back
    assert len(amap.queries) == 2
    ticks = iter(range(0, 1_000, 10))
    short = settings.model_copy(update=told | {"route_seconds": 15})
    ways = travelled(database, short, straight, now=NOON, wanted=NOON, clock=lambda: next(ticks))
    assert "(15 s)" in ways.fell_back


def test_a_wrong_key_is_said_and_everything_is_a_straight_line(
    database: Database, amap: AmapServer, settings: Settings
) -> None:
    straight = StraightLine(points=points(3))
    told = {"route_service": "amap", "route_url": amap.url, "route_key": "wrong"}
    ways = travelled(database, settings.model_copy(update=told), straight, now=NOON, wanted=NOON)
    assert "INVALID_USER_KEY" in ways.fell_back
    assert isinstance(ways.travel, TravelTable)
    assert ways.travel.seconds[0][2] == straight.between(0, 2)


def test_an_origin_without_a_way_is_not_taken_for_nought_seconds(amap: AmapServer) -> None:
    a, b, c = points(3)
    amap.nowhere = {2}
    ways = Amap(amap.url, "k", 5).ways([a, b], [c])
    assert ways[1] == [None]
    assert ways[0][0] is not None


def test_the_morning_is_another_time_than_noon(database: Database, amap: AmapServer, settings: Settings) -> None:
    straight = StraightLine(points=points(3))
    told = {"route_service": "amap", "route_url": amap.url, "route_key": "k"}
    settings = settings.model_copy(update=told)
    zone = settings.zone
    assert [band_of(NOON + hours * HOURS, zone) for hours in (-5, -2, 3.99, 4, 7)] == [
        "morning", "day", "day", "evening", "night",
    ]  # fmt: skip
    travelled(database, settings, straight, now=NOON - 5 * HOURS, wanted=NOON)
    asked = len(amap.queries)
    travelled(database, settings, straight, now=NOON, wanted=NOON)
    assert len(amap.queries) == asked, "another hour's ways are better than none"


def test_without_a_service_nothing_is_asked(database: Database, settings: Settings) -> None:
    straight = StraightLine(points=points(3))
    none = settings.model_copy(update={"route_service": ""})
    assert travelled(database, none, straight, now=NOON, wanted=NOON).travel is straight
