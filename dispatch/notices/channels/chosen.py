"""Which channels are in use: what the settings name."""

from collections.abc import Mapping

from dispatch.notices.channels.files import FilesChannel
from dispatch.notices.channels.http import HttpChannel
from dispatch.notices.channels.protocol import Channel
from dispatch.settings import Settings

Channels = Mapping[str, Channel]
"""By medium: `sms`, `mail`."""


def channels_of(settings: Settings) -> dict[str, Channel]:
    """The channels that the settings name, by medium."""
    folder = settings.data_dir / "messages"
    sms: Channel = FilesChannel(folder)
    if settings.sms_url:
        sms = HttpChannel(settings.sms_url, settings.sms_timeout_seconds, settings.sms_secret)
    return {"sms": sms, "mail": FilesChannel(folder, "mail")}
