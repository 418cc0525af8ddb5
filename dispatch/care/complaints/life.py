"""The life of a complaint, as a table that a supervisor can read, and what may not be jumped over. Pure."""

from enum import StrEnum
from uuid import UUID

from checklists.words import Words
from dispatch.errors import NotAllowed


class State(StrEnum):
    """Where a complaint stands."""

    REGISTERED = "registered"
    ANSWERED = "answered"
    FOUND = "found"
    OFFERED = "offered"
    SETTLED = "settled"
    TOLD = "told"
    APPEALED = "appealed"
    REGULATOR = "regulator"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


S = State
NEXT: dict[State, frozenset[State]] = {
    S.REGISTERED: frozenset({S.ANSWERED, S.WITHDRAWN}),
    S.ANSWERED: frozenset({S.FOUND, S.WITHDRAWN}),
    S.FOUND: frozenset({S.OFFERED, S.WITHDRAWN}),
    S.OFFERED: frozenset({S.SETTLED, S.APPEALED, S.REGULATOR, S.WITHDRAWN}),
    S.SETTLED: frozenset({S.TOLD, S.WITHDRAWN}),
    S.TOLD: frozenset({S.CLOSED, S.APPEALED, S.REGULATOR}),
    S.APPEALED: frozenset({S.ANSWERED, S.WITHDRAWN}),
    S.REGULATOR: frozenset({S.CLOSED}),
    S.CLOSED: frozenset({S.APPEALED}),
    S.WITHDRAWN: frozenset(),
}
"""From where to where a complaint may go. What is not here is refused, with what may be done instead."""

ENDED = frozenset({S.CLOSED, S.WITHDRAWN})
APPEALS = 1
"""How often a complaint is looked at anew before the regulator's way is told."""

STATE_WORDS: dict[State, Words] = {
    S.REGISTERED: Words("已登记", "Registered"),
    S.ANSWERED: Words("已首次答复", "Answered"),
    S.FOUND: Words("已查明", "Investigated"),
    S.OFFERED: Words("已提出方案", "Solutions offered"),
    S.SETTLED: Words("已商定", "Settled"),
    S.TOLD: Words("结果已告知", "Result told"),
    S.APPEALED: Words("申诉复核", "Appealed"),
    S.REGULATOR: Words("已告知申诉渠道", "Regulator's way told"),
    S.CLOSED: Words("已结案", "Closed"),
    S.WITHDRAWN: Words("客户撤回", "Withdrawn"),
}
VERB_WORDS: dict[State, Words] = {
    S.ANSWERED: Words("给客户首次答复", "give the customer a first answer"),
    S.FOUND: Words("查明原因并登记结论", "find out and write down the cause"),
    S.OFFERED: Words("向客户提出两到三个方案", "offer the customer two or three solutions"),
    S.SETTLED: Words("登记客户选定的方案", "note which solution the customer chose"),
    S.TOLD: Words("办理后告知结果并致歉", "do it, then tell the result with an apology"),
    S.APPEALED: Words("客户不满意时转未经手的同事复核", "if they are not content, hand it to someone new"),
    S.REGULATOR: Words("复核后仍不满意时告知申诉渠道", "if still not content after that, tell the regulator's way"),
    S.CLOSED: Words("登记满意度后结案", "note how content they are, and close"),
    S.WITHDRAWN: Words("客户撤回时登记撤回", "note that the customer withdrew it"),
}
"""How a complaint gets to each state: what its owner does."""


class IllegalStep(NotAllowed):
    """A jump that the life of a complaint does not have."""

    name = "complaint-step"
    title = Words("现在还不能这样处理", "Not the next step")


def step(now: State, to: State, *, appeals: int = 0) -> State:
    """`to`, if a complaint may go there from `now`; else a refusal that says what may be done next.

    `appeals`: how often it was looked at anew. After one, only the regulator's way is left, and before it is not.
    """
    if to not in NEXT[now]:
        raise IllegalStep(_why_not(now, to, appeals))
    if to is S.APPEALED and appeals >= APPEALS:
        raise IllegalStep(
            Words(
                "该投诉已复核过一次，不再复核。请告知客户向主管部门申诉的渠道。",
                "It was looked at anew once already. Tell the customer the regulator's way instead.",
            ),
            name="complaint-appealed-before",
        )
    if to is S.REGULATOR and appeals < APPEALS:
        raise IllegalStep(
            Words(
                "该投诉尚未复核。请先转未经手的同事复核，仍不满意再告知申诉渠道。",
                "It was not looked at anew yet. Hand it to someone new first; the regulator is the last resort.",
            ),
            name="complaint-not-appealed",
        )
    return to


def possible(now: State, *, appeals: int = 0) -> list[State]:
    """Where a complaint may go from `now`, in the order of the table of states."""
    barred = S.APPEALED if appeals >= APPEALS else S.REGULATOR
    return [state for state in State if state in NEXT[now] and state is not barred]


def _why_not(now: State, to: State, appeals: int) -> Words:
    ways = possible(now, appeals=appeals)
    is_now, wanted = STATE_WORDS[now], STATE_WORDS[to]
    if not ways:
        return Words(
            f"投诉{is_now.zh}，不能再改为“{wanted.zh}”。客户再有不满，请登记新的投诉。",
            f"It is {is_now.en.lower()} and cannot become “{wanted.en}”. Register a new complaint if there is cause.",
        )
    zh, en = "；".join(VERB_WORDS[way].zh for way in ways), "; or ".join(VERB_WORDS[way].en for way in ways)
    return Words(
        f"投诉现在是“{is_now.zh}”，不能直接到“{wanted.zh}”。现在可以：{zh}。",
        f"It is “{is_now.en}” now and cannot go to “{wanted.en}” from there. What can be done now: {en}.",
    )


def must_be_new_to_it(handled_by: frozenset[UUID], who: UUID) -> None:
    """Refuse an owner for an appeal who has handled the complaint before."""
    if who in handled_by:
        raise NotAllowed(
            Words(
                "申诉须由未经手过此投诉的同事复核，请另选一位。",
                "An appeal is looked at by someone who has not dealt with it. Choose somebody else.",
            ),
            name="appeal-same-person",
        )
