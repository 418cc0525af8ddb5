"""Matters of telling customers: calls near their latest moment, and messages that nobody knows to have arrived."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from checklists.words import Words
from dispatch.customers.tables import Customer
from dispatch.exceptions.rules import CALL_SOON, CALL_WHY, Matter
from dispatch.notices.tables import CallTask, Notice
from dispatch.visits.life import Status
from dispatch.visits.tables import Visit

MOST = 200
LOOKED_BACK = timedelta(days=30)
STILL_TO_COME = (Status.BOOKED, Status.EN_ROUTE)
IN_DOUBT = Words(
    "网关没有给出结果，客户可能已收到，也可能没有。", "The gateway cannot say: the customer may or may not have got it."
)


def messages_in_doubt(session: Session, now: datetime) -> list[Matter]:
    """Messages in doubt that still matter: their visit is to come, nothing newer was said, nobody sent them again."""
    again = aliased(Notice)
    sent_again = select(again.id).where(
        or_(again.resend_of == Notice.id, again.resend_of == Notice.resend_of), again.owed_at > Notice.owed_at
    )
    call = select(CallTask.id).where(CallTask.notice_id == Notice.id, CallTask.state == "open")
    rows = session.execute(
        select(Notice, Customer.name, call.limit(1).scalar_subquery().label("call"))
        .join(Customer, Customer.id == Notice.customer_id)
        .outerjoin(Visit, Visit.id == Notice.visit_id)
        .where(
            Notice.state == "in_doubt",
            Notice.owed_at > now - LOOKED_BACK,
            or_(Notice.useful_until.is_(None), Notice.useful_until > now),
            or_(Notice.visit_id.is_(None), Visit.status.in_(STILL_TO_COME)),
            ~sent_again.exists(),
        )
        .order_by(Notice.owed_at, Notice.id)
        .limit(MOST)
    )
    return [
        Matter(
            "in_doubt",
            notice.id,
            name,
            IN_DOUBT,
            since=notice.first_sent_at or notice.owed_at,
            until=notice.call_by,
            refs={"notice": str(notice.id)}
            | ({"call": str(call_id)} if call_id else {})
            | ({"visit": str(notice.visit_id)} if notice.visit_id else {}),
        )
        for notice, name, call_id in rows
    ]


def calls_near_their_end(session: Session, now: datetime, *, told_elsewhere: set[UUID]) -> list[Matter]:
    """Open calls whose latest moment is near or past, but those about the notices `told_elsewhere`."""
    rows = session.execute(
        select(CallTask, Customer.name)
        .join(Customer, Customer.id == CallTask.customer_id)
        .where(CallTask.state == "open", CallTask.due_at <= now + CALL_SOON)
        .order_by(CallTask.due_at, CallTask.id)
        .limit(MOST)
    )
    return [
        Matter(
            "call",
            task.id,
            name,
            CALL_WHY[task.kind],
            since=task.opened_at,
            until=task.due_at,
            refs={"call": str(task.id)} | ({"visit": str(task.visit_id)} if task.visit_id else {}),
        )
        for task, name in rows
        if task.notice_id is None or task.notice_id not in told_elsewhere
    ]
