"""A claimed notice becomes the message that leaves: by SMS, or by mail with its page and its invitation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, cast
from uuid import UUID

from dispatch.notices import calendar
from dispatch.notices.channels.protocol import Medium, Message
from dispatch.notices.mail_page import mail_page, plain_mail
from dispatch.notices.texts import Texts, name_of, spoken_language, texts_in_house
from dispatch.notices.variables import Telling, Voice, one_line
from dispatch.notices.wording import Worded, sms_parts, worded, worded_as
from dispatch.settings import Settings


class ToTell(Protocol):
    """What a notice must say of itself to be put into words."""

    @property
    def id(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def facts(self) -> dict[str, Any]: ...
    @property
    def to(self) -> str: ...
    @property
    def mail(self) -> str | None: ...
    @property
    def medium(self) -> Medium: ...
    @property
    def visit_id(self) -> UUID | None: ...
    @property
    def visit_version(self) -> int | None: ...
    @property
    def claimed_at(self) -> datetime: ...


@dataclass(frozen=True)
class Composed:
    """The message, and how many SMS parts it is paid for (0 for a mail)."""

    message: Message
    parts: int


def voice_of(settings: Settings) -> Voice:
    """Whose name messages are sent in, by the settings."""
    return Voice(settings.company, settings.company_phone, settings.zone, settings.sms_signature)


def compose(
    claimed: ToTell,
    texts: Mapping[tuple[str, str], Texts],
    settings: Settings,
    link: str,
    reply_hint: bool = False,
) -> Composed:
    """The message for the notice's medium, in the operator's words where `texts` has some, else in ours.

    `texts` are those by (name, language) that are live. `reply_hint`: the channel takes answers, so say how to give
    one. Raises CannotSay for a notice that cannot be put into words.
    """
    name, language = name_of(claimed.kind, claimed.facts), spoken_language(claimed.language)
    chosen = texts.get((name, language)) or texts_in_house(name, language)
    voice = voice_of(settings)
    said = worded(chosen, claimed.kind, language, claimed.facts, voice, link, reply_hint)
    message = Message(
        notice_id=str(claimed.id),
        kind=claimed.kind,
        language=language,
        to=claimed.to,
        text=said.sms,
        name=one_line(str(claimed.facts.get("customer", ""))),
        wording=name,
        variables=said.variables,
    )
    if claimed.medium == "sms":
        return Composed(message, sms_parts(said.sms))
    return Composed(_as_mail(message, claimed, said, voice, settings, link), 0)


def _as_mail(message: Message, claimed: ToTell, said: Worded, voice: Voice, settings: Settings, link: str) -> Message:
    to = claimed.mail or ""
    method = calendar.METHODS.get(said.name)
    invitation = ""
    if method is not None and claimed.visit_id is not None:
        about = appointment(
            claimed.visit_id, claimed.visit_version or 1, said, claimed.facts, settings, claimed.claimed_at
        )
        invitation = calendar.invitation(about, cast(Literal["REQUEST", "CANCEL"], method), message.name, to)
    return Message(
        notice_id=message.notice_id,
        kind=message.kind,
        language=message.language,
        to=to,
        text=plain_mail(said, voice, link),
        name=message.name,
        wording=message.wording,
        variables=message.variables,
        subject=said.subject,
        html=mail_page(said, voice, link),
        calendar=invitation,
        method=method if invitation and method else "",
    )


def appointment(
    visit_id: UUID, version: int, said: Worded, facts: Mapping[str, Any], settings: Settings, stamp: datetime
) -> calendar.Appointment:
    """A visit's promised window as a calendar entry. `facts` may name the `address` of the place."""
    voice, colon = voice_of(settings), ": " if said.language == "en" else "："
    told = Telling(facts, said.language, voice, "")
    start, end = told.window("window")
    company = one_line(voice.company.to(said.language))
    lines = [f"{label}{colon}{value}" for label, value in said.rows]
    lines.append(told.words(f"{company}电话：{voice.company_phone}", f"Call {company}: {voice.company_phone}"))
    return calendar.Appointment(
        visit_id=visit_id,
        version=version,
        host=settings.host_name,
        start=start,
        end=end,
        zone=settings.zone,
        language=said.language,
        summary=f"{company}{colon}{told.fact('work')}",
        description="\n".join(lines),
        organiser=company,
        organiser_mail=settings.mail_sender,
        stamp=stamp,
        place=str(facts.get("address") or ""),
    )


def calendar_file(
    visit_id: UUID, version: int, facts: Mapping[str, Any], language: str, settings: Settings, now: datetime
) -> str:
    """The visit as an iCalendar file for a download from the customer's page (`METHOD:PUBLISH`)."""
    language = spoken_language(language)
    said = worded_as("booked", texts_in_house("booked", language), language, facts, voice_of(settings), "")
    return calendar.published(appointment(visit_id, version, said, facts, settings, now))
