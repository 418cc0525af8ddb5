"""What is answered: who does what when, what is left out and why. Read from JSON and written to it, like a problem."""

from typing import Annotated

from pydantic import Field

from dispatch.planning.optimiser.values import Name, Seconds, Value, Window


class Stop(Value):
    """One visit in a technician's day, from the moment that work begins to its end."""

    visit: Name
    start: Seconds
    end: Seconds


class Route(Value):
    """One technician's day. `leaves` and `returns` are at the places where the day starts and ends."""

    technician: Name
    leaves: Seconds
    stops: tuple[Stop, ...]
    breaks: tuple[Window, ...] = ()
    returns: Seconds

    @property
    def visits(self) -> tuple[str, ...]:
        """The visits' ids, in order."""
        return tuple(stop.visit for stop in self.stops)


class LeftOut(Value):
    """A visit that nobody does in this plan, and why, in both languages."""

    visit: Name
    why_zh: str
    why_en: str


class Plan(Value):
    """A planned day: a route for each technician who drives, and what is left out. `cost` is its price."""

    routes: tuple[Route, ...]
    left_out: tuple[LeftOut, ...] = ()
    cost: Annotated[int, Field(ge=0)] = 0
    seed: int = 0
    iterations: Annotated[int, Field(ge=0)] = 0

    def technician_of(self) -> dict[str, str]:
        """Which technician does each planned visit."""
        return {stop.visit: route.technician for route in self.routes for stop in route.stops}
