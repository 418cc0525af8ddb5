"""The life of a notice in words: when it was owed, tried, taken, read, called; and whether that was in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.notices.queries import Moment, moments_of, told_at, verdict
from dispatch.notices.tables import Notice
from mobile_api.desk.telling_words import MOMENT_WORDS, VERDICT_WORDS, channel_words, problem_words

MOST_STORIES = 20


def story_of_notice(session: Session, notice: Notice, language: str) -> list[dict[str, Any]]:
    """Items for the `timeline` macro, in the order in which they happened."""
    return [_item(moment, language) for moment in moments_of(session, notice)]


def _item(moment: Moment, language: str) -> dict[str, Any]:
    tone, icon, words = MOMENT_WORDS.get(moment.what, ("off", "ring", Words(moment.what, moment.what)))
    return {
        "at": moment.at,
        "text": words.to(language),
        "detail": _detail(moment).to(language),
        "who": channel_words(moment.channel).to(language) if moment.channel else None,
        "tone": tone,
        "icon": icon,
    }


def _detail(moment: Moment) -> Words:
    if not moment.detail:
        return Words("", "")
    if moment.what == "owed":
        return Words(f"人工重发：{moment.detail}", f"sent again by hand: {moment.detail}")
    if moment.what.startswith("call_") and moment.what != "call_opened":
        return Words(moment.detail, moment.detail)  # the caller's own note
    return problem_words(moment.detail)


@dataclass(frozen=True)
class Told:
    """A notice as a list shows it: its verdict (tone, sign, words), and its story where there is room for it."""

    notice: Notice
    verdict: tuple[str, str, Words]
    story: list[dict[str, Any]] | None


def told_in_short(session: Session, notices: Sequence[Notice], now: datetime, language: str) -> list[Told]:
    """Notices for a list, each with its verdict; the first MOST_STORIES with their story."""
    return [
        Told(one, verdict_of(one, now), story_of_notice(session, one, language) if at < MOST_STORIES else None)
        for at, one in enumerate(notices)
    ]


def verdict_of(notice: Notice, now: datetime) -> tuple[str, str, Words]:
    """Tone, sign and words: whether the customer was told in time. For a told one, with how much there was to spare."""
    what = verdict(notice, now)
    tone, icon, words = VERDICT_WORDS[what]
    told = told_at(notice)
    if what in ("told", "told_late") and told is not None and notice.deadline is not None:
        minutes = int(abs((notice.deadline - told).total_seconds()) // 60)
        if what == "told":
            words = Words(f"已在时限前 {minutes} 分钟告知客户。", f"Told {minutes} min before the deadline.")
        else:
            words = Words(f"超过时限 {minutes} 分钟才告知，计为违规。", f"Told {minutes} min too late: a breach.")
    elif what == "never" and notice.call_by is None:
        words = Words("未能告知客户；此类通知无需补打电话。", "Not told; this kind needs no call instead.")
    return tone, icon, words


def masked_mail(address: str) -> str:
    """w***@example.cn."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}"
