"""Taking in work orders, one at a time. The same external id with the same content changes nothing."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select

from checklists.definition import Kind
from checklists.words import Words
from dispatch.accounts.answered_once import fingerprint
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import DESK
from dispatch.customers.actions import (
    CustomerFacts,
    LineFacts,
    SiteFacts,
    take_in_customer,
    take_in_line,
    take_in_site,
)
from dispatch.customers.tables import Customer, Line, Site
from dispatch.database import one_at_a_time
from dispatch.errors import NotAllowed
from dispatch.visits.tables import WorkOrder
from dispatch.visits.windows import Window

TOLD_LATER = frozenset({"mail", "channel"})
DEFAULT_MINUTES = {"install": 90, "repair": 60}


@dataclass(frozen=True)
class OrderFacts:
    """A work order as told by an order system, a file or a person."""

    kind: Kind
    customer: CustomerFacts
    site: SiteFacts
    line: LineFacts
    external_id: str | None = None
    symptoms: tuple[str, ...] = ()
    note: str = ""
    deadline: datetime | None = None
    minutes: int | None = None
    skills: tuple[str, ...] = ()
    wanted: Window | None = None
    reported_at: datetime | None = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the content, to tell a repetition from a contradiction.

        What orders could not tell of in earlier versions counts only where it is told: those known from then are known.
        """
        told = asdict(self)
        told["customer"] = {
            name: value for name, value in told["customer"].items() if value is not None or name not in TOLD_LATER
        }
        return fingerprint(told)


class OrderDiffers(NotAllowed):
    """The external id is known with other content."""

    name = "work-order-differs"
    title = Words("工单内容不一致", "Known with other content")

    def __init__(self, external_id: str) -> None:
        super().__init__(
            Words(
                f"工单号 {external_id} 已存在但内容不同，原工单保持不变。请核对后在调度台修改。",
                f"Order {external_id} is known with other content and was left as it is. Check it at the desk.",
            ),
            facts={"external_id": external_id},
        )


def take_in_order(turn: Turn, told: OrderFacts) -> tuple[WorkOrder, bool]:
    """The work order and whether it is new. Refuses with OrderDiffers when its external id is known otherwise."""
    turn.viewer.must_be(DESK)
    one_at_a_time(turn.session, "order intake")  # two systems that tell of the same customer at once make one
    if told.external_id:
        known = turn.session.scalar(select(WorkOrder).where(WorkOrder.external_id == told.external_id))
        if known is not None:
            if known.fingerprint != told.fingerprint:
                raise OrderDiffers(told.external_id)
            return known, False
    customer = take_in_customer(turn, told.customer)
    site = take_in_site(turn, customer, told.site)
    line = take_in_line(turn, site, told.line)
    order = a_row(told, customer, site, line, turn.now)
    turn.session.add(order)
    turn.session.flush()
    turn.audit("take_in_order", "work_order", order.id, kind=told.kind)
    return order, True


def a_row(told: OrderFacts, customer: Customer, site: Site, line: Line, now: datetime) -> WorkOrder:
    """A new work order as a row, not yet added."""
    return WorkOrder(
        id=uuid4(),
        external_id=told.external_id,
        fingerprint=told.fingerprint,
        customer_id=customer.id,
        site_id=site.id,
        line_id=line.id,
        kind=told.kind,
        symptoms=list(told.symptoms),
        note=told.note,
        reported_at=told.reported_at or now,
        deadline=told.deadline,
        minutes=told.minutes or DEFAULT_MINUTES[told.kind],
        skills=list(told.skills),
        wanted_start=told.wanted.start if told.wanted else None,
        wanted_end=told.wanted.end if told.wanted else None,
        created_at=now,
    )
