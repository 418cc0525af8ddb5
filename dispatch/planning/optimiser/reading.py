"""Problems and plans from JSON, with refusals that name the item and say what is wrong with it."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, TypeVar

from pydantic import ValidationError

from checklists.words import Words
from dispatch.errors import Invalid
from dispatch.planning.optimiser.people_and_visits import Technician, Visit, allowed_windows
from dispatch.planning.optimiser.plan import Plan
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.values import Value, both

MOST_BYTES = 400_000_000
Read = TypeVar("Read", bound=Value)


class BadProblem(Invalid):
    """The problem cannot be planned as it stands; the words name the item."""

    name = "bad-planning-problem"
    title = Words("排程数据有误", "The planning data are wrong")


def read_problem(text: str | bytes) -> Problem:
    """A problem from JSON, checked whole. Raises `BadProblem`."""
    problem = _read(Problem, text)
    _refuse_twice_named(text)
    for words in faults(problem):
        raise BadProblem(words)
    return problem


def read_plan(text: str | bytes) -> Plan:
    """A plan from JSON, searched or made by hand. Raises `BadProblem`; the judge says whether it is any good."""
    return _read(Plan, text)


def problem_schema() -> dict[str, Any]:
    """The published JSON Schema of problems."""
    return Problem.model_json_schema()


def plan_schema() -> dict[str, Any]:
    """The published JSON Schema of plans."""
    return Plan.model_json_schema()


def _read(shape: type[Read], text: str | bytes) -> Read:
    check_size(len(text))
    try:
        return shape.model_validate_json(text)
    except ValidationError as wrong:
        raise BadProblem(_about(wrong, text)) from None


def check_size(size: int) -> None:
    """Refuse a file of so many bytes before it is read. Raises `BadProblem`."""
    if size > MOST_BYTES:
        raise BadProblem(
            both(
                "文件过大（{size:,} 字节，最多 {most:,}），请按片区拆分后再排程。",
                "The file is too big ({size:,} bytes; at most {most:,}). Split it by area and plan each.",
                size=size,
                most=MOST_BYTES,
            )
        )


def _refuse_twice_named(text: str | bytes) -> None:
    """Refuse an item that says the same field twice: which of the two was meant, nobody can tell."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        item = dict(pairs)
        if len(item) < len(pairs):
            field = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
            named = item.get("id") or item.get("place")
            where = f"{field[:120]} ({str(named)[:120]})" if named is not None else field[:120]
            raise BadProblem(both("{where} 写了两次。", "{where} is said twice.", where=where))
        return item

    json.loads(text, object_pairs_hook=once)


def _about(wrong: ValidationError, text: str | bytes) -> Words:
    """The first fault, by the path to it and the id of the item that it is in."""
    first = wrong.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return both("不是有效的 JSON：{why}", "This is not valid JSON: {why}", why=str(first["ctx"]["error"]))
    where = ".".join(str(part) for part in first["loc"]) or "JSON"
    named = _id_on_the_way(first["loc"], text)
    if named:
        where = f"{where} ({named})"
    more = wrong.error_count() - 1
    words = both("{where} 有误：{why}", "{where} is wrong: {why}", where=where, why=first["msg"])
    if more:
        words = both("{words}（另有 {more} 处）", "{words} (and {more} more)", words=words, more=more)
    return words


def _id_on_the_way(path: tuple[int | str, ...], text: str | bytes) -> str:
    """The id of the innermost item with one, so that a person need not count."""
    named = ""
    try:
        item = json.loads(text)
        for part in path:
            item = item[part]
            if isinstance(item, dict) and isinstance(item.get("id"), str):
                named = item["id"][:120]
    except (KeyError, IndexError, TypeError, ValueError, RecursionError):
        pass
    return named


def faults(problem: Problem) -> Iterator[Words]:
    """Everything that makes a well-formed problem impossible to plan, item by item."""
    yield from _twice(Words("技术人员", "technician"), (one.id for one in problem.technicians))
    yield from _twice(Words("上门", "visit"), (one.id for one in problem.visits))
    known_skills = {skill for technician in problem.technicians for skill in technician.skills}
    for technician in problem.technicians:
        yield from _technician_faults(problem, technician)
    for visit in problem.visits:
        yield from _visit_faults(problem, visit, known_skills)
    yield from _pin_faults(problem)
    steps = [step.late for step in problem.prices.late]
    if any(after <= before for before, after in pairwise(steps)):
        yield both(
            "prices.late：各级迟到时间须依次递增，却是 {steps}。",
            "prices.late: each step must be later than the one before, not {steps}.",
            steps=steps,
        )


def _twice(what: Words, ids: Iterable[str]) -> Iterator[Words]:
    for name, count in Counter(ids).items():
        if count > 1:
            yield both(
                "{what} {name} 出现了 {n} 次。", "{what} {name} is there {n} times.", what=what, name=name, n=count
            )


def _technician_faults(problem: Problem, one: Technician) -> Iterator[Words]:
    facts = {"id": one.id}
    for place in (one.start, one.end):
        if place not in problem.place_numbers:
            yield both(
                "技术人员 {id}：路程表中没有地点 {place}。",
                "Technician {id}: the travel table has no place {place}.",
                place=place,
                **facts,
            )
    if one.shift.end <= one.shift.start:
        yield both("技术人员 {id}：班次没有时长。", "Technician {id}: the shift has no length.", **facts)
    if len(one.breaks) > 1:
        yield both(
            "技术人员 {id}：每班目前只能安排一次休息，请合并。",
            "Technician {id}: only one break a shift can be planned so far. Join them into one.",
            **facts,
        )
    for rest in one.breaks:
        begins = max(rest.earliest, one.shift.start)
        if rest.latest < begins or begins + rest.length > one.shift.end + one.overtime:
            yield both(
                "技术人员 {id}：休息时段放不进班次 {shift}。",
                "Technician {id}: the break does not fit into the shift {shift}.",
                shift=one.shift,
                **facts,
            )


def _visit_faults(problem: Problem, one: Visit, known_skills: set[str]) -> Iterator[Words]:
    def fault(zh: str, en: str, **facts: object) -> Words:
        return both("上门 {id}：" + zh, "Visit {id}: " + en, id=one.id, **facts)

    if one.place not in problem.place_numbers:
        yield fault("路程表中没有地点 {place}。", "the travel table has no place {place}.", place=one.place)
    for skill in one.skills:
        if skill not in known_skills:
            yield fault(
                "没有任何技术人员具备技能 {skill}，请检查名称。",
                "no technician at all has the skill {skill}. Check its name.",
                skill=skill,
            )
    people = [("preferred", one.preferred), ("told", one.told), ("pin", one.pin.technician if one.pin else None)]
    people += [("excluded", name) for name in one.excluded]
    for field, name in people:
        if name is not None and name not in problem.technicians_by_id:
            yield fault(
                "{field} 中的技术人员 {name} 不存在。",
                "{field} names {name}, who is no technician here.",
                field=field,
                name=name,
            )
    if one.persons > 1:
        yield fault(
            "暂不支持两人同时上门，请拆成两次。", "visits of two persons cannot be planned yet. Make it two visits."
        )
    if one.after is not None:
        yield fault(
            "暂不支持先后顺序（after），请用时间窗分开。",
            "ordered pairs (after) cannot be planned yet. Part them by windows.",
        )
    pinned_start = one.pin is not None and one.pin.begun is None and one.pin.start is not None
    if pinned_start and not allowed_windows(one, problem.now):
        yield fault(
            "固定的开始时间不在约定时段内或已过去。", "the pinned start is outside the window, or already past."
        )


def _pin_faults(problem: Problem) -> Iterator[Words]:
    for day in problem.days.values():
        pins = [visit.pin for visit in day.first if visit.pin is not None]
        begun = [pin for pin in pins if pin.begun is not None]
        if len(begun) > 1:
            yield both(
                "技术人员 {id} 同时有 {n} 个已开始的上门。",
                "Technician {id} has begun {n} visits at once.",
                id=day.technician.id,
                n=len(begun),
            )
        if any(pin.start is None for pin in begun):
            yield both(
                "技术人员 {id}：已开始的上门必须写明 start。",
                "Technician {id}: a visit that has begun must say its start.",
                id=day.technician.id,
            )
        orders = [pin.order for pin in pins if pin.begun is None]
        if orders != list(range(1, len(orders) + 1)):
            yield both(
                "技术人员 {id}：固定顺序必须是 1、2、3……不重复、不间断。",
                "Technician {id}: pinned orders must run 1, 2, 3 without gap or repetition.",
                id=day.technician.id,
            )
