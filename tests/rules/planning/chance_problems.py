"""Small problems by chance, with everything that a rule about time or price can trip over."""

from hypothesis import strategies as st

from dispatch.planning.optimiser.people_and_visits import Break, LateStep, Pin, Prices, Technician, Visit
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.travel import TravelTable
from dispatch.planning.optimiser.values import Window

PLACES = tuple("abcdefgh")
ODD = st.integers(0, 40)  # small whole numbers, so that borders are met often
SKILLS = ("fibre", "voice")


@st.composite
def windows(draw: st.DrawFn, latest: int = 40, longest: int = 15) -> Window:
    start = draw(st.integers(0, latest))
    return Window(start=start, end=start + draw(st.integers(0, longest)))


@st.composite
def technicians(draw: st.DrawFn, number: int) -> Technician:
    start, length, overtime = draw(st.integers(0, 15)), draw(st.integers(10, 60)), draw(st.sampled_from([0, 0, 8]))
    breaks: tuple[Break, ...] = ()
    if draw(st.booleans()):
        earliest = start + draw(st.integers(0, length - 5))
        breaks = (Break(earliest=earliest, latest=earliest + draw(st.integers(0, 15)), length=draw(st.integers(1, 5))),)
    return Technician(
        id=f"t{number}",
        shift=Window(start=start, end=start + length),
        start=draw(st.sampled_from(PLACES)),
        end=draw(st.sampled_from(PLACES)),
        skills={skill: draw(st.integers(1, 3)) for skill in SKILLS if draw(st.integers(0, 3))},
        breaks=breaks,
        areas=("north",) if draw(st.booleans()) else (),
        overtime=overtime,
        overtime_price=draw(st.sampled_from([None, 5])),
        stock=draw(st.sampled_from([None, {"ont": 2}, {}])),
        speed=draw(st.sampled_from([100, 100, 60, 130])),
        pace=draw(st.sampled_from([{}, {"install": 150}])),
    )


@st.composite
def visits(draw: st.DrawFn, number: int, people: tuple[str, ...]) -> Visit:
    several = draw(st.lists(windows(), min_size=1, max_size=3))
    pin = None
    if draw(st.integers(0, 5)) == 0:
        pin = Pin(technician=draw(st.sampled_from(people)), start=draw(st.sampled_from([None, several[0].start])))
    return Visit(
        id=f"v{number}",
        place=draw(st.sampled_from(PLACES)),
        duration=draw(st.integers(0, 9)),
        windows=tuple(several),
        kind=draw(st.sampled_from(["install", "repair"])),
        skills={skill: draw(st.integers(1, 3)) for skill in SKILLS if not draw(st.integers(0, 3))},
        priority=draw(st.integers(1, 4)),
        deadline=draw(st.sampled_from([None, None, 10, 25])),
        preferred=draw(st.sampled_from([None, *people])),
        excluded=tuple(one for one in people if not draw(st.integers(0, 6))),
        parts={"ont": 1} if draw(st.booleans()) else {},
        area=draw(st.sampled_from([None, "north"])),
        promised=draw(windows()) if not draw(st.integers(0, 5)) and pin is None else None,
        pin=pin,
        told=draw(st.sampled_from([None, *people])),
    )


PRICES = st.builds(
    Prices,
    travel=st.integers(0, 3),
    left_out=st.just((400, 200, 100)),
    broken_word=st.just(500),
    not_area_owner=st.integers(0, 9),
    not_preferred=st.integers(0, 9),
    changed_technician=st.integers(0, 9),
    overtime=st.integers(0, 3),
    late=st.sampled_from([(), (LateStep(late=0, price=1),), (LateStep(late=0, price=1), LateStep(late=5, price=4))]),
    unfairness=st.sampled_from([0, 0, 500]),
)


@st.composite
def problems(draw: st.DrawFn, most_visits: int = 7) -> Problem:
    """Up to two technicians; ways that keep no triangle's rule; windows, breaks and shifts that hardly fit."""
    people = tuple(f"t{number}" for number in range(draw(st.integers(1, 2))))
    begun = draw(st.integers(0, 4)) == 0
    asked = [draw(visits(number, people)) for number in range(draw(st.integers(1, most_visits)))]
    if begun:
        facts = Pin(technician="t0", start=draw(st.integers(0, 20)), begun="on_site")
        asked[0] = asked[0].model_copy(update={"pin": facts, "promised": None})
    ways = draw(st.lists(st.lists(st.integers(0, 9), min_size=8, max_size=8), min_size=8, max_size=8))
    return Problem(
        technicians=tuple(draw(technicians(number)) for number in range(len(people))),
        visits=tuple(asked),
        travel=TravelTable(
            places=PLACES,
            seconds=tuple(tuple(0 if a == b else ways[a][b] for b in range(8)) for a in range(8)),
        ),
        prices=draw(PRICES),
        now=draw(st.sampled_from([0, 0, 12])),
    )
