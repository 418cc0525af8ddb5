"""What the operator's own table grants for what surely happened: pure, from facts of visits and orders.

Each finding names its rule and its amount in fen. What the customer asked for themselves, or could not be done because
nobody was home, is not the company's doing and grants nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dispatch.care.compensation.table import repair_time
from dispatch.visits.punctuality import latest_arrival
from dispatch.visits.windows import Window

MISSED_AFTER = timedelta(hours=2)
"""A visit at which nobody arrived is missed so long after its window closed: until then somebody may still come."""


@dataclass(frozen=True)
class VisitFacts:
    """A visit as it went. `customers_doing`: they were not home."""

    window: Window
    arrived: datetime | None
    status: str
    customers_doing: bool
    late_notices: int = 0


@dataclass(frozen=True)
class OrderFacts:
    """A work order as it went. `deadline`: what was published for the product, for an installation."""

    kind: str
    reported: datetime
    deadline: datetime | None
    done: datetime | None
    area: str | None
    customers_doing: bool


@dataclass(frozen=True)
class Granted:
    """What is owed by the table: rule, fen, and by how much the promise was missed."""

    rule: str
    fen: int
    by: timedelta


def of_visit(facts: VisitFacts, table: dict[str, Any], *, now: datetime) -> list[Granted]:
    """What a visit grants at `now`: missed or late (never both), and a change told too late."""
    rules, found = table["evidence"], []
    if facts.late_notices:
        found.append(Granted("late_notice", rules["late_notice"]["fen"], timedelta(0)))
    if facts.customers_doing:
        return found
    if facts.arrived is None:
        over = now - facts.window.end
        if facts.status in ("booked", "en_route") and over > MISSED_AFTER:
            found.append(Granted("missed_visit", rules["missed_visit"]["fen"], over))
        return found
    late = facts.arrived - latest_arrival(facts.window)
    bands = [band for band in rules["late_visit"]["bands"] if late > timedelta(minutes=band["over_minutes"])]
    if bands:
        found.append(Granted("late_visit", max(band["fen"] for band in bands), late))
    return found


def of_order(facts: OrderFacts, table: dict[str, Any]) -> Granted | None:
    """What a finished work order grants: a repair beyond 48 or 72 hours, an installation beyond its published limit."""
    if facts.done is None or facts.customers_doing:
        return None
    rules = table["evidence"]
    if facts.kind == "repair":
        rule = rules["late_repair"]
        late = facts.done - facts.reported - repair_time(table).within(facts.area)
        fen = _days(late) * rule["fen_a_day"]
        name = "late_repair"
    else:
        if facts.deadline is None:
            return None
        rule = rules["late_install"]
        late = facts.done - facts.deadline
        fen = _days(late) * rule["fee_fen"] * rule["percent_a_day"] // 100
        name = "late_install"
    if late <= timedelta(0):
        return None
    return Granted(name, min(fen, rule["at_most_fen"]), late)


def _days(late: timedelta) -> int:
    """Begun days."""
    return -(-late // timedelta(days=1)) if late > timedelta(0) else 0
