"""A claimed notice becomes the message that leaves: by SMS or by mail, in the customer's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.notices.channels.protocol import Message
from dispatch.notices.wording import Voice, worded
from dispatch.settings import Settings

if TYPE_CHECKING:
    from dispatch.notices.sending import Claimed


@dataclass(frozen=True)
class Composed:
    """What leaves, and of how many parts it is (0 for a mail)."""

    message: Message
    parts: int


def compose(
    claimed: "Claimed", texts: Mapping[tuple[str, str], object], settings: Settings, link: str, reply_hint: bool = False
) -> Composed:
    """The message for the notice's medium. Raises what a text that cannot be filled raises."""
    voice = Voice(settings.company, settings.company_phone, settings.zone)
    text = worded(claimed.kind, claimed.language, claimed.facts, voice, link)
    return Composed(
        Message(str(claimed.id), claimed.kind, claimed.language, claimed.address, text), 1 + len(text) // 67
    )
