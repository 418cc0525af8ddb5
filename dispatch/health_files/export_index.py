"""The page of an export that people open first: what is inside, by name and date, with links. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Entry:
    """A file of the export. `sha256` and `size` are known once it is written; `gone`: it could not be had."""

    path: str
    label: str
    at: datetime | None = None
    sha256: str | None = None
    size: int = 0
    gone: bool = False

    def with_content(self, sha256: str, size: int) -> "Entry":
        """The same, written."""
        return replace(self, sha256=sha256, size=size)

    def missing(self) -> "Entry":
        """The same, not to be had."""
        return replace(self, gone=True)

    def plain(self) -> dict[str, Any]:
        """For the manifest."""
        return {
            "path": self.path,
            "label": self.label,
            "at": self.at.isoformat() if self.at else None,
            "sha256": self.sha256,
            "bytes": self.size,
            "missing": self.gone,
        }


_STYLE = (
    "body{font:16px/1.6 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#17211f}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{padding:.4rem .6rem;border-bottom:1px solid #d8d2c5;text-align:left}"
    "td.n{text-align:right;white-space:nowrap}small{color:#545f5b;overflow-wrap:anywhere}"
)


def index_page(title: str, entries: list[Entry], zone: ZoneInfo) -> str:
    """A page that needs nothing but itself. Texts are escaped, links stay inside the ZIP."""
    rows = "".join(_row(entry, zone) for entry in entries)
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(title)}</h1><p>导出内容 What this export holds: {len(entries)}. "
        "含个人信息，请妥善保管，用毕删除。 Personal data: keep it safe, delete it when done.</p>"
        '<table><thead><tr><th scope="col">文件 File</th><th scope="col">日期 Date</th>'
        '<th scope="col">大小 Size</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></body></html>"
    )


def _row(entry: Entry, zone: ZoneInfo) -> str:
    day = f"{entry.at.astimezone(zone):%Y-%m-%d}" if entry.at else ""
    if entry.gone:
        return f"<tr><td>{escape(entry.label)}<br><small>{escape(entry.path)}：未能取得 not to be had</small></td>" + (
            f"<td>{day}</td><td></td></tr>"
        )
    link = f'<a href="{quote(entry.path)}">{escape(entry.label)}</a><br><small>{escape(entry.path)}</small>'
    return f'<tr><td>{link}</td><td>{day}</td><td class="n">{max(1, round(entry.size / 1024))} KB</td></tr>'
