"""A technician's visits as a calendar that they subscribe to: one secret, revocable address each.

Calendars are kept by others and shared freely, so a feed tells what is needed to plan one's day and no more: when, what
kind of work, and the place only from the day before on. Never a customer's name, number or account.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts.secrets_kept import derived_token, token_hash
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import PLANNERS, Viewer
from dispatch.clock import local_day
from dispatch.errors import Forbidden, NotFound
from dispatch.notices.calendar import Appointment, subscribed
from dispatch.settings import Settings
from dispatch.technicians.tables import CalendarFeed, Technician
from dispatch.visits.life import Status
from dispatch.visits.queries import visits_on
from dispatch.visits.tables import Visit
from dispatch.visits.telling import WORK_WORDS

DAYS_AHEAD = 14
PLACE_FROM = timedelta(days=1)
"""So long before its day a visit's address is told."""


@dataclass(frozen=True)
class Opened:
    """Whose feed an address opens, and in which language it is told."""

    technician: Technician
    language: str


def feed_address(settings: Settings, feed_id: str) -> str:
    """The address that a calendar subscribes to; its secret is derived and nowhere stored."""
    return f"{settings.public_url.rstrip('/')}/calendar/{_token(settings, feed_id)}.ics"


def _token(settings: Settings, feed_id: str) -> str:
    return derived_token(settings.secret_bytes(), "calendar-feed", feed_id)


def give_feed(turn: Turn, technician_id: UUID, language: str) -> CalendarFeed:
    """A new address for this technician; the one before ends at once. By the desk's planners, or for oneself."""
    _must_be_theirs(turn, technician_id)
    _end(turn, technician_id)
    feed_id = secrets.token_urlsafe(9)
    feed = CalendarFeed(
        id=feed_id,
        technician_id=technician_id,
        token_hash=token_hash(_token(turn.settings, feed_id)),
        language="en" if language == "en" else "zh",
        created_at=turn.now,
        created_by=turn.by,
    )
    turn.session.add(feed)
    turn.audit("give_calendar_feed", "technician", technician_id)
    turn.session.flush()
    return feed


def end_feed(turn: Turn, technician_id: UUID) -> None:
    """End the address at once: a phone was lost, somebody has left. Nothing to end is no refusal."""
    _must_be_theirs(turn, technician_id)
    if _end(turn, technician_id):
        turn.audit("end_calendar_feed", "technician", technician_id)


def _end(turn: Turn, technician_id: UUID) -> int:
    living = select(CalendarFeed).where(CalendarFeed.technician_id == technician_id, CalendarFeed.revoked_at.is_(None))
    rows = turn.session.scalars(living.with_for_update()).all()
    for row in rows:
        row.revoked_at, row.revoked_by = turn.now, turn.by
    turn.session.flush()
    return len(rows)


def _must_be_theirs(turn: Turn, technician_id: UUID) -> None:
    viewer = turn.viewer
    if viewer.role not in PLANNERS and viewer.technician_id != technician_id:
        raise Forbidden if viewer.at_desk else NotFound
    if turn.session.get(Technician, technician_id, with_for_update=True) is None:
        raise NotFound


def feeds_seen_by(session: Session, viewer: Viewer) -> dict[UUID, CalendarFeed]:
    """The living feed of each technician; only for the desk's planners: the address is a key."""
    if viewer.role not in PLANNERS:
        return {}
    rows = session.scalars(select(CalendarFeed).where(CalendarFeed.revoked_at.is_(None)))
    return {row.technician_id: row for row in rows}


def feed_opened(session: Session, token: str) -> Opened | None:
    """Whose feed this is; unknown, ended and cut ones look alike."""
    if not token.isascii() or not 20 <= len(token) <= 60:
        return None
    found = session.execute(
        select(Technician, CalendarFeed.language)
        .join(CalendarFeed, CalendarFeed.technician_id == Technician.id)
        .where(CalendarFeed.token_hash == token_hash(token), CalendarFeed.revoked_at.is_(None), Technician.active)
    ).one_or_none()
    return Opened(found[0], found[1]) if found else None


def feed_of(turn: Turn, opened: Opened) -> str:
    """The iCalendar text: visits of today and two weeks on, as planned. The technician is `turn`'s viewer."""
    today = local_day(turn.now, turn.settings.zone)
    language = opened.language
    company = turn.settings.company.to(language)
    shown = [
        _appointment(turn, visit, language)
        for days in range(DAYS_AHEAD + 1)
        for visit in visits_on(
            turn.session, turn.viewer, zone=turn.settings.zone, day=today + timedelta(days=days),
            technician_id=opened.technician.id,
        )
        if visit.status != Status.CANCELLED and _begins_on(turn, visit, today + timedelta(days=days))
    ]  # fmt: skip
    name = Words(f"{company} {opened.technician.code} 上门", f"{company} {opened.technician.code} visits").to(language)
    return subscribed(name, shown, now=turn.now)


def _begins_on(turn: Turn, visit: Visit, day: object) -> bool:
    return local_day((visit.planned or visit.window).start, turn.settings.zone) == day


def _appointment(turn: Turn, visit: Visit, language: str) -> Appointment:
    zone, order = turn.settings.zone, visit.work_order
    when = visit.planned or visit.window
    near = local_day(when.start, zone) - local_day(turn.now, zone) <= PLACE_FROM
    start, end = (f"{at.astimezone(zone):%H:%M}" for at in (visit.window.start, visit.window.end))
    told = start if visit.window.is_exact else f"{start}–{end}"
    number = f" {order.external_id}" if order.external_id else ""
    return Appointment(
        visit_id=visit.id,
        version=visit.version,
        host=turn.settings.host_name,
        start=when.start,
        end=when.end,
        zone=zone,
        language=language,
        summary=WORK_WORDS[order.kind].to(language) + number,
        description=Words(f"与客户约定：{told}", f"Promised: {told}").to(language),
        organiser=turn.settings.company.to(language),
        organiser_mail=turn.settings.mail_sender,
        stamp=turn.now,
        place=order.site.address if near else "",
    )
