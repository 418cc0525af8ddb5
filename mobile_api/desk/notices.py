"""What customers were told, and what could not be said: every notice with its state."""

from fastapi import APIRouter, Request, Response

from dispatch.accounts.audit import note_look
from dispatch.customers.phones import masked_phone
from dispatch.notices.queries import counts_by_state
from dispatch.notices.tables import STATES
from dispatch.notices.troubles import notices_matching
from mobile_api.desk.doors import DeskReading, may
from mobile_api.desk.words import NOTICE_KIND_WORDS
from mobile_api.pages import page

router = APIRouter()
PER_PAGE = 50
LAST_PAGE = 10_000


@router.get("/desk/notices")
def show_notices(request: Request, turn: DeskReading, state: str = "", at: str = "1") -> Response:
    """Newest first, of one state if asked; the numbers masked."""
    chosen = state if state in (*STATES, "trouble") else None
    number = int(at) if at.isascii() and at.isdigit() and len(at) < 6 else 1
    number = min(max(number, 1), LAST_PAGE)
    found, total = notices_matching(turn.session, chosen, turn.now, page=number, per_page=PER_PAGE)
    troubled = notices_matching(turn.session, "trouble", turn.now, per_page=1)[1]
    note_look(turn.session, turn.viewer, "notices", chosen or "all", turn.now)
    return page(
        request,
        "desk/notices.html",
        notices=found,
        masked={one.id: masked_phone(one.to) for one in found},
        state=chosen or "",
        states=STATES,
        counts=counts_by_state(turn.session),
        troubled=troubled,
        at=number,
        last=max(1, -(-total // PER_PAGE)),
        total=total,
        kinds=NOTICE_KIND_WORDS,
        folder=None if turn.settings.sms_url else turn.settings.data_dir / "messages",
        may=may(turn.viewer),
    )
