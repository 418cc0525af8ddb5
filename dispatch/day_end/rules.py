"""What became of a day's visits. Pure: values and `now` in, an outcome out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from checklists.words import Words
from dispatch.visits.life import Status
from dispatch.visits.punctuality import latest_arrival
from dispatch.visits.windows import Window

Outcome = Literal["done", "missed", "not_done", "under_way", "to_come", "cancelled"]
OUTCOME_WORDS: dict[Outcome, Words] = {
    "done": Words("已完成", "Done"),
    "missed": Words("未能入户", "Nobody met"),
    "not_done": Words("没有上门", "Nobody came"),
    "under_way": Words("仍在进行", "Still under way"),
    "to_come": Words("尚未到时间", "Still to come"),
    "cancelled": Words("已取消", "Cancelled"),
}


def outcome_of(status: Status, window: Window, *, now: datetime) -> Outcome:
    """What became of one visit by `now`. Nobody came when the told window is over and nobody is there."""
    if status == Status.SEALED:
        return "done"
    if status == Status.NO_ACCESS:
        return "missed"
    if status == Status.CANCELLED:
        return "cancelled"
    if status == Status.ON_SITE:
        return "under_way"
    if now > window.end:
        return "not_done"
    return "under_way" if status == Status.EN_ROUTE else "to_come"


def late_by(window: Window, arrived: datetime | None) -> timedelta:
    """How much later than promised somebody arrived; nothing when in time, or when nobody has arrived."""
    if arrived is None:
        return timedelta(0)
    return max(arrived - latest_arrival(window), timedelta(0))


@dataclass(frozen=True)
class Tally:
    """A technician's, or everybody's, day in numbers. `late`: somebody came after the promise."""

    visits: int = 0
    done: int = 0
    late: int = 0
    missed: int = 0
    not_done: int = 0
    open: int = 0
    cancelled: int = 0


def tally(outcomes: Iterable[tuple[Outcome, bool]]) -> Tally:
    """Count outcomes, each with whether somebody came late. Cancelled visits are counted apart from the others."""
    listed = list(outcomes)
    kinds = [outcome for outcome, _ in listed]
    return Tally(
        visits=len(listed) - kinds.count("cancelled"),
        done=kinds.count("done"),
        late=sum(late for _, late in listed),
        missed=kinds.count("missed"),
        not_done=kinds.count("not_done"),
        open=kinds.count("under_way") + kinds.count("to_come"),
        cancelled=kinds.count("cancelled"),
    )
