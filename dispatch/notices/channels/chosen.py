"""Which channels are in use: what the settings name. A channel is a module here with a function `opened`."""

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from dispatch.notices.channels import smtp
from dispatch.notices.channels.protocol import Channel, Medium
from dispatch.settings import Settings, UnusableSettings

Channels = Mapping[str, Channel]
"""By medium: `sms`, `mail`."""

PACKAGE = "dispatch.notices.channels"
NOT_CHANNELS = frozenset({"chosen"})


def channel_names() -> list[str]:
    """The names that `DOORSTEP_SMS_CHANNEL` and `DOORSTEP_MAIL_CHANNEL` may hold: the modules that can be opened."""
    folder = import_module(PACKAGE).__path__
    names = sorted(one.name for one in pkgutil.iter_modules(folder) if one.name not in NOT_CHANNELS)
    return [name for name in names if hasattr(import_module(f"{PACKAGE}.{name}"), "opened")]


def channels_of(settings: Settings) -> dict[str, Channel]:
    """The channels that the settings name, by medium. Raises UnusableSettings, which says what to set."""
    sms = settings.sms_channel or ("http" if settings.sms_url else "files")
    mail = settings.mail_channel or ("smtp" if smtp.MailSettings().mail_host else "files")
    return {"sms": _open(settings, sms, "sms"), "mail": _open(settings, mail, "mail")}


def listeners_of(settings: Settings) -> dict[str, Channel]:
    """Every channel whose gateway may call us, by its name: also one that is not in use any more, for late receipts.

    What is not set up is left out. `sms` is the generic gateway's old name.
    """
    listeners: dict[str, Channel] = {}
    for name in channel_names():
        try:
            listeners[name] = _module(name).opened(settings)
        except UnusableSettings:
            continue
    return listeners | {"sms": listeners["http"]}


def _open(settings: Settings, name: str, medium: Medium) -> Channel:
    names = channel_names()
    if name not in names:
        raise UnusableSettings(
            f"DOORSTEP_{medium.upper()}_CHANNEL: there is no channel {name!r}; there are {', '.join(names)}."
        )
    channel: Channel = _module(name).opened(settings, medium)
    if channel.medium != medium:
        raise UnusableSettings(f"DOORSTEP_{medium.upper()}_CHANNEL: {name} is not for {medium}.")
    return channel


def _module(name: str) -> Any:
    return import_module(f"{PACKAGE}.{name}")
