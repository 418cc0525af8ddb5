"""What a person notices about a phone, and how often a phone may tell."""

from datetime import timedelta
from typing import Any

from dispatch.phones.rules import PHONE_SIGN_WORDS, pause_left, phone_signs, to_forget
from tests.makers import NOON

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
GOOD: dict[str, Any] = {
    "seen_at": NOON, "waiting": 3, "oldest_at": NOON - HOUR, "used": 10, "quota": 100, "persisted": True,
    "app_version": "a", "present_version": "a", "now": NOON,
}  # fmt: skip


def test_a_good_phone_has_no_sign_and_neither_has_one_that_told_nothing_yet() -> None:
    assert phone_signs(**GOOD) == []
    silent = dict.fromkeys(("waiting", "oldest_at", "used", "quota", "persisted", "app_version"))
    assert phone_signs(**(GOOD | silent)) == []


def test_each_sign_at_its_border() -> None:
    for key, good, bad in [
        ("waits_long", {"oldest_at": NOON - 4 * HOUR + SECOND}, {"oldest_at": NOON - 4 * HOUR}),
        ("unseen_long", {"seen_at": NOON - 24 * HOUR + SECOND}, {"seen_at": NOON - 24 * HOUR}),
        ("nearly_full", {"used": 79}, {"used": 80}),
        ("not_kept", {"persisted": None}, {"persisted": False}),
        ("other_version", {"app_version": None}, {"app_version": "b"}),
    ]:
        assert phone_signs(**(GOOD | good)) == [], key
        assert phone_signs(**(GOOD | bad)) == [key]
    assert phone_signs(**(GOOD | {"waiting": 0, "oldest_at": NOON - 9 * HOUR})) == []
    assert phone_signs(**(GOOD | {"used": 1, "quota": 0})) == []


def test_every_sign_has_its_words() -> None:
    assert all(words.zh and words.en for words in PHONE_SIGN_WORDS.values())


def test_a_phone_may_tell_something_new_every_five_seconds() -> None:
    assert pause_left(None, now=NOON) is None
    assert pause_left(NOON, now=NOON + timedelta(seconds=4)) == SECOND
    assert pause_left(NOON, now=NOON + timedelta(seconds=5)) is None
    assert pause_left(NOON, now=NOON - SECOND) is None  # the clock was set back: nobody is locked out


def test_of_too_many_phones_the_longest_unseen_are_forgotten() -> None:
    seen = [(f"d{n}", NOON + n * SECOND) for n in range(5)]
    assert to_forget(seen, most=5) == []
    assert to_forget(seen, most=3) == ["d1", "d0"]
