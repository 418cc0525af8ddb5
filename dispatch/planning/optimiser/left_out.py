"""Why a visit is left out: the first reason that would have to change, in words for the dispatcher."""

from collections.abc import Sequence

from checklists.words import Words
from dispatch.planning.optimiser.people_and_visits import Technician, Visit, allowed_windows
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.values import both


def why_left_out(problem: Problem, visit: Visit, fitting: Sequence[str]) -> Words:
    """The reason; `fitting` are the technicians into whose planned day the visit would still fit, price aside."""
    windows = allowed_windows(visit, problem.now)
    if not windows:
        return both(
            "它的时段已经过去，请与客户另约时间。", "Its windows are over. Agree on another time with the customer."
        )
    skilled = [one for one in problem.technicians if _is_able(one, visit)]
    skills = "、".join(sorted(visit.skills))
    if not skilled:
        return both(
            "当天没有人具备 {skills} 所需等级。",
            "Nobody that day has {skills} at the level asked.",
            skills=skills or "-",
        )
    welcome = [one for one in skilled if one.id not in visit.excluded and _keeps_pin(one, visit)]
    if not welcome:
        return both(
            "有能力的人都被排除或已固定给他人。",
            "Everybody able to do it is excluded, or it is pinned to someone else.",
        )
    stocked = [one for one in welcome if _holds_parts(one, visit)]
    if not stocked:
        parts = "、".join(sorted(visit.parts))
        return both("没有哪辆车备有所需的 {parts}。", "No van holds what it needs of {parts}.", parts=parts)
    if fitting:
        return both(
            "可由 {who} 上门，但绕路或换人的代价高于不排；需要时请手工指派。",
            "{who} could take it, but that costs more than leaving it out. Assign it by hand if need be.",
            who="、".join(fitting[:3]),
        )
    when = "、".join(map(str, windows))
    if skills:
        return both(
            "会 {skills} 的人在 {when} 都没有空（{n} 人）。",
            "No one with {skills} is free in {when} (of {n}).",
            skills=skills,
            when=when,
            n=len(stocked),
        )
    return both("{when} 没有人有空（{n} 人）。", "No one is free in {when} (of {n}).", when=when, n=len(stocked))


def _is_able(technician: Technician, visit: Visit) -> bool:
    return all(technician.skills.get(skill, 0) >= level for skill, level in visit.skills.items())


def _keeps_pin(technician: Technician, visit: Visit) -> bool:
    return visit.pin is None or visit.pin.technician == technician.id


def _holds_parts(technician: Technician, visit: Visit) -> bool:
    stock = technician.stock
    return stock is None or all(stock.get(part, 0) >= count for part, count in visit.parts.items())
