"""Questions about outages: which there are, whom they concern, and how far the telling is."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import DESK, Viewer
from dispatch.customers.tables import Customer, Site
from dispatch.errors import NotFound
from dispatch.notices.tables import Notice
from dispatch.outages.rules import Pace, told_before, told_by
from dispatch.outages.tables import Outage
from dispatch.technicians.tables import Area


def outage_seen_by(session: Session, viewer: Viewer, outage_id: UUID, *, to_change: bool = False) -> Outage:
    """One outage, for the desk; NotFound for everybody else."""
    query = select(Outage).where(Outage.id == outage_id)
    outage = session.scalar(query.with_for_update() if to_change else query) if viewer.at_desk else None
    if outage is None:
        raise NotFound
    return outage


def outages_seen_by(session: Session, viewer: Viewer, *, ends_after: datetime, limit: int = 200) -> list[Outage]:
    """Outages that are not over at `ends_after`, the soonest first; nothing for who is not at the desk."""
    if not viewer.at_desk:
        return []
    query = select(Outage).where(Outage.ends_at > ends_after).order_by(Outage.starts_at, Outage.id).limit(limit)
    return list(session.scalars(query))


@dataclass(frozen=True)
class Preview:
    """Whom an outage concerns, by when all would be told if the telling began now, and how many while it is of use."""

    customers: int
    by_language: dict[str, int]
    by_channel: dict[str, int]
    told_by: datetime
    told_in_time: int


def preview_of(turn: Turn, outage: Outage) -> Preview:
    """What a supervisor looks at before approving."""
    turn.viewer.must_be(DESK)
    rows = turn.session.execute(
        select(Customer.language, Customer.channel, func.count(func.distinct(Customer.id)))
        .join(Site, Site.customer_id == Customer.id)
        .where(Site.area_id == outage.area_id)
        .group_by(Customer.language, Customer.channel)
    ).all()
    languages: Counter[str] = Counter()
    channels: Counter[str] = Counter()
    for language, channel, count in rows:
        languages[language] += count
        channels[channel] += count
    total, pace = languages.total(), pace_of(turn)
    in_time = told_before(outage.useful_until, total, turn.now, pace)
    return Preview(total, dict(languages), dict(channels), told_by(total, turn.now, pace), in_time)


def pace_of(turn: Turn) -> Pace:
    """The pace that the settings allow."""
    settings = turn.settings
    return Pace(settings.outage_per_minute, settings.zone, settings.quiet_from, settings.quiet_until)


def facts_of(outage: Outage, area: Area) -> dict[str, object]:
    """What a notice of it says, to be kept with the notice: all but the customer's name."""
    return {
        "area": {"zh": area.name, "en": area.name_en},
        "outage": {"start": outage.starts_at.isoformat(), "end": outage.ends_at.isoformat()},
        "outage_kind": outage.kind,
        "reason": {"zh": outage.reason_zh, "en": outage.reason_en},
        "outage_id": str(outage.id),
    }


def telling_of(session: Session, outage_id: UUID) -> dict[str, int]:
    """How many notices of an outage are in each state."""
    rows = session.execute(
        select(Notice.state, func.count()).where(Notice.outage_id == outage_id).group_by(Notice.state)
    )
    return {row.state: row[1] for row in rows}


@dataclass(frozen=True)
class PublicOutage:
    """What anybody may read: where, when and why. Nothing about any customer."""

    area: Words
    starts_at: datetime
    ends_at: datetime
    reason: Words
    is_cancelled: bool
    is_fault: bool


def public_outage(session: Session, outage_id: UUID) -> PublicOutage | None:
    """An outage that customers were told of, or are being told of; None for a draft and for what is not there."""
    row = session.execute(
        select(Outage, Area).join(Area, Area.id == Outage.area_id).where(Outage.id == outage_id)
    ).one_or_none()
    if row is None or row[0].approved_at is None:
        return None
    outage, area = row
    return PublicOutage(
        Words(area.name, area.name_en),
        outage.starts_at,
        outage.ends_at,
        Words(outage.reason_zh, outage.reason_en),
        outage.state == "cancelled",
        outage.kind == "fault",
    )
