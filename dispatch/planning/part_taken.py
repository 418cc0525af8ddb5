"""What comes of a proposal when only a part of it is taken up: which parts cannot stand without the rest. Pure."""

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import pairwise

from checklists.words import Words
from dispatch.planning.optimiser.constraints import BrokenRule
from dispatch.planning.optimiser.judging import judge_route
from dispatch.planning.optimiser.plan import Route, Stop
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.values import DAY, Window
from dispatch.planning.proposal import Change, Proposal, Spot

TOGETHER = Words(
    "单独采纳这一项行不通（{why}）。请与同一人员的其他变动一并采纳，或重新排程。",
    "By itself this does not work ({why}). Take it up with the other changes of that technician, or plan again.",
)


def torn(problem: Problem, proposal: Proposal, chosen: Collection[str], midnight: datetime) -> dict[str, Words]:
    """Those of the `chosen` visits that cannot be taken up without others that were not chosen, and why.

    A technician's day is judged as it would then be; what is broken in it already binds nobody.
    """
    changes = {change.visit: change for change in proposal.changes}
    left, found = set(chosen), dict[str, Words]()
    while True:
        new = _torn_now(problem, proposal, changes, left, midnight)
        if not new:
            return found
        found |= new
        left -= new.keys()


def _torn_now(
    problem: Problem, proposal: Proposal, changes: Mapping[str, Change], chosen: set[str], midnight: datetime
) -> dict[str, Words]:
    with_them = _days(problem, proposal, changes, chosen, midnight)
    without = _days(problem, proposal, changes, set(), midnight)
    found: dict[str, Words] = {}
    for visit in sorted(chosen):
        after = changes[visit].after
        if after is None or after.technician is None or after.technician not in problem.technicians_by_id:
            continue
        broken = _broken(problem, after.technician, with_them)
        known = {(one.rule, one.visit) for one in _broken(problem, after.technician, without)}
        new = [one for one in broken if (one.rule, one.visit) not in known]
        if new:
            words = new[0].words
            found[visit] = Words(TOGETHER.zh.format(why=words.zh), TOGETHER.en.format(why=words.en))
    return found


def _days(
    problem: Problem, proposal: Proposal, changes: Mapping[str, Change], chosen: set[str], midnight: datetime
) -> dict[str, list[Stop]]:
    """Everybody's stops, in order of time, when the `chosen` changes are made and the others are not."""
    found: dict[str, list[Stop]] = {one.id: [] for one in problem.technicians}
    for route in proposal.plan.routes:
        for stop in route.stops:
            if stop.visit not in changes or stop.visit in chosen:
                found[route.technician].append(stop)
    for visit, change in changes.items():
        spot = change.before
        if visit not in chosen and spot is not None and spot.technician in found:
            found[spot.technician].append(_stop(visit, spot, midnight))
    return {who: sorted(stops, key=lambda one: (one.start, one.visit)) for who, stops in found.items()}


def _stop(visit: str, spot: Spot, midnight: datetime) -> Stop:
    start, end = (max(0, int((moment - midnight).total_seconds())) for moment in (spot.start, spot.end))
    return Stop(visit=visit, start=start, end=end)


def _broken(problem: Problem, technician: str, days: Mapping[str, list[Stop]]) -> list[BrokenRule]:
    return judge_route(problem, route_of(problem, technician, days[technician]))


def route_of(problem: Problem, technician: str, stops: list[Stop]) -> Route:
    """The day of these stops, leaving as late as may be; lunch goes into the first gap that holds it."""
    day = problem.days[technician]
    if not stops:
        return Route(technician=technician, leaves=day.opens, stops=(), returns=day.opens)
    places = [day.start, *(problem.visits_by_id[stop.visit].place for stop in stops), day.end]
    ways = [problem.way(day.technician, one, other) for one, other in pairwise(places)]
    leaves, returns, rests = day.opens, stops[-1].end + ways[-1], tuple[Window, ...]()
    begins = [leaves, *(stop.end for stop in stops)]
    ends = [*(stop.start for stop in stops), 2 * DAY]
    if day.rest is not None:
        for leg, (begin, end, way) in enumerate(zip(begins, ends, ways, strict=True)):
            start = max(begin, day.rest.earliest)
            if start > day.rest.latest or max(begin + way, day.rest.earliest) + day.rest.length > end:
                continue
            rests = (Window(start=start, end=start + day.rest.length),)
            if leg == len(stops):
                returns = max(begin + way, day.rest.earliest) + day.rest.length
            break
    return Route(technician=technician, leaves=leaves, stops=tuple(stops), breaks=rests, returns=returns)
