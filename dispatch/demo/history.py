"""Lines with a past: installed months ago, some repaired since, so that health files have something to say."""

from datetime import datetime, time, timedelta

from checklists.definition import Kind
from dispatch.demo.acting import Stage
from dispatch.demo.city import QUARTERS
from dispatch.demo.day import at_the_door
from dispatch.demo.on_site import HEALTHY, WEAKER, Light
from dispatch.demo.orders import Household, a_household
from dispatch.demo.people import Person
from dispatch.visits.windows import Window

STORIES: tuple[tuple[tuple[int, Kind, Light], ...], ...] = (
    ((212, "install", HEALTHY), (64, "repair", WEAKER), (11, "repair", WEAKER)),
    ((180, "install", HEALTHY), (45, "repair", HEALTHY)),
    ((151, "install", HEALTHY), (33, "repair", WEAKER)),
    ((96, "install", HEALTHY),),
    ((61, "install", HEALTHY),),
    ((23, "install", HEALTHY),),
)
"""For each line: how many days ago, what, and how the line was left."""


def live_through(stage: Stage, people: list[Person], now: datetime) -> list[Household]:
    """Play the stories; returns the households, the one with the longest story first."""
    households: list[Household] = []
    for number, (story, person) in enumerate(zip(STORIES, people, strict=True)):
        quarter = QUARTERS[number % len(QUARTERS)]
        household = a_household(stage.chance, person, quarter, 500 + number)
        technician = stage.crew.by_area[quarter.zh][0]
        for days, kind, light in story:
            day = now.astimezone(stage.settings.zone).date() - timedelta(days=days)
            nine = datetime.combine(day, time(9, 0), stage.settings.zone)
            window = Window(nine, nine + timedelta(hours=2))
            trouble = 0 if kind == "repair" else None
            told = household.told(
                stage.chance, kind, f"H{day:%y%m%d}-{number:02d}", nine - timedelta(hours=22), trouble
            )
            visit = stage.book(stage.take_in(told), window, nine - timedelta(hours=18), technician.id, window.start)
            stage.visit(visit, at_the_door(stage, window, window.start), now, light)
        households.append(household)
    return households
