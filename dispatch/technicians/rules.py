"""Decisions about the van's kit: what the day will take, and what will run out."""

from dataclasses import dataclass

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
