"""Phones: what a technician's phone tells of itself with its syncs."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import Path
from pydantic import Field

from dispatch.phones.actions import phone_told
from dispatch.phones.rules import Told
from mobile_api.api import shown
from mobile_api.api.routing import api_router, refusals
from mobile_api.dependencies import Writing
from mobile_api.shapes import Bytes, Count, Shape, ShortLine

OLDEST = 10 * 366 * 86_400  # seconds; a phone whose clock is decades off must not make an instant that none can keep

router = api_router("on site")
DeviceId = Annotated[
    str, Path(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9._:-]+$", description="Made on the phone, once.")
]


class StorageShape(Shape):
    """The browser's storage, in bytes; left out where it does not say."""

    used: Bytes | None = None
    quota: Bytes | None = None
    persisted: bool | None = Field(None, description="Whether the browser promised to keep it.")


class PhoneShape(Shape):
    """How a phone is: its app's version, how many items wait, and the age of the oldest in seconds."""

    app_version: ShortLine
    waiting: Count
    oldest_seconds: Bytes | None = None
    storage: StorageShape = StorageShape()


@router.put("/phones/{device_id}", summary="A phone tells how it is", responses=refusals(429))
def put_phone(device_id: DeviceId, shape: PhoneShape, turn: Writing) -> dict[str, Any]:
    """For technicians, about the phone in their hand. The same again is fine; something new every moment is 429."""
    told = Told(
        app_version=shape.app_version,
        waiting=shape.waiting,
        oldest_age=None if shape.oldest_seconds is None else timedelta(seconds=min(shape.oldest_seconds, OLDEST)),
        storage_used=shape.storage.used,
        storage_quota=shape.storage.quota,
        storage_persisted=shape.storage.persisted,
    )
    phone = phone_told(turn, device_id, told)
    return {"device_id": phone.device_id, "waiting": phone.waiting, "seen_at": shown.moment(phone.seen_at)}
