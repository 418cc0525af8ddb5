"""What needs a person, and which of it comes first. Pure: values and `now` in, decision out.

Each matter says why it stands there, since when, and until when somebody must have seen to it. The figures are
proposals where no source names them; look again when a month of real days has been seen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

from checklists.words import Words

Kind = Literal["call", "in_doubt", "silent", "deadline", "conflict", "kit", "import", "signature"]

KIND_WORDS: dict[Kind, Words] = {
    "call": Words("须马上致电", "Calls about to be late"),
    "in_doubt": Words("通知结果不明", "Messages in doubt"),
    "silent": Words("手机失联", "Silent phones"),
    "deadline": Words("工单临近时限", "Orders near their deadline"),
    "conflict": Words("填写内容冲突", "Conflicts"),
    "kit": Words("随车物品不足", "Vans short of kit"),
    "import": Words("导入退回的行", "Rows left out of imports"),
    "signature": Words("签名待完成", "Signatures that wait"),
}
"""In the order in which the list shows them: first what a customer notices within the hour."""
KINDS: tuple[Kind, ...] = tuple(KIND_WORDS)

CALL_SOON = timedelta(minutes=30)
"""So long before its latest moment a call is everybody's matter, not only that of whoever works off the list."""
DEADLINE_SOON = timedelta(hours=24)
"""So long before its deadline an order that nobody is booked for stands here: half of the 48 hours of a fault."""
DRAWN_WITHIN = timedelta(minutes=5)
"""A sealed record has its signed document within seconds; after so long something holds it up."""
JOINED_WITHIN = timedelta(minutes=30)
"""So long a signature from the customer's own phone may wait for the answers: a basement explains no more."""

DeadlineRisk = Literal["overdue", "unbooked", "booked_late"]
DEADLINE_WORDS: dict[DeadlineRisk, Words] = {
    "overdue": Words("已超过时限，仍未完成。", "The deadline has passed and it is not done."),
    "unbooked": Words("时限将至，尚未预约上门。", "The deadline is near and nobody is booked."),
    "booked_late": Words("已预约的上门要到时限之后才会结束。", "The visit that is booked ends after the deadline."),
}
CALL_WHY: dict[str, Words] = {
    "untold": Words("通知未能送达，须电话告知客户。", "No message reached the customer: tell them by phone."),
    "call_me": Words("客户请我们致电。", "The customer asks to be called."),
    "reply": Words("客户的回复需要核实。", "The customer's answer has to be understood."),
    "return_call": Words("已约定回访。", "A return call was promised."),
    "refused": Words("客户未签名，或签名待核对。", "The customer did not sign, or the signature is in doubt."),
}


@dataclass(frozen=True)
class Matter:
    """One thing that needs a person.

    `thing` is what it is about (a call task, notice, technician, order, conflict, import or record), `about` its name
    for the eye. `until` is the latest moment, None where none is set. `refs` name what else its links lead to.
    """

    kind: Kind
    thing: UUID
    about: str
    why: Words
    since: datetime
    until: datetime | None = None
    refs: Mapping[str, str] = field(default_factory=dict)

    def is_late(self, now: datetime) -> bool:
        """Whether its latest moment has passed."""
        return self.until is not None and self.until < now


def in_order(matters: Iterable[Matter]) -> list[Matter]:
    """By kind as the list shows them; in each what is due first, then what has stood there longest."""
    far = datetime.max.replace(tzinfo=UTC)
    return sorted(matters, key=lambda one: (KINDS.index(one.kind), one.until or far, one.since, str(one.thing)))


def counts(matters: Iterable[Matter]) -> dict[Kind, int]:
    """How many of each kind; every kind is named, also with none."""
    found = dict.fromkeys(KINDS, 0)
    for one in matters:
        found[one.kind] += 1
    return found


def calls_now(due_at: datetime, *, now: datetime) -> bool:
    """Whether a call is near its latest moment, or past it."""
    return due_at - now <= CALL_SOON


def deadline_risk(
    deadline: datetime, booked_until: datetime | None, *, now: datetime, as_they_asked: bool = False
) -> DeadlineRisk | None:
    """Whether an open order will miss its deadline, or may.

    `booked_until` is when its visit ends as planned (or its told window, where nothing is planned); None: none booked.
    `as_they_asked`: the customer chose that time, so while it is to come nobody has to look after it.
    """
    if as_they_asked and booked_until is not None and now <= booked_until:
        return None
    if now > deadline:
        return "overdue"
    if booked_until is None:
        return "unbooked" if deadline - now <= DEADLINE_SOON else None
    return "booked_late" if booked_until > deadline else None


def due_at(kind: str, deadline: datetime | None, reported: datetime, *, repaired_within: timedelta) -> datetime | None:
    """Until when an order must be done: as it says, else a fault within its published time; None for neither."""
    if deadline is not None:
        return deadline
    return reported + repaired_within if kind == "repair" else None


def document_is_held_up(sealed_at: datetime, *, now: datetime) -> bool:
    """Whether a sealed record has waited too long for its signed document."""
    return now - sealed_at > DRAWN_WITHIN


def signature_is_held_up(signed_at: datetime, *, now: datetime) -> bool:
    """Whether what the customer signed on their own phone has waited too long for the technician's answers."""
    return now - signed_at > JOINED_WITHIN
