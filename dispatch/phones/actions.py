"""Verbs of phones: told by the phone, seen by the server."""

from datetime import timedelta

from sqlalchemy import select

from checklists.words import Words
from dispatch.accounts.answered_once import fingerprint
from dispatch.accounts.rules import TooManyTries
from dispatch.accounts.turn import Turn
from dispatch.database import one_at_a_time
from dispatch.errors import Forbidden
from dispatch.phones.rules import SEEN_TO, Told, pause_left, to_forget
from dispatch.phones.tables import Phone


class TellsTooOften(TooManyTries):
    """A phone tells something new every other moment."""

    name = "phone-tells-too-often"

    def __init__(self, pause: timedelta) -> None:
        super().__init__(pause)
        self.words = Words(
            "手机状态上报过于频繁，请稍后再报。", "This phone tells how it is too often. Wait as Retry-After says."
        )


def phone_told(turn: Turn, device_id: str, told: Told) -> Phone:
    """Keep what the technician's phone tells of itself. The same again changes nothing but when it was seen.

    Refuses with TellsTooOften what differs from what it told a moment ago, and with Forbidden who is no technician.
    """
    if turn.viewer.role != "technician" or turn.viewer.technician_id is None:
        raise Forbidden
    phone = phone_seen(turn, device_id)
    assert phone is not None
    said = fingerprint(
        told.app_version, told.waiting, str(told.oldest_age), told.storage_used, told.storage_quota,
        told.storage_persisted,
    )  # fmt: skip
    if phone.told == said and pause_left(phone.told_at, now=turn.now) is not None:
        return phone
    if (pause := pause_left(phone.told_at, now=turn.now)) is not None:
        raise TellsTooOften(pause)
    phone.app_version, phone.waiting = told.app_version, told.waiting
    phone.oldest_at = turn.now - told.oldest_age if told.waiting and told.oldest_age is not None else None
    phone.storage_used, phone.storage_quota = told.storage_used, told.storage_quota
    phone.storage_persisted = told.storage_persisted
    phone.told, phone.told_at = said, turn.now
    turn.session.flush()
    return phone


def phone_seen(turn: Turn, device_id: str) -> Phone | None:
    """A technician's phone was heard of: with a report, or with a parcel. None for whoever else sends."""
    technician_id = turn.viewer.technician_id
    if turn.viewer.role != "technician" or technician_id is None:
        return None
    phone = turn.session.get(Phone, (technician_id, device_id))
    if phone is None:
        one_at_a_time(turn.session, "phones", str(technician_id))
        phone = turn.session.get(Phone, (technician_id, device_id), populate_existing=True)
    if phone is None:
        phone = Phone(technician_id=technician_id, device_id=device_id, first_seen_at=turn.now, seen_at=turn.now)
        turn.session.add(phone)
        turn.session.flush()
        _forget_too_many(turn)
    elif turn.now - phone.seen_at >= SEEN_TO:
        phone.seen_at = turn.now
    return phone


def _forget_too_many(turn: Turn) -> None:
    phones = turn.session.scalars(select(Phone).where(Phone.technician_id == turn.viewer.technician_id)).all()
    known = {phone.device_id: phone for phone in phones}
    for device_id in to_forget((phone.device_id, phone.seen_at) for phone in phones):
        turn.session.delete(known[device_id])
