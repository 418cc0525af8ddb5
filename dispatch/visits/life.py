"""The life of a visit, as a table that a dispatcher can read."""

from enum import StrEnum

from checklists.words import Words
from dispatch.errors import NotAllowed


class Status(StrEnum):
    """Where a visit stands."""

    BOOKED = "booked"
    EN_ROUTE = "en_route"
    ON_SITE = "on_site"
    NO_ACCESS = "no_access"
    SEALED = "sealed"
    CANCELLED = "cancelled"


NEXT: dict[Status, frozenset[Status]] = {
    Status.BOOKED: frozenset({Status.EN_ROUTE, Status.CANCELLED}),
    Status.EN_ROUTE: frozenset({Status.ON_SITE, Status.NO_ACCESS, Status.BOOKED, Status.CANCELLED}),
    Status.ON_SITE: frozenset({Status.SEALED, Status.NO_ACCESS}),
    Status.NO_ACCESS: frozenset(),
    Status.SEALED: frozenset(),
    Status.CANCELLED: frozenset(),
}

MOVABLE = frozenset({Status.BOOKED, Status.EN_ROUTE})
OPEN = frozenset({Status.BOOKED, Status.EN_ROUTE, Status.ON_SITE})
UNDER_WAY = frozenset({Status.EN_ROUTE, Status.ON_SITE})
OCCUPYING = OPEN | {Status.SEALED}
"""A cancelled or fruitless visit frees its planned time; a finished one was really spent."""

STATUS_WORDS: dict[Status, Words] = {
    Status.BOOKED: Words("已预约", "Booked"),
    Status.EN_ROUTE: Words("在途", "On the way"),
    Status.ON_SITE: Words("在现场", "On site"),
    Status.NO_ACCESS: Words("未能入户", "No access"),
    Status.SEALED: Words("已完成", "Completed"),
    Status.CANCELLED: Words("已取消", "Cancelled"),
}


def step_to(status: Status, wanted: Status) -> Status:
    """`wanted`, if a visit in `status` may become that; refuses with `NotAllowed` otherwise."""
    if wanted not in NEXT[status]:
        raise NotAllowed(
            Words(
                f"该上门当前为“{STATUS_WORDS[status].zh}”，不能改为“{STATUS_WORDS[wanted].zh}”。请刷新后查看最新状态。",
                f"This visit is “{STATUS_WORDS[status].en}” and cannot become “{STATUS_WORDS[wanted].en}”. "
                "Look at its present state first.",
            ),
            name="visit-state",
            facts={"status": status.value},
        )
    return wanted
