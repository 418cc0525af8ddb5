"""A record has one spelling, and what JSON cannot say is refused."""

import hashlib
import json

import pytest

from dispatch.records.canonical import canonical_json, sha256_hex


def test_the_order_of_keys_does_not_matter() -> None:
    assert canonical_json({"b": 1, "a": {"d": 2, "c": 3}}) == canonical_json({"a": {"c": 3, "d": 2}, "b": 1})
    assert canonical_json({"b": 1, "a": 2}) == b'{"a":2,"b":1}'


def test_chinese_is_written_as_it_is() -> None:
    assert canonical_json({"name": "王𬭎"}) == '{"name":"王𬭎"}'.encode()


def test_a_whole_float_and_the_integer_are_one_value() -> None:
    assert canonical_json({"v": 1.0, "w": -0.0, "x": 1e3}) == b'{"v":1,"w":0,"x":1000}'
    assert canonical_json({"v": 943.6}) == b'{"v":943.6}'


def test_writing_and_reading_again_changes_nothing() -> None:
    written = canonical_json({"v": [0.1 + 0.2, -18.7, 2**53, True, None, "a\nb"], "n": {"x": "〔"}})
    assert canonical_json(json.loads(written)) == written


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), b"bytes", {1: "x"}, {"a", "b"}, "\ud800"])
def test_what_json_cannot_say_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        canonical_json({"deep": [{"v": value}]})


def test_nesting_is_bounded_on_both_sides_of_the_border() -> None:
    SIXTY_FOUR = 64
    value: object = "x"
    for _ in range(SIXTY_FOUR - 1):
        value = [value]
    canonical_json({"v": value})
    with pytest.raises(ValueError, match="too deeply"):
        canonical_json({"v": [[value]]})


def test_sha256_is_the_known_one() -> None:
    assert sha256_hex(b"abc") == hashlib.sha256(b"abc").hexdigest()
    assert sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
