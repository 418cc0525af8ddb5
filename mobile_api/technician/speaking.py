"""Drawing in a language that is asked for, whatever language the request was in: for what the phone keeps."""

from typing import Any

from checklists.words import Language
from dispatch.settings import Settings
from mobile_api.pages import Reader


def spoken_in(context: dict[str, Any], language: Language, settings: Settings) -> dict[str, Any]:
    """The context of a template for a reader of `language`."""
    reader = Reader(language, settings.zone)
    told = {"say": reader.say, "words": reader.words, "local_time": reader.local_time, "local_day": reader.local_day}
    return {**context, "language": language, **told}
