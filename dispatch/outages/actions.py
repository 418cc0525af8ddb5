"""Verbs of outages: draft a planned one or a fault, approve it, tell everybody in the area at a pace, cancel it."""

from datetime import datetime
from itertools import islice
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select

from checklists.plain_text import unsafe
from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import OVERRIDERS, PLANNERS
from dispatch.customers.tables import Customer, Site
from dispatch.database import one_at_a_time
from dispatch.errors import Invalid, NotAllowed, NotFound, Stale
from dispatch.notices.actions import Reader, close_unsent_of_outage, owe
from dispatch.notices.tables import Notice
from dispatch.outages import rules
from dispatch.outages.queries import facts_of, outage_seen_by, pace_of, preview_of
from dispatch.outages.tables import Kind, Outage
from dispatch.technicians.tables import Area

AT_ONCE = 200
LONGEST_REASON = 200
TOLD = ("accepted", "delivered", "phoned")


def plan_outage(
    turn: Turn, area_id: UUID, starts_at: datetime, ends_at: datetime, reason: Words, kind: Kind = "planned"
) -> Outage:
    """A draft that the desk sees; nobody is told. Refuses with Invalid, and NotFound for an unknown area.

    Of a `fault`, `starts_at` is since when the area is down and `ends_at` when it is expected back.
    """
    turn.viewer.must_be(PLANNERS)
    if turn.session.get(Area, area_id) is None:
        raise NotFound(Words("没有这个片区，请重新选择。", "There is no such area. Choose another."))
    _must_be_true(kind, starts_at, ends_at, turn.now)
    reason = Words(_reason(reason.zh), _reason(reason.en))
    outage = Outage(
        area_id=area_id,
        kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        reason_zh=reason.zh,
        reason_en=reason.en,
        state="draft",
        version=1,
        made_at=turn.now,
        made_by=turn.by,
    )
    turn.session.add(outage)
    turn.session.flush()
    turn.audit("plan_outage", "outage", outage.id, area=str(area_id), kind=kind)
    return outage


def approve_outage(turn: Turn, outage_id: UUID, expected_version: int | None = None) -> Outage:
    """A supervisor lets the telling begin. The first messages are owed at once, the others by `owe_outages`.

    Refuses with Stale, with Invalid what its time has passed, with NotAllowed what is no draft any more or is planned
    and could not be told before it begins. Of a fault as many are told as there is time for.
    """
    turn.viewer.must_be(OVERRIDERS)
    outage = _to_change(turn, outage_id, expected_version)
    if outage.state != "draft":
        raise NotAllowed(
            Words("该公告已批准或已取消。", "This outage is approved or cancelled already."), name="outage-state"
        )
    _must_be_true(outage.kind, outage.starts_at, outage.ends_at, turn.now)
    preview = preview_of(turn, outage)
    if outage.kind == "planned":
        rules.must_be_told_in_time(preview.customers, outage.starts_at, pace_of(turn), now=turn.now)
    outage.state, outage.version = "telling", outage.version + 1
    outage.approved_at, outage.approved_by = turn.now, turn.by
    turn.audit("approve_outage", "outage", outage.id, customers=preview.customers)
    turn.session.flush()
    _owe_some(turn, outage)
    return outage


def cancel_outage(turn: Turn, outage_id: UUID, reason: str = "", expected_version: int | None = None) -> int:
    """Call it off, or note that a fault is repaired: what has not left is closed. Returns how many were told already.

    Once the telling has begun only a supervisor may, and what was planned needs a reason. Those who were told find it
    on the page that their message leads to.
    """
    turn.viewer.must_be(PLANNERS)
    outage = _to_change(turn, outage_id, expected_version)
    if outage.state == "cancelled":
        raise NotAllowed(
            Words("该公告已取消或已恢复。", "This outage is cancelled or repaired already."), name="outage-state"
        )
    if outage.state == "telling":
        turn.viewer.must_be(OVERRIDERS)
        if outage.kind == "planned" and not reason.strip():
            raise Invalid(
                Words("已开始通知客户，取消请填写原因。", "Customers are being told already: give the reason."),
                name="reason-missing",
            )
    closed = close_unsent_of_outage(turn, outage.id)
    told = turn.session.scalar(
        select(func.count()).select_from(Notice).where(Notice.outage_id == outage.id, Notice.state.in_(TOLD))
    )
    outage.state, outage.version = "cancelled", outage.version + 1
    facts = {"kind": outage.kind, "reason": reason.strip()[:500], "closed": closed, "told": told or 0}
    turn.audit("cancel_outage", "outage", outage.id, **facts)
    return told or 0


def owe_outages(turn: Turn) -> int:
    """Owe the next messages of every outage that is being told; returns how many. Once for each customer.

    Also who moved into the area since. Nothing is owed once planned work has begun, or a fault should be repaired.
    """
    one_at_a_time(turn.session, "outages")
    is_fault = Outage.kind == "fault"
    outages = turn.session.scalars(
        select(Outage)
        .where(Outage.state == "telling", or_(Outage.starts_at > turn.now, and_(is_fault, Outage.ends_at > turn.now)))
        .order_by(Outage.starts_at, Outage.id)
        .with_for_update()
    ).all()
    return sum(_owe_some(turn, outage) for outage in outages)


def _owe_some(turn: Turn, outage: Outage) -> int:
    """The next batch. Who comes as the n-th may be told from the n-th moment on."""
    assert outage.approved_at is not None
    lives_there = exists().where(Site.customer_id == Customer.id, Site.area_id == outage.area_id)
    is_owed = exists().where(Notice.customer_id == Customer.id, Notice.outage_id == outage.id)
    customers = turn.session.scalars(
        select(Customer).where(lives_there, ~is_owed).order_by(Customer.id).limit(AT_ONCE)
    ).all()
    if not customers:
        return 0
    before = turn.session.scalar(select(func.count()).select_from(Notice).where(Notice.outage_id == outage.id)) or 0
    when = islice(rules.moments(outage.approved_at, pace_of(turn)), before, None)
    facts = facts_of(outage, turn.session.get_one(Area, outage.area_id))
    owed = 0
    for customer, theirs in zip(customers, when, strict=False):  # the moments have no end
        moment = _moment(turn, outage, theirs)
        if moment is None:
            break
        owe(
            turn,
            "outage",
            Reader(customer.id, customer.phone, customer.language, customer.mail, customer.channel),
            {"customer": customer.name, **facts},
            outage_id=outage.id,
            dedupe=f"outage:{outage.id}:{customer.id}",
            about=outage.starts_at,
            not_before=moment,
            useful_until=outage.useful_until,
        )
        owed += 1
    return owed


def _moment(turn: Turn, outage: Outage, theirs: datetime) -> datetime | None:
    if outage.kind == "planned":
        return theirs
    return rules.moment_to_tell(theirs, outage.useful_until, pace_of(turn), now=turn.now)


def _must_be_true(kind: Kind, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    good = rules.good_fault if kind == "fault" else rules.good_stretch
    good(starts_at, ends_at, now=now)


def _to_change(turn: Turn, outage_id: UUID, expected_version: int | None) -> Outage:
    outage = outage_seen_by(turn.session, turn.viewer, outage_id, to_change=True)
    if expected_version is not None and expected_version != outage.version:
        raise Stale(outage.version)
    return outage


def _reason(text: str) -> str:
    text = " ".join(text.split())
    if not text or len(text) > LONGEST_REASON or unsafe(text, lines=False) is not None:
        raise Invalid(
            Words(
                "请用中文和英文填写原因（各不超过 200 字），客户会看到。",
                "Give the reason in Chinese and English (200 characters each): customers read it.",
            ),
            name="reason-missing",
        )
    return text
