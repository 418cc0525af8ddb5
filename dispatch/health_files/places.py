"""Where a line hangs: its splitter (told by people) and its building (told, or read from the address)."""

import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import DESK
from dispatch.customers.tables import Line, Site
from dispatch.errors import NotFound
from dispatch.health_files.tables import LinePlace

_NUMBER = r"[0-9A-Za-z一二三四五六七八九十甲乙丙丁]{1,6}"
_BUILDINGS = (  # the closest to a house first: a lane or an estate has several
    re.compile(rf"^.*{_NUMBER}(?:号楼|栋|幢|座)"),
    re.compile(rf"^.*?{_NUMBER}[弄巷].*?{_NUMBER}号(?!院)"),
    re.compile(rf"^.*?{_NUMBER}(?:号院|弄|巷|号)"),
)


@dataclass(frozen=True)
class Place:
    """A line and what it shares with its neighbours; None where that is not known."""

    line_id: UUID
    splitter: str | None = None
    building: str | None = None
    device_model: str | None = None


def building_of(address: str) -> str | None:
    """The building in a Chinese address, without spaces: `某路88弄3号楼1202室` gives `某路88弄3号楼`; None if none."""
    plain = "".join(address.split())
    found = (pattern.match(plain) for pattern in _BUILDINGS)
    return next((one.group()[:200] for one in found if one), None)


def place_of(session: Session, line_id: UUID) -> Place:
    """The place of a line; what nobody told of its building is read from the site's address."""
    told = session.get(LinePlace, line_id)
    line = session.get(Line, line_id)
    site = session.get(Site, line.site_id) if line is not None else None
    building = (told.building if told else None) or (building_of(site.address) if site else None)
    return Place(line_id, told.splitter if told else None, building)


def tell_place(turn: Turn, line_id: UUID, *, splitter: str | None, building: str | None) -> Place:
    """Keep where a line hangs. Empty takes it back; the building then comes from the address again."""
    turn.viewer.must_be(DESK)
    line = turn.session.get(Line, line_id)
    if line is None:
        raise NotFound
    kept = place_row(turn, line_id)
    kept.splitter = (splitter or "").strip().upper() or None
    kept.building = "".join((building or "").split()) or None
    kept.told_by, kept.told_at = turn.by, turn.now
    turn.audit("tell_place", "line", line_id, splitter=kept.splitter)
    turn.session.flush()
    return place_of(turn.session, line_id)


def place_row(turn: Turn, line_id: UUID) -> LinePlace:
    """The row of a line's place, made the first time."""
    kept = turn.session.get(LinePlace, line_id)
    if kept is None:
        kept = LinePlace(line_id=line_id, told_by=turn.by, told_at=turn.now)
        turn.session.add(kept)
    return kept
