"""Tiles are loaded from one origin that the operator named, or from nowhere."""

import pytest
from pydantic import ValidationError

from dispatch.board.map_settings import MapSettings
from mobile_api.gates import content_security_policy


def tiles(address: str) -> MapSettings:
    return MapSettings(_env_file=None, map_tiles=address)  # type: ignore[call-arg]


def test_without_tiles_nobody_else_is_asked() -> None:
    assert tiles("").origin == ""
    assert "img-src 'self' data: blob:;" in content_security_policy("n")


def test_exactly_the_tiles_origin_may_be_asked_for_pictures() -> None:
    origin = tiles("https://tiles.example.cn:8443/v1/{z}/{x}/{y}.png?key=abc").origin
    assert origin == "https://tiles.example.cn:8443"
    policy = content_security_policy("n", origin)
    assert "img-src 'self' data: blob: https://tiles.example.cn:8443;" in policy
    assert policy.count("example.cn") == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://tiles.example.cn/{z}/{x}/{y}",
        "https://tiles.example.cn/{z}/{x}",
        "https://tiles.example.cn; script-src *; /{z}/{x}/{y}",
        "https://a b/{z}/{x}/{y}",
        "javascript:alert(1)/{z}/{x}/{y}",
        "https://*/{z}/{x}/{y}",
        "https://tiles.example.cn/{z}/{x}/{y}\r\nX: y",
    ],
)
def test_an_address_that_is_none_is_refused_at_the_start(address: str) -> None:
    with pytest.raises(ValidationError):
        tiles(address)
