"""Who does what in care: who logs contacts, who may own a complaint, who looks at an appeal."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts.tables import Account
from dispatch.accounts.viewer import DESK, Role, Viewer
from dispatch.care.complaints.tables import Complaint
from dispatch.errors import NotAllowed, NotFound

CARERS: frozenset[Role] = DESK
"""Who talks to customers for us: everybody at the desk may take a call."""
OWNERS: frozenset[Role] = frozenset({"care_agent", "supervisor", "admin"})
"""Who may look after a complaint to its end."""
LEADERS: frozenset[Role] = frozenset({"supervisor", "admin"})


def owners(session: Session, *, but: Collection[UUID] = ()) -> list[Account]:
    """Accounts that may own a complaint, by name, without those in `but` and the disabled."""
    query = select(Account).where(Account.role.in_(OWNERS), Account.disabled_at.is_(None), Account.id.not_in(set(but)))
    return list(session.scalars(query.order_by(Account.name, Account.id)))


def an_owner(session: Session, account_id: UUID) -> Account:
    """The account, if it may own a complaint; NotFound otherwise."""
    account = session.get(Account, account_id)
    if account is None or account.disabled_at is not None or account.role not in OWNERS:
        raise NotFound(Words("没有这位可负责投诉的同事，请另选。", "Nobody with that id may own it. Choose again."))
    return account


def owner_for(session: Session, viewer: Viewer) -> Account:
    """Who looks after what `viewer` registers: they themselves if they may, else whoever has least to do."""
    if viewer.account_id is not None and viewer.role in OWNERS:
        return an_owner(session, viewer.account_id)
    return least_busy(session)


def least_busy(session: Session, *, but: Collection[UUID] = (), leaders_first: bool = False) -> Account:
    """Who has the fewest open complaints, without those in `but`. Refuses when nobody is left."""
    able = owners(session, but=but)
    if not able:
        raise NotAllowed(
            Words(
                "没有未经手过此投诉的同事，请主管先开通或指定一位。",
                "There is nobody who has not dealt with it. A supervisor must name or open somebody first.",
            ),
            name="nobody-new",
        )
    counted = session.execute(
        select(Complaint.owner_id, func.count()).where(Complaint.ended_at.is_(None)).group_by(Complaint.owner_id)
    )
    busy = {row[0]: row[1] for row in counted}

    def order(account: Account) -> tuple[bool, int, str]:
        return (leaders_first and account.role not in LEADERS, busy.get(account.id, 0), account.name)

    return min((one for one in able if one.role != "admin"), key=order, default=able[0])
