"""The judge: one function a rule, in plain Python; says what any plan breaks, searched or dragged by hand.

Each rule takes one technician's day as planned and yields what is broken, with words for the dispatcher. `broken_rules`
asks them all. A plan that nothing is said about may be carried out as it stands.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from checklists.words import Words
from dispatch.planning.optimiser.days import Day
from dispatch.planning.optimiser.people_and_visits import Visit, duration
from dispatch.planning.optimiser.plan import Route, Stop
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.values import both, clock


@dataclass(frozen=True)
class BrokenRule:
    """One rule that a plan breaks: its name, where, and what to tell the dispatcher."""

    rule: str
    words: Words
    technician: str | None = None
    visit: str | None = None


@dataclass(frozen=True)
class Planned:
    """One technician's planned day beside what is asked: what the rules look at."""

    problem: Problem
    day: Day
    route: Route
    stops: tuple[tuple[Stop, Visit], ...]

    def about(self, visit: Visit | None, zh: str, en: str, **facts: object) -> tuple[Visit | None, Words]:
        """Words about this technician (`{who}`) and perhaps a visit (`{what}`)."""
        return visit, both(zh, en, who=self.day.technician.id, what=visit.id if visit else "", **facts)


Broken = Iterator[tuple[Visit | None, Words]]


def _has_begun(visit: Visit) -> bool:
    return visit.pin is not None and visit.pin.begun is not None


def skills_are_there(planned: Planned) -> Broken:
    """Whoever comes can do what is asked, at the level asked."""
    for _, visit in planned.stops:
        for skill, level in visit.skills.items():
            has = planned.day.technician.skills.get(skill, 0)
            if has < level and not _has_begun(visit):
                yield planned.about(
                    visit,
                    "{what} 需要 {skill} 第 {level} 级，{who} 不具备。",
                    "{what} needs {skill} at level {level}; {who} does not have it.",
                    skill=skill,
                    level=level,
                )


def excluded_technician_stays_away(planned: Planned) -> Broken:
    """Nobody comes whom the customer does not want again."""
    for _, visit in planned.stops:
        if planned.day.technician.id in visit.excluded and not _has_begun(visit):
            yield planned.about(visit, "{what} 不接受 {who} 上门。", "{who} must not go to {what}.")


def pinned_technician_is_kept(planned: Planned) -> Broken:
    """What a dispatcher gave to a technician, or what a technician has begun, stays with them."""
    for _, visit in planned.stops:
        if visit.pin is not None and visit.pin.technician != planned.day.technician.id:
            yield planned.about(
                visit,
                "{what} 已固定给 {pinned}，不能由 {who} 上门。",
                "{what} is pinned to {pinned}; {who} cannot take it.",
                pinned=visit.pin.technician,
            )


def pinned_order_is_kept(planned: Planned) -> Broken:
    """What has begun comes first, then what was put in order, in that order."""
    done = [visit.id for _, visit in planned.stops]
    for place, visit in enumerate(planned.day.first):
        if visit.id in done and done.index(visit.id) != place:
            yield planned.about(
                visit, "{what} 必须是 {who} 的第 {n} 个上门。", "{what} must be visit number {n} of {who}.", n=place + 1
            )
        elif visit.id not in done and done:
            yield planned.about(
                visit, "{what} 固定在 {who} 名下，却没有排入。", "{what} is pinned to {who} in order, yet not planned."
            )


def pinned_start_is_kept(planned: Planned) -> Broken:
    """A visit with a pinned start begins at that second."""
    for stop, visit in planned.stops:
        if visit.pin is not None and visit.pin.start is not None and stop.start != visit.pin.start:
            yield planned.about(
                visit,
                "{what} 固定在 {pinned} 开始，计划却是 {start}。",
                "{what} is pinned to begin at {pinned}, not {start}.",
                pinned=clock(visit.pin.start),
                start=clock(stop.start),
            )


def promised_window_is_kept(planned: Planned) -> Broken:
    """The window that a customer was told is a wall."""
    for stop, visit in planned.stops:
        if visit.promised is not None and not _has_begun(visit) and not visit.promised.holds(stop.start):
            yield planned.about(
                visit,
                "已告知客户 {window} 上门（{what}），计划却是 {start}。",
                "The customer of {what} was told {window}; the plan says {start}.",
                window=visit.promised,
                start=clock(stop.start),
            )


def window_is_kept(planned: Planned) -> Broken:
    """A visit without a promise begins inside one of its windows."""
    for stop, visit in planned.stops:
        free = visit.promised is not None or _has_begun(visit)
        if not free and not any(window.holds(stop.start) for window in visit.windows):
            yield planned.about(
                visit,
                "{what} 只能在 {windows} 开始，计划却是 {start}。",
                "{what} may begin in {windows}; the plan says {start}.",
                windows="、".join(map(str, visit.windows)),
                start=clock(stop.start),
            )


def nothing_begins_in_the_past(planned: Planned) -> Broken:
    """What has not begun begins now or later."""
    for stop, visit in planned.stops:
        if not _has_begun(visit) and stop.start < planned.problem.now:
            yield planned.about(
                visit,
                "{what} 的开始时间 {start} 已经过去。",
                "{what} begins at {start}: that is past.",
                start=clock(stop.start),
            )


def visit_gets_its_time(planned: Planned) -> Broken:
    """A visit is planned as long as this technician needs for it."""
    for stop, visit in planned.stops:
        needs = duration(planned.day.technician, visit)
        if stop.end - stop.start != needs:
            yield planned.about(
                visit,
                "{what} 由 {who} 需要 {needs} 秒，计划给了 {given} 秒。",
                "{who} needs {needs} s for {what}; the plan gives {given} s.",
                needs=needs,
                given=stop.end - stop.start,
            )


def _legs(planned: Planned) -> Iterator[tuple[Visit | None, int, int, int]]:
    """Each way of the day: to which visit (None: home), when it may begin, when it is over, how long it is.

    None at all when nothing is planned: then nobody drives.
    """
    if not planned.stops:
        return iter(())
    places = [planned.day.start, *(visit.place for _, visit in planned.stops), planned.day.end]
    ways = [planned.problem.way(planned.day.technician, one, other) for one, other in pairwise(places)]
    begins = [planned.route.leaves, *(stop.end for stop, _ in planned.stops)]
    ends = [*(stop.start for stop, _ in planned.stops), planned.route.returns]
    visits = [*(visit for _, visit in planned.stops), None]
    return iter(list(zip(visits, begins, ends, ways, strict=True)))


def there_is_time_to_drive(planned: Planned) -> Broken:
    """Between two visits there is time for the way, and for the breaks taken on it."""
    for visit, begins, ends, way in _legs(planned):
        resting = sum(
            rest.end - rest.start for rest in planned.route.breaks if begins <= rest.start and rest.end <= ends
        )
        if ends - begins < way + resting:
            yield planned.about(
                visit,
                "{who} 在 {begins} 到 {ends} 之间来不及赶到{target}：路程和休息需要 {needs} 秒。",
                "{who} cannot make the way to {target_en} between {begins} and {ends}: way and break take {needs} s.",
                target=f" {visit.id}" if visit else "收工地点",
                target_en=visit.id if visit else "the end of the day",
                begins=clock(begins),
                ends=clock(ends),
                needs=way + resting,
            )


def break_is_taken(planned: Planned) -> Broken:
    """The technician rests once, in full, in the break's window, and not while at a customer's."""
    rest, breaks = planned.day.rest, planned.route.breaks
    if rest is None or not planned.stops:
        return
    if len(breaks) != 1:
        yield planned.about(
            None, "{who} 应休息一次，计划有 {n} 次。", "{who} must have one break; the plan has {n}.", n=len(breaks)
        )
        return
    taken = breaks[0]
    if not rest.earliest <= taken.start <= rest.latest:
        yield planned.about(
            None,
            "{who} 的休息须在 {earliest} 至 {latest} 之间开始，计划是 {start}。",
            "The break of {who} must begin from {earliest} to {latest}; the plan says {start}.",
            earliest=clock(rest.earliest),
            latest=clock(rest.latest),
            start=clock(taken.start),
        )
    if taken.end - taken.start < rest.length:
        yield planned.about(
            None, "{who} 的休息不足 {length} 秒。", "The break of {who} is shorter than {length} s.", length=rest.length
        )
    if not any(begins <= taken.start and taken.end <= ends for _, begins, ends, _ in _legs(planned)):
        yield planned.about(None, "{who} 的休息与上门重叠。", "The break of {who} overlaps a visit.")


def shift_is_kept(planned: Planned) -> Broken:
    """Nobody leaves before the shift or comes home after it and the overtime that may be asked."""
    if not planned.stops:
        return
    if planned.route.leaves < planned.day.opens:
        yield planned.about(
            None,
            "{who} 在 {opens} 之前不能出发。",
            "{who} cannot leave before {opens}.",
            opens=clock(planned.day.opens),
        )
    if planned.route.returns > planned.day.closes:
        yield planned.about(
            None,
            "{who} 最晚 {closes} 收工，计划是 {returns}。",
            "{who} must be back by {closes}; the plan says {returns}.",
            closes=clock(planned.day.closes),
            returns=clock(planned.route.returns),
        )


def parts_suffice(planned: Planned) -> Broken:
    """The van holds the kit and parts of the whole day."""
    stock = planned.day.technician.stock
    if stock is None:
        return
    needed: Counter[str] = Counter()
    for _, visit in planned.stops:
        needed.update(visit.parts)
    for part, count in sorted(needed.items()):
        if count > stock.get(part, 0):
            yield planned.about(
                None,
                "{who} 当天需要 {part} {count} 件，车上只有 {has} 件。",
                "{who} needs {count} of {part} that day; the van holds {has}.",
                part=part,
                count=count,
                has=stock.get(part, 0),
            )


RULES: tuple[Callable[[Planned], Broken], ...] = (
    skills_are_there,
    excluded_technician_stays_away,
    pinned_technician_is_kept,
    pinned_order_is_kept,
    pinned_start_is_kept,
    promised_window_is_kept,
    window_is_kept,
    nothing_begins_in_the_past,
    visit_gets_its_time,
    there_is_time_to_drive,
    break_is_taken,
    shift_is_kept,
    parts_suffice,
)
