"""Where a map app has to be led. Maps in mainland China shift every point (GCJ-02); phones and we know WGS-84.

The shift is the published approximation of GCJ-02 on the Krasovsky ellipsoid, good to a few metres.
"""

from math import cos, pi, sin, sqrt
from urllib.parse import quote

from checklists.words import Words

AXIS = 6_378_245.0  # metres
ECCENTRICITY = 0.006_693_421_622_965_943  # squared
SOUTH, NORTH, WEST, EAST = 0.8293, 55.8271, 72.004, 137.8347  # beyond these degrees maps do not shift


def _waves(x: float, *rows: tuple[float, float]) -> float:
    return sum(height * sin(x / length * pi) for height, length in rows) * 2 / 3


def to_gcj02(latitude: float, longitude: float) -> tuple[float, float]:
    """The same place as a Chinese map draws it; degrees in, degrees out."""
    if not (SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST):
        return latitude, longitude
    x, y = longitude - 105, latitude - 35
    ripple = _waves(x, (20, 1 / 6), (20, 1 / 2))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + ripple
    north += _waves(y, (20, 1), (40, 3), (160, 12), (320, 30))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + ripple
    east += _waves(x, (20, 1), (40, 3), (150, 12), (300, 30))
    slope = 1 - ECCENTRICITY * sin(latitude / 180 * pi) ** 2
    north = north * 180 / (AXIS * (1 - ECCENTRICITY) / (slope * sqrt(slope)) * pi)
    east = east * 180 / (AXIS / sqrt(slope) * cos(latitude / 180 * pi) * pi)
    return latitude + north, longitude + east


def map_links(address: str, latitude: float | None, longitude: float | None) -> list[tuple[Words, str]]:
    """Ways to be led there: a Chinese map in its own coordinates, and whatever the phone has, in WGS-84."""
    if latitude is None or longitude is None:
        where = f"https://uri.amap.com/search?keyword={quote(address)}&callnative=1"
        return [(Words("在地图上查找", "Find on the map"), where)]
    north, east = to_gcj02(latitude, longitude)
    amap = f"https://uri.amap.com/navigation?to={east:.6f},{north:.6f},{quote(address)}&mode=car&coordinate=gaode"
    plain = f"geo:{latitude:.6f},{longitude:.6f}?q={latitude:.6f},{longitude:.6f}"
    return [
        (Words("高德导航", "Navigate (AMap)"), f"{amap}&callnative=1"),
        (Words("其他地图", "Other maps"), plain),
    ]
