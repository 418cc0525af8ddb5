"""What was measured on a visit, flat and judged: for records and health files."""

from typing import Any

from made_visits import INSTALL, REPAIR, a_visit, measured

from checklists.answers import AnswerContext
from checklists.findings import Finding, findings
from checklists.measurements import MeasuringContext

KNOWING = AnswerContext(MeasuringContext(access="gpon_b", subscribed_down=1000, subscribed_up=100))


def found(changed: dict[tuple[str, str], Any] | None = None, context: AnswerContext = KNOWING) -> dict[str, Finding]:
    return {finding.key: finding for finding in findings(INSTALL, a_visit(INSTALL, changed), context)}


def test_every_measurement_of_a_visit_is_found_in_order_and_judged() -> None:
    assert [(f.key, f.name, f.value, f.verdict.verdict) for f in findings(INSTALL, a_visit(INSTALL), KNOWING)] == [
        ("rx_power", "onu_rx_power", -18.5, "pass"),
        ("download", "dl_rate", 940, "pass"),
        ("upload", "ul_rate", 95, "pass"),
        ("onu_state", "onu_state", "O5", "pass"),
        ("link_rate", "eth_link_rate", 1000, "pass"),
        ("packet_loss", "loss", 0, "pass"),
    ]


def test_the_access_technology_found_on_site_counts_before_the_one_on_file() -> None:
    weak = {("proof", "rx_power"): measured(-28.5, "dBm")}
    assert found(weak)["rx_power"].verdict.verdict == "fail"
    weak[("work", "access_technology")] = "gpon_c"  # type: ignore[assignment]
    assert found(weak)["rx_power"].verdict.verdict == "warn"


def test_each_room_is_judged_by_its_own_band() -> None:
    rooms = [{"room": "主卧", "band": band, "value": -69, "unit": "dBm"} for band in ("2.4", "5")]
    judged = findings(INSTALL, a_visit(INSTALL, {("proof", "rooms_wifi"): rooms}), KNOWING)
    assert [(f.room, f.band, f.verdict.verdict) for f in judged if f.name == "wifi_rssi"] == [
        ("主卧", "2.4", "pass"),
        ("主卧", "5", "warn"),
    ]


def test_an_average_is_judged_with_its_single_runs() -> None:
    slow = {("proof", "sign_in_time"): {"value": 7.5, "unit": "s", "runs": [3.5, 11.5]}}
    assert found(slow)["sign_in_time"].verdict.verdict == "fail"
    assert found(slow)["sign_in_time"].runs == (3.5, 11.5)


def test_a_flawed_a_withdrawn_and_an_unasked_measurement_are_no_findings() -> None:
    assert "rx_power" not in found({("proof", "rx_power"): measured(-185, "dBm")})
    assert "rx_power" not in found({("proof", "rx_power"): None})
    assert "rx_power" not in found({("work", "access_technology"): "vdsl2"})
    assert findings(REPAIR, a_visit(REPAIR, {("talk", "access"): "nobody_home"}), KNOWING) == []


def test_a_confirmed_implausible_value_is_kept_and_called_implausible() -> None:
    odd = {("proof", "rx_power"): {"value": -45.5, "unit": "dBm", "confirmed": True}}
    assert found(odd)["rx_power"].verdict.verdict == "implausible"
