"""What a backup says of itself: format, schema, and every part with its size and SHA-256."""

import json
import re
from dataclasses import dataclass, field
from typing import Any, get_args

from dispatch.backups.portable import Kind, TableShape

FORMAT = 1
MANIFEST = "manifest.json"
SECRET, DATA_KEY = "secret", "data-key"
# The only names that a part may have: nothing of a backup is ever written elsewhere.
PART = re.compile(
    r"database/[a-z_]{1,60}\.jsonl"
    r"|objects/[a-z_]{1,40}/[0-9a-f]{2}/[0-9a-f]{64}\.bin"
    r"|keys/(?:[a-z]{1,40}/)?[A-Za-z0-9_-]{1,80}\.pem"
    r"|secret|data-key"
)


class NotOurs(Exception):
    """This is no manifest that we understand; the message says why."""


@dataclass
class Manifest:
    """`parts`: name → (bytes, SHA-256). `tables`: shapes with their number of rows, in the order to put them in."""

    schema: str
    made_at: str
    engine: str
    tables: list[tuple[TableShape, int]] = field(default_factory=list)
    parts: dict[str, tuple[int, str]] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """As it is written into the file."""
        return json.dumps(
            {
                "format": FORMAT,
                "product": "doorstep",
                "schema": self.schema,
                "made_at": self.made_at,
                "engine": self.engine,
                "tables": [
                    {"name": shape.name, "columns": [list(c) for c in shape.columns], "rows": rows}
                    for shape, rows in self.tables
                ],
                "parts": {name: {"bytes": size, "sha256": sha} for name, (size, sha) in sorted(self.parts.items())},
            },
            indent=1,
        ).encode()

    @classmethod
    def from_json(cls, content: bytes) -> "Manifest":
        """Read one; raises NotOurs."""
        try:
            read: dict[str, Any] = json.loads(content)
            if read["product"] != "doorstep" or read["format"] != FORMAT:
                raise NotOurs(f"format {read.get('format')} is not known to this version")
            made = cls(str(read["schema"]), str(read["made_at"]), str(read["engine"]))
            for told in read["tables"]:
                columns = tuple((str(name), _kind(kind)) for name, kind in told["columns"])
                made.tables.append((TableShape(str(told["name"]), columns), int(told["rows"])))
            for name, told in read["parts"].items():
                if not PART.fullmatch(name):
                    raise NotOurs(f"a part of that name does not belong here: {name[:80]}")
                made.parts[name] = (int(told["bytes"]), str(told["sha256"]))
        except (KeyError, TypeError, ValueError, AttributeError) as problem:
            raise NotOurs("the manifest cannot be read") from problem
        return made


def _kind(told: str) -> Kind:
    if told not in get_args(Kind):
        raise NotOurs(f"columns of the kind {told[:40]} are not known to this version")
    return told  # type: ignore[return-value]
