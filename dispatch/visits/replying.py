"""What customers answer to a message: understood by a short list of words, and never guessed beyond it."""

import unicodedata
from dataclasses import replace
from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from checklists.plain_text import unsafe
from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import Viewer
from dispatch.customers.phones import normal_phone
from dispatch.customers.tables import Customer
from dispatch.database import one_at_a_time
from dispatch.errors import Invalid, Refusal
from dispatch.notices.actions import Reader
from dispatch.notices.calls import open_call
from dispatch.notices.channels.protocol import Replied
from dispatch.notices.tables import Notice, Reply
from dispatch.visits.call_me import call_due
from dispatch.visits.life import MOVABLE
from dispatch.visits.on_the_day import ask_for_another_time, confirm
from dispatch.visits.queries import new_visit
from dispatch.visits.tables import Visit
from dispatch.visits.telling import believed, reader_of

Meaning = Literal["confirm", "call_me", "stop", "unknown"]
CONFIRMS = """1 y yes ok okay sure confirm confirmed
    是 是的 好 好的 好滴 行 可以 可 嗯 对 确认 同意 没问题 方便"""
ASKS_FOR_A_CALL = """2 n no change reschedule call callme
    否 不 不行 不可以 不方便 没空 没时间 改 改期 改时间 换 换时间 改约 换个时间 另约 打电话 回电 请来电 致电"""
STOPS = "td t t退订 td退订 tuiding stop unsubscribe 退订"
WORDS: dict[Meaning, frozenset[str]] = {
    "confirm": frozenset(CONFIRMS.split()),
    "call_me": frozenset(ASKS_FOR_A_CALL.split()),
    "stop": frozenset(STOPS.split()),
}
TOLD_WITHIN = timedelta(days=7)
LONGEST = 500
POLITE = ("谢谢", "谢谢你", "谢谢您", "多谢", "thanks", "thankyou", "thx")
BEGINNINGS = ("回复", "回", "reply")


def meaning_of(text: str) -> Meaning:
    """What an answer means. Full-width signs, spaces, quotes, dots and thanks change nothing; all else is `unknown`."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST]).casefold()
    bare = "".join(sign for sign in folded if unicodedata.category(sign)[0] in "LN")
    for polite in POLITE:
        bare = bare.removesuffix(polite)
    for begin in BEGINNINGS:
        if bare.startswith(begin) and bare != begin:
            bare = bare.removeprefix(begin)
            break
    return next((meaning for meaning, words in WORDS.items() if bare in words), "unknown")


def take_reply(turn: Turn, channel: str, replied: Replied) -> Reply:
    """Keep what a customer answered, once by the gateway's id, and act on it if it can mean only one thing.

    “Yes” confirms, “no” asks for a call, when exactly one open visit was told to that number within seven days and the
    customer was told the time that stands. All else becomes a call for the desk, which sees the words.
    """
    gateway_id = replied.gateway_id[:120]
    one_at_a_time(turn.session, "reply", channel, gateway_id)
    known = turn.session.scalar(select(Reply).where(Reply.channel == channel, Reply.gateway_id == gateway_id))
    if known is not None:
        return known
    phone, text = _phone(replied.phone), _readable(replied.text)
    reply = Reply(channel=channel, gateway_id=gateway_id, phone=phone, text=text, at=turn.now, meaning=meaning_of(text))
    turn.session.add(reply)
    turn.session.flush()
    told = _told_within_days(turn, phone)
    visits = _open_visits(turn, told)
    if len(visits) == 1:
        reply.visit_id = visits[0].id
        if _act(turn, visits[0], reply):
            return reply
    _for_the_desk(turn, reply, told)
    return reply


def _act(turn: Turn, visit: Visit, reply: Reply) -> bool:
    """Do what the answer says through the customer's own verbs; False if a person must look at it."""
    name = f"{reply.channel} reply"
    theirs = replace(turn, viewer=Viewer(role="customer", name=name, visit_id=visit.id))
    savepoint = turn.session.begin_nested()
    try:
        if reply.meaning == "confirm" and believed(turn.session, visit).is_only(visit.window):
            confirm(theirs, visit.id)
        elif reply.meaning == "call_me":
            ask_for_another_time(theirs, visit.id, wish=None, call_me=True, words=reply.text)
        else:
            savepoint.commit()
            return False
    except Refusal:
        savepoint.rollback()
        return False
    savepoint.commit()
    return True


def _told_within_days(turn: Turn, phone: str) -> list[Notice]:
    """What this number was told of late, the newest first."""
    return list(
        turn.session.scalars(
            select(Notice)
            .where(Notice.to == phone, Notice.accepted_at >= turn.now - TOLD_WITHIN)
            .order_by(Notice.accepted_at.desc(), Notice.id)
        )
    )


def _open_visits(turn: Turn, told: list[Notice]) -> list[Visit]:
    ids = {notice.visit_id for notice in told if notice.visit_id is not None}
    found = turn.session.scalars(select(Visit.id).where(Visit.id.in_(ids), Visit.status.in_(MOVABLE)))
    return [new_visit(turn.session, visit_id) for visit_id in sorted(found)]


def _for_the_desk(turn: Turn, reply: Reply, told: list[Notice]) -> None:
    """A call for the desk. A number that no customer of ours has is kept, and nobody calls it."""
    reader = _reader(turn, reply.phone, told)
    if reader is None:
        return
    settings = turn.settings
    due = call_due(turn.now, settings.zone, settings.quiet_from, settings.quiet_until, visit_starts=None)
    visit_id: UUID | None = reply.visit_id or next((one.visit_id for one in told if one.visit_id), None)
    open_call(turn, "reply", reader=reader, due_at=due, dedupe=f"reply:{reply.id}", visit_id=visit_id, why=reply.text)


def _reader(turn: Turn, phone: str, told: list[Notice]) -> Reader | None:
    if told:
        customer = turn.session.get(Customer, told[0].customer_id)
    else:
        customer = turn.session.scalar(
            select(Customer).where(Customer.phone == phone).order_by(Customer.created_at.desc()).limit(1)
        )
    return reader_of(customer) if customer else None


def _phone(said: str) -> str:
    try:
        return normal_phone(said, allow_foreign=True)
    except Invalid:
        return _readable(said)[:20]


def _readable(text: str) -> str:
    """Of what a gateway passes on, what can be kept: signs that cannot are left out."""
    return "".join(sign for sign in text[:LONGEST] if unsafe(sign) is None)


SAID: dict[str, Words] = {
    "confirm": Words("确认", "Confirms"),
    "call_me": Words("请致电", "Asks for a call"),
    "stop": Words("退订", "Wants no more messages"),
    "unknown": Words("其他", "Something else"),
}
"""The meanings as the desk shows them."""
