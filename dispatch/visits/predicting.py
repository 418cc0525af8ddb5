"""When a technician who sets out will be there, by distance alone. Pure; for when nobody says it and no map is asked.

Source of the factor: reference §5 (straight line × 1.3); the speed of a van or scooter in a city is our proposal.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EARTH_KM = 6371.0088
ROADS_ARE_LONGER = 1.3
KM_AN_HOUR = 25.0
ROUNDED_TO = timedelta(minutes=5)
FARTHEST_KM = 200.0  # beyond that a coordinate is wrong


@dataclass(frozen=True)
class Place:
    """WGS-84 degrees."""

    latitude: float
    longitude: float


def straight_km(here: Place, there: Place) -> float:
    """The great circle between two places (haversine), in kilometres."""
    first, second = math.radians(here.latitude), math.radians(there.latitude)
    turn = math.radians(there.longitude - here.longitude)
    half = math.sin((second - first) / 2) ** 2 + math.cos(first) * math.cos(second) * math.sin(turn / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def predicted_arrival(here: Place | None, there: Place | None, *, departed: datetime) -> datetime | None:
    """When they will be there, rounded up to five minutes of the clock; None when a place is unknown or absurd."""
    if here is None or there is None:
        return None
    km = straight_km(here, there)
    if km > FARTHEST_KM:
        return None
    exact = departed + timedelta(hours=km * ROADS_ARE_LONGER / KM_AN_HOUR)
    past = (exact - datetime(1970, 1, 1, tzinfo=UTC)) % ROUNDED_TO
    return exact if not past else exact + (ROUNDED_TO - past)


FRESH = timedelta(minutes=30)


def still_worth_saying(predicted: datetime | None, departed: datetime, *, now: datetime) -> bool:
    """Whether “on the way” still tells the customer something: a phone without a network says it late.

    With a predicted arrival until then; without one for half an hour.
    """
    return now < (predicted if predicted is not None else departed + FRESH)
