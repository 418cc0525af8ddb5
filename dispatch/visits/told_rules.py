"""Was what had to be said, said? The judgement behind `doorstep notices check`: pure, rows' facts in, a verdict out.

It knows nothing of how notices are owed or sent: it holds what was done to a visit against what its customer was told.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from checklists.words import Words

Verdict = Literal[
    "in_time",
    "by_phone",
    "breach",
    "replaced",
    "waiting",
    "calling",
    "not_owed",
    "missing",
    "late_unmarked",
    "late_uncalled",
    "given_up",
]
FINDINGS: frozenset[Verdict] = frozenset({"missing", "late_unmarked", "late_uncalled", "given_up"})
"""Verdicts that must not be: each is a promise that was not kept and that nobody was told of."""

VERDICT_WORDS: dict[Verdict, Words] = {
    "in_time": Words("按时通知", "told in time"),
    "by_phone": Words("电话告知", "told by phone"),
    "breach": Words("逾时，已记违规", "told too late or not at all, recorded as a breach"),
    "replaced": Words("已被新的变更取代", "replaced by a newer change"),
    "waiting": Words("待发送，尚未到时限", "under way, its time is not over"),
    "calling": Words("已转人工致电", "a person is asked to call"),
    "not_owed": Words("无需通知（客户所知未变）", "nothing to tell: what the customer knows did not change"),
    "missing": Words("应有通知却没有", "there is no notice for it"),
    "late_unmarked": Words("逾时却未记违规", "too late, and not recorded as a breach"),
    "late_uncalled": Words("逾时却未转人工致电", "too late, and nobody was asked to call"),
    "given_up": Words("未送达也未转人工致电", "never told, and nobody was asked to call"),
}


@dataclass(frozen=True)
class Told:
    """What is known of the notice of a change: when it was told (None: never), and what was done about it."""

    state: str
    owed_at: datetime
    accepted_at: datetime | None
    phoned_at: datetime | None
    deadline: datetime | None
    call_by: datetime | None
    breached_at: datetime | None
    call: Literal["none", "open", "done", "void"]


def judge(told: Told | None, *, owed: bool, breach: bool, now: datetime) -> Verdict:
    """The verdict on one change. `owed`: the customer had to be told; `breach`: a supervisor overrode the rule."""
    if told is None:
        return "missing" if owed else "not_owed"
    moment = told.accepted_at or told.phoned_at
    late = told.deadline is not None and (moment or now) > told.deadline
    if told.state == "superseded" and moment is None and not late:
        return "replaced"
    if late:
        if told.breached_at is None and not (told.state == "superseded" and moment is None):
            return "late_unmarked"
        if told.state == "superseded" and told.breached_at is None:
            return "replaced"
        return "late_uncalled" if told.call == "none" and moment is None else "breach"
    if breach:
        return "breach"
    if moment is not None:
        return "in_time" if told.accepted_at is not None else "by_phone"
    if told.call != "none":
        return "calling"
    if told.call_by is not None and now > told.call_by:
        return "late_uncalled"
    if told.state in ("owed", "claimed"):
        return "waiting"
    return "waiting" if told.call_by is None else "given_up"
