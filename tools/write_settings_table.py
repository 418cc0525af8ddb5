"""Write docs/settings.md from the fields of `Settings`: the table cannot say anything else than the code."""

import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from dispatch.board.map_settings import MapSettings
from dispatch.notices import channels
from dispatch.settings import Settings

TARGET = Path(__file__).resolve().parent.parent / "docs" / "settings.md"
HEAD = """# Settings

Set by environment variables, or in a file `.env` in the folder that `doorstep` is started from. Every command reads
the same ones. Written by `make settings` from `dispatch/settings.py`, `dispatch/board/map_settings.py` and the files in
`dispatch/notices/channels`; do not edit the tables by hand.
"""
CHANNELS = """
## Ways to reach customers

`DOORSTEP_SMS_CHANNEL` and `DOORSTEP_MAIL_CHANNEL` choose among them; only what the chosen ones need must be set.
"""
MAP = """
## The board's map

`{z}`, `{x}` and `{y}` stand for a tile's zoom, column and row. The page may then load pictures from that one origin.
"""
COLUMNS = """
| variable | default | what it does |
|---|---|---|
"""


def table() -> str:
    """The whole page."""
    own = "".join(_lines(one) for one in channel_settings())
    return HEAD + COLUMNS + _lines(Settings) + MAP + COLUMNS + _lines(MapSettings) + CHANNELS + COLUMNS + own


def channel_settings() -> list[type[BaseSettings]]:
    """The settings classes that channels bring along, by the name of their file."""
    found: list[type[BaseSettings]] = []
    for one in sorted(iter_modules(channels.__path__), key=lambda one: one.name):
        module = import_module(f"{channels.__name__}.{one.name}")
        found += [
            kind
            for kind in vars(module).values()
            if isinstance(kind, type) and issubclass(kind, BaseSettings) and kind.__module__ == module.__name__
        ]
    return found


def _lines(kind: type[BaseSettings]) -> str:
    prefix = str(kind.model_config.get("env_prefix", ""))
    return "".join(_line(prefix, name, field) for name, field in kind.model_fields.items())


def _line(prefix: str, name: str, field: FieldInfo) -> str:
    bounds = _bounds(field)
    says = (field.description or "") + (f" ({bounds})" if bounds else "")
    return f"| `{prefix}{name.upper()}` | {_default(field.default)} | {says.replace('|', chr(92) + '|')} |\n"


def _default(value: Any) -> str:
    if value is PydanticUndefined:
        return "must be set"
    if value in ("", None):
        return "empty"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _bounds(field: FieldInfo) -> str:
    if get_origin(field.annotation) is Literal:
        return " or ".join(f"`{choice}`" for choice in get_args(field.annotation))
    told = []
    for limit in field.metadata:
        for kind, sign in ((Ge, "≥"), (Gt, ">"), (Le, "≤"), (Lt, "<")):
            if isinstance(limit, kind):
                told.append(f"{sign} {getattr(limit, kind.__name__.lower()):,}")
    return ", ".join(told)


if __name__ == "__main__":
    TARGET.write_text(table(), encoding="utf-8")
    sys.stdout.write(f"{TARGET.name} written\n")
