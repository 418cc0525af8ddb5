"""Decisions about return calls: who gets one, when it is decent to ring, what a try means, who is unhappy. Pure."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from checklists.words import Words
from dispatch.errors import Invalid

MOST_TRIES = 3
REDIAL_AFTER = timedelta(minutes=2)
"""A call that dropped in the middle is dialled again at once, give or take."""
NEXT_TRY_AFTER = timedelta(hours=3)
FIRST_AFTER, DUE_AFTER = timedelta(hours=18), timedelta(days=3)
MORNING, NOON, AFTERNOON, EVENING = time(9), time(12), time(14), time(20)
"""Decent hours: nine to twelve and two to eight in the business zone (our proposal; nobody is rung at noon)."""

Outcome = Literal["reached", "no_answer", "busy", "dropped", "refused", "wrong_number"]
OUTCOMES: tuple[Outcome, ...] = ("reached", "no_answer", "busy", "dropped", "refused", "wrong_number")


def is_sampled(visit_id: UUID, share: int) -> bool:
    """Whether a visit is among the `share` of a hundred that are called: by its id, so that nobody chooses whom."""
    digest = hashlib.sha256(b"return call" + visit_id.bytes).digest()
    return int.from_bytes(digest[:4]) % 100 < share


def is_decent(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether a customer may be rung at `moment` just to be asked something."""
    at = moment.astimezone(zone).time()
    return MORNING <= at < NOON or AFTERNOON <= at < EVENING


def decent_from(moment: datetime, zone: ZoneInfo) -> datetime:
    """The first decent instant at or after `moment`."""
    if is_decent(moment, zone):
        return moment
    local = moment.astimezone(zone)
    if local.time() < MORNING:
        day, at = local.date(), MORNING
    elif local.time() < AFTERNOON:
        day, at = local.date(), AFTERNOON
    else:
        day, at = local.date() + timedelta(days=1), MORNING
    return datetime.combine(day, at, zone).astimezone(moment.tzinfo)


@dataclass(frozen=True)
class Next:
    """What a try leads to: the state, and when to ring again if it is still due."""

    state: Literal["due", "done", "unreached"]
    next_at: datetime | None = None


def after_try(outcome: Outcome, tries: int, *, now: datetime, zone: ZoneInfo) -> Next:
    """What follows the `tries`-th try. A dropped call is dialled again; refusing or a wrong number ends it."""
    if outcome == "reached":
        return Next("done")
    if outcome in ("refused", "wrong_number") or tries >= MOST_TRIES:
        return Next("unreached")
    wait = REDIAL_AFTER if outcome == "dropped" else NEXT_TRY_AFTER
    return Next("due", decent_from(now + wait, zone))


@dataclass(frozen=True)
class Answers:
    """What the customer said: fixed (yes, partly, no), points 1 to 5, 0 to 10, whether anything was demanded."""

    fixed: str
    conduct: int | None
    overall: int | None
    recommend: int | None
    demanded: bool
    demanded_what: str = ""
    comment: str = ""
    wants_complaint: bool = False

    def __post_init__(self) -> None:
        bounds = ((self.conduct, 1, 5), (self.overall, 1, 5), (self.recommend, 0, 10))
        if self.fixed not in ("yes", "partly", "no") or any(
            points is not None and not low <= points <= high for points, low, high in bounds
        ):
            raise Invalid(Words("评分超出范围，请重新选择。", "That is out of range. Choose again."), name="answers")
        if self.demanded and not self.demanded_what.strip():
            raise Invalid(
                Words("请记下索要或收受了什么。", "Write down what was demanded or accepted."), name="demanded-what"
            )


def why_unhappy(said: Answers) -> list[Words]:
    """Why an answer opens a complaint; empty when it does not. Two points of five, or four of ten, are unhappy."""
    reasons = []
    if said.demanded:
        reasons.append(Words(f"索要或收受：{said.demanded_what}", f"Demanded or accepted: {said.demanded_what}"))
    if said.fixed == "no":
        reasons.append(Words("问题没有解决", "The fault is not gone"))
    if said.conduct is not None and said.conduct <= 2:
        reasons.append(Words(f"文明施工 {said.conduct} 分", f"Conduct {said.conduct} of 5"))
    if said.overall is not None and said.overall <= 2:
        reasons.append(Words(f"总体 {said.overall} 分", f"Overall {said.overall} of 5"))
    if said.recommend is not None and said.recommend <= 4:
        reasons.append(Words(f"推荐意愿 {said.recommend} 分", f"Would recommend: {said.recommend} of 10"))
    if said.wants_complaint:
        reasons.append(Words("客户要求投诉", "The customer wants to complain"))
    return reasons


def subject_and_severity(said: Answers) -> tuple[str, int]:
    """What the complaint is about, and how grave: demands are the gravest."""
    if said.demanded:
        return "conduct", 3
    if said.fixed == "no":
        return "quality", 2
    if said.conduct is not None and said.conduct <= 2:
        return "conduct", 2
    return "other", 1
