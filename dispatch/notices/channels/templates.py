"""Templates that a provider has approved: which one says which of our texts, and what goes into its gaps.

The file is the operator's, JSON by the name of the text and the language:
`{"moved_asked.zh": {"template": "SMS_154950909", "variables": ["customer", "window", "link_path"]}}`. The variables are
those of our text, in the order of the template's gaps. Providers refuse whole addresses in a gap, so for each variable
that is one there is also `NAME_path`: what follows the host.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from dispatch.notices.channels.protocol import Message
from dispatch.settings import Settings, UnusableSettings

EXAMPLE = '{"moved.zh": {"template": "SMS_154950909", "variables": ["customer", "window"]}}'


class TemplateSettings(BaseSettings):
    """What every provider with approved templates needs."""

    model_config = SettingsConfigDict(env_prefix="DOORSTEP_", env_file=".env", extra="ignore", frozen=True)

    sms_templates: Path | None = Field(
        None, description="JSON file of the templates that the SMS provider approved, by text and language."
    )


class Approved(BaseModel):
    """One approved template."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    template: str = Field(min_length=1, max_length=64, pattern=r"^[\x21-\x7e]+$")
    variables: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filled:
    """A template with what goes into its gaps, in order, by our names."""

    template: str
    gaps: tuple[tuple[str, str], ...]


class NoTemplate(Exception):
    """This text cannot be said by an approved template; the message says why."""


class Templates:
    """All approved templates, and the signature that goes before them."""

    def __init__(self, approved: Mapping[str, Approved], sign_name: str) -> None:
        self._approved = approved
        self.sign_name = sign_name

    def filled(self, message: Message) -> Filled:
        """The template for a message, filled. Raises NoTemplate."""
        name = f"{message.wording or message.kind}.{message.language}"
        approved = self._approved.get(name)
        if approved is None:
            raise NoTemplate(f"no approved template for {name}: add it to DOORSTEP_SMS_TEMPLATES")
        known = {**_paths(message.variables), **message.variables}
        missing = [one for one in approved.variables if one not in known]
        if missing:
            raise NoTemplate(f"the template of {name} wants {missing[0]!r}, which our text does not have")
        return Filled(approved.template, tuple((one, known[one]) for one in approved.variables))


def _paths(variables: Mapping[str, str]) -> dict[str, str]:
    """`link_path` = `c/…` for a variable `link` = `https://host/c/…`."""
    whole = {name: value for name, value in variables.items() if value.startswith(("https://", "http://"))}
    return {f"{name}_path": value.split("//", 1)[1].partition("/")[2] for name, value in whole.items()}


def templates_of(settings: Settings, own: TemplateSettings | None = None) -> Templates:
    """The operator's templates. Raises UnusableSettings when there is no such file or it does not fit."""
    own = own or TemplateSettings()
    if own.sms_templates is None:
        raise UnusableSettings(f"DOORSTEP_SMS_TEMPLATES is not set: name a JSON file like {EXAMPLE}")
    try:
        told = json.loads(own.sms_templates.read_text(encoding="utf-8"))
        approved = TypeAdapter(dict[str, Approved]).validate_python(told)
    except OSError as error:
        raise UnusableSettings(f"DOORSTEP_SMS_TEMPLATES cannot be read ({error.strerror})") from error
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise UnusableSettings(
            f"DOORSTEP_SMS_TEMPLATES does not fit at {where}; it should be like {EXAMPLE}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise UnusableSettings(f"DOORSTEP_SMS_TEMPLATES is not JSON; it should be like {EXAMPLE}") from error
    return Templates(approved, settings.sms_signature)


def require_keys(provider: str, **keys: str) -> None:
    """Raises UnusableSettings, naming the settings that are empty."""
    missing = [f"DOORSTEP_{name.upper()}" for name, value in keys.items() if not value]
    if missing:
        raise UnusableSettings(f"{provider} needs {' and '.join(missing)}.")


def require_endpoint(name: str, url: str) -> None:
    """Raises UnusableSettings for an address that is not https, unless it is on this machine."""
    try:
        scheme, host = urlsplit(url).scheme, urlsplit(url).hostname or ""
    except ValueError:
        scheme, host = "", ""
    if not host or not (scheme == "https" or (scheme == "http" and host in ("127.0.0.1", "localhost", "::1"))):
        raise UnusableSettings(f"DOORSTEP_{name.upper()} must be an https:// address.")
