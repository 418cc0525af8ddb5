"""A claimed notice becomes the message that leaves: by SMS or by mail, in the customer's language."""

from dispatch.notices.channels.protocol import Medium, Message
from dispatch.notices.wording import Voice, worded
from dispatch.settings import Settings


def compose(
    notice_id: str,
    kind: str,
    language: str,
    facts: dict[str, object],
    to: str,
    medium: Medium,
    settings: Settings,
    link: str,
) -> Message:
    """The message for `medium`. Raises what a text that cannot be filled raises."""
    voice = Voice(settings.company, settings.company_phone, settings.zone)
    text = worded(kind, language, facts, voice, link)
    return Message(notice_id=notice_id, kind=kind, language=language, to=to, text=text)
