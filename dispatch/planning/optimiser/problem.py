"""What is asked: one day, as a frozen value.

Read from JSON with `reading.read_problem`, written with `model_dump_json`; the schema that other programs may rely on
is `reading.problem_schema()`.
"""

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from dispatch.planning.optimiser.days import Day, day_of_each
from dispatch.planning.optimiser.people_and_visits import Prices, Technician, Visit
from dispatch.planning.optimiser.travel import Travel, at_speed
from dispatch.planning.optimiser.values import Seconds, Value


class Problem(Value):
    """A day to be planned. `now`: nothing that has not begun may begin before it."""

    version: Literal[1] = 1
    technicians: Annotated[tuple[Technician, ...], Field(min_length=1, max_length=5_000)]
    visits: Annotated[tuple[Visit, ...], Field(max_length=40_000)]
    travel: Travel
    prices: Prices = Prices()
    now: Seconds = 0

    @cached_property
    def place_numbers(self) -> dict[str, int]:
        """Number of each place in the travel table."""
        return {place: number for number, place in enumerate(self.travel.places)}

    @cached_property
    def technicians_by_id(self) -> dict[str, Technician]:
        """Technicians by their id."""
        return {technician.id: technician for technician in self.technicians}

    @cached_property
    def visits_by_id(self) -> dict[str, Visit]:
        """Visits by their id."""
        return {visit.id: visit for visit in self.visits}

    def way(self, technician: Technician, origin: str, destination: str) -> int:
        """Seconds that this technician needs from one place to another."""
        numbers = self.place_numbers
        return at_speed(self.travel.between(numbers[origin], numbers[destination]), technician.speed)

    @cached_property
    def days(self) -> dict[str, Day]:
        """Each technician's day as it can still be, by id."""
        return day_of_each(self)
