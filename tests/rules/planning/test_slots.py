"""A window is offered exactly if somebody's day can take the visit in it; the cheapest of all comes first."""

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.planning.optimiser.costs import price_route
from dispatch.planning.optimiser.judging import judge_route
from dispatch.planning.optimiser.made_days import HOUR, made_day
from dispatch.planning.optimiser.people_and_visits import Visit
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.searching import search
from dispatch.planning.optimiser.slots import Offer, SlotFinder
from dispatch.planning.optimiser.timing import orders_of, timed
from dispatch.planning.optimiser.travel import Point, StraightLine
from dispatch.planning.optimiser.values import Window
from tests.rules.planning.chance_problems import problems, windows
from tests.rules.planning.made_problems import a_plan, a_problem, a_technician, a_visit, at, between


def cheapest_by_the_judge(problem: Problem, wish: Visit, orders: dict[str, list[str]]) -> int | None:
    """The price of the cheapest place for `wish`, by trying each place and asking the judge."""
    asked = problem.model_copy(update={"visits": (*problem.visits, wish)})
    found: list[int] = []
    for technician in problem.technicians:
        visits = orders.get(technician.id, [])
        before = timed(asked, technician.id, visits)
        if judge_route(asked, before):
            continue
        for gap in range(len(visits) + 1):
            route = timed(asked, technician.id, [*visits[:gap], wish.id, *visits[gap:]])
            if not judge_route(asked, route):
                found.append(price_route(asked, route).total - price_route(asked, before).total)
    return min(found, default=None)


@settings(max_examples=150, deadline=None)
@given(problems(most_visits=8), st.lists(windows(), min_size=1, max_size=3, unique=True))
def test_a_window_is_offered_exactly_if_the_judge_finds_a_place(problem: Problem, asked: list[Window]) -> None:
    fair = problem.prices.model_copy(update={"unfairness": 0})
    *planned, wish = problem.visits
    wish = wish.model_copy(update={"pin": None, "promised": None})
    problem = problem.model_copy(update={"prices": fair, "visits": tuple(planned)})
    plan = search(problem, iterations=20)
    orders = {technician: list(visits) for technician, visits in orders_of(plan).items()}
    offers = SlotFinder({"today": (problem, plan)}).offers(wish, asked)
    assert [one.price for one in offers] == sorted(one.price for one in offers)
    for window in asked:
        inside = wish.model_copy(update={"id": "wish", "windows": (window,)})
        best = cheapest_by_the_judge(problem, inside, orders)
        assert [one.price for one in offers if one.window == window] == ([] if best is None else [best])


def test_days_are_ranked_together_and_a_changed_day_is_asked_anew() -> None:
    problem = a_problem((a_visit("v", place="20", windows=(between(at(9), at(9)),)),), (a_technician(),))
    empty, full = a_plan(without=("v",)), search(problem, iterations=5)
    finder = SlotFinder({"monday": (problem, empty), "tuesday": (problem, full)})
    wish = a_visit("wish", place="20")
    morning, noon = between(at(9), at(10)), between(at(12), at(13))
    assert finder.offers(wish, [morning, noon]) == [
        Offer("tuesday", morning, "wang", 0),
        Offer("tuesday", noon, "wang", 0),
        Offer("monday", morning, "wang", 2_400),
        Offer("monday", noon, "wang", 2_400),
    ]
    finder.replace("tuesday", problem, empty)
    assert {one.price for one in finder.offers(wish, [noon])} == {2_400}


def test_a_new_customers_home_need_not_be_known_before() -> None:
    problem = made_day(6, 30, 2)
    plan = search(problem, iterations=200)
    finder = SlotFinder({"today": (problem, plan)})
    travel = problem.travel
    assert isinstance(travel, StraightLine)
    asked = [Window(start=hour * HOUR, end=(hour + 2) * HOUR) for hour in (8, 10, 12, 14, 16)]
    spot = travel.points[20]
    known = a_visit("wish", place=spot.place, skills={})
    new = Point(place="new", latitude=spot.latitude, longitude=spot.longitude)
    offers = finder.offers(known.model_copy(update={"place": "new"}), asked, new)
    assert offers == finder.offers(known, asked)
    assert offers
