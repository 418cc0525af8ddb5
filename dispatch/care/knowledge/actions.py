"""Verbs of the knowledge base: write a new version, retire, say whether it helped, file what the house has learnt."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from checklists.dial_errors import DIAL_ERRORS
from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import DESK
from dispatch.care.complaints.causes import cause_words
from dispatch.care.complaints.life import State
from dispatch.care.complaints.queries import rounds_of
from dispatch.care.complaints.tables import Complaint
from dispatch.care.contacts.scripts import scripts
from dispatch.care.knowledge.queries import entry_by_key, entry_seen_by
from dispatch.care.knowledge.tables import KINDS, KnowledgeEntry, KnowledgeVersion, KnowledgeVote, KnowledgeWord
from dispatch.care.tasks.queries import tasks_of_complaint
from dispatch.care.who import LEADERS
from dispatch.clock import local_day
from dispatch.database import one_at_a_time
from dispatch.errors import Forbidden, Invalid, NotAllowed, Stale
from dispatch.health_files.bigrams import words_in

REVIEW_AFTER = timedelta(days=180)
LONGEST_BODY = 8000
TITLE, TAGS, BODY = 3, 2, 1


@dataclass(frozen=True)
class Text:
    """What an entry says, in both languages. `tags` are further words to find it by, separated by spaces."""

    title: Words
    body: Words
    tags: str = ""


def write_entry(
    turn: Turn,
    kind: str,
    text: Text,
    *,
    number: int | None = None,
    version: int | None = None,
    review_on: date | None = None,
    why: str = "",
    key: str | None = None,
    inner: bool = False,
    facts: dict[str, Any] | None = None,
) -> KnowledgeEntry:
    """A new entry, or a new version of entry `number` (earlier ones stay). Whoever wrote last owns it.

    Refuses with Stale when somebody else wrote meanwhile, and with Invalid an entry that says nothing in one language.
    """
    turn.viewer.must_be(DESK)
    assert kind in KINDS
    if not all(part.strip() for part in (*text.title, *text.body)) or max(map(len, text.body)) > LONGEST_BODY:
        raise Invalid(
            Words("请填写中英文标题和正文。", "Write title and text in Chinese and English."), name="text-missing"
        )
    day = local_day(turn.now, turn.settings.zone)
    if number is None:
        entry = KnowledgeEntry(
            key=key, kind=kind, version=0, inner=inner, made_at=turn.now, changed_at=turn.now, facts=facts or {},
            helped=0, not_helped=0, state="live",
        )  # fmt: skip
        turn.session.add(entry)
        turn.session.flush()
    else:
        entry = entry_seen_by(turn.session, turn.viewer, number, to_change=True)
        if version is not None and version != entry.version:
            raise Stale(entry.version)
        if turn.viewer.role not in LEADERS | {"system"} and entry.owner_id not in (None, turn.viewer.account_id):
            raise Forbidden(Words("只有责任人或主管可以修改。", "Only its owner or a supervisor may change it."))
    entry.version += 1
    entry.changed_at = turn.now
    entry.owner_id = turn.viewer.account_id or entry.owner_id
    entry.review_on = f"{review_on or day + REVIEW_AFTER}"
    turn.session.add(
        KnowledgeVersion(
            number=entry.number,
            version=entry.version,
            title_zh=text.title.zh.strip()[:200],
            title_en=text.title.en.strip()[:200],
            body_zh=text.body.zh.strip(),
            body_en=text.body.en.strip(),
            tags=" ".join(text.tags.split())[:300],
            written_at=turn.now,
            written_by=turn.by,
            why=" ".join(why.split())[:300],
        )
    )
    turn.session.flush()
    _index(turn.session, entry.number, text)
    turn.audit("write_knowledge", "knowledge", entry.number, version=entry.version)
    return entry


def _index(session: Session, number: int, text: Text) -> None:
    """By which words an entry is found: the weightiest place of each counts."""
    session.execute(delete(KnowledgeWord).where(KnowledgeWord.number == number))
    weights: dict[str, int] = {}
    for part, weight in ((text.body, BODY), (Words(text.tags, ""), TAGS), (text.title, TITLE)):
        for language in part:
            weights |= {word[:60]: weight for word in words_in(language)}
    session.add_all(KnowledgeWord(word=word, number=number, weight=weight) for word, weight in weights.items())
    session.flush()


def retire(turn: Turn, number: int, version: int | None = None) -> KnowledgeEntry:
    """It is not true or not needed any more: nobody finds it, and it stays readable."""
    turn.viewer.must_be(LEADERS)
    entry = entry_seen_by(turn.session, turn.viewer, number, to_change=True)
    if version is not None and version != entry.version:
        raise Stale(entry.version)
    entry.state, entry.changed_at = "retired", turn.now
    turn.audit("retire_knowledge", "knowledge", number)
    return entry


def vote(turn: Turn, number: int, helped: bool) -> KnowledgeEntry:
    """Did it help? The last word of each person counts."""
    entry = entry_seen_by(turn.session, turn.viewer, number, to_change=True)
    if turn.viewer.account_id is None:
        raise NotAllowed(Words("请先登录。", "Sign in first."), name="nobody")
    said = turn.session.scalar(
        select(KnowledgeVote).where(KnowledgeVote.number == number, KnowledgeVote.account_id == turn.viewer.account_id)
    )
    if said is None:
        said = KnowledgeVote(number=number, account_id=turn.viewer.account_id)
        turn.session.add(said)
    elif said.helped:
        entry.helped -= 1
    else:
        entry.not_helped -= 1
    said.helped, said.at, said.version = helped, turn.now, entry.version
    if helped:
        entry.helped += 1
    else:
        entry.not_helped += 1
    return entry


def file_known(turn: Turn) -> int:
    """File what the house knows already: dial codes and scripts, once; returns how many are new."""
    one_at_a_time(turn.session, "knowledge")
    made = 0
    for code, error in DIAL_ERRORS.items():
        if entry_by_key(turn.session, f"dial:{code}") is None:
            text = Text(
                Words(f"拨号错误 {code}：{error.meaning.zh}", f"Dial-up error {code}: {error.meaning.en}"),
                Words(
                    f"客户先做：{error.customer_first.zh}\n装维：{error.technician.zh}",
                    f"Customer first: {error.customer_first.en}\nTechnician: {error.technician.en}",
                ),
                f"{code} {error.constant}",
            )
            write_entry(turn, "dial_code", text, key=f"dial:{code}")
            made += 1
    for one in scripts():
        if entry_by_key(turn.session, f"script:{one.key}") is None:
            zh, en = ("\n".join(line.to(language) for line in one.lines) for language in ("zh", "en"))
            title = Words(f"话术：{one.title.zh}", f"What to say: {one.title.en}")
            write_entry(turn, "script", Text(title, Words(zh, en)), key=f"script:{one.key}")
            made += 1
    return made


def file_closed_complaints(turn: Turn, most: int = 100) -> int:
    """Closed complaints become cases: what it was, what was found, what helped. No customer is named."""
    one_at_a_time(turn.session, "knowledge")
    filed = select(KnowledgeEntry.key).where(KnowledgeEntry.kind == "case")
    waiting = turn.session.scalars(
        select(Complaint)
        .where(Complaint.state == State.CLOSED, ("complaint:" + Complaint.number).not_in(filed))
        .order_by(Complaint.ended_at, Complaint.id)
        .limit(most)
    ).all()
    rounds = rounds_of(turn.session, [one.id for one in waiting])
    for complaint in waiting:
        last = rounds[complaint.id][-1]
        cause = cause_words(last.cause or complaint.subject)
        done = [one.text for one in tasks_of_complaint(turn.session, complaint.id) if one.kind == "prevention"]
        body = "\n".join(part for part in (last.finding, last.result, *done) if part) or complaint.number
        title = Words(f"投诉案例：{cause.zh}", f"Complaint: {cause.en}")
        write_entry(
            turn, "case", Text(title, Words(body, body), complaint.number), key=f"complaint:{complaint.number}",
            inner=True, facts={"complaint": complaint.number, "cause": last.cause, "content": last.satisfied},
        )  # fmt: skip
    return len(waiting)
