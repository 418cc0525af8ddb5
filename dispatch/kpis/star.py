"""The standings of a month from the rows, for supervisors; and who the star is, for everybody."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import SYSTEM
from dispatch.care.complaints.tables import Complaint, ComplaintRound
from dispatch.care.return_calls.tables import ReturnCall
from dispatch.clock import local_day
from dispatch.errors import Forbidden
from dispatch.kpis.definitions import BY_KEY
from dispatch.kpis.queries import Measured, grouped, measured
from dispatch.kpis.scope import Scope, month_scope, sees_people
from dispatch.kpis.star_rules import WEIGHTS, Count, Person, Standing, is_final, standings, stars
from dispatch.kpis.tables import figure_rows
from dispatch.technicians.tables import Technician

STAR_FIGURES = tuple(BY_KEY[key] for key in WEIGHTS)


@dataclass(frozen=True)
class Month:
    """A month's standings; `final` when time alone will not change them any more."""

    first: date
    final: bool
    standings: list[Standing]

    @property
    def stars(self) -> list[Standing]:
        """In the first place."""
        return stars(self.standings)


@dataclass(frozen=True)
class Named:
    """Who the star is, as it is published: names, and nothing of anybody else."""

    first: date
    final: bool
    names: tuple[str, ...]


def month_of_stars(turn: Turn, month: date) -> Month:
    """All standings of a month, for supervisors."""
    if not sees_people(turn.viewer):
        raise Forbidden
    return _reckoned(turn, month)


def published_star(turn: Turn, month: date) -> Named:
    """Who the star of a month is. Published when it is final, to everybody who works here."""
    found = _reckoned(turn, month)
    return Named(found.first, found.final, tuple(one.person.name for one in found.stars) if found.final else ())


def own_standing(turn: Turn, month: date) -> Standing | None:
    """The viewer's own standing with its place, without anybody else's; None for who has no visits that month."""
    mine = turn.viewer.technician_id
    return next((one for one in _reckoned(turn, month).standings if one.person.id == mine), None) if mine else None


def _reckoned(turn: Turn, month: date) -> Month:
    session, today, scope = turn.session, local_day(turn.now, turn.settings.zone), month_scope(month)
    house = measured(session, SYSTEM, scope, today=today, figures=STAR_FIGURES)
    each = grouped(session, SYSTEM, scope, "technician", today=today, figures=STAR_FIGURES)
    known = {one.id: one for one in session.scalars(select(Technician).where(Technician.id.in_(set(each) - {None})))}
    demanded, complained = _demanded(session, scope), _complained(session, scope)
    people = [
        Person(
            id,
            known[id].name,
            known[id].code,
            {key: count_of(one) for key, one in cells.items()},
            demanded.get(id, 0),
            complained.get(id, 0),
        )
        for id, cells in each.items()
        if id in known and cells["on_time"].cases
    ]
    ranked = standings(people, {key: count_of(one) for key, one in house.items()})
    return Month(scope.first, is_final(scope.first, today), ranked)


def count_of(one: Measured) -> Count:
    """A figure as the star's rules want it: what was reached, of what could be."""
    low, high = one.figure.scale
    hits = (one.total - low * one.cases) / (high - low)
    return Count(hits if one.figure.better == "high" else one.cases - hits, one.cases)


def _demanded(session: Session, scope: Scope) -> dict[UUID, int]:
    """Return calls about visits of these days in which the customer told of something demanded or accepted."""
    rows = figure_rows.c
    query = (
        select(rows.technician_id, func.count())
        .join(ReturnCall, ReturnCall.visit_id == rows.id)
        .where(rows.of == "visit", rows.day.between(f"{scope.first}", f"{scope.last}"), ReturnCall.demanded.is_(True))
    )
    return {row[0]: row[1] for row in session.execute(query.group_by(rows.technician_id))}


def _complained(session: Session, scope: Scope) -> dict[UUID, int]:
    """Complaints registered in these days whose cause was last found to be somebody's conduct; withdrawn ones not."""
    rows = figure_rows.c
    found = (
        select(ComplaintRound.complaint_id)
        .where(
            ComplaintRound.complaint_id == Complaint.id,
            ComplaintRound.round == Complaint.appeals + 1,
            ComplaintRound.cause.startswith("conduct."),
        )
        .exists()
    )
    query = (
        select(rows.technician_id, func.count())
        .join(Complaint, Complaint.id == rows.id)
        .where(
            rows.of == "complaint",
            rows.day.between(f"{scope.first}", f"{scope.last}"),
            Complaint.state != "withdrawn",
            found,
        )
    )
    return {row[0]: row[1] for row in session.execute(query.group_by(rows.technician_id))}
