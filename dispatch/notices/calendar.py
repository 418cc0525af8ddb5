"""A visit in somebody's own calendar: an invitation, its update or its end; a technician's days. The door to icalendar.

After RFC 5545 and 5546. A visit keeps one UID for life, and its SEQUENCE rises with every change of the visit, so a
calendar always knows which word is the newest. The link to the visit stays out: calendars are shared freely.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, vCalAddress, vText

from dispatch.notices.variables import one_line

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]
METHODS: dict[str, Method] = {
    "booked": "REQUEST",
    "moved": "REQUEST",
    "moved_asked": "REQUEST",
    "technician_changed": "REQUEST",
    "reminder": "REQUEST",
    "cancelled": "CANCEL",
    "cancelled_asked": "CANCEL",
}
"""What the mail of each text does to the customer's calendar; the others leave it alone."""

PRODUCT = "-//Doorstep//Visits 1//ZH"
REMIND = timedelta(hours=1)
ASK_AGAIN = timedelta(minutes=15)


@dataclass(frozen=True)
class Appointment:
    """A visit as a calendar needs it. `version` is the visit's own, from 1; `host` is that of the public address."""

    visit_id: UUID
    version: int
    host: str
    start: datetime
    end: datetime
    zone: ZoneInfo
    language: str
    summary: str
    description: str
    organiser: str
    organiser_mail: str
    stamp: datetime
    place: str = ""


def invitation(about: Appointment, method: Literal["REQUEST", "CANCEL"], guest: str, guest_mail: str) -> str:
    """The iCalendar object that a mail to the customer carries. The time is the promised window."""
    event = _event(about)
    attendee = vCalAddress(f"mailto:{guest_mail}")
    attendee.params["CN"] = _parameter(guest)
    attendee.params["CUTYPE"] = "INDIVIDUAL"
    attendee.params["ROLE"] = "REQ-PARTICIPANT"
    attendee.params["PARTSTAT"] = "NEEDS-ACTION"
    attendee.params["RSVP"] = "FALSE"  # answers are given on the customer's page, where we read them
    event.add("attendee", attendee)
    event.add("status", "CONFIRMED" if method == "REQUEST" else "CANCELLED")
    if method == "REQUEST":
        event.add_component(_alarm(about))
    return _calendar(about, method, event)


def published(about: Appointment) -> str:
    """The iCalendar object that the customer's page offers for download: nobody is invited, so no attendee."""
    event = _event(about)
    event.add("status", "CONFIRMED")
    event.add_component(_alarm(about))
    return _calendar(about, "PUBLISH", event)


def subscribed(name: str, visits: Sequence[Appointment], *, now: datetime) -> str:
    """A calendar that others subscribe to and read again (`METHOD:PUBLISH`): what is not in it any more is gone.

    `name` is what their calendar calls it; `now` bounds the time zone's rules where there is no visit.
    """
    calendar = _empty("PUBLISH")
    calendar.add("x-wr-calname", one_line(name))
    calendar.add("name", one_line(name))
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", ASK_AGAIN)
    for about in visits:
        event = _event(about)
        event.add("status", "CONFIRMED")
        calendar.add_component(event)
    moments = [now, *(one.start for one in visits), *(one.end for one in visits)]
    return _told(calendar, min(moments), max(moments))


def _calendar(about: Appointment, method: Method, event: Event) -> str:
    calendar = _empty(method)
    calendar.add_component(event)
    return _told(calendar, about.start, about.end)


def _empty(method: Method) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _told(calendar: Calendar, first: datetime, last: datetime) -> str:
    day = timedelta(days=400)  # offsets are told for as long as they are needed, not since 1970
    calendar.add_missing_timezones(first_date=(first - day).date(), last_date=(last + day).date())
    for timezone in calendar.timezones:
        timezone.pop("comment", None)
    content: bytes = calendar.to_ical()
    return content.decode()


def _event(about: Appointment) -> Event:
    organiser = vCalAddress(f"mailto:{about.organiser_mail}")
    organiser.params["CN"] = _parameter(about.organiser)
    language = {"LANGUAGE": "zh-CN" if about.language == "zh" else "en"}
    event = Event()
    event.add("uid", f"{about.visit_id}@{about.host}")
    event.add("sequence", max(about.version - 1, 0))
    event.add("dtstamp", about.stamp)  # the library says it in UTC
    event.add("dtstart", about.start.astimezone(about.zone))
    event.add("dtend", about.end.astimezone(about.zone))
    event.add("organizer", organiser)
    event.add("summary", one_line(about.summary), parameters=language)
    event.add("description", about.description, parameters=language)
    if about.place:
        event.add("location", one_line(about.place), parameters=language)
    event.add("transp", "OPAQUE")
    return event


def _alarm(about: Appointment) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", one_line(about.summary))
    alarm.add("trigger", -REMIND)
    return alarm


def _parameter(text: str) -> vText:
    return vText(one_line(text).replace('"', "'"))
