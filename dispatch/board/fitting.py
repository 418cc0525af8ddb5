"""Does a visit fit where a hand holds it? The planner's judge says so, about the day as it stands with the visit in it.

One technician's day is laid before the judge twice, without the visit and with it: what is broken only with it is the
answer. Planned times stay as they are; the break is put where it harms least, because nobody has written it down.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from checklists.words import Words
from dispatch.accounts.viewer import Viewer
from dispatch.clock import day_bounds
from dispatch.errors import NotFound
from dispatch.planning.optimiser.constraints import BrokenRule, Planned, skills_are_there
from dispatch.planning.optimiser.judging import judge_route
from dispatch.planning.optimiser.people_and_visits import Break
from dispatch.planning.optimiser.people_and_visits import Technician as Driver
from dispatch.planning.optimiser.people_and_visits import Visit as Job
from dispatch.planning.optimiser.plan import Route, Stop
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.travel import Point, StraightLine
from dispatch.planning.optimiser.values import LONGEST
from dispatch.planning.optimiser.values import Window as Seconds
from dispatch.technicians.queries import shifts_on, technicians_seen_by
from dispatch.technicians.tables import Shift, Technician
from dispatch.visits.attention import SIGN_WORDS
from dispatch.visits.life import OCCUPYING, Status
from dispatch.visits.queries import visits_of
from dispatch.visits.tables import Visit, WorkOrder

HOME = "\u2009home"  # no place of a visit can be called this
ASSISTS = 1  # what an order asks for has no level: whoever has the skill at all may come
OVERLAPS = Words("与已有安排重叠。", "It overlaps what is planned already.")
LAYOUT = "there_is_time_to_drive"


@dataclass(frozen=True)
class Verdict:
    """Whether it fits; otherwise each broken rule by its name, with words for the dispatcher."""

    fits: bool
    broken: tuple[BrokenRule, ...] = ()

    @property
    def why(self) -> list[Words]:
        """The words, each once."""
        return list(dict.fromkeys(rule.words for rule in self.broken))


def judge_held(
    session: Session,
    viewer: Viewer,
    visit: Visit,
    technician_id: UUID,
    start: datetime,
    *,
    day: date,
    zone: ZoneInfo,
    now: datetime,
) -> Verdict:
    """What the judge says of `visit` (with its story) beginning at `start` with this technician. NotFound for nobody.

    The window told to the customer is not judged: to leave it is what moving means, and the two-hour rule sees to it.
    """
    technician = session.scalar(
        select(Technician)
        .where(Technician.id == technician_id, Technician.active)
        .options(joinedload(Technician.area), selectinload(Technician.skills))
    )
    if technician is None or not viewer.at_desk:
        raise NotFound(Words("没有这位装维人员，请重新选择。", "There is no such technician. Choose another."))
    midnight, _ = day_bounds(day, zone)
    shift = shifts_on(session, day, zone).get(technician_id)
    if shift is None:
        return Verdict(False, (BrokenRule("shift_is_kept", SIGN_WORDS["off_shift"]),))
    others = _others(session, viewer, technician_id, day, zone, but=visit.id)
    length = timedelta(minutes=visit.work_order.minutes)
    held = (start, start + length, visit)
    without = _broken(technician, shift, others, midnight, now)
    with_it = _broken(technician, shift, sorted([*others, held], key=lambda one: one[0]), midnight, now)
    known = {(rule.rule, rule.visit) for rule in without}
    return _verdict([rule for rule in with_it if (rule.rule, rule.visit) not in known], others, held)


def _verdict(broken: list[BrokenRule], others: Sequence["Stay"], held: "Stay") -> Verdict:
    """Overlapping is said as such, instead of as a way that cannot be driven."""
    if any(held[0] < end and begin < held[1] for begin, end, _ in others):
        broken = [BrokenRule(LAYOUT, OVERLAPS), *(rule for rule in broken if rule.rule != LAYOUT)]
    return Verdict(not broken, tuple(broken))


Stay = tuple[datetime, datetime, Visit]


def _others(
    session: Session, viewer: Viewer, technician_id: UUID, day: date, zone: ZoneInfo, *, but: UUID
) -> list[Stay]:
    """What else is planned for them that day, in order."""
    first, end = day_bounds(day, zone)
    rows = session.scalars(
        visits_of(viewer)
        .where(
            Visit.technician_id == technician_id,
            Visit.status.in_(OCCUPYING),
            Visit.planned_start >= first,
            Visit.planned_start < end,
            Visit.id != but,
        )
        .options(
            joinedload(Visit.work_order).joinedload(WorkOrder.customer),
            joinedload(Visit.work_order).joinedload(WorkOrder.site),
        )
        .order_by(Visit.planned_start)
    )
    return [(one.planned.start, one.planned.end, one) for one in rows if one.planned]


def _broken(
    technician: Technician, shift: Shift, stays: Sequence[Stay], midnight: datetime, now: datetime
) -> list[BrokenRule]:
    """What the judge finds in these stays, with the break where it harms least."""
    if not stays:
        return []
    problem = _problem(technician, shift, stays, midnight, now)
    driver = problem.technicians[0]
    stops = tuple(
        Stop(visit=job.id, start=_at(begin, midnight), end=_at(end, midnight))
        for job, (begin, end, _) in zip(problem.visits, stays, strict=True)
    )
    leaves = max(0, stops[0].start - problem.way(driver, driver.start, problem.visits[0].place))
    returns = min(LONGEST, stops[-1].end + problem.way(driver, problem.visits[-1].place, driver.end))
    tried = [
        judge_route(
            problem, Route(technician=driver.id, leaves=leaves, stops=stops, breaks=rests, returns=max(returns, until))
        )
        for rests, until in _rests(problem, stops, leaves, returns)
    ]
    return min(tried, key=len)


def _rests(
    problem: Problem, stops: tuple[Stop, ...], leaves: int, returns: int
) -> list[tuple[tuple[Seconds, ...], int]]:
    """Every leg on which the break could be taken, and until when the day then lasts at least."""
    rest = problem.days[problem.technicians[0].id].rest
    if rest is None:
        return [((), returns)]
    begins = [leaves, *(stop.end for stop in stops)]
    found: list[tuple[tuple[Seconds, ...], int]] = []
    for number, begin in enumerate(begins):
        at = max(begin, rest.earliest)
        last = returns + rest.length if number == len(begins) - 1 and at < returns + rest.length else returns
        found.append(((Seconds(start=min(at, LONGEST), end=min(at + rest.length, LONGEST)),), last))
    return found


def _problem(technician: Technician, shift: Shift, stays: Sequence[Stay], midnight: datetime, now: datetime) -> Problem:
    """One technician's day as the planner's format has it. Names are what the dispatcher reads in the judge's words.

    A site without coordinates is taken to be where the technician's day begins.
    """
    home = _home(technician, stays)
    points = [Point(place=HOME, latitude=home[0], longitude=home[1])]
    jobs = []
    for number, (begin, end, visit) in enumerate(stays):
        site = visit.work_order.site
        latitude, longitude = (site.latitude, site.longitude) if _placed(site.latitude, site.longitude) else home
        points.append(Point(place=str(number), latitude=latitude or 0.0, longitude=longitude or 0.0))
        begun = visit.status in (Status.ON_SITE, Status.SEALED)
        jobs.append(
            Job(
                id=f"{visit.work_order.customer.name[:60]} #{number + 1}",
                place=str(number),
                duration=int((end - begin).total_seconds()),
                windows=(Seconds(start=0, end=LONGEST),),
                kind=visit.work_order.kind,
                skills={} if begun else dict.fromkeys(visit.work_order.skills, ASSISTS),
            )
        )
    rest = _break(shift, midnight)
    driver = Driver(
        id=f"{technician.name} {technician.code}",
        shift=Seconds(start=_at(shift.starts_at, midnight), end=_at(shift.ends_at, midnight)),
        start=HOME,
        end=HOME,
        skills={one.skill: one.level for one in technician.skills},
        breaks=(rest,) if rest else (),
    )
    del now  # what lies in the past is refused by the verbs, and what has begun is no matter of judging
    return Problem(technicians=(driver,), visits=tuple(jobs), travel=StraightLine(points=tuple(points)))


def _break(shift: Shift, midnight: datetime) -> Break | None:
    if shift.lunch_from is None or shift.lunch_until is None or not shift.lunch_minutes:
        return None
    first, length = _at(shift.lunch_from, midnight), shift.lunch_minutes * 60
    return Break(earliest=first, latest=max(first, _at(shift.lunch_until, midnight) - length), length=length)


def _placed(latitude: float | None, longitude: float | None) -> bool:
    """Whether both are there and lie where the planner looks."""
    return latitude is not None and longitude is not None and abs(latitude) <= 85 and abs(longitude) <= 180


def _home(technician: Technician, stays: Sequence[Stay]) -> tuple[float, float]:
    """Where the day begins: their own start, else the area's centre, else the first site."""
    sites = [(visit.work_order.site.latitude, visit.work_order.site.longitude) for _, _, visit in stays]
    areas = [(technician.area.latitude, technician.area.longitude)] if technician.area else []
    for latitude, longitude in [(technician.start_latitude, technician.start_longitude), *areas, *sites]:
        if _placed(latitude, longitude):
            assert latitude is not None
            assert longitude is not None
            return latitude, longitude
    return 0.0, 0.0


def _at(instant: datetime, midnight: datetime) -> int:
    """Seconds after midnight, inside what the planner counts."""
    return max(0, min(LONGEST, int((instant - midnight).total_seconds())))


def unable_crew(
    session: Session, viewer: Viewer, visit: Visit, *, day: date, zone: ZoneInfo, now: datetime
) -> dict[UUID, list[Words]]:
    """Who cannot take the visit on `day` at whatever time, and why: no shift, or a skill that is missing."""
    midnight, _ = day_bounds(day, zone)
    shifts = shifts_on(session, day, zone)
    found: dict[UUID, list[Words]] = {}
    for technician in technicians_seen_by(session, viewer):
        shift = shifts.get(technician.id)
        if shift is None:
            found[technician.id] = [SIGN_WORDS["off_shift"]]
            continue
        if set(visit.work_order.skills) <= {one.skill for one in technician.skills}:
            continue  # nothing for the judge to say
        stay = (shift.starts_at, shift.starts_at + timedelta(minutes=visit.work_order.minutes), visit)
        problem = _problem(technician, shift, [stay], midnight, now)
        stop = Stop(visit=problem.visits[0].id, start=0, end=0)
        route = Route(technician=problem.technicians[0].id, leaves=0, stops=(stop,), returns=0)
        planned = Planned(problem, problem.days[route.technician], route, ((stop, problem.visits[0]),))
        if broken := [words for _, words in skills_are_there(planned)]:
            found[technician.id] = broken
    return found
