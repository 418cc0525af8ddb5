"""The document of a record: drawn from the sealed row only, signed, kept under its own hash, once and for all.

A time-stamp service that does not answer holds up no sealing: the record is sealed and in the ledger before its
document is drawn. The document waits, is tried again (10 s, doubling up to 10 min) and, after the settings' patience,
is signed without time-stamps; its level says so.
"""

import logging
from collections.abc import Callable
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from checklists.words import Words
from dispatch.clock import utc_now
from dispatch.errors import NotAllowed, NotFound
from dispatch.house import House
from dispatch.records.blobs import PICTURES
from dispatch.records.drawing import draw_record
from dispatch.records.keys import keyring_of, stamps_of
from dispatch.records.ledger import DOCUMENTS, write_down
from dispatch.records.provenance import remark_on
from dispatch.records.queries import body_of
from dispatch.records.signing.sign import Signed, sign_and_stamp
from dispatch.records.signing.stamping import StampTrouble
from dispatch.records.tables import Blob, Document, DocumentTry, Record
from dispatch.records.waiting import is_out_of_patience, next_try

log = logging.getLogger("doorstep.records")


class DocumentWaits(NotAllowed):
    """The record is sealed; its document waits for the time-stamp service."""

    name = "document-waiting"
    title = Words("文件稍后可取", "The document is not ready yet")

    def __init__(self) -> None:
        super().__init__(
            Words(
                "记录已封存。时间戳服务暂时没有响应，PDF 会在恢复后自动完成，请稍后再来。",
                "The record is sealed. The time-stamp service does not answer at the moment; the PDF is made as soon "
                "as it does. Please come back later.",
            )
        )


def verify_address(house: House, number: str) -> str:
    """Where the document's code leads."""
    return f"{house.settings.public_url.rstrip('/')}/verify/{number}"


def document_of(house: House, record_id: UUID) -> bytes:
    """The signed PDF; drawn now if nobody has yet. The caller has checked that the viewer may see the record.

    Refuses with DocumentWaits while it waits for the time-stamp service.
    """
    kept = _kept(house, record_id)
    if kept is not None:
        return kept
    with house.database.reading() as session:
        tried = session.get(DocumentTry, record_id)
    if tried is not None and utc_now() < tried.next_at:
        raise DocumentWaits
    return _draw(house, record_id, tried)


def draw_missing(house: House, most: int = 20) -> int:
    """Draw documents that records lack (for the jobs process); returns how many. One that fails holds up no other."""
    with house.database.reading() as session:
        lacking = list(
            session.scalars(
                select(Record.id)
                .join(Document, Document.record_id == Record.id, isouter=True)
                .join(DocumentTry, DocumentTry.record_id == Record.id, isouter=True)
                .where(
                    Document.record_id.is_(None),
                    or_(DocumentTry.next_at.is_(None), DocumentTry.next_at <= utc_now()),
                )
                .order_by(Record.sealed_at)
                .limit(most)
            )
        )
    drawn = 0
    for record_id in lacking:
        try:
            document_of(house, record_id)
            drawn += 1
        except DocumentWaits:
            continue
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


def _draw(house: House, record_id: UUID, tried: DocumentTry | None) -> bytes:
    """Outside any transaction: drawing takes a while. Whoever writes the row first has drawn *the* document."""
    with house.database.reading() as session:
        record = session.get(Record, record_id)
        if record is None:
            raise NotFound
        body = body_of(record)
        wanted = {photo["sha256"] for photo in body.get("photos", [])}
        pictures = session.execute(select(Blob.sha256, Blob.kept_sha256).where(Blob.sha256.in_(wanted)))
        kept_as = {row.sha256: row.kept_sha256 for row in pictures}
    keyring = keyring_of(house.settings)
    drawn = draw_record(
        body,
        strokes=record.strokes,
        photo=_pictures(house, kept_as),
        verify_url=verify_address(house, record.number),
        remark=remark_on(keyring),
    )
    signed = _signed(house, record, body, drawn.pdf, tried)
    sha256 = house.objects.put(DOCUMENTS, signed.pdf)
    now = utc_now()
    try:
        with house.database.writing() as session:
            session.add(
                Document(
                    record_id=record_id,
                    sha256=sha256,
                    size=len(signed.pdf),
                    missing_characters=list(drawn.missing_characters),
                    drawn_at=now,
                    level=signed.level,
                )
            )
            session.flush()
            write_down(session, now, "document", record, sha256)
            if tried is not None:
                session.delete(session.get_one(DocumentTry, record_id))
    except IntegrityError:  # another process was first: its document counts
        kept = _kept(house, record_id)
        assert kept is not None
        return kept
    return signed.pdf


def _pictures(house: House, kept_as: dict[str, str]) -> Callable[[str], bytes]:
    def photo(sha256: str) -> bytes:
        content = house.objects.get(PICTURES, kept_as[sha256])
        if content is None:
            raise FileNotFoundError(f"picture {sha256} is not in the object store")
        return content

    return photo


def _signed(house: House, record: Record, body: dict[str, object], pdf: bytes, tried: DocumentTry | None) -> Signed:
    keyring, service = keyring_of(house.settings), stamps_of(house.settings)
    try:
        return sign_and_stamp(pdf, keyring, service, record=body)
    except StampTrouble as trouble:
        now = utc_now()
        told = {"facts": {"number": record.number, "service": service.place if service else "", "why": str(trouble)}}
        if tried is not None and is_out_of_patience(tried.first_at, now, house.settings.tsa_patience_hours):
            log.warning("a document is signed without time-stamps: the patience is over", extra=told)
            return sign_and_stamp(pdf, keyring, None, record=body)
        log.warning("a document waits for the time-stamp service", extra=told)
        with house.database.writing() as session:
            again = session.get(DocumentTry, record.id)
            if again is None:
                again = DocumentTry(record_id=record.id, tries=0, first_at=now, next_at=now, trouble="")
                session.add(again)
            again.tries += 1
            again.next_at = next_try(again.tries, now)
            again.trouble = str(trouble)[:400]
        raise DocumentWaits from trouble
