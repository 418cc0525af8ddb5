"""Instances of the literature in the published format of Solomon (1987) and Gehring and Homberger (1999), as problems.

Distances by the convention of the DIMACS challenge: cut to one decimal; here a unit of time or way is a tenth. Vehicles
are technicians who hold the capacity as a part; to leave a customer out costs more than any way.
"""

import math

from dispatch.planning.optimiser.people_and_visits import Prices, Technician, Visit
from dispatch.planning.optimiser.problem import Problem
from dispatch.planning.optimiser.travel import TravelTable
from dispatch.planning.optimiser.values import Window

TENTHS = 10
LEFT_OUT = 1_000_000


def read_published(text: str) -> Problem:
    """A problem from one instance's text. Raises ValueError when the text is not in that format."""
    rows = [line.split() for line in text.splitlines() if line.strip()]
    heads = [number for number, row in enumerate(rows) if row[0].upper() == "VEHICLE"]
    tables = [number for number, row in enumerate(rows) if row[0].upper() == "CUSTOMER"]
    if len(heads) != 1 or len(tables) != 1:
        raise ValueError("no VEHICLE or no CUSTOMER part")
    vehicles, capacity = (int(word) for word in rows[heads[0] + 2])
    customers = [[int(float(word)) for word in row] for row in rows[tables[0] + 2 :]]
    if any(len(row) != 7 for row in customers) or [row[0] for row in customers] != list(range(len(customers))):
        raise ValueError("customers must be numbered from 0, with seven numbers each")
    depot = customers[0]
    return Problem(
        technicians=tuple(
            Technician(
                id=f"vehicle-{number}",
                shift=Window(start=depot[4] * TENTHS, end=depot[5] * TENTHS),
                start="0",
                end="0",
                stock={"load": capacity},
            )
            for number in range(vehicles)
        ),
        visits=tuple(
            Visit(
                id=str(row[0]),
                place=str(row[0]),
                duration=row[6] * TENTHS,
                windows=(Window(start=row[4] * TENTHS, end=row[5] * TENTHS),),
                parts={"load": row[3]},
                priority=1,
            )
            for row in customers[1:]
        ),
        travel=TravelTable(
            places=tuple(str(row[0]) for row in customers),
            seconds=tuple(
                tuple(math.isqrt(100 * ((a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2)) for b in customers) for a in customers
            ),
        ),
        prices=Prices(left_out=(LEFT_OUT,), broken_word=0),
    )
