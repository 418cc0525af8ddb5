"""The technicians' phones: when each was last heard of, what waits on it, and what a person should notice."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from dispatch.phones.queries import phones_seen_by
from dispatch.phones.rules import PHONE_SIGN_WORDS, PhoneSignKey, phone_signs
from dispatch.phones.tables import Phone
from dispatch.technicians.tables import Technician
from mobile_api.desk.doors import DeskReading, may
from mobile_api.pages import page, static_version

router = APIRouter()


@dataclass(frozen=True)
class Known:
    """One phone as a row of the page."""

    phone: Phone
    technician: Technician
    signs: list[PhoneSignKey]


@router.get("/desk/phones")
def show_phones(request: Request, turn: DeskReading) -> Response:
    """Every phone, those with something to notice first, then the longest unseen."""
    known = [
        Known(
            phone,
            technician,
            phone_signs(
                seen_at=phone.seen_at,
                waiting=phone.waiting,
                oldest_at=phone.oldest_at,
                used=phone.storage_used,
                quota=phone.storage_quota,
                persisted=phone.storage_persisted,
                app_version=phone.app_version,
                present_version=static_version(),
                now=turn.now,
            ),
        )
        for phone, technician in phones_seen_by(turn.session, turn.viewer)
    ]
    return page(
        request,
        "desk/phones.html",
        known=sorted(known, key=lambda one: not one.signs),
        sign_words=PHONE_SIGN_WORDS,
        may=may(turn.viewer),
    )
