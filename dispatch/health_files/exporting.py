"""Everything that is kept about one line or one customer, in one ZIP: what it holds is listed first, then streamed.

The listing is made (and audited) in one transaction; documents and photos are fetched while the file leaves, one at a
time, so that a customer of many years needs no more memory than a new one.
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from io import RawIOBase
from typing import Any
from uuid import UUID

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session, joinedload

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import OVERRIDERS
from dispatch.customers.tables import Customer, Line, Site
from dispatch.errors import NotFound
from dispatch.health_files.export_index import Entry, index_page
from dispatch.health_files.queries import health_file_seen_by
from dispatch.health_files.telling import line_document
from dispatch.house import House
from dispatch.notices.tables import CallTask, Notice
from dispatch.records.blobs import PICTURES
from dispatch.records.documents import document_of
from dispatch.records.queries import body_of, every_record_of_line
from dispatch.records.tables import Blob, RatingRow, Record
from dispatch.visits.tables import Visit, VisitChange, WorkOrder

Content = Callable[[House], bytes | None]
LEFT_OUT = frozenset({"fingerprint", "lease_until", "sender", "client_key", "strokes", "body"})
"""Columns that serve our machinery, or that are exported in a better form beside."""


@dataclass
class Export:
    """What will be in the ZIP, in order; `name` is that of the file."""

    name: str
    title: str
    language: str
    files: list[tuple[Entry, Content]] = field(default_factory=list)

    def add(self, path: str, label: str, content: bytes, at: datetime | None = None) -> None:
        """One more file, whose bytes are ready."""
        self.files.append((Entry(path, label, at), lambda _house: content))

    def add_later(self, path: str, label: str, content: Content, at: datetime | None = None) -> None:
        """One more file, and how to get it when its turn comes."""
        self.files.append((Entry(path, label, at), content))


def export_line(turn: Turn, line_id: UUID, language: str = "zh") -> Export:
    """Everything about one line. For supervisors and administrators; written into the audit. NotFound: no such line."""
    turn.viewer.must_be(OVERRIDERS)
    line = turn.session.scalar(select(Line).where(Line.id == line_id).options(joinedload(Line.site)))
    if line is None:
        raise NotFound
    made = Export(f"line-{str(line_id)[:8]}.zip", line.site.address, language)
    _line(turn, made, line, "")
    turn.audit("export", "line", line_id, files=len(made.files))
    return made


def export_customer(turn: Turn, customer_id: UUID, language: str = "zh") -> Export:
    """Everything about one customer: their data, what they were told, and each of their lines."""
    turn.viewer.must_be(OVERRIDERS)
    session = turn.session
    customer = session.get(Customer, customer_id)
    if customer is None:
        raise NotFound
    made = Export(f"customer-{str(customer_id)[:8]}.zip", customer.name, language)
    sites = list(session.scalars(select(Site).where(Site.customer_id == customer_id).order_by(Site.id)))
    about = {"customer": _plain(customer), "sites": [_plain(site) for site in sites]}
    made.add("customer.json", "客户资料 Customer", _json(about))
    told = session.scalars(select(Notice).where(Notice.customer_id == customer_id).order_by(Notice.owed_at))
    made.add("notices.json", "给客户的通知 What they were told", _json([_plain(one) for one in told]))
    calls = session.scalars(select(CallTask).where(CallTask.customer_id == customer_id).order_by(CallTask.opened_at))
    made.add("calls.json", "致电 Calls", _json([_plain(one) for one in calls]))
    lines = session.scalars(
        select(Line)
        .where(Line.site_id.in_([site.id for site in sites]))
        .options(joinedload(Line.site))
        .order_by(Line.id)
    )
    for line in list(lines):
        _line(turn, made, line, f"line-{str(line.id)[:8]}/")
    turn.audit("export", "customer", customer_id, files=len(made.files))
    return made


def _line(turn: Turn, made: Export, line: Line, folder: str) -> None:
    session, settings, now = turn.session, turn.settings, turn.now.replace(microsecond=0)
    file = health_file_seen_by(session, turn.viewer, line.id)
    made.add(f"{folder}health-file.json", "健康档案（数据） Health file, data", _json(file))
    made.add_later(
        f"{folder}health-file.pdf",
        "健康档案 Health file",
        lambda _house: line_document(file, settings, made.language, now),
    )
    made.add(f"{folder}orders.json", "工单与上门 Orders and visits", _json(_orders(session, line.id)))
    pictures: dict[str, datetime] = {}
    for record in every_record_of_line(session, line.id):
        _record(made, record, folder)
        pictures |= {photo["sha256"]: record.sealed_at for photo in body_of(record).get("photos", [])}
    kept = session.execute(select(Blob.sha256, Blob.kept_sha256, Blob.media_type).where(Blob.sha256.in_(pictures)))
    for sha256, kept_sha256, media_type in kept:
        suffix = media_type.rpartition("/")[2].replace("jpeg", "jpg")
        made.add_later(
            f"{folder}photos/{sha256[:16]}.{suffix}",
            "照片 Photo",
            _picture(kept_sha256),
            pictures[sha256],
        )


def _picture(kept_sha256: str) -> Content:
    return lambda house: house.objects.get(PICTURES, kept_sha256)


def _record(made: Export, record: Record, folder: str) -> None:
    path = f"{folder}records/{record.number}"
    made.add(f"{path}.json", "服务记录（原文） Record, as sealed", record.body.encode(), record.sealed_at)
    record_id = record.id
    made.add_later(
        f"{path}.pdf", "服务记录（签章） Record, signed", lambda house: document_of(house, record_id), record.sealed_at
    )


def _orders(session: Session, line_id: UUID) -> list[dict[str, Any]]:
    told = []
    for order in session.scalars(select(WorkOrder).where(WorkOrder.line_id == line_id).order_by(WorkOrder.created_at)):
        visits = session.scalars(select(Visit).where(Visit.work_order_id == order.id).order_by(Visit.created_at))
        told.append(_plain(order) | {"visits": [_visit(session, visit) for visit in visits]})
    return told


def _visit(session: Session, visit: Visit) -> dict[str, Any]:
    changes = session.scalars(select(VisitChange).where(VisitChange.visit_id == visit.id).order_by(VisitChange.version))
    rating = session.get(RatingRow, visit.id)
    return _plain(visit) | {
        "changes": [_plain(change) for change in changes],
        "rating": _plain(rating) if rating else None,
    }


def _plain(row: Any) -> dict[str, Any]:
    """A row as JSON: every column but those that serve our machinery."""
    columns = inspect(type(row)).column_attrs
    return {column.key: _value(getattr(row, column.key)) for column in columns if column.key not in LEFT_OUT}


def _value(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str).encode()


class _Pipe(RawIOBase):
    """What a ZIP is written into; what is there can be taken away at any time."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        """Yes; and neither readable nor seekable."""
        return True

    def write(self, data: Any) -> int:
        """Keep it until it is taken."""
        self.parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        """All that was written since."""
        taken, self.parts = b"".join(self.parts), []
        return taken


def zipped(house: House, made: Export) -> Iterator[bytes]:
    """The ZIP in pieces: the files, then an index for people and a manifest with every SHA-256.

    A file that cannot be had any more is named in both, with a note, and holds up nothing.
    """
    pipe = _Pipe()
    entries: list[Entry] = []
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, content in made.files:
            found = _content(house, content)
            if found is None:
                entries.append(entry.missing())
                continue
            archive.writestr(entry.path, found)
            entries.append(entry.with_content(hashlib.sha256(found).hexdigest(), len(found)))
            yield pipe.take()
        archive.writestr("index.html", index_page(made.title, entries, house.settings.zone))
        manifest = [entry.plain() for entry in entries]
        archive.writestr("manifest.json", _json({"format": "doorstep-export/1", "files": manifest}))
    yield pipe.take()


def _content(house: House, content: Content) -> bytes | None:
    try:
        return content(house)
    except FileNotFoundError:
        return None
