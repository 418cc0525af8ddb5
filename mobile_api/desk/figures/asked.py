"""What an address asks to see: a month or days, an area, a kind, a technician. What is no such thing is left out."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, get_args
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from sqlalchemy.orm import Session

from dispatch.accounts.turn import Turn
from dispatch.clock import local_day
from dispatch.kpis.scope import FIRST_YEAR, By, Scope, last_of_month, month_from, month_scope, sees_people
from dispatch.technicians.queries import areas, technicians_seen_by
from dispatch.technicians.tables import Area, Technician


@dataclass(frozen=True)
class Asked:
    """What is looked at, and how an address says so."""

    scope: Scope
    today: date

    @property
    def month(self) -> date:
        """The month that it ends in."""
        return self.scope.last.replace(day=1)

    @property
    def is_month(self) -> bool:
        """Whether it is a whole month."""
        return self.scope == replace(self.scope, first=self.month, last=last_of_month(self.month))

    def query(self, **other: Any) -> str:
        """This scope in an address, with what is other."""
        scope = self.scope
        when = (
            {"month": f"{self.month:%Y-%m}"} if self.is_month else {"first": f"{scope.first}", "last": f"{scope.last}"}
        )
        if "month" in other or "first" in other:
            when = {}
        said = when | {"area": scope.area_id, "kind": scope.kind, "technician": scope.technician_id} | other
        return urlencode({key: value for key, value in said.items() if value is not None})


def asked_in(request: Request, turn: Turn) -> Asked:
    """The scope of an address; this month, everywhere, if it does not say."""
    given, today = request.query_params, local_day(turn.now, turn.settings.zone)
    scope = month_scope(month_from(given.get("month"), today))
    first, last = _day(given.get("first")), _day(given.get("last"))
    if first and last and timedelta(0) <= last - first <= timedelta(days=366):  # a year, and a leap day
        scope = Scope(first, last)
    area, technician, kind = _id(given.get("area")), _id(given.get("technician")), given.get("kind")
    scope = replace(scope, area_id=area, kind=kind if kind in ("install", "repair") else None)
    if turn.viewer.role == "technician":
        technician = turn.viewer.technician_id
    return Asked(replace(scope, technician_id=technician), today)


def by_from(text: str | None, default: By) -> By:
    """How to cut a figure, from an address."""
    return text if text in get_args(By) else default  # type: ignore[return-value]


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year < 2200 else None


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def choices(session: Session, turn: Turn) -> dict[str, Any]:
    """What a reader may choose from: areas, and for who sees people, technicians."""
    people = technicians_seen_by(session, turn.viewer) if sees_people(turn.viewer) else []
    return {"areas": areas(session), "technicians": people, "sees_people": sees_people(turn.viewer)}


def names_of_groups(session: Session, by: By) -> dict[Any, Any]:
    """Areas or technicians by id, whether they still work or not."""
    if by == "area":
        return {one.id: one for one in session.query(Area)}
    if by == "technician":
        return {one.id: one for one in session.query(Technician)}
    return {}
