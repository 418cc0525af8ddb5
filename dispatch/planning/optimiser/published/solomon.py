"""Vehicle routing with time windows as Solomon (1987) and Gehring and Homberger (1999) published it.

A name; VEHICLE with NUMBER and CAPACITY; CUSTOMER with a table of number, x, y, demand, ready time, due date, service
time, the depot as number 0. Blanks, blank lines and line ends may be any. Vehicles become technicians who hold the
capacity as a part; due dates are walls; to leave a customer out costs more than any detour.
"""

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
from dispatch.planning.optimiser.values import DEAREST, Window

MOST_CUSTOMERS = 2_900
MOST_VEHICLES = 5_000
MOST_LOAD = 1_000_000
DETOURS = 20  # longest ways that one would rather drive than leave a customer out
LOAD = "load"

TABLE = Words("客户表 CUSTOMER", "the table CUSTOMER")
FLEET = Words("车辆数与载重 VEHICLE", "the part VEHICLE with number and capacity")
X, Y = Words("横坐标", "the x coordinate"), Words("纵坐标", "the y coordinate")
DEMAND, READY = Words("需求量", "the demand"), Words("最早时间", "the ready time")
DUE, SERVICE = Words("最迟时间", "the due date"), Words("服务时间", "the service time")


@dataclass(frozen=True)
class Customer:
    """One row of the table, in units of the file."""

    line: int
    at: tuple[float, float]
    demand: int
    ready: float
    due: float
    service: float


def read_solomon(text: str, *, measure: Measure = Measure.double, vehicles: int | None = None) -> Published:
    """An instance from its text, with `vehicles` instead of the file's number if given. Raises `BadProblem`.

    Vehicles that drive cost nothing by themselves: the price is the distance alone.
    """
    lines = Lines(text)
    name = "" if lines.peek().upper().startswith("VEHICLE") else lines.take(FLEET)[1]
    lines.skip_to("VEHICLE", FLEET)
    line, row = lines.take(FLEET)
    if row.upper().startswith("NUMBER"):
        line, row = lines.take(FLEET)
    words = row.split()
    if len(words) != 2:
        raise BadLine(line, "应为两个数：车辆数与载重。", "two numbers are needed here: vehicles and capacity.")
    count = whole(line, words[0], Words("车辆数", "the number of vehicles"), 1, MOST_VEHICLES)
    capacity = whole(line, words[1], Words("载重", "the capacity"), 1, MOST_LOAD)
    lines.skip_to("CUSTOMER", TABLE)
    if lines.peek().upper().startswith("CUST"):
        lines.take(TABLE)
    return _made(name, _customers(lines), vehicles or count, capacity, measure)


def _customers(lines: Lines) -> list[Customer]:
    customers: list[Customer] = []
    for line, row in lines.rest():
        words = row.split()
        if len(words) != 7:
            raise BadLine(
                line, "客户行应有七个数，却有 {n} 个。", "a customer has seven numbers, not {n}.", n=len(words)
            )
        given = whole(line, words[0], Words("客户编号", "the customer's number"))
        if given != len(customers):
            raise BadLine(
                line,
                "客户编号应从 0 起依次为 0、1、2……此处应为 {due}，却是 {given}。",
                "customers are numbered 0, 1, 2 and so on; here {due} is due, not {given}.",
                due=len(customers),
                given=given,
            )
        if given > MOST_CUSTOMERS:
            raise BadLine(line, "客户最多 {n} 个。", "there can be at most {n} customers.", n=MOST_CUSTOMERS)
        customers.append(_customer(line, words))
    if len(customers) < 2:
        lines.take(Words("客户（至少仓库与一个客户）", "a customer (the depot and one more at least)"))
    return customers


def _customer(line: int, words: list[str]) -> Customer:
    ready, due = number(line, words[4], READY), number(line, words[5], DUE)
    if due < ready:
        raise BadLine(
            line,
            "最迟时间 {due:g} 早于最早时间 {ready:g}。",
            "the due date {due:g} is before the ready time {ready:g}.",
            due=due,
            ready=ready,
        )
    at = number(line, words[1], X, least=-1e6, most=1e6), number(line, words[2], Y, least=-1e6, most=1e6)
    return Customer(line, at, whole(line, words[3], DEMAND, 0, MOST_LOAD), ready, due, number(line, words[6], SERVICE))


def _made(name: str, customers: list[Customer], vehicles: int, capacity: int, measure: Measure) -> Published:
    depot = customers[0]
    if depot.due <= depot.ready:
        raise BadLine(depot.line, "仓库的时间窗没有时长。", "the depot's window has no length.")
    points = [one.at for one in customers]
    longest = longest_way(points)
    unit = unit_for(measure, max(max(one.due, one.service) for one in customers), longest)
    names = [str(place) for place in range(len(customers))]
    shift = Window(start=later(depot.ready, unit), end=sooner(depot.due, unit))
    problem = Problem(
        technicians=tuple(
            Technician(id=f"vehicle-{n}", shift=shift, start="0", end="0", stock={LOAD: capacity})
            for n in range(1, vehicles + 1)
        ),
        visits=tuple(_visit(place, one, unit) for place, one in zip(names[1:], customers[1:], strict=True)),
        travel=table_of(measure, unit, names, points),
        prices=Prices(left_out=(min(DEAREST, round(DETOURS * (longest + 1) * unit)),), broken_word=0),
    )
    return Published(name[:120], "solomon", problem, unit, measure, dict(zip(names, points, strict=True)), {})


def _visit(place: str, one: Customer, unit: int) -> Visit:
    return Visit(
        id=place,
        place=place,
        duration=later(one.service, unit),
        windows=(window_of(one.line, one.ready, one.due, unit),),
        parts={LOAD: one.demand} if one.demand else {},
        priority=1,
    )
