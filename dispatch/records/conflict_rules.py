"""When what a phone hands in disagrees with what is known: one rule decides which counts, and both are kept. Pure.

The rule, in the order in which it is asked:

1. An id that was used before for something else: the first content counts. An id is used once.
2. The record is sealed: the record counts. It never changes; a person may write a correction.
3. The visit was cancelled meanwhile: the cancellation counts. What was done there is for a person to judge.
4. The visit went to somebody else meanwhile: what the present technician says counts. If it is given back, what was
   kept beside counts again.
5. Two phones answered one field: the latest answer counts, by the time at which it was given.

What agrees with what counts already is no conflict.
"""

from dataclasses import dataclass
from typing import Literal

from checklists.words import Words
from dispatch.visits.life import Status

ConflictKind = Literal["same_id", "after_sealing", "cancelled", "reassigned", "two_phones"]

KIND_WORDS: dict[ConflictKind, Words] = {
    "same_id": Words("同一编号，内容不同", "One id, other content"),
    "after_sealing": Words("封存之后才到", "Came after sealing"),
    "cancelled": Words("上门已取消", "The visit was cancelled"),
    "reassigned": Words("已改派他人", "The visit went to somebody else"),
    "two_phones": Words("两部手机填写不一致", "Two phones disagree"),
}
COUNTS_WORDS: dict[ConflictKind, Words] = {
    "same_id": Words("以先到的内容为准。", "The first content counts."),
    "after_sealing": Words(
        "以已封存的服务记录为准；确需更正请另立更正记录。",
        "The sealed record counts; a correction would be a record of its own.",
    ),
    "cancelled": Words(
        "取消有效。如现场确已施工，请与装维人员和客户核实后另行安排。",
        "The cancellation counts. If work was done, ask the technician and the customer, and arrange what follows.",
    ),
    "reassigned": Words(
        "以现任装维人员填写的为准；若改派回原人员，其内容重新生效。",
        "What the present technician says counts. Given back to the sender, theirs counts again.",
    ),
    "two_phones": Words("以填写时间较晚的为准。", "The answer given later counts."),
}


@dataclass(frozen=True)
class Arriving:
    """One entry as it arrives.

    `is_theirs`: the visit is (still) the sender's. `differs`: it says something else than the answer that counts for
    its field, or there is none. `other_phone`: that answer came from another phone.
    """

    status: Status
    sealed: bool = False
    is_theirs: bool = True
    id_used_otherwise: bool = False
    differs: bool = True
    other_phone: bool = False


def decide(entry: Arriving) -> ConflictKind | None:
    """What kind of conflict this is; None when there is nothing for a person to look at."""
    if entry.id_used_otherwise:
        return "same_id"
    if entry.sealed:
        return "after_sealing" if entry.differs else None
    if entry.status == Status.CANCELLED:
        return "cancelled"
    if not entry.is_theirs:
        return "reassigned" if entry.differs else None
    return "two_phones" if entry.other_phone and entry.differs else None


RECORD = "record"


def kept_beside(*, sealed: bool, is_theirs: bool, sender: str) -> str | None:
    """Whether an entry does not count: `RECORD` for good, else the technician for whom it would; None if it counts."""
    if sealed:
        return RECORD
    return None if is_theirs else sender
