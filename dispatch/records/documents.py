"""The document of a record: drawn from the sealed row only, signed, kept under its own hash, once and for all."""

import logging
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dispatch.clock import utc_now
from dispatch.errors import NotFound
from dispatch.house import House
from dispatch.records.blobs import PICTURES
from dispatch.records.drawing import draw_record
from dispatch.records.keys import keyring_of
from dispatch.records.queries import body_of
from dispatch.records.signing.sign import sign_record
from dispatch.records.tables import Blob, Document, Record

log = logging.getLogger("doorstep.records")
DOCUMENTS = "documents"


def verify_address(house: House, number: str) -> str:
    """Where the document's code leads."""
    return f"{house.settings.public_url.rstrip('/')}/verify/{number}"


def document_of(house: House, record_id: UUID) -> bytes:
    """The signed PDF; drawn now if nobody has yet. The caller has checked that the viewer may see the record."""
    kept = _kept(house, record_id)
    return kept if kept is not None else _draw(house, record_id)


def draw_missing(house: House, most: int = 20) -> int:
    """Draw documents that records lack (for the jobs process); returns how many. One that fails holds up no other."""
    with house.database.reading() as session:
        lacking = list(
            session.scalars(
                select(Record.id)
                .join(Document, Document.record_id == Record.id, isouter=True)
                .where(Document.record_id.is_(None))
                .order_by(Record.sealed_at)
                .limit(most)
            )
        )
    drawn = 0
    for record_id in lacking:
        try:
            document_of(house, record_id)
            drawn += 1
        except Exception:
            log.exception("the document of record %s cannot be drawn; tried again later", record_id)
    return drawn


def _kept(house: House, record_id: UUID) -> bytes | None:
    with house.database.reading() as session:
        document = session.get(Document, record_id)
    if document is None:
        return None
    content = house.objects.get(DOCUMENTS, document.sha256)
    if content is None:
        raise FileNotFoundError(f"the document of record {record_id} is not in the object store: restore it")
    return content


def _draw(house: House, record_id: UUID) -> bytes:
    """Outside any transaction: drawing takes a while. Whoever writes the row first has drawn *the* document."""
    with house.database.reading() as session:
        record = session.get(Record, record_id)
        if record is None:
            raise NotFound
        body = body_of(record)
        wanted = {photo["sha256"] for photo in body.get("photos", [])}
        pictures = session.execute(select(Blob.sha256, Blob.kept_sha256).where(Blob.sha256.in_(wanted)))
        kept_as = {row.sha256: row.kept_sha256 for row in pictures}

    def photo(sha256: str) -> bytes:
        content = house.objects.get(PICTURES, kept_as[sha256])
        if content is None:
            raise FileNotFoundError(f"picture {sha256} is not in the object store")
        return content

    drawn = draw_record(body, strokes=record.strokes, photo=photo, verify_url=verify_address(house, record.number))
    signed = sign_record(drawn.pdf, keyring_of(house.settings), record=body)
    sha256 = house.objects.put(DOCUMENTS, signed)
    try:
        with house.database.writing() as session:
            session.add(
                Document(
                    record_id=record_id,
                    sha256=sha256,
                    size=len(signed),
                    missing_characters=list(drawn.missing_characters),
                    drawn_at=utc_now(),
                )
            )
    except IntegrityError:  # another process was first: its document counts
        kept = _kept(house, record_id)
        assert kept is not None
        return kept
    return signed
