"""Maps in mainland China shift every point; a technician must be led to the door, not to the next street."""

import pytest

from mobile_api.technician.maps import map_links, to_gcj02

TEN_METRES = 1e-4  # degrees, roughly


@pytest.mark.parametrize(
    ("known", "shifted"),
    [  # published pairs for Shanghai, Shenzhen, Beijing
        ((31.1774276, 121.5272106), (31.17530398, 121.53154186)),
        ((22.543847, 113.912316), (22.54079613, 113.91717648)),
        ((39.911954, 116.377817), (39.91334546, 116.38404722)),
    ],
)
def test_a_point_in_china_is_shifted_as_chinese_maps_shift_it(
    known: tuple[float, float], shifted: tuple[float, float]
) -> None:
    assert to_gcj02(*known) == pytest.approx(shifted, abs=TEN_METRES / 10)


def test_a_point_elsewhere_stays_where_it_is() -> None:
    assert to_gcj02(48.8584, 2.2945) == (48.8584, 2.2945)


def test_the_chinese_map_gets_its_own_coordinates_and_others_the_true_ones() -> None:
    (_, amap), (_, plain) = map_links("幸福路 1 号 & 2", 31.1774276, 121.5272106)
    assert "121.531542,31.175304" in amap
    assert "&mode" in amap
    assert "%26" in amap
    assert plain.startswith("geo:31.177428,121.527211")


def test_without_coordinates_the_address_is_looked_for() -> None:
    [(_, search)] = map_links("幸福路", None, None)
    assert "keyword=%E5%B9%B8" in search
