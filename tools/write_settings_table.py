"""Write docs/settings.md from the fields of `Settings`: the table cannot say anything else than the code."""

import sys
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from dispatch.settings import Settings

TARGET = Path(__file__).resolve().parent.parent / "docs" / "settings.md"
HEAD = """# Settings

Set by environment variables, or in a file `.env` in the folder that `doorstep` is started from. Every command reads
the same ones. Written by `make settings` from `dispatch/settings.py`; do not edit the table by hand.

| variable | default | what it does |
|---|---|---|
"""


def table() -> str:
    """The whole page."""
    return HEAD + "".join(_line(name, field) for name, field in Settings.model_fields.items())


def _line(name: str, field: FieldInfo) -> str:
    prefix = str(Settings.model_config.get("env_prefix", ""))
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
