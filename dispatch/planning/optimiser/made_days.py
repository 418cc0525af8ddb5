"""Made-up days for benchmarks, tests and warming up: the same seed makes the same day on every machine.

A square city, homes and visits partly in clusters, 35 km/h and two minutes to park; three shifts of 8.5 hours with a
half-hour lunch that begins from 11:30 to 13:30; six skills; visits of 20 minutes to 2 hours in windows of one, two or
four hours or any time of the day, some with two windows; each home is owned by the technician who lives nearest.
"""

import numpy as np

from dispatch.planning.optimiser.people_and_visits import Break, Prices, Technician, Visit
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.travel import METRES_A_DEGREE, Point, StraightLine
from dispatch.planning.optimiser.values import Window

HOUR = 3_600
SKILLS = ("broadband", "fibre_splicing", "in_house_wiring", "router_setup", "iptv", "voice")
LUNCH = Break(earliest=int(11.5 * HOUR), latest=int(13.5 * HOUR), length=HOUR // 2)
SHIFTS = ((8 * HOUR, int(16.5 * HOUR)), (7 * HOUR, int(15.5 * HOUR)), (10 * HOUR, int(18.5 * HOUR)))
HAS_SKILL = (1.0, 0.7, 0.6, 0.5, 0.4, 0.3)
OPENS, CLOSES = 8, 18  # hours between which windows lie


def made_day(technicians: int, visits: int, seed: int) -> Problem:
    """A day of a city of this size."""
    chance = np.random.default_rng(seed)
    side = 20_000 * (technicians / 10) ** 0.5  # metres
    centres = chance.uniform(0.1 * side, 0.9 * side, (max(2, technicians // 8), 2))
    homes = _scattered(chance, technicians, side, centres, 0.5)
    sites = _scattered(chance, visits, side, centres, 0.6)
    points = tuple(
        Point(place=name, latitude=round(y / METRES_A_DEGREE, 6), longitude=round(x / METRES_A_DEGREE, 6))
        for name, (x, y) in [(f"home-{number}", at) for number, at in enumerate(homes)]
        + [(f"site-{number}", at) for number, at in enumerate(sites)]
    )
    people = tuple(_technician(chance, number) for number in range(technicians))
    nearest = [int(((homes - site) ** 2).sum(axis=1).argmin()) for site in sites]
    return Problem(
        technicians=people,
        visits=tuple(_visit(chance, number, nearest[number]) for number in range(visits)),
        travel=StraightLine(points=points, road_factor=1.3, kilometres_an_hour=35, parking=120),
        prices=Prices(),
    )


def _scattered(
    chance: np.random.Generator, count: int, side: float, centres: np.ndarray, clustered: float
) -> np.ndarray:
    """Places in metres, shape (count, 2); a part of them around the centres."""
    places = chance.uniform(0, side, (count, 2))
    near = chance.random(count) < clustered
    around = centres[chance.integers(0, len(centres), int(near.sum()))]
    places[near] = np.clip(around + chance.normal(0, 2_500, around.shape), 0, side)
    return places


def _technician(chance: np.random.Generator, number: int) -> Technician:
    start, end = SHIFTS[int(chance.choice(3, p=[0.5, 0.3, 0.2]))]
    return Technician(
        id=f"t{number}",
        shift=Window(start=start, end=end),
        start=f"home-{number}",
        end=f"home-{number}",
        skills={skill: 2 for skill, share in zip(SKILLS, HAS_SKILL, strict=True) if chance.random() < share},
        breaks=(LUNCH,),
        areas=(f"area-{number}",),
    )


def _visit(chance: np.random.Generator, number: int, owner: int) -> Visit:
    kind = chance.random()
    asked = [0]
    if kind >= 0.5:
        wanted = 1 if kind < 0.85 else 2
        asked = [
            int(one) for one in chance.choice(np.arange(1, 6), wanted, replace=False, p=[0.3, 0.25, 0.2, 0.15, 0.1])
        ]
    minutes = float(np.clip(chance.lognormal(np.log(40), 0.45), 20, 120))
    hours = int(chance.choice([1, 2, 4, 10], p=[0.1, 0.4, 0.4, 0.1]))
    starts = [OPENS] if hours == 10 else [int(chance.choice(np.arange(OPENS, CLOSES - hours)))]
    if hours <= 2 and chance.random() < 0.2:
        other = int(chance.choice(np.arange(OPENS, CLOSES - hours)))
        if abs(other - starts[0]) > hours:
            starts.append(other)
    length = 9 if hours == 10 else hours
    return Visit(
        id=f"v{number}",
        place=f"site-{number}",
        duration=round(minutes / 5) * 300,
        windows=tuple(Window(start=start * HOUR, end=(start + length) * HOUR) for start in sorted(starts)),
        skills={SKILLS[one]: 1 for one in asked},
        priority=int(chance.choice([1, 2, 3], p=[0.1, 0.3, 0.6])),
        area=f"area-{owner}",
    )
