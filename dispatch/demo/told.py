"""What the demo city's customers were told before now: such notices are shown as sent when they were owed.

No message of the past is really sent: it would speak of visits that are over. Notices of the last minutes stay owed,
and the jobs process sends them as it sends all others.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import SYSTEM
from dispatch.notices.calls import note_call
from dispatch.notices.composing import voice_of
from dispatch.notices.tables import CallTask, Notice
from dispatch.notices.texts import name_of, texts_in_house
from dispatch.notices.wording import HIDDEN_LINK, sms_parts, worded
from dispatch.settings import Settings

STAYS_OWED = timedelta(minutes=10)
A_MOMENT = timedelta(seconds=3)


def tell_the_past(session: Session, settings: Settings, now: datetime) -> int:
    """Mark what was owed more than ten minutes before `now` as accepted in its time; returns how many."""
    voice = voice_of(settings)
    _call_the_past(session, settings, now)
    past = session.scalars(select(Notice).where(Notice.state == "owed", Notice.owed_at < now - STAYS_OWED)).all()
    for notice in past:
        notice.state = "accepted"
        notice.attempts = 1
        notice.channel = "files" if notice.medium == "sms" else "mail-files"
        notice.accepted_at = min(notice.not_before + A_MOMENT, now)
        texts = texts_in_house(name_of(notice.kind, notice.facts), notice.language)
        notice.text = worded(texts, notice.kind, notice.language, notice.facts, voice, HIDDEN_LINK).sms
        notice.parts = sms_parts(notice.text)
    return len(past)


def _call_the_past(session: Session, settings: Settings, now: datetime) -> None:
    """Whom only a call reaches was called a quarter of an hour after they were to be told, if that is over."""
    for task in session.scalars(select(CallTask).where(CallTask.state == "open")).all():
        called = task.opened_at + timedelta(minutes=15)
        if called < now - timedelta(hours=1):
            note_call(Turn(session, SYSTEM, called, settings), task.id, "reached_agreed", "")
