"""What helped, told: causes, reasons, remedies and past repairs in words and as plain JSON. Pure."""

from typing import Any

from checklists.visit_repair_v1 import ACTIONS, CAUSES
from checklists.words import Words
from dispatch.health_files.ranking import Reason
from dispatch.health_files.signs import sign_words

CAUSE_WORDS: dict[str, Words] = {option.value: option.label for option in CAUSES}
ACTION_WORDS: dict[str, Words] = {option.value: option.label for option in ACTIONS}
NEAR_WORDS: dict[str, Words] = {
    "line": Words("本线路以前", "This line before"),
    "splitter": Words("同一分光器近 60 天", "The same splitter within 60 days"),
    "building": Words("同一楼栋近 400 天", "The same building within 400 days"),
}
LINK_WORDS: dict[str, Words] = {
    "line": Words("本线路", "This line"),
    "splitter": Words("同一分光器", "Same splitter"),
    "building": Words("同一楼栋", "Same building"),
    "device": Words("同型号设备", "Same device model"),
    "signs": Words("现象相同", "Looked the same"),
}
MOST_REASONS = 3


def cause_words(cause: str) -> Words:
    """A cause in words; one that no checklist knows as it was written."""
    return CAUSE_WORDS.get(cause, Words(cause, cause))


def action_words(action: str) -> Words:
    """A remedy in words; one that no checklist knows as it was written."""
    return ACTION_WORDS.get(action, Words(action, action))


def about(number: int) -> str:
    """A count as it is told: two digits are enough, and a page does not change with every repair that is filed."""
    if number < 100:
        return str(number)
    step = 10 ** (len(str(number)) - 2)
    return str(number // step * step)


def reason_words(reason: Reason) -> Words:
    """Why a cause stands where it stands, with the numbers behind it."""
    if reason.kind == "neighbours":
        near = NEAR_WORDS[reason.what]
        return Words(
            f"{near.zh} {reason.seen} 次维修，{reason.fitting} 次是此原因",
            f"{near.en}: {reason.seen} repair{'' if reason.seen == 1 else 's'}, {reason.fitting} with this cause",
        )
    sign = sign_words(reason.what)
    share = f"{reason.fitting / reason.seen:.0%}" if reason.seen else "0%"
    return Words(
        f"{sign.zh}：{about(reason.seen)} 例中 {about(reason.fitting)} 例（{share}）是此原因",
        f"{sign.en}: {about(reason.fitting)} of {about(reason.seen)} repairs ({share}) had this cause",
    )


def outcome_words(outcome: str, helped: bool | None, days_until_back: int | None) -> Words:
    """What came of a past repair."""
    if days_until_back is not None:
        return Words(f"{days_until_back} 天后再次报修", f"came back after {days_until_back} days")
    if helped:
        return Words("已修复，未再报修", "fixed, and did not come back")
    known = {
        "not_fixed": Words("未修复", "not fixed"),
        "improved": Words("有好转", "better"),
        "network_side": Words("已转派网络侧", "passed on to the network side"),
    }
    return known.get(outcome, Words("结果未知", "result not known"))


def told(answer: Any) -> dict[str, Any]:
    """A `similar.WhatHelped` as plain JSON with its words."""
    return {
        "signs": [{"sign": sign, **_pair(sign_words(sign))} for sign in answer.signs if sign[0] != "w"],
        "repairs_known": answer.known,
        "repairs_told": about(answer.known),
        "causes": [
            {
                "cause": one.ranked.cause,
                **_pair(cause_words(one.ranked.cause)),
                "score": round(one.ranked.score, 3),
                "reasons": [
                    {"what": reason.what, "seen": reason.seen, "fitting": reason.fitting}
                    | {"weight": round(reason.weight, 3), **_pair(reason_words(reason))}
                    for reason in one.ranked.reasons[:MOST_REASONS]
                ],
                "remedies": [
                    {"action": remedy.action, **_pair(action_words(remedy.action))}
                    | {"tried": remedy.tried, "helped": remedy.helped}
                    | {"tried_told": about(remedy.tried), "helped_told": about(remedy.helped)}
                    for remedy in one.remedies
                ],
            }
            for one in answer.candidates
        ],
        "past": [_past(one) for one in answer.past],
    }


def _past(one: Any) -> dict[str, Any]:
    back = (one.came_back_at - one.at).days if one.came_back_at else None
    return {
        "record": one.record,
        "at": one.at.isoformat(),
        "link": one.link,
        "link_words": _pair(LINK_WORDS[one.link]),
        "alike": one.alike,
        "shared": [_pair(sign_words(sign)) for sign in one.shared],
        "cause": _pair(cause_words(one.cause)),
        "actions": [_pair(action_words(action)) for action in one.actions],
        "outcome": _pair(outcome_words(one.outcome, one.helped, back)),
        "helped": one.helped,
    }


def _pair(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}
