"""The channels that the settings name, opened once for the process: their names and media are shown at the desk."""

from fastapi import Request

from checklists.words import Words
from dispatch.errors import NotFound
from dispatch.notices.channels.chosen import Channels, channels_of
from mobile_api.dependencies import house_of


def channels_in_use(request: Request) -> Channels:
    """By medium: `sms`, `mail`."""
    state = request.app.state
    if not hasattr(state, "channels"):
        state.channels = channels_of(house_of(request).settings)
    channels: Channels = state.channels
    return channels


def must_be_in_use(request: Request, name: str) -> None:
    """Refuse with NotFound a channel that nothing is sent by."""
    if name not in {channel.name for channel in channels_in_use(request).values()}:
        raise NotFound(Words("没有使用这个渠道。", "No such channel is in use."))
