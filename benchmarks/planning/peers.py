"""The engines that we are compared with, each given the day in the best form that it can express.

Each answers with orders: technician -> visits in order. What an engine cannot express is made good afterwards by
`finishing.finish`, the same for all.
"""

import time
from datetime import timedelta
from itertools import pairwise

import numpy as np

from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.search.crew import FORBIDDEN
from dispatch.planning.optimiser.search.numbers import Numbers, numbers_of

Orders = dict[str, list[str]]


def by_vroom(problem: Problem, seconds: float, threads: int = 1) -> Orders:
    """VROOM: skills, several windows and breaks as its own; owners as a cost matrix for each technician."""
    import vroom

    numbers = numbers_of(problem)
    told = vroom.Input()
    skills = sorted({skill for one in problem.visits for skill in one.skills})
    number_of = {skill: number + 1 for number, skill in enumerate(skills)}
    for k, technician in enumerate(problem.technicians):
        profile = f"p{k}"
        told.set_durations_matrix(profile=profile, matrix_input=numbers.travel[numbers.speed[k]].astype(np.uint32))
        told.set_costs_matrix(profile=profile, matrix_input=_priced(numbers, k, 100_000).astype(np.uint32))
        day = problem.days[technician.id]
        rest = day.rest
        told.add_vehicle(
            vroom.Vehicle(
                k,
                start=int(numbers.start[k]),
                end=int(numbers.end[k]),
                profile=profile,
                skills={number_of[skill] for skill in technician.skills if skill in number_of},
                time_window=vroom.TimeWindow(int(numbers.opens[k]), int(numbers.closes[k])),
                breaks=[]
                if rest is None
                else [vroom.Break(k, time_windows=[vroom.TimeWindow(rest.earliest, rest.latest)], service=rest.length)],
            )
        )
    dearest = max(numbers.left_out.max(initial=1), 1)
    for v, visit in enumerate(problem.visits):
        told.add_job(
            vroom.Job(
                v,
                v,
                default_service=int(numbers.service[v, 0]),
                skills={number_of[skill] for skill in visit.skills},
                priority=max(1, int(100 * numbers.left_out[v] // dearest)),
                time_windows=[
                    vroom.TimeWindow(int(start), int(end))
                    for start, end in numbers.windows[v, : numbers.window_count[v]]
                ],
            )
        )
    answer = told.solve(exploration_level=5, nb_threads=threads, timeout=timedelta(seconds=seconds))
    orders: Orders = {one.id: [] for one in problem.technicians}
    for row in answer.routes.itertuples():
        if row.type == "job":
            orders[problem.technicians[int(row.vehicle_id)].id].append(problem.visits[int(row.id)].id)
    return orders


def by_pyvrp(problem: Problem, seconds: float, seed: int = 1) -> Orders:
    """PyVRP: prizes as its own; owners and skills as distances; several windows as alternatives of which one is done.

    It cannot say "lunch anywhere in a window", so the shift ends earlier by the break's length and the break is put in
    afterwards.
    """
    import pyvrp

    numbers = numbers_of(problem)
    visits = len(problem.visits)
    locations = [pyvrp.Location(0, 0) for _ in range(numbers.travel.shape[1])]
    clients, groups, whose = [], [], []
    for v in range(visits):
        count = int(numbers.window_count[v])
        group = None
        if count > 1:
            group = len(groups)
            groups.append((list(range(len(clients), len(clients) + count)), False))
        for start, end in numbers.windows[v, :count]:
            clients.append(
                pyvrp.Client(
                    v,
                    service_duration=int(numbers.service[v, 0]),
                    tw_early=int(start),
                    tw_late=int(end),
                    prize=int(numbers.left_out[v]),
                    required=False,
                    group=group,
                )
            )
            whose.append(v)
    depots = [pyvrp.Depot(node) for node in range(visits, len(locations))]
    types = [
        pyvrp.VehicleType(
            1,
            start_depot=int(numbers.start[k]) - visits,
            end_depot=int(numbers.end[k]) - visits,
            tw_early=int(numbers.opens[k]),
            tw_late=int(numbers.closes[k] - numbers.break_length[k]),
            profile=k,
        )
        for k in range(len(problem.technicians))
    ]
    data = pyvrp.ProblemData(
        locations,
        clients,
        depots,
        types,
        [_priced(numbers, k, 1_000_000) for k in range(len(types))],
        [numbers.travel[numbers.speed[k]].astype(np.int64) for k in range(len(types))],
        [pyvrp.ClientGroup(members, required) for members, required in groups],
    )
    until = time.process_time() + seconds
    answer = pyvrp.solve(data, lambda _: time.process_time() >= until, seed=seed, collect_stats=False, display=False)
    orders: Orders = {one.id: [] for one in problem.technicians}
    for route in answer.best.routes():
        done = [whose[activity.idx] for activity in route if activity.is_client()]
        orders[problem.technicians[route.vehicle_type()].id] = [problem.visits[v].id for v in done]
    return orders


def by_pyvrp_alike(problem: Problem, seconds: float, seed: int = 1) -> Orders:
    """PyVRP at its best: technicians who are all alike are one type of vehicle, loads its own, nobody may be left out.

    For published instances: one window each, no breaks, at most one kind of part.
    """
    import pyvrp

    numbers = numbers_of(problem)
    if not numbers.like_before[1:].all() or numbers.has_break.any() or numbers.needs.shape[1] > 1:
        raise ValueError("technicians differ, rest or carry several kinds of parts")
    visits, loads = len(problem.visits), numbers.needs.shape[1]
    clients = [
        pyvrp.Client(
            v,
            delivery=[int(numbers.needs[v, 0])] if loads else [],
            service_duration=int(numbers.service[v, 0]),
            tw_early=int(numbers.windows[v, 0, 0]),
            tw_late=int(numbers.windows[v, 0, 1]),
        )
        for v in range(visits)
    ]
    fleet = pyvrp.VehicleType(
        len(problem.technicians),
        capacity=[int(numbers.stock[0, 0])] if loads else [],
        tw_early=int(numbers.opens[0]),
        tw_late=int(numbers.closes[0]),
    )
    ways = numbers.travel[0].astype(np.int64)
    locations = [pyvrp.Location(0, 0) for _ in range(ways.shape[0])]
    data = pyvrp.ProblemData(locations, clients, [pyvrp.Depot(visits)], [fleet], [ways], [ways])
    until = time.process_time() + seconds
    answer = pyvrp.solve(data, lambda _: time.process_time() >= until, seed=seed, collect_stats=False, display=False)
    routes = [[problem.visits[one.idx].id for one in route if one.is_client()] for route in answer.best.routes()]
    return {technician.id: route for technician, route in zip(problem.technicians, routes, strict=False)}


def by_or_tools(problem: Problem, seconds: float) -> Orders:
    """OR-Tools: skills as allowed vehicles, penalties, several windows, breaks and owners as its own.

    No orders when it finds no plan. Stops by the wall clock. Cheapest insertion first, then guided local search, as its
    makers advise.
    """
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    numbers = numbers_of(problem)
    visits, people = len(problem.visits), range(len(problem.technicians))
    index = pywrapcp.RoutingIndexManager(
        numbers.travel.shape[1], len(people), numbers.start.tolist(), numbers.end.tolist()
    )
    model = pywrapcp.RoutingModel(index)
    passing = []
    for k in people:
        taken = numbers.travel[numbers.speed[k]].astype(np.int64)
        taken[:visits] += numbers.service[:, k].astype(np.int64)[:, None]
        passing.append(model.RegisterTransitMatrix(taken.tolist()))
        model.SetArcCostEvaluatorOfVehicle(model.RegisterTransitMatrix(_priced(numbers, k, 100_000).tolist()), k)
    latest = int(numbers.closes.max())
    model.AddDimensionWithVehicleTransits(passing, latest, latest, False, "time")
    clock, solver = model.GetDimensionOrDie("time"), model.solver()
    for k, technician in enumerate(problem.technicians):
        opens, closes = int(numbers.opens[k]), int(numbers.closes[k])
        clock.CumulVar(model.Start(k)).SetRange(opens, closes)
        clock.CumulVar(model.End(k)).SetRange(opens, closes)
        rest = problem.days[technician.id].rest
        if rest is not None:
            begins = solver.FixedDurationIntervalVar(rest.earliest, rest.latest, rest.length, False, f"break {k}")
            served = [0] * visits + [0] * (numbers.travel.shape[1] - visits)
            served[:visits] = numbers.service[:, k].tolist()
            at_each = [served[index.IndexToNode(one)] if one < model.Size() else 0 for one in range(model.Size())]
            clock.SetBreakIntervalsOfVehicle([begins], k, at_each)
    for v in range(visits):
        one, count = index.NodeToIndex(v), int(numbers.window_count[v])
        windows = numbers.windows[v, :count]
        begins = clock.CumulVar(one)
        begins.SetRange(int(windows[0, 0]), int(windows[-1, 1]))
        for before, after in pairwise(windows):
            begins.RemoveInterval(int(before[1]) + 1, int(after[0]) - 1)
        able = [k for k in people if numbers.assign[v, k] < FORBIDDEN]
        model.VehicleVar(one).SetValues([-1, *able])  # -1: nobody; SetAllowedVehiclesForIndex refuses lists in 9.15
        model.AddDisjunction([one], int(numbers.left_out[v]))
    how = pywrapcp.DefaultRoutingSearchParameters()
    how.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    how.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    how.time_limit.FromMilliseconds(int(seconds * 1_000))
    answer = model.SolveWithParameters(how)
    orders: Orders = {one.id: [] for one in problem.technicians}
    for k, technician in enumerate(problem.technicians) if answer is not None else ():
        at = answer.Value(model.NextVar(model.Start(k)))
        while not model.IsEnd(at):
            orders[technician.id].append(problem.visits[index.IndexToNode(at)].id)
            at = answer.Value(model.NextVar(at))
    return orders


def _priced(numbers: Numbers, k: int, forbidden: int) -> np.ndarray:
    """The matrix of prices for technician k: the way, and what it costs that they do the visit at its end."""
    visits = numbers.assign.shape[0]
    prices = numbers.travel[numbers.speed[k]].astype(np.int64) * numbers.travel_price
    own = numbers.assign[:, k].astype(np.int64)
    prices[:, :visits] += np.where(own >= FORBIDDEN, forbidden, own)[None, :]
    np.fill_diagonal(prices, 0)
    return prices
