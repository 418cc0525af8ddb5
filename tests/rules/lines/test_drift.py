"""How far a value has moved since the line was healthy: both sides of each border."""

import pytest

from checklists.drift import drift
from checklists.measurement_limits import MeasuringContext

GPON = MeasuringContext(access="gpon_b", subscribed_down=1000, subscribed_up=100)


@pytest.mark.parametrize(
    ("healthy", "now", "level"),
    [
        (-19.0, -19.9, "steady"),  # less than 1 dB is what two instruments differ by
        (-19.0, -21.4, "steady"),  # 48 % of the 5 dB to -24
        (-19.0, -21.5, "moved"),  # half of the room
        (-19.0, -24.0, "moved"),  # at the border: still good
        (-19.0, -24.1, "warn"),
        (-19.0, -27.0, "warn"),
        (-19.0, -27.1, "fail"),
        (-19.0, "LO", "fail"),
        (-23.0, -23.6, "steady"),  # 60 % of the room, but no more than an instrument's scatter
    ],
)
def test_light_is_judged_by_the_room_between_the_healthy_line_and_the_limit(
    healthy: float, now: float | str, level: str
) -> None:
    assert drift("onu_rx_power", healthy, now, GPON).level == level


@pytest.mark.parametrize(
    ("name", "healthy", "now", "level"),
    [
        ("dl_rate", 990, 941, "steady"),  # under 5 %
        ("dl_rate", 990, 940, "moved"),  # 5 % and more than half of the way to 900
        ("dl_rate", 990, 899, "warn"),
        ("dl_rate", 990, 799, "fail"),
        ("dl_rate", 930, 990, "better"),
        ("onu_state", "O5", "O2", "fail"),
        ("onu_state", "O5", "O5", "steady"),
        ("ping_avg", 4, 40, "plain"),  # nothing to judge it by
        ("loss", 0, 5, "fail"),
    ],
)
def test_other_measurements_by_their_own_limits(name: str, healthy: float | str, now: float | str, level: str) -> None:
    assert drift(name, healthy, now, GPON).level == level


def test_the_change_and_the_share_of_the_room_are_told() -> None:
    moved = drift("onu_rx_power", -19.0, -22.0, GPON)
    assert (moved.change, moved.used) == (-3.0, 0.6)
    assert drift("onu_rx_power", -19.0, "LO", GPON).change is None
    assert drift("ping_avg", 4, 5, GPON).used is None


def test_a_line_that_was_at_its_limit_when_healthy_divides_by_nothing() -> None:
    assert drift("dl_rate", 900, 900, GPON).level == "steady"
    assert drift("loss", 0, 0, GPON).level == "steady"
