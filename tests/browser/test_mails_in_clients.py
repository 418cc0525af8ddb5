"""Our mails as customers' programs see them: a mail client's parser, a calendar client's parser, and a screen."""

import base64
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from dispatch.notices.channels.letters import Sender, letter, mailbox
from dispatch.notices.composing import compose
from dispatch.notices.texts import NAMES
from tests.browser.conftest import findings_of_axe
from tests.makers import NOON
from tests.rules.notices.made_notices import LINK, NINE, VISIT, ANotice, settings, window

VENDOR = Path(__file__).parent / "vendor"
CLIENT = "http://client.test"
"""Served from the vendored files, never from a network."""

READ = """
async (raw) => {
  const { default: PostalMime } = await import("/postal-mime/postal-mime.js");
  const { default: ICAL } = await import("/ical.js/ical.min.js");
  const bytes = Uint8Array.from(atob(raw), (one) => one.charCodeAt(0));
  const mail = await PostalMime.parse(bytes, { attachmentEncoding: "utf8" });
  const calendars = mail.attachments.filter((one) => one.mimeType === "text/calendar").map((one) => {
    const object = new ICAL.Component(ICAL.parse(one.content));
    for (const zone of object.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(new ICAL.Timezone(zone));
    return {
      method: object.getFirstPropertyValue("method"), mime: one.method || null,
      events: object.getAllSubcomponents("vevent").map((part) => {
        const event = new ICAL.Event(part);
        const guest = part.getFirstProperty("attendee"), host = part.getFirstProperty("organizer");
        const alarm = part.getFirstSubcomponent("valarm");
        return {
          uid: event.uid, sequence: event.sequence, summary: event.summary, description: event.description,
          start: event.startDate.toJSDate().toISOString(), end: event.endDate.toJSDate().toISOString(),
          place: event.location, zone: event.startDate.zone.tzid, status: part.getFirstPropertyValue("status"),
          guest: guest.getFirstValue(), guestName: guest.getParameter("cn"), rsvp: guest.getParameter("rsvp"),
          host: host.getFirstValue(), hostName: host.getParameter("cn"), guests: event.attendees.length,
          alarm: alarm ? alarm.getFirstPropertyValue("trigger").toICALString() : null,
        };
      }),
    };
  });
  const files = mail.attachments.map((one) => [one.mimeType, one.filename, one.content]);
  ICAL.TimezoneService.reset();
  return { subject: mail.subject, from: mail.from, to: mail.to, text: mail.text, html: mail.html, calendars, files };
}
"""


@pytest.fixture
def client(chromium: Browser) -> Iterator[Page]:
    """A page with both libraries at hand, of a browser whose own clock is elsewhere: instants must not depend on it."""
    context = chromium.new_context(timezone_id="America/New_York")
    page = context.new_page()

    def serve(route: Route) -> None:
        path = VENDOR / route.request.url.removeprefix(f"{CLIENT}/")
        if path.is_file():
            route.fulfill(body=path.read_text(encoding="utf-8"), content_type="text/javascript")
        else:
            route.fulfill(body="<!DOCTYPE html><title>client</title>", content_type="text/html")

    page.route("**/*", serve)
    page.goto(f"{CLIENT}/")
    yield page
    context.close()


def raw(name: str, language: str = "zh", zone: str = "Asia/Shanghai", version: int = 1, **facts: Any) -> bytes:
    """The mail's bytes as a server would be handed them."""
    house = settings(time_zone=zone)
    message = compose(ANotice(name, language, facts=facts, visit_version=version), {}, house, LINK).message
    sender = Sender(house.company, mailbox(house.mail_sender))
    return letter(message, mailbox(message.to), sender, NOON).as_bytes()


def seen(client: Page, mail: bytes) -> dict[str, Any]:
    """What the two libraries make of a mail."""
    answer = client.evaluate(READ, base64.b64encode(mail).decode())
    assert isinstance(answer, dict)
    return answer


def the_event(told: dict[str, Any], method: str) -> dict[str, Any]:
    """The one event of the one calendar object in a mail, which must be of that method."""
    (calendar,) = told["calendars"]
    assert calendar["method"] == method
    assert calendar["mime"] in (method, None)
    (event,) = calendar["events"]
    assert isinstance(event, dict)
    return event


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_mail_program_finds_one_invitation_and_its_end(client: Page, language: str) -> None:
    address = "上海市浦东新区张江镇龘园路88弄3号楼；1202室, (㛃湾小区)"
    told = seen(client, raw("booked", language, address=address))
    first = the_event(told, "REQUEST")
    assert (instant(first["start"]), instant(first["end"])) == (NINE, NINE + timedelta(hours=1))
    assert (first["host"], first["guest"]) == ("mailto:visits@example.cn", "mailto:wang@example.net")
    assert (first["guestName"], first["guests"], first["rsvp"]) == ("王𬭎", 1, "FALSE")
    assert first["hostName"] == settings().company.to(language)
    assert first["uid"] == f"{VISIT}@door.example.cn"
    assert (first["sequence"], first["status"], first["alarm"]) == (0, "CONFIRMED", "-PT1H")
    assert first["place"] == address
    assert "赵翀" in first["description"]
    assert told["from"]["address"] == "visits@example.cn"
    assert told["to"] == [{"address": "wang@example.net", "name": "王𬭎"}]
    assert LINK in told["text"]
    assert f'href="{LINK}"' in told["html"]
    assert len(told["subject"]) > 10

    later = NINE + timedelta(days=2)
    moved = the_event(seen(client, raw("moved", language, version=2, window=window(later))), "REQUEST")
    assert (instant(moved["start"]), moved["uid"], moved["sequence"]) == (later, first["uid"], 1)

    ended = the_event(seen(client, raw("cancelled", language, version=3, window=window(later))), "CANCEL")
    assert (ended["uid"], ended["sequence"], ended["status"]) == (first["uid"], 2, "CANCELLED")
    assert ended["alarm"] is None


@pytest.mark.browser
def test_the_attached_file_is_the_same_invitation(client: Page) -> None:
    files = {mime: (name, content) for mime, name, content in seen(client, raw("booked"))["files"]}
    assert set(files) == {"text/calendar", "application/ics"}
    assert files["application/ics"][0] == "invite.ics"
    assert files["application/ics"][1].split() == files["text/calendar"][1].split()


@pytest.mark.browser
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/St_Johns", "Asia/Urumqi", "UTC"])
@pytest.mark.parametrize("month", [1, 7])
def test_another_programs_clock_gives_the_same_instant(client: Page, zone: str, month: int) -> None:
    """The VTIMEZONE that we write is all that the parser knows of the zone, in summer and in winter."""
    start = NINE.replace(year=2027, month=month, hour=16)
    event = the_event(seen(client, raw("booked", zone=zone, window=window(start))), "REQUEST")
    assert instant(event["start"]) == start


@pytest.mark.browser
def test_the_control_a_wrong_zone_is_seen(client: Page) -> None:
    """Without its VTIMEZONE the same object reads as another instant, so the parser does use what we write."""
    mail = compose(ANotice("booked"), {}, settings(), LINK).message
    naked = mail.calendar.split("BEGIN:VTIMEZONE")[0] + mail.calendar.split("END:VTIMEZONE\r\n")[1]
    script = """async (text) => {
      const { default: ICAL } = await import("/ical.js/ical.min.js");
      const part = new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent("vevent");
      return new ICAL.Event(part).startDate.toJSDate().toISOString();
    }"""
    assert instant(client.evaluate(script, naked)) != NINE


@pytest.mark.browser
@pytest.mark.parametrize("name", ["on_the_way", "running_late", "no_access", "record_ready", "outage", "outage_fault"])
def test_other_mails_bring_no_calendar(client: Page, name: str) -> None:
    told = seen(client, raw(name))
    assert told["calendars"] == []
    assert told["files"] == []
    assert LINK in told["text"]


@pytest.mark.browser
def test_hostile_facts_add_no_recipient_and_no_guest(client: Page) -> None:
    evil = '王"\r\nBcc: evil@example.net\r\nATTENDEE:mailto:evil@example.net\u202e;,\\'
    told = seen(client, raw("booked", customer=evil, technician=evil))
    event = the_event(told, "REQUEST")
    assert event["guests"] == 1
    assert [one["address"] for one in told["to"]] == ["wang@example.net"]
    assert "evil@example.net" not in json.dumps([told["from"], event["guest"], event["host"]])


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 700), ("dark", 320)])
def test_every_mail_can_be_read_by_everyone(chromium: Browser, scheme: Any, width: int) -> None:
    """No finding of axe, and nothing that has to be scrolled sideways, on a phone and on a wide screen."""
    context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 700})
    page, found = context.new_page(), []
    for name in NAMES:
        for language in ("zh", "en"):
            notice = ANotice(name, language, facts={"customer": "A" * 60, "reason": "很长的原因" * 20})
            page.set_content(compose(notice, {}, settings(), LINK).message.html)
            found += [f"{name}.{language}: {one}" for one in findings_of_axe(page)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{name}.{language}: scrolls sideways")
            box = page.locator("a").bounding_box()
            assert box is not None
            if box["height"] < 44:
                found.append(f"{name}.{language}: its button is {box['height']} high")
    context.close()
    assert found == []
