"""Everything that ever happened with a customer, on one line of time: visits, messages, calls, contacts, records."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from checklists.words import Language, Words
from dispatch.accounts.turn import Turn
from dispatch.care.complaints.queries import earlier_complaints
from dispatch.care.contacts.queries import contacts_listed
from dispatch.notices.tables import CallTask, Notice
from dispatch.records.tables import Record
from dispatch.technicians.queries import technicians_seen_by
from dispatch.visits.tables import Visit, VisitChange, WorkOrder
from mobile_api.desk.care.words import COMPLAINT_STATES
from mobile_api.desk.care.words import KIND_WORDS as CONTACT_KINDS
from mobile_api.desk.story import story_of
from mobile_api.desk.telling_words import CALL_KIND_WORDS, CALL_OUTCOME_WORDS
from mobile_api.desk.words import KIND_WORDS, NOTICE_KIND_WORDS, who

MOST = 150
TOLD: dict[str, tuple[str, Words]] = {
    "delivered": ("good", Words("已送达", "delivered")),
    "accepted": ("good", Words("已发出", "sent")),
    "phoned": ("good", Words("已电话告知", "told by phone")),
    "failed": ("bad", Words("发送失败", "failed")),
    "expired": ("bad", Words("已超时限", "too late")),
    "in_doubt": ("warn", Words("结果不明", "in doubt")),
    "superseded": ("off", Words("已被取代，未发送", "replaced, not sent")),
}
WAITS = ("off", Words("待发送", "waits"))


def customer_story(
    turn: Turn,
    customer_id: UUID,
    visits: Sequence[Visit],
    notices: Sequence[Notice],
    calls: Sequence[CallTask],
    language: Language,
) -> list[dict[str, Any]]:
    """Items for the `timeline` macro, the latest first. What is given has been checked to be this customer's."""
    items = [*_visits(turn, visits, language), *_orders(turn, visits, language), *_records(turn, visits, language)]
    items += _care(turn, customer_id, language)
    for notice in notices:
        tone, state = TOLD.get(notice.state, WAITS)
        kind = NOTICE_KIND_WORDS.get(notice.kind, Words(notice.kind, notice.kind))
        items.append(_item(notice.accepted_at or notice.owed_at, kind, state, tone, "message", language))
    for call in calls:
        kind = CALL_KIND_WORDS[call.kind]
        items.append(_item(call.opened_at, Words("需要致电", "A call is due"), kind, "warn", "phone", language))
        if call.closed_at is not None and call.outcome is not None:
            came_of_it = CALL_OUTCOME_WORDS[call.outcome]
            done = _item(call.closed_at, Words("已致电", "Called"), came_of_it, "good", "phone", language)
            items.append(done | {"who": who(call.closed_by or "").to(language)})
    return sorted(items, key=lambda item: item["at"], reverse=True)[:MOST]


def _item(at: Any, text: Words, detail: Words, tone: str, icon: str, language: Language) -> dict[str, Any]:
    return {"at": at, "text": text.to(language), "detail": detail.to(language), "tone": tone, "icon": icon}


def _visits(turn: Turn, visits: Sequence[Visit], language: Language) -> list[dict[str, Any]]:
    """Each visit's own story; the visit is named where there are several."""
    technicians = {one.id: one for one in technicians_seen_by(turn.session, turn.viewer)}
    technicians |= {visit.technician.id: visit.technician for visit in visits if visit.technician}
    by_visit: dict[UUID, list[VisitChange]] = {visit.id: [] for visit in visits}
    rows = turn.session.scalars(
        select(VisitChange)
        .where(VisitChange.visit_id.in_(by_visit))
        .order_by(VisitChange.visit_id, VisitChange.version)
    )
    for row in rows:
        by_visit[row.visit_id].append(row)
    found: list[dict[str, Any]] = []
    for visit in visits:
        name = KIND_WORDS[visit.work_order.kind].to(language)
        day = visit.window_start.astimezone(turn.settings.zone)
        named = f"{name} {day:%m-%d %H:%M}"
        for item in story_of(by_visit[visit.id], technicians, turn.settings.zone, language):
            found.append(item | {"text": f"{item['text']} · {named}"} if len(visits) > 1 else item)
    return found


def _orders(turn: Turn, visits: Sequence[Visit], language: Language) -> list[dict[str, Any]]:
    orders: dict[UUID, WorkOrder] = {visit.work_order.id: visit.work_order for visit in visits}
    return [
        _item(
            order.created_at,
            Words("工单已建立", "The work order came in"),
            _named(order),
            "off",
            "list",
            language,
        )
        for order in orders.values()
    ]


def _named(order: WorkOrder) -> Words:
    kind, number = KIND_WORDS[order.kind], order.external_id or ""
    return Words(f"{kind.zh} {number}".strip(), f"{kind.en} {number}".strip())


def _records(turn: Turn, visits: Sequence[Visit], language: Language) -> list[dict[str, Any]]:
    ids = [visit.id for visit in visits]
    rows = turn.session.execute(
        select(Record.number, Record.sealed_at, Record.corrects).where(Record.visit_id.in_(ids))
    )
    return [
        _item(
            row.sealed_at,
            Words("更正已封存", "A correction was sealed") if row.corrects else Words("服务记录", "Service record"),
            Words(row.number, row.number),
            "seal",
            "seal",
            language,
        )
        for row in rows
    ]


def _care(turn: Turn, customer_id: UUID, language: Language) -> list[dict[str, Any]]:
    """How they reached us and what became of it: what was said in a complaint stays with those who handle it."""
    came = [
        _item(
            contact.at,
            Words("客户来联系", "The customer reached us") if contact.answered else Words("未接来电", "A lost call"),
            CONTACT_KINDS[contact.kind],
            "off" if contact.answered else "warn",
            "phone",
            language,
        )
        for contact in contacts_listed(turn.session, turn.viewer, customer_id=customer_id)
    ]
    for complaint in earlier_complaints(turn.session, customer_id):
        tone, sign, state = COMPLAINT_STATES[complaint.state]
        named = Words(f"{complaint.number} · {state.zh}", f"{complaint.number} · {state.en}")
        came.append(_item(complaint.registered_at, Words("登记投诉", "A complaint"), named, tone, sign, language))
    return came
