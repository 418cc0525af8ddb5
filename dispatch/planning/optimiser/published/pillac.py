"""Technicians with skills, tools and spare parts as Pillac, Guéret and Medaglia (2012) published them.

A name; a heading, the names of four numbers and these: crew, skills, tools, kinds of spare parts; a heading and the
names of columns; then rows of number, x, y, start and end of the window, service time, skills, tools, spare parts:
first the depot as 0, then each technician's home (the window is the shift), then the requests. Skills and tools are the
numbers of those that are there or needed (`[0,3]`), spare parts are how many of each kind (`[0,2,0,0,1]`). Instances
with a table instead of points end with DISTANCES, a row of numbers parted by semicolons for each point.

Tools stay, parts are used up. In the literature the depot may be visited at any time for all tools and any parts; here
whoever wants them goes there first (`depot_first`): each technician is there twice, and `settling` decides on one.
"""

import re
from dataclasses import dataclass

from checklists.words import Words
from dispatch.planning.optimiser.people_and_visits import Prices, Technician, Visit
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.published.lines import BadLine, Lines, number, whole
from dispatch.planning.optimiser.published.measuring import (
    Measure,
    Published,
    later,
    longest_way,
    sooner,
    table_of,
    unit_for,
    window_of,
)
from dispatch.planning.optimiser.travel import TravelTable
from dispatch.planning.optimiser.values import DEAREST, Window

MOST_CREW, MOST_KINDS, MOST_REQUESTS = 1_000, 500, 2_000
MOST_PARTS = 1_000_000
DETOURS = 20  # longest ways that one would rather drive than leave a request out
VIA_DEPOT = "+depot"

HEAD = Words("人数、技能、工具与备件数", "the line with crew, skills, tools and spare parts")
ROWS = Words("仓库、人员与任务表", "the table of depot, technicians and requests")


@dataclass(frozen=True)
class Row:
    """One row of the table, in units of the file: the depot, a technician's home, or a request."""

    line: int
    at: tuple[float, float]
    start: float
    end: float
    service: float
    skills: tuple[int, ...]
    tools: tuple[int, ...]
    parts: tuple[int, ...]


def read_pillac(text: str, *, measure: Measure = Measure.double, depot_first: bool = True) -> Published:
    """An instance from its text. Raises `BadProblem`. Only instances with points, not those with a table of ways."""
    lines = Lines(text)
    name = lines.take(HEAD)[1]
    counts = _counts(lines)
    rows = _rows(lines, counts)
    return _made(name[:120], rows[0], rows[1 : counts[0] + 1], rows[counts[0] + 1 :], measure, depot_first)


def _counts(lines: Lines) -> tuple[int, int, int, int]:
    line, row = lines.take(HEAD)
    while not row.lstrip("+-")[:1].isdigit():
        line, row = lines.take(HEAD)
    words = row.split()
    if len(words) != 4:
        raise BadLine(
            line,
            "应为四个数：人数、技能数、工具数、备件种数。",
            "four numbers are needed here: crew, skills, tools, kinds of spare parts.",
        )
    crew = whole(line, words[0], Words("人数", "the crew"), 1, MOST_CREW)
    kinds = [whole(line, word, HEAD, 0, MOST_KINDS) for word in words[1:]]
    return crew, kinds[0], kinds[1], kinds[2]


def _rows(lines: Lines, counts: tuple[int, int, int, int]) -> list[Row]:
    rows: list[Row] = []
    while lines.left() and not lines.peek()[0].isdigit():
        lines.take(ROWS)
    for line, text in lines.rest():
        if text.upper().startswith(("DISTANCES", "TRAVEL")):
            raise BadLine(
                line,
                "暂不支持自带距离表的文件，请使用带坐标的文件。",
                "files with a table of distances cannot be read yet. Use those with coordinates.",
            )
        rows.append(_row(line, text, len(rows), counts))
        if len(rows) > 1 + counts[0] + MOST_REQUESTS:
            raise BadLine(line, "任务最多 {n} 个。", "there can be at most {n} requests.", n=MOST_REQUESTS)
    if len(rows) < counts[0] + 2:
        lines.take(
            Words(f"{counts[0]} 名人员与至少一个任务", f"a row for each of {counts[0]} technicians and a request")
        )
    return rows


def _row(line: int, text: str, due: int, counts: tuple[int, int, int, int]) -> Row:
    head, *sets = re.split(r"(?=[\[{])", text)
    words = head.split()
    if len(words) != 6 or len(sets) != 3:
        raise BadLine(
            line,
            "应为六个数与三组括号：技能、工具、备件。",
            "six numbers and three brackets are needed here: skills, tools, spare parts.",
        )
    given = whole(line, words[0], Words("编号", "the number"))
    if given != due:
        raise BadLine(
            line,
            "编号应从 0 起依次递增，此处应为 {due}，却是 {given}。",
            "rows are numbered 0, 1, 2 and so on; here {due} is due, not {given}.",
            due=due,
            given=given,
        )
    x, y = (number(line, word, Words("坐标", "a coordinate"), -1e6, 1e6) for word in words[1:3])
    start, end, service = (number(line, word, Words("时间", "a time")) for word in words[3:6])
    if end < start:
        raise BadLine(
            line,
            "时间窗 {start:g}–{end:g} 先后颠倒。",
            "the window {start:g} to {end:g} ends before it starts.",
            start=start,
            end=end,
        )
    skills, tools, parts = (
        _numbers(line, one, what)
        for one, what in zip(
            sets, (Words("技能", "skills"), Words("工具", "tools"), Words("备件", "spare parts")), strict=True
        )
    )
    for what, known, used in ((Words("技能", "skill"), counts[1], skills), (Words("工具", "tool"), counts[2], tools)):
        for one in used:
            if one >= known:
                raise BadLine(
                    line,
                    "没有{what} {one}，编号应小于 {known}。",
                    "there is no {what} {one}; numbers run below {known}.",
                    what=what,
                    one=one,
                    known=known,
                )
    if parts and len(parts) != counts[3]:
        raise BadLine(
            line,
            "备件应有 {due} 个数，却有 {n} 个。",
            "spare parts need {due} numbers, not {n}.",
            due=counts[3],
            n=len(parts),
        )
    return Row(line, (x, y), start, end, service, skills, tools, parts)


def _numbers(line: int, text: str, what: Words) -> tuple[int, ...]:
    inner = text.strip().lstrip("[{").rstrip("]}")
    return tuple(whole(line, word, what, 0, MOST_PARTS) for word in re.split(r"[,;\s]+", inner.strip()) if word)


def _made(
    name: str, depot: Row, crew: list[Row], requests: list[Row], measure: Measure, depot_first: bool
) -> Published:
    rows = [depot, *crew, *requests]
    points = {str(place): row.at for place, row in enumerate(rows)}
    longest = 2 * longest_way([row.at for row in rows])  # home to depot to request
    unit = unit_for(measure, max(max(row.end, row.service) for row in rows), longest)
    table = table_of(measure, unit, list(points), list(points.values()))
    everything = max(1, max((max(row.parts, default=0) for row in rows), default=1)) * len(rows)
    people: list[Technician] = []
    via: dict[str, tuple[tuple[float, float], ...]] = {}
    tools = sorted({one for row in rows for one in row.tools})
    for place, home in enumerate(crew, start=1):
        people.append(_technician(str(place), home, unit, home.tools, home.parts))
        if depot_first:
            stocked = _technician(f"{place}{VIA_DEPOT}", home, unit, tuple(tools), (everything,) * _kinds(rows))
            people.append(stocked.model_copy(update={"start": stocked.id, "end": str(place)}))
            points[stocked.id] = home.at
            via[stocked.id] = (depot.at,)
    if depot_first:
        table = _with_detours(table, len(crew))
    problem = Problem(
        technicians=tuple(people),
        visits=tuple(_visit(str(1 + len(crew) + n), row, unit) for n, row in enumerate(requests)),
        travel=table,
        prices=Prices(left_out=(min(DEAREST, round(DETOURS * (longest + 1) * unit)),), broken_word=0),
    )
    return Published(name, "pillac", problem, unit, measure, points, via)


def _kinds(rows: list[Row]) -> int:
    return max(len(row.parts) for row in rows)


def _technician(id: str, home: Row, unit: int, tools: tuple[int, ...], parts: tuple[int, ...]) -> Technician:
    start, end = later(home.start, unit), sooner(home.end, unit)
    if end <= start:
        raise BadLine(home.line, "人员的班次没有时长。", "the technician's shift has no length.")
    skills = {f"skill-{one}": 1 for one in home.skills} | {f"tool-{one}": 1 for one in tools}
    stock = {f"part-{kind}": count for kind, count in enumerate(parts)}
    return Technician(id=id, shift=Window(start=start, end=end), start=id, end=id, skills=skills, stock=stock)


def _visit(id: str, row: Row, unit: int) -> Visit:
    return Visit(
        id=id,
        place=id,
        duration=later(row.service, unit),
        windows=(window_of(row.line, row.start, row.end, unit),),
        skills={f"skill-{one}": 1 for one in row.skills} | {f"tool-{one}": 1 for one in row.tools},
        parts={f"part-{kind}": count for kind, count in enumerate(row.parts) if count},
        priority=1,
    )


def _with_detours(table: TravelTable, crew: int) -> TravelTable:
    """A further place for each technician, at home; every way from it leads by the depot, number 0."""
    ways, size = table.seconds, len(table.places)
    back = tuple(row + tuple(row[home] for home in range(1, crew + 1)) for row in ways)
    out = tuple(
        tuple(ways[home][0] + ways[0][other] for other in range(size))
        + tuple(0 if one == home else ways[home][0] + ways[0][one] for one in range(1, crew + 1))
        for home in range(1, crew + 1)
    )
    names = tuple(f"{home}{VIA_DEPOT}" for home in range(1, crew + 1))
    return TravelTable(places=table.places + names, seconds=back + out)
