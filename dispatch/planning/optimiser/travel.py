"""How long the way between two places is, in whole seconds: by a table, or by the straight line.

Both the judge (leg by leg) and the search (a whole matrix) ask here, and get the same whole numbers on every machine:
only additions, products and square roots, which every processor rounds alike.
"""

import math
from functools import cached_property
from typing import Annotated, Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from dispatch.planning.optimiser.values import DAY, Length, Name, Value

METRES_A_DEGREE = 111_195.0  # of a great circle on a sphere of 6,371 km
Leg = Annotated[int, Field(ge=0, le=DAY, description="seconds; a way of more than a day is a slip of units")]


class TravelTable(Value):
    """Seconds from each place (row) to each place (column), as a route service gives them."""

    kind: Literal["table"] = "table"
    places: Annotated[tuple[Name, ...], Field(min_length=1, max_length=3_000)]
    seconds: tuple[tuple[Leg, ...], ...]

    @model_validator(mode="after")
    def _square(self) -> Self:
        size = len(self.places)
        if len(set(self.places)) != size:
            raise ValueError("a place is named twice")
        if len(self.seconds) != size or any(len(row) != size for row in self.seconds):
            raise ValueError(f"the table must be {size} x {size}, a row and a column for each place")
        for place, row in enumerate(self.seconds):
            if row[place] != 0:
                raise ValueError(f"the way from {self.places[place]} to itself must be 0")
        return self

    def between(self, origin: int, destination: int) -> int:
        """Seconds from place number `origin` to place number `destination`."""
        return self.seconds[origin][destination]

    @cached_property
    def array(self) -> npt.NDArray[np.int32]:
        """The table as an array, shape (places, places)."""
        return np.asarray(self.seconds, np.int32)

    def matrix(self, numbers: list[int]) -> npt.NDArray[np.int32]:
        """Seconds between the numbered places, shape (n, n)."""
        return np.ascontiguousarray(self.array[np.ix_(numbers, numbers)])


class Point(Value):
    """A place on the map, in WGS-84 degrees."""

    place: Name
    latitude: Annotated[float, Field(ge=-85, le=85)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


class StraightLine(Value):
    """Without a route service: the straight line, lengthened as roads are, at one speed, and some time to park.

    The defaults (factor 1.3, 30 km/h) are the product's for a city; a place to itself, or to a neighbour within a
    metre, takes no time.
    """

    kind: Literal["straight_line"] = "straight_line"
    points: Annotated[tuple[Point, ...], Field(min_length=1, max_length=40_000)]
    road_factor: Annotated[float, Field(ge=1, le=5)] = 1.3
    kilometres_an_hour: Annotated[float, Field(ge=1, le=150)] = 30.0
    parking: Annotated[int, Field(ge=0, le=3_600)] = 120

    @model_validator(mode="after")
    def _once_each(self) -> Self:
        if len({point.place for point in self.points}) != len(self.points):
            raise ValueError("a place is named twice")
        return self

    @property
    def places(self) -> tuple[str, ...]:
        """The places' names, by number."""
        return tuple(point.place for point in self.points)

    def _scale(self) -> tuple[float, float, float]:
        """Metres a degree north, metres a degree east (at the first point's latitude), seconds a metre."""
        shrink = round(math.cos(math.radians(self.points[0].latitude)), 6)
        return METRES_A_DEGREE, METRES_A_DEGREE * shrink, self.road_factor * 3.6 / self.kilometres_an_hour

    def between(self, origin: int, destination: int) -> int:
        """Seconds from place number `origin` to place number `destination`."""
        north, east, pace = self._scale()
        one, other = self.points[origin], self.points[destination]
        up, right = (one.latitude - other.latitude) * north, (one.longitude - other.longitude) * east
        metres = math.sqrt(up * up + right * right)
        return math.ceil(metres * pace) + self.parking if metres > 1.0 else 0

    def matrix(self, numbers: list[int]) -> npt.NDArray[np.int32]:
        """Seconds between the numbered places, shape (n, n); the same numbers as `between`."""
        north, east, pace = self._scale()
        latitude, longitude = (degrees[numbers] for degrees in self._degrees)
        up = (latitude[:, None] - latitude[None, :]) * north
        right = (longitude[:, None] - longitude[None, :]) * east
        metres = np.sqrt(up * up + right * right)
        return np.where(metres > 1.0, np.ceil(metres * pace) + self.parking, 0.0).astype(np.int32)

    def ways_from(self, here: Point, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Seconds from any point to the numbered places; the same numbers as `between`."""
        north, east, pace = self._scale()
        latitude, longitude = self._degrees
        up = (here.latitude - latitude[numbers]) * north
        right = (here.longitude - longitude[numbers]) * east
        metres = np.sqrt(up * up + right * right)
        return np.where(metres > 1.0, np.ceil(metres * pace) + self.parking, 0.0).astype(np.int64)

    @cached_property
    def _degrees(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        return np.array([one.latitude for one in self.points]), np.array([one.longitude for one in self.points])


Travel = Annotated[TravelTable | StraightLine, Field(discriminator="kind")]


def at_speed(seconds: Length, speed: int) -> int:
    """The same way with a vehicle of `speed` percent of the usual speed, rounded up."""
    return -(-seconds * 100 // speed)
