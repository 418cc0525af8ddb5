"""Is a measured value good: every border of the catalogue from both sides, and the slips that people make."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.dial_errors import DIAL_ERRORS, dial_error
from checklists.measurement_catalogue import PPP_ERRORS
from checklists.measurements import MEASUREMENTS, MeasuringContext, from_raw, judge, limit_for, plain_serial

PLAN = {"subscribed_down": 1000, "subscribed_up": 100}
GPON_B, GPON_C = {"access": "gpon_b", **PLAN}, {"access": "gpon_c", **PLAN}
XGS, ADSL, VDSL = {"access": "xgs", **PLAN}, {"access": "adsl"}, {"access": "vdsl2"}

BORDERS: list[tuple[str, dict[str, Any], list[tuple[float, str]]]] = [
    ("onu_rx_power", GPON_B, [
        (-40.1, "implausible"), (-40, "fail"), (-27.1, "fail"), (-27, "warn"), (-24.1, "warn"), (-24, "pass"),
        (-8, "pass"), (-7.9, "fail"), (10, "fail"), (10.1, "implausible"),
    ]),
    ("onu_rx_power", GPON_C, [
        (-30.1, "fail"), (-30, "warn"), (-24.1, "warn"), (-24, "pass"), (-8, "pass"), (-7.9, "fail"),
    ]),
    ("onu_rx_power", XGS, [
        (-28.1, "fail"), (-28, "warn"), (-24.1, "warn"), (-24, "pass"), (-9, "pass"), (-8.9, "fail"),
    ]),
    ("onu_rx_power", {}, [(-35, "plain"), (-41, "implausible")]),
    ("onu_tx_power", GPON_B, [
        (-10.1, "implausible"), (-10, "fail"), (0.4, "fail"), (0.5, "pass"), (5, "pass"), (5.1, "fail"), (12, "fail"),
        (12.1, "implausible"),
    ]),
    ("onu_tx_power", XGS, [(3.9, "fail"), (4, "pass"), (9, "pass"), (9.1, "fail")]),
    ("ppp_auth_time", {}, [
        (-0.1, "implausible"), (0, "pass"), (8, "pass"), (8.1, "warn"), (11, "warn"), (11.1, "fail"), (120, "fail"),
        (120.1, "implausible"),
    ]),
    ("dl_rate", GPON_B, [
        (-0.1, "implausible"), (0, "fail"), (799.9, "fail"), (800, "warn"), (899.9, "warn"), (900, "pass"),
        (3000, "pass"), (3000.1, "implausible"),
    ]),
    ("dl_rate", {}, [(10000, "plain"), (10000.1, "implausible")]),
    ("ul_rate", GPON_B, [(79.9, "fail"), (80, "warn"), (89.9, "warn"), (90, "pass"), (300.1, "implausible")]),
    ("ping_avg", {}, [(-0.1, "implausible"), (0, "plain"), (5000, "plain")]),
    ("jitter", {}, [(-0.1, "implausible"), (0, "plain")]),
    ("loss", {}, [(-1, "implausible"), (0, "pass"), (5, "fail"), (100, "fail"), (101, "implausible")]),
    ("eth_link_rate", GPON_B, [(9, "implausible"), (10, "fail"), (999, "fail"), (1000, "pass"),
        (10001, "implausible")]),
    ("eth_link_rate", {"subscribed_down": 100}, [(100, "plain")]),
    ("eth_link_rate", {"subscribed_down": 100.1}, [(100, "fail"), (1000, "pass")]),
    ("eth_link_rate", {}, [(100, "plain")]),
    ("wifi_rssi", {"band": "5"}, [
        (-101, "implausible"), (-100, "fail"), (-76, "fail"), (-75, "warn"), (-68, "warn"), (-67, "pass"),
        (-20, "pass"), (-19, "implausible"),
    ]),
    ("wifi_rssi", {"band": "2.4"}, [(-76, "fail"), (-75, "warn"), (-71, "warn"), (-70, "pass")]),
    ("wifi_rssi", {"band": "6"}, [(-90, "plain")]),
    ("wifi_noise", {"signal": -60}, [(-79, "fail"), (-80, "pass"), (-81, "pass")]),
    ("wifi_noise", {}, [(-121, "implausible"), (-120, "plain"), (-20, "plain"), (-19, "implausible")]),
    ("wifi_phy_rate", {}, [(-1, "implausible"), (0, "plain")]),
    ("room_dl_rate", {"room_minimum": 200}, [(199.9, "fail"), (200, "pass"), (9000, "pass"), (10001, "implausible")]),
    ("room_dl_rate", {}, [(200, "plain")]),
    ("dsl_snr_margin", ADSL, [
        (-0.1, "implausible"), (0, "fail"), (6, "fail"), (6.1, "warn"), (7, "warn"), (10, "warn"), (10.9, "warn"),
        (11, "pass"), (40, "pass"), (40.1, "implausible"),
    ]),
    ("dsl_attenuation", ADSL, [
        (-0.1, "implausible"), (0, "pass"), (49.9, "pass"), (50, "warn"), (60, "warn"), (60.1, "fail"), (80, "fail"),
        (80.1, "implausible"),
    ]),
    ("dsl_attenuation", VDSL, [(70, "plain")]),
    ("dsl_crc", VDSL, [(-1, "implausible"), (0, "pass"), (1, "fail")]),
]  # fmt: skip
CASES = [(name, known, value, wanted) for name, known, cells in BORDERS for value, wanted in cells]


@pytest.mark.parametrize(
    ("name", "known", "value", "wanted"), CASES, ids=lambda v: str(v) if not isinstance(v, dict) else ""
)
def test_each_border_belongs_to_the_side_that_the_reference_says(
    name: str, known: dict[str, Any], value: float, wanted: str
) -> None:
    assert judge(name, value, MeasuringContext(**known)).verdict == wanted


def test_every_number_of_the_catalogue_has_its_borders_tested() -> None:
    numbers = {name for name, measurement in MEASUREMENTS.items() if measurement.kind == "number"}
    assert numbers == {name for name, _, _ in BORDERS}


@pytest.mark.parametrize(
    ("name", "known", "value", "verdict", "hint"),
    [
        ("onu_rx_power", GPON_B, -185, "implausible", -18.5),
        ("onu_rx_power", GPON_B, -18500, "implausible", -18.5),
        ("onu_rx_power", GPON_B, 18.5, "implausible", -18.5),  # the minus sign forgotten
        ("onu_rx_power", GPON_B, -2.1, "fail", -21),  # possible, but a lost digit is likelier
        ("onu_rx_power", GPON_B, -35, "fail", None),  # simply bad: nothing else was meant
        ("onu_tx_power", GPON_B, 25, "implausible", 2.5),
        ("ppp_auth_time", {}, 2100, "implausible", 2.1),
        ("dl_rate", GPON_B, 9400, "implausible", 940),
        ("dl_rate", GPON_B, 940000, "implausible", 940),  # kbit/s
        ("dl_rate", GPON_B, 117, "fail", 936),  # MB/s
        ("dl_rate", GPON_B, 500, "fail", None),
        ("dl_rate", {}, 940000, "implausible", 940),
        ("wifi_rssi", {"band": "5"}, 60, "implausible", -60),
        ("wifi_rssi", {"band": "5"}, -600, "implausible", -60),
        ("dsl_snr_margin", ADSL, 125, "implausible", 12.5),
        ("dsl_attenuation", ADSL, 450, "implausible", 45),
        ("dsl_attenuation", ADSL, 70, "fail", None),  # a real, long line: never talked down to 7
    ],
)
def test_a_slip_is_named_with_the_value_that_was_meant(
    name: str, known: dict[str, Any], value: float, verdict: str, hint: float | None
) -> None:
    found = judge(name, value, MeasuringContext(**known))
    assert (found.verdict, found.hint) == (verdict, hint)
    if hint is not None:
        assert f"{hint:g}" in found.reason.zh
        assert f"{hint:g}" in found.reason.en


def test_a_value_on_a_border_of_a_share_is_on_it_whatever_the_rate() -> None:
    for tenths in range(1, 3000):
        rate = tenths / 10
        border = float(f"{tenths * 9 / 100:.2f}")
        assert judge("dl_rate", border, MeasuringContext(subscribed_down=rate)).verdict == "pass"
        assert judge("dl_rate", border - 0.01, MeasuringContext(subscribed_down=rate)).verdict != "pass"


def test_no_light_is_a_reading_and_fails() -> None:
    found = judge("onu_rx_power", "LO", MeasuringContext(access="gpon_b"))
    assert (found.verdict, found.reason.zh) == ("fail", "不合格：无光。")


@pytest.mark.parametrize(
    ("runs", "mean", "wanted"),
    [((8, 8), 8, "pass"), ((5, 11), 8, "pass"), ((4, 11.1), 7.6, "fail"), ((8, 8.2), 8.1, "fail"), ((), 8.1, "warn")],
)
def test_signing_in_is_judged_by_the_average_and_by_each_single_try(
    runs: tuple[float, ...], mean: float, wanted: str
) -> None:
    assert judge("ppp_auth_time", mean, MeasuringContext(runs=runs)).verdict == wanted


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("onu_state", "O5", "pass"), ("onu_state", "O1", "fail"), ("onu_state", "O10", "implausible"),
        ("onu_state", 5, "implausible"), ("ppp_status", "Connected", "pass"), ("ppp_status", "Connecting", "fail"),
        ("ppp_status", "connected", "implausible"), ("ppp_last_error", "ERROR_NONE", "pass"),
        ("ppp_last_error", "ERROR_NO_ANSWER", "fail"), ("device_model", "HG8245", "plain"),
        ("device_model", " ", "implausible"), ("device_model", 3, "implausible"),
    ],
)  # fmt: skip
def test_states_and_labels_are_judged_by_name(name: str, value: Any, wanted: str) -> None:
    assert judge(name, value).verdict == wanted


@pytest.mark.parametrize(
    ("serial", "ordered", "wanted"),
    [
        ("HWTC12AB34CD", "HWTC12AB34CD", "pass"), ("hwtc-12ab34cd", "HWTC12AB34CD", "pass"),
        ("4857544312AB34CD", "HWTC12AB34CD", "pass"), ("HWTC12AB34CE", "HWTC12AB34CD", "fail"),
        ("HWTC12AB34CD", None, "plain"), ("HWT112AB34CD", "HWTC12AB34CD", "implausible"),
        ("HWTC12AB34C", "HWTC12AB34CD", "implausible"), ("HWTC12AB34CG", "HWTC12AB34CD", "implausible"),
    ],
)  # fmt: skip
def test_a_serial_is_four_letters_and_eight_hex_digits_of_the_ordered_device(
    serial: str, ordered: str | None, wanted: str
) -> None:
    assert judge("onu_serial", serial, MeasuringContext(ordered_serial=ordered)).verdict == wanted
    assert (plain_serial(serial) is None) == (wanted == "implausible")


@pytest.mark.parametrize(
    ("name", "path", "raw", "value"),
    [
        ("onu_rx_power", "Optical.Interface.OpticalSignalLevel", -18500, -18.5),
        ("onu_rx_power", "XPON.ONU.ANI.Transceiver.RxPower", -185, -18.5),
        ("onu_tx_power", "XPON.ONU.ANI.Transceiver.TxPower", 23, 2.3),
        ("dsl_snr_margin", "DSL.Line.DownstreamNoiseMargin", 110, 11.0),
        ("wifi_phy_rate", "WiFi.AccessPoint.AssociatedDevice.LastDataDownlinkRate", 866700, 866.7),
        ("loss", "IP.Diagnostics.IPPing.FailureCount", 1, 5.0),
    ],
)
def test_raw_readings_are_converted_once_and_exactly(name: str, path: str, raw: float, value: float) -> None:
    assert from_raw(name, path, raw) == value


def test_a_path_that_belongs_to_no_measurement_is_refused() -> None:
    with pytest.raises(KeyError):
        from_raw("onu_rx_power", "DSL.Line.DownstreamNoiseMargin", 1)
    with pytest.raises(KeyError):
        judge("temperature", 20)


@given(
    st.sampled_from(sorted(MEASUREMENTS)),
    st.one_of(st.floats(allow_nan=True), st.integers(), st.text(), st.booleans(), st.just(10**5000)),
    st.sampled_from([{}, GPON_B, ADSL, {"band": "5"}, {"subscribed_down": 0.0}, {"signal": math.nan}]),
)
def test_the_judge_never_raises_whatever_the_value(name: str, value: Any, known: dict[str, Any]) -> None:
    found = judge(name, value, MeasuringContext(**known))
    assert found.reason.zh
    assert found.reason.en
    if isinstance(value, float) and not math.isfinite(value):
        assert found.verdict == "implausible"


def test_a_limit_is_given_in_the_measurements_own_unit() -> None:
    limit = limit_for(MEASUREMENTS["dl_rate"], MeasuringContext(subscribed_down=300))
    assert limit is not None
    assert (limit.pass_min, limit.warn_min) == (270, 240)


@pytest.mark.parametrize("name", [name for name, known in MEASUREMENTS.items() if known.kind == "number"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 10**400, True, "20", None])
def test_what_is_no_number_is_implausible_everywhere(name: str, value: Any) -> None:
    assert judge(name, value, MeasuringContext(**GPON_B)).verdict == "implausible"


# -- dial-up codes -------------------------------------------------------------------------------------------------

CODES = (
    617, 619, 629, 633, 638, 645, 646, 647, 648, 649, 651, 676, 678, 680, 691, 711, 718, 719, 720, 734, 738, 769, 797,
    813, 814, 815, 868,
)  # fmt: skip
BRIDGE = {
    691: "AUTHENTICATION_FAILURE", 646: "RESTRICTED_LOGON_HOURS", 647: "ACCOUNT_DISABLED", 648: "PASSWORD_EXPIRED",
    651: "NO_ANSWER", 678: "NO_ANSWER", 815: "NO_ANSWER", 718: "ISP_TIME_OUT", 638: "ISP_TIME_OUT",
    619: "ISP_DISCONNECT", 629: "ISP_DISCONNECT", 734: "ISP_DISCONNECT", 676: "LINE_BUSY", 680: "NO_DIALTONE",
    720: "IP_CONFIGURATION", 738: "IP_CONFIGURATION",
}  # fmt: skip


def test_every_dial_up_code_of_the_reference_is_known_and_no_other() -> None:
    assert tuple(sorted(DIAL_ERRORS)) == CODES
    assert dial_error(600) is None


@pytest.mark.parametrize("code", CODES)
def test_a_dial_up_code_is_explained_in_both_languages_and_bridged_as_the_reference_says(code: int) -> None:
    error = DIAL_ERRORS[code]
    for words in (error.meaning, error.customer_first, error.technician):
        assert words.zh
        assert words.en
    assert error.constant.startswith("ERROR_")
    assert error.tr181 == (f"ERROR_{BRIDGE[code]}" if code in BRIDGE else None)
    assert error.tr181 is None or error.tr181 in PPP_ERRORS
