"""Pictures: taken in by the hash that the phone gave them, kept clean, shown to who may see the visit."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts.viewer import Viewer
from dispatch.database import Database
from dispatch.errors import NotAllowed, NotFound
from dispatch.objects import ObjectStore
from dispatch.records.pictures import clean_picture
from dispatch.records.tables import Blob, EntryBlob, EntryRow
from dispatch.visits.queries import visits_of

PICTURES = "pictures"


@dataclass(frozen=True)
class TakenBlob:
    """A picture that has arrived whole."""

    sha256: str
    size: int
    is_new: bool


def unknown_blobs(session: Session, named: set[str]) -> set[str]:
    """Those of `named` that have not arrived."""
    if not named:
        return set()
    return named - set(session.scalars(select(Blob.sha256).where(Blob.sha256.in_(named))))


def take_blob(
    database: Database,
    objects: ObjectStore,
    *,
    sha256: str,
    content: bytes,
    pixel_limit: int,
    account_id: UUID | None,
    now: datetime,
) -> TakenBlob:
    """Keep a picture under the hash of the bytes that were sent. Refuses other bytes and what is no picture.

    It is on disk before the row speaks of it; the row is committed when this returns.
    """
    if hashlib.sha256(content).hexdigest() != sha256:
        raise NotAllowed(
            Words("照片在传输中损坏，请重新发送。", "The bytes do not match their hash. Send them again."),
            name="hash-mismatch",
        )
    with database.reading() as session:
        known = session.get(Blob, sha256)
    if known is not None:
        return TakenBlob(sha256, known.size, is_new=False)
    clean = clean_picture(content, pixel_limit=pixel_limit)
    kept = objects.put(PICTURES, clean.content)
    row = Blob(
        sha256=sha256,
        kept_sha256=kept,
        media_type=clean.media_type,
        size=len(content),
        width=clean.width,
        height=clean.height,
        account_id=account_id,
        received_at=now,
    )
    try:
        with database.writing() as session:
            session.add(row)
    except IntegrityError:  # the same picture came twice at once: one row is enough
        return TakenBlob(sha256, len(content), is_new=False)
    return TakenBlob(sha256, len(content), is_new=True)


def picture_seen_by(session: Session, objects: ObjectStore, viewer: Viewer, sha256: str) -> bytes:
    """The clean JPEG, if a visit that speaks of it may be seen by `viewer`; NotFound otherwise."""
    mine = visits_of(viewer).subquery()
    allowed = session.scalar(
        select(EntryBlob.sha256)
        .join(EntryRow, EntryRow.id == EntryBlob.entry_id)
        .join(mine, mine.c.id == EntryRow.visit_id)
        .where(EntryBlob.sha256 == sha256)
        .limit(1)
    )
    blob = session.get(Blob, sha256) if allowed else None
    content = objects.get(PICTURES, blob.kept_sha256) if blob else None
    if content is None:
        raise NotFound
    return content
