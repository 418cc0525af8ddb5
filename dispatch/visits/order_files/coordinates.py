"""Coordinates as files hold them, turned into WGS-84 degrees, which is all that the product keeps."""

import math
import re
from typing import Literal

from checklists.words import Words
from dispatch.errors import Invalid
from dispatch.visits.order_files.cells import half_width

Datum = Literal["wgs84", "gcj02", "bd09"]

_DATUM_WORDS: tuple[tuple[str, Datum], ...] = (
    ("wgs-84", "wgs84"), ("wgs84", "wgs84"), ("wgs", "wgs84"),
    ("cgcs2000", "wgs84"), ("国家2000", "wgs84"), ("gps", "wgs84"),
    ("gcj-02", "gcj02"), ("gcj02", "gcj02"), ("gcj", "gcj02"), ("火星", "gcj02"),
    ("高德", "gcj02"), ("腾讯", "gcj02"), ("amap", "gcj02"),
    ("bd-09", "bd09"), ("bd09", "bd09"), ("百度", "bd09"), ("baidu", "bd09"),
)  # fmt: skip

_NUMBER = re.compile(r"(?:东经|北纬|[EN])?\s*([+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?)\s*°?\s*[EN]?", re.IGNORECASE)
# The ellipsoid of the published GCJ-02 formula (Krasovsky 1940), in metres.
_AXIS, _ECCENTRICITY_2 = 6378245.0, 0.00669342162296594323


def datum_in(text: str) -> tuple[Datum | None, str]:
    """The datum that a heading or a cell names, if any, and the text without that name."""
    plain = half_width(text).casefold()
    for word, datum in _DATUM_WORDS:
        if word in plain:
            return datum, plain.replace(word, "")
    return None, plain


def read_datum(text: str) -> Datum:
    """The datum that a cell names; refuses one that is not known here, for a wrong datum is 500 m off."""
    datum, _ = datum_in(text)
    if datum is None:
        raise _refusal(
            "不认识这种坐标系，请填 WGS-84、GCJ-02 或 BD-09。", "Unknown datum. Write WGS-84, GCJ-02 or BD-09."
        )
    return datum


def read_place(latitude: str, longitude: str, datum: Datum) -> tuple[float, float] | None:
    """Latitude and longitude as WGS-84 degrees, rounded to a centimetre; None if both are blank or both zero.

    Refuses with `Invalid` one without the other, what is not degrees, and the two in each other's place.
    """
    if not latitude and not longitude:
        return None
    if not latitude or not longitude:
        raise _refusal("经度和纬度要么都填，要么都不填。", "Give both latitude and longitude, or neither.")
    lat, lon = _degrees(latitude), _degrees(longitude)
    if lat == lon == 0:
        return None  # what systems export for "unknown"
    if abs(lat) > 90 and abs(lon) <= 90:
        raise _refusal("经度和纬度像是填反了，请对调。", "Latitude and longitude seem swapped. Exchange them.")
    if abs(lat) > 90 or abs(lon) > 180:
        raise _refusal("坐标不在地球上，请核对。", "These coordinates are not on Earth. Check them.")
    if datum == "bd09":
        lat, lon = _gcj_from_bd(lat, lon)
    if datum != "wgs84":
        lat, lon = wgs_from_gcj(lat, lon)
    return round(lat, 7), round(lon, 7)


def split_pair(text: str) -> tuple[str, str]:
    """`121.47,31.23` (经纬度 writes longitude first) as latitude and longitude; the one beyond 90 is the longitude."""
    parts = re.split(r"\s*[,;，；、/\s]\s*", half_width(text))
    if len(parts) != 2:
        raise _refusal(
            "坐标应为“经度,纬度”，例如 121.4737,31.2304。",
            "Coordinates are two numbers, for example 121.4737,31.2304.",
        )
    first, second = parts
    return (first, second) if abs(_degrees(second)) > 90 else (second, first)


def wgs_from_gcj(latitude: float, longitude: float) -> tuple[float, float]:
    """WGS-84 degrees of a GCJ-02 place; exact to about a centimetre. Outside China the two are the same.

    The published formula only goes the other way, so it is run backwards until the shift no longer changes.
    """
    lat, lon = latitude, longitude
    for _ in range(6):
        shifted_lat, shifted_lon = gcj_from_wgs(lat, lon)
        lat, lon = lat - (shifted_lat - latitude), lon - (shifted_lon - longitude)
    return lat, lon


def gcj_from_wgs(latitude: float, longitude: float) -> tuple[float, float]:
    """GCJ-02 degrees of a WGS-84 place (39.9042, 116.4074 becomes 39.9056033, 116.4136423)."""
    if not (0.8293 <= latitude <= 55.8271 and 72.004 <= longitude <= 137.8347):
        return latitude, longitude
    x, y = longitude - 105.0, latitude - 35.0
    sin, pi, root = math.sin, math.pi, math.sqrt(abs(x))
    wave = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + wave
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + wave
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    radians = latitude / 180 * pi
    magic = 1 - _ECCENTRICITY_2 * sin(radians) ** 2
    north = north * 180 / ((_AXIS * (1 - _ECCENTRICITY_2)) / (magic * math.sqrt(magic)) * pi)
    east = east * 180 / (_AXIS / math.sqrt(magic) * math.cos(radians) * pi)
    return latitude + north, longitude + east


def _gcj_from_bd(latitude: float, longitude: float) -> tuple[float, float]:
    turn = math.pi * 3000 / 180
    x, y = longitude - 0.0065, latitude - 0.006
    far = math.hypot(x, y) - 0.00002 * math.sin(y * turn)
    angle = math.atan2(y, x) - 0.000003 * math.cos(x * turn)
    return far * math.sin(angle), far * math.cos(angle)


def _degrees(text: str) -> float:
    found = _NUMBER.fullmatch(half_width(text)[:40])
    if not found:
        raise _refusal("坐标应为十进制度数，例如 31.2304。", "Coordinates are decimal degrees, for example 31.2304.")
    return float(found[1])


def _refusal(zh: str, en: str) -> Invalid:
    return Invalid(Words(zh, en), name="coordinates")
