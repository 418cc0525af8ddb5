"""Invitations: what RFC 5546 asks of REQUEST, CANCEL and PUBLISH, and that a calendar can follow a visit's changes."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from icalendar import Calendar, Event

from dispatch.notices.channels.protocol import Message
from dispatch.notices.composing import calendar_file, compose
from dispatch.notices.texts import NAMES
from tests.makers import NOON
from tests.rules.notices.made_notices import LINK, NINE, VISIT, ANotice, facts, settings, window

INVITING = ["booked", "moved", "moved_asked", "technician_changed", "reminder"]
ENDING = ["cancelled", "cancelled_asked"]

# RFC 5546, 3.2.1, 3.2.2 and 3.2.5: how often each property of the VEVENT may stand; None means any number. What a
# table does not name may not stand at all. (A lower bound of SEQUENCE is ours: we always tell it.)
MANY = 10**9
ANYWHERE = {
    "DTSTAMP": (1, 1),
    "ORGANIZER": (1, 1),
    "UID": (1, 1),
    "SEQUENCE": (1, 1),
    "DESCRIPTION": (0, 1),
    "LOCATION": (0, 1),
    "STATUS": (0, 1),
    "TRANSP": (0, 1),
    "URL": (0, 1),
    "CLASS": (0, 1),
    "CREATED": (0, 1),
    "LAST-MODIFIED": (0, 1),
    "DTEND": (0, 1),
    "COMMENT": (0, MANY),
    "CATEGORIES": (0, MANY),
    "CONTACT": (0, MANY),
    "REQUEST-STATUS": (0, 0),
}
TABLES: dict[str, dict[str, tuple[int, int]]] = {
    "REQUEST": ANYWHERE | {"ATTENDEE": (1, MANY), "DTSTART": (1, 1), "SUMMARY": (1, 1), "VALARM": (0, MANY)},
    "CANCEL": ANYWHERE | {"ATTENDEE": (0, MANY), "DTSTART": (0, 1), "SUMMARY": (0, 1), "VALARM": (0, 0)},
    "PUBLISH": ANYWHERE | {"ATTENDEE": (0, 0), "DTSTART": (1, 1), "SUMMARY": (1, 1), "VALARM": (0, MANY)},
}
STATUSES = {"REQUEST": {"TENTATIVE", "CONFIRMED"}, "CANCEL": {"CANCELLED"}, "PUBLISH": {"TENTATIVE", "CONFIRMED"}}


def broken_constraints(text: str, method: str) -> list[str]:
    """What RFC 5546 has against the object; empty when nothing."""
    wrong: list[str] = []
    calendar = Calendar.from_ical(text)
    if calendar.get("METHOD") != method:
        wrong.append(f"METHOD is {calendar.get('METHOD')}")
    wrong += [f"{name} missing" for name in ("PRODID", "VERSION") if name not in calendar]
    kinds = Counter(part.name for part in calendar.subcomponents)
    if kinds["VEVENT"] < 1:
        wrong.append("no VEVENT")
    wrong += [f"{name} may not stand" for name in kinds if name not in ("VEVENT", "VTIMEZONE")]
    told = {zone.get("TZID") for zone in calendar.subcomponents if zone.name == "VTIMEZONE"}
    for event in calendar.walk("VEVENT"):
        there = Counter(name for name, _ in event.property_items(recursive=False) if name not in ("BEGIN", "END"))
        there.update(part.name for part in event.subcomponents)
        for name, (least, most) in TABLES[method].items():
            if not least <= there[name] <= most:
                wrong.append(f"{name} stands {there[name]} times")
        wrong += [f"{name} may not stand" for name in there if name not in TABLES[method]]
        if "STATUS" in event and str(event["STATUS"]) not in STATUSES[method]:
            wrong.append(f"STATUS is {event['STATUS']}")
        if isinstance(event.get("ATTENDEE"), list) and len(event["ATTENDEE"]) > 1:
            wrong.append("one customer is one attendee")
        for name in ("DTSTART", "DTEND"):
            zone = event[name].params.get("TZID") if name in event else None
            if zone is not None and zone not in told:
                wrong.append(f"no VTIMEZONE for {zone}")
        if event["DTSTAMP"].dt.utcoffset() != timedelta(0):
            wrong.append("DTSTAMP is not in UTC")
    return wrong


def mailed(name: str, language: str = "zh", *, own: dict[str, Any] | None = None, **more: Any) -> Message:
    return compose(ANotice(name, language, facts=more, **(own or {})), {}, settings(), LINK).message


def event_of(text: str) -> Event:
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert isinstance(event, Event)
    return event


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("name", "method"), [*[(n, "REQUEST") for n in INVITING], *[(n, "CANCEL") for n in ENDING]])
def test_a_mail_carries_what_the_rules_of_its_method_ask_for(name: str, method: str, language: str) -> None:
    message = mailed(name, language)
    assert message.method == method
    assert broken_constraints(message.calendar, method) == []


def test_a_download_is_published_and_invites_nobody() -> None:
    text = calendar_file(VISIT, 3, facts("booked"), "zh", settings(), NOON)
    assert broken_constraints(text, "PUBLISH") == []
    assert event_of(text)["UID"] == event_of(mailed("booked").calendar)["UID"]


def test_the_tables_find_what_is_wrong() -> None:
    """The control: objects that break a rule each are told apart from good ones."""
    request, cancel = mailed("booked").calendar, mailed("cancelled").calendar
    flat = request.replace("\r\n ", "")
    assert broken_constraints(flat, "REQUEST") == []
    for gone in ("UID", "DTSTAMP", "ORGANIZER", "ATTENDEE", "SUMMARY", "SEQUENCE", "DTSTART"):
        lines = [line for line in flat.split("\r\n") if not re.match(rf"{gone}[;:]", line)]
        broken = "\r\n".join(lines)
        if gone == "DTSTAMP":
            with pytest.raises(KeyError):
                broken_constraints(broken, "REQUEST")
        else:
            assert broken_constraints(broken, "REQUEST"), gone
    assert broken_constraints(request, "CANCEL")
    assert broken_constraints(cancel, "REQUEST")
    assert broken_constraints(request, "PUBLISH")
    without_zone = re.sub(r"BEGIN:VTIMEZONE.*END:VTIMEZONE\r\n", "", request, flags=re.DOTALL)
    assert broken_constraints(without_zone, "REQUEST") == ["no VTIMEZONE for Asia/Shanghai"] * 2


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(INVITING) - set(ENDING)))
def test_other_notices_leave_the_calendar_alone(name: str) -> None:
    message = mailed(name)
    assert (message.calendar, message.method) == ("", "")
    assert message.html


def test_a_visit_keeps_its_uid_and_every_change_raises_the_sequence() -> None:
    story = [("booked", 1), ("reminder", 1), ("moved", 2), ("technician_changed", 3), ("cancelled", 4)]
    events = [event_of(mailed(name, own={"visit_version": version}).calendar) for name, version in story]
    assert {str(event["UID"]) for event in events} == {f"{VISIT}@door.example.cn"}
    assert [event["SEQUENCE"] for event in events] == [0, 0, 1, 2, 3]


def test_the_time_is_the_promised_window_in_the_business_zone() -> None:
    event = event_of(mailed("booked", window=window(NINE, 90)).calendar)
    assert event["DTSTART"].dt == NINE
    assert event["DTEND"].dt == NINE + timedelta(minutes=90)
    assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert event["DTSTAMP"].dt == NOON
    (alarm,) = event.walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(hours=-1)


@pytest.mark.parametrize(
    ("zone", "offsets"), [("Europe/Berlin", {"+0100", "+0200"}), ("America/St_Johns", {"-0330", "-0230"})]
)
def test_a_zone_with_summer_time_is_told_in_full(zone: str, offsets: set[str]) -> None:
    """An hour before and after the clocks go back, the object's own VTIMEZONE must give the true instant."""
    message = compose(ANotice("booked"), {}, settings(time_zone=zone), LINK).message
    assert set(re.findall(r"TZOFFSETTO:(\S+)", message.calendar)) == offsets
    assert event_of(message.calendar)["DTSTART"].dt.astimezone(UTC) == NINE


def test_utc_needs_no_zone() -> None:
    text = compose(ANotice("booked"), {}, settings(time_zone="UTC"), LINK).message.calendar
    assert broken_constraints(text, "REQUEST") == []
    assert "DTSTART:20261123T010000Z" in text


def test_the_organiser_is_the_company_and_the_attendee_the_customer() -> None:
    event = event_of(mailed("booked").calendar)
    assert event["ORGANIZER"] == "mailto:visits@example.cn"
    assert event["ORGANIZER"].params["CN"] == "装维上门"
    assert event["ATTENDEE"] == "mailto:wang@example.net"
    assert event["ATTENDEE"].params["CN"] == "王𬭎"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"
    nameless = compose(ANotice("booked"), {}, settings(mail_from=""), LINK).message
    assert event_of(nameless.calendar)["ORGANIZER"] == "mailto:no-reply@door.example.cn"


@pytest.mark.parametrize("wrong", ["visits", "a@b\r\nBcc: c@d", "A <a@b.cn>", "a b@c.cn", "a@"])
def test_the_organisers_address_is_an_address_alone(wrong: str) -> None:
    with pytest.raises(ValueError, match="mail address"):
        settings(mail_from=wrong)


def test_the_place_is_told_where_the_notice_knows_it() -> None:
    assert "LOCATION" not in event_of(mailed("booked").calendar)
    address = "上海市浦东新区张江镇龘园路88弄3号楼1202室；（㛃湾小区）, B\\C"
    assert str(event_of(mailed("booked", address=address).calendar)["LOCATION"]) == address


def test_the_link_stays_out_of_the_calendar() -> None:
    message = mailed("booked")
    assert LINK in message.text
    assert LINK in message.html
    assert LINK not in message.calendar.replace("\r\n ", "")
    assert "/c/" not in message.calendar.replace("\r\n ", "")


HOSTILE = '王"; RSVP=TRUE:mailto:x\r\nATTENDEE:mailto:evil@example.net\\n,;:\u202e'


def test_hostile_text_stays_text() -> None:
    message = mailed("booked", customer=HOSTILE, technician=HOSTILE, address=HOSTILE, work={"zh": HOSTILE, "en": "x"})
    assert broken_constraints(message.calendar, "REQUEST") == []
    event = event_of(message.calendar)
    assert event["ATTENDEE"] == "mailto:wang@example.net"
    assert "evil@example.net" in event["ATTENDEE"].params["CN"]
    assert "evil@example.net" in event["SUMMARY"]
    assert "\u202e" not in message.calendar


def test_lines_end_as_the_standard_says_and_are_folded_within_characters() -> None:
    text = mailed("booked", address="龘" * 200).calendar
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    lines = text.split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    assert any(after.startswith(" ") for _, after in pairwise(lines))


def test_a_leap_day_is_a_day() -> None:
    leap = datetime(2028, 2, 29, 1, tzinfo=UTC)
    event = event_of(mailed("booked", window=window(leap)).calendar)
    assert event["DTSTART"].to_ical() == b"20280229T090000"
