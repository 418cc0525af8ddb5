"""Decisions about the van's kit: what the day will take, and what will run out."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from checklists.kit_v1 import KIT_V1, KitItem


@dataclass(frozen=True)
class KitNeed:
    """One item: how many the van holds (None: not counted), how many the day takes, and whether that is too few."""

    item: KitItem
    held: int | None
    needed: int

    @property
    def runs_out(self) -> bool:
        """Whether the van will run out during the day."""
        return self.held is not None and self.held < self.needed


def kit_for_the_day(stock: dict[str, int], visits_to_come: int) -> list[KitNeed]:
    """Every item of the kit against the visits that are still to come; a reusable one is needed once."""
    return [
        KitNeed(item, stock.get(item.key), item.used_by_a_visit * visits_to_come if item.goes_down else 1)
        for item in KIT_V1
    ]


MOST_HELD = 1000
"""Of one item in a van; more is a slip of the thumb. Proposal."""
EVENING = time(16, 0)
"""From then on the next day's vans are looked at: there is still time to top up at the station. Proposal."""


def day_to_look_at(local_now: datetime) -> date:
    """Which day's vans a person should look at: today's, and from the evening on tomorrow's."""
    return local_now.date() + timedelta(days=1 if local_now.time() >= EVENING else 0)


def will_run_out(stock: dict[str, int], *, before: int, during: int) -> list[KitNeed]:
    """What the van will run out of in a day of `during` visits, after the `before` visits that come first.

    Only items that are used up; one that nobody counted cannot be told.
    """
    used_up = {
        item.key: max(0, stock[item.key] - item.used_by_a_visit * before)
        for item in KIT_V1
        if item.goes_down and item.key in stock
    }
    return [need for need in kit_for_the_day(used_up, during) if need.item.goes_down and need.runs_out]
