"""The operator's own wording: written as a draft, checked by the language rules, live only when no rule stops it.

A text that went live under milder rules than today's is not used any more: ours is, until somebody mends it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from checklists.plain_text import unsafe
from checklists.words import LANGUAGES, Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import OVERRIDERS, Viewer
from dispatch.errors import Invalid, NotAllowed, NotFound, Stale
from dispatch.notices import samples
from dispatch.notices.composing import voice_of
from dispatch.notices.language_rules import SECTION_WORDS, Finding, findings, stops
from dispatch.notices.tables import Notice, OwnText
from dispatch.notices.texts import NAMES, SECTIONS, Texts, kind_of, name_of, texts_in_house, tidied
from dispatch.notices.wording import Worded, worded_as
from dispatch.settings import Settings

LONGEST = {"sms": 1000, "subject": 200, "mail": 5000, "call": 2000}
"""Characters that a section may have as it is written, before any rule looks at it."""
RECENT = 200


@dataclass(frozen=True)
class InUse:
    """What customers of a language read for one name: the operator's words, or ours when `own` is None.

    `refused` are the findings that keep a text of theirs, once live, from being used.
    """

    name: str
    language: str
    texts: Texts
    own: OwnText | None
    refused: tuple[Finding, ...] = ()


def words_of(own: OwnText) -> Texts:
    """The words of a row."""
    return Texts(own.sms, own.subject, own.mail, own.call)


def write_text(turn: Turn, name: str, language: str, texts: Texts) -> tuple[OwnText, tuple[Finding, ...]]:
    """Keep a draft as a new revision, and what the rules find in it. Nothing changes for customers yet.

    Refuses with Invalid what cannot be kept at all: an unknown name, control characters, absurd lengths.
    """
    turn.viewer.must_be(OVERRIDERS)
    _must_be_known(name, language)
    for section in SECTIONS:
        _must_be_keepable(section, getattr(texts, section))
    texts = tidied(texts, language)
    last = turn.session.scalar(
        select(func.max(OwnText.revision)).where(OwnText.name == name, OwnText.language == language)
    )
    own = OwnText(
        name=name,
        language=language,
        revision=(last or 0) + 1,
        sms=texts.sms,
        subject=texts.subject,
        mail=texts.mail,
        call=texts.call,
        written_at=turn.now,
        written_by=turn.by,
    )
    try:
        with turn.session.begin_nested():
            turn.session.add(own)
    except IntegrityError as error:  # somebody else wrote this revision meanwhile
        raise Stale((last or 0) + 1) from error
    turn.audit("write_text", "own_text", own.id, name=name, language=language, revision=own.revision)
    return own, findings(name, language, texts)


def go_live(turn: Turn, own_id: UUID) -> OwnText:
    """From now on customers read this text. Refuses with NotAllowed, and the findings, when a rule stops it."""
    turn.viewer.must_be(OVERRIDERS)
    own = turn.session.get(OwnText, own_id, with_for_update=True)
    if own is None:
        raise NotFound(Words("没有这份文案，请刷新后重试。", "There is no such text. Look again."))
    found = stops(findings(own.name, own.language, words_of(own)))
    if found:
        raise NotAllowed(
            Words(
                "文案未通过检查，不能启用：" + "".join(one.words.zh for one in found),
                "The text breaks our rules and cannot go live: " + " ".join(one.words.en for one in found),
            ),
            name="text-breaks-rules",
            facts={"findings": [_shown(one) for one in found]},
        )
    if own.live_at is not None and own.ended_at is None:
        return own
    _end_live(turn, own.name, own.language)
    own.live_at, own.ended_at = turn.now, None
    turn.audit("go_live", "own_text", own.id, name=own.name, language=own.language, revision=own.revision)
    return own


def withdraw(turn: Turn, name: str, language: str) -> bool:
    """Back to our own words; False when there were none of theirs."""
    turn.viewer.must_be(OVERRIDERS)
    _must_be_known(name, language)
    ended = _end_live(turn, name, language)
    if ended:
        turn.audit("withdraw_text", "own_text", ended[0].id, name=name, language=language)
    return bool(ended)


def _end_live(turn: Turn, name: str, language: str) -> list[OwnText]:
    query = _live().where(OwnText.name == name, OwnText.language == language).with_for_update()
    ended = list(turn.session.scalars(query))
    for one in ended:
        one.ended_at = turn.now
    return ended


def _live() -> Select[OwnText]:
    return (
        select(OwnText)
        .where(OwnText.live_at.is_not(None), OwnText.ended_at.is_(None))
        .order_by(OwnText.live_at, OwnText.revision)
    )


def live_texts(session: Session) -> dict[tuple[str, str], Texts]:
    """The operator's words that are in use, by (name, language). Where there are none, ours are meant."""
    return {(used.name, used.language): used.texts for used in texts_in_use(session) if used.own is not None}


def texts_in_use(session: Session) -> list[InUse]:
    """For every name and language what customers read, and whose words they are."""
    newest: dict[tuple[str, str], OwnText] = {(own.name, own.language): own for own in session.scalars(_live())}
    used: list[InUse] = []
    for name in NAMES:
        for language in LANGUAGES:
            own = newest.get((name, language))
            refused = stops(findings(name, language, words_of(own))) if own else ()
            if own is not None and not refused:
                used.append(InUse(name, language, words_of(own), own))
            else:
                used.append(InUse(name, language, texts_in_house(name, language), None, refused))
    return used


def texts_of(session: Session, viewer: Viewer, name: str, language: str) -> list[OwnText]:
    """All revisions of one text, newest first."""
    viewer.must_be(OVERRIDERS)
    query = select(OwnText).where(OwnText.name == name, OwnText.language == language)
    return list(session.scalars(query.order_by(OwnText.revision.desc())))


def preview(texts: Texts, name: str, language: str, facts: Mapping[str, Any], settings: Settings, link: str) -> Worded:
    """What a customer would read with these facts. Refuses with Invalid when the text cannot be filled."""
    _must_be_known(name, language)
    found = [one for one in findings(name, language, tidied(texts, language)) if one.severity == "stop"]
    try:
        return worded_as(name, tidied(texts, language), language, facts, voice_of(settings), link)
    except ValueError as error:
        words = found[0].words if found else Words(f"无法生成预览：{error}。", f"It cannot be previewed: {error}.")
        raise Invalid(words, name="text-unfillable", facts={"findings": [_shown(one) for one in found]}) from error


def sample_facts(name: str, settings: Settings, now: datetime, language: str = "zh") -> dict[str, Any]:
    """Plausible facts for a preview where no notice of that name was ever owed."""
    return samples.sample_facts(name, settings.zone, now, language)


def real_facts(session: Session, viewer: Viewer, name: str, language: str) -> dict[str, Any] | None:
    """The facts of the newest notice that is said by this text, for a preview with real data."""
    viewer.must_be(OVERRIDERS)
    query = select(Notice).where(Notice.kind == kind_of(name), Notice.language == language)
    for notice in session.scalars(query.order_by(Notice.owed_at.desc()).limit(RECENT)):
        if name_of(notice.kind, notice.facts) == name:
            return notice.facts
    return None


def _must_be_known(name: str, language: str) -> None:
    if name not in NAMES or language not in LANGUAGES:
        raise Invalid(
            Words("没有这种通知文案，请从列表中选择。", "There is no such text. Choose one from the list."),
            name="unknown-text",
        )


def _must_be_keepable(section: str, text: str) -> None:
    where = SECTION_WORDS[section]
    reason = unsafe(text.replace("\r\n", "\n"))
    if reason is not None:
        raise Invalid(Words(f"{where.zh}：{reason.zh}", f"The {where.en}: {reason.en}"), name="unsafe-text")
    if len(text) > LONGEST[section]:
        most = LONGEST[section]
        raise Invalid(
            Words(f"{where.zh}最多 {most} 字，请缩短。", f"The {where.en} has at most {most} characters. Shorten it."),
            name="text-too-long",
        )


def _shown(finding: Finding) -> dict[str, Any]:
    said = {"zh": finding.words.zh, "en": finding.words.en}
    return {"rule": finding.rule, "severity": finding.severity, "section": finding.section, **said}
