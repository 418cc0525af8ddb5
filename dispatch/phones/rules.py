"""Decisions about phones: when one may tell again, which are kept, what a person should notice. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from checklists.words import Words

SHORTEST_PAUSE = timedelta(seconds=5)
"""Between two reports of one phone that differ. A phone tells with each sync; more often is a fault in it."""
MOST_PHONES = 20
"""Of one technician. A browser that forgets its data makes a new id: the ones unseen for longest give way."""
SEEN_TO = timedelta(seconds=20)
"""How exactly `last seen` is kept: a phone that hands in forty parcels in a row is written down once."""

WAITS_LONG = timedelta(hours=4)  # proposal: half a shift; a basement takes an hour, a forgotten sign-in takes days
UNSEEN_LONG = timedelta(hours=24)  # proposal
NEARLY_FULL = 0.8  # of the storage that the browser grants; proposal: a day with photos still fits above it

PhoneSignKey = Literal["waits_long", "unseen_long", "nearly_full", "not_kept", "other_version"]
PHONE_SIGN_WORDS: dict[PhoneSignKey, Words] = {
    "waits_long": Words("积压过久", "Waits too long"),
    "unseen_long": Words("长时间未见", "Not seen for long"),
    "nearly_full": Words("存储将满", "Nearly full"),
    "not_kept": Words("存储可能被清理", "Storage may be cleared"),
    "other_version": Words("不是当前版本", "Not the present version"),
}


@dataclass(frozen=True)
class Told:
    """What a phone tells of itself: its app's version, items that wait, the age of the oldest, and its storage.

    Storage is in bytes; None where the browser does not say.
    """

    app_version: str
    waiting: int
    oldest_age: timedelta | None
    storage_used: int | None
    storage_quota: int | None
    storage_persisted: bool | None


def pause_left(told_at: datetime | None, *, now: datetime) -> timedelta | None:
    """How long a phone has to wait before it may tell something new; None when it may now."""
    if told_at is None or now >= told_at + SHORTEST_PAUSE or now < told_at:
        return None
    return told_at + SHORTEST_PAUSE - now


def to_forget(seen: Iterable[tuple[str, datetime]], *, most: int = MOST_PHONES) -> list[str]:
    """The device ids of one technician's phones that are too many: those unseen for longest."""
    newest_first = sorted(seen, key=lambda one: (one[1], one[0]), reverse=True)
    return [device_id for device_id, _ in newest_first[most:]]


def phone_signs(
    *,
    seen_at: datetime,
    waiting: int | None,
    oldest_at: datetime | None,
    used: int | None,
    quota: int | None,
    persisted: bool | None,
    app_version: str | None,
    present_version: str,
    now: datetime,
) -> list[PhoneSignKey]:
    """What a person should notice about a phone, the most serious first."""
    found: list[PhoneSignKey] = []
    if waiting and oldest_at is not None and now - oldest_at >= WAITS_LONG:
        found.append("waits_long")
    if now - seen_at >= UNSEEN_LONG:
        found.append("unseen_long")
    if used is not None and quota and used >= NEARLY_FULL * quota:
        found.append("nearly_full")
    if persisted is False:
        found.append("not_kept")
    if app_version is not None and app_version != present_version:
        found.append("other_version")
    return found
