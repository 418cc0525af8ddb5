"""What a phone exports as its last resort (docs/phone-export.md), read strictly, item by item.

{format: 1, account, device, made_at, parcels: [{id, body}], blobs: [{sha256, media_type, base64}]}; `body` is the
parcel's JSON as the phone would have sent it, as a text.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, ValidationError

from checklists.words import Words
from dispatch.errors import Invalid
from dispatch.records.intake import SentParcel
from dispatch.records.reading import SentEntry
from mobile_api.shapes import Id, Moment, ParcelShape, Sha256, Shape, ShortLine
from mobile_api.strict_json import BadJson, read_json

FORMAT = 1
MOST_PARCELS = 5000
MOST_BLOBS = 1000
NO_EXPORT = Words(
    "这不是手机导出的文件，或文件已损坏。请在手机上重新导出后再试。",
    "This is no export of a phone, or it is damaged. Export it again on the phone, then retry.",
)


class ExportShape(Shape):
    """The file's outside. Its parcels and blobs are judged one by one, so that a bad one spoils no other."""

    format: Annotated[int, Field(ge=FORMAT, le=FORMAT)]  # a literal would take `true` for 1
    account: ShortLine
    device: ShortLine
    made_at: Moment
    parcels: list[Any] = Field(max_length=MOST_PARCELS)
    blobs: list[Any] = Field(max_length=MOST_BLOBS)


class _ParcelItem(Shape):
    id: Id
    body: str


class _BlobItem(Shape):
    sha256: Sha256
    media_type: ShortLine
    base64: str


@dataclass(frozen=True)
class ExportedBlob:
    """A picture of the export, decoded."""

    sha256: str
    content: bytes


class UnreadableItem(Exception):
    """One parcel or blob that cannot be read; `words` say why."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


def read_export(content: bytes) -> ExportShape:
    """The file's outside. Refuses with Invalid what is no export."""
    try:
        return ExportShape.model_validate(read_json(content))
    except (BadJson, ValidationError) as error:
        raise Invalid(NO_EXPORT, name="not-an-export") from error


def read_parcel(item: Any) -> SentParcel:
    """One parcel of the file, as the phone's own sync would have brought it. Raises UnreadableItem."""
    try:
        said = _ParcelItem.model_validate(item)
        body = said.body.encode()
        return parcel_of(said.id, ParcelShape.model_validate(read_json(body)), body)
    except (BadJson, ValidationError) as error:
        raise UnreadableItem(Words("内容格式有误，无法读取。", "It is damaged and cannot be read.")) from error


def parcel_of(parcel_id: UUID, shape: ParcelShape, body: bytes) -> SentParcel:
    """A parcel as the product takes it in, from its shape and the bytes that were sent."""
    return SentParcel(
        id=parcel_id,
        visit_id=shape.visit_id,
        device_id=shape.device_id,
        entries=tuple(SentEntry(e.id, e.step, e.key, e.value, e.at, tuple(e.blobs)) for e in shape.entries),
        body=shape.model_dump(mode="json"),
        sha256=hashlib.sha256(body).hexdigest(),
    )


def read_blob(item: Any, most_bytes: int) -> ExportedBlob:
    """One picture of the file. Raises UnreadableItem."""
    try:
        said = _BlobItem.model_validate(item)
        content = base64.b64decode(said.base64, validate=True)
    except (ValidationError, binascii.Error, ValueError) as error:
        raise UnreadableItem(Words("内容格式有误，无法读取。", "It is damaged and cannot be read.")) from error
    if len(content) > most_bytes:
        raise UnreadableItem(Words("照片过大。", "The picture is too large."))
    return ExportedBlob(said.sha256, content)
