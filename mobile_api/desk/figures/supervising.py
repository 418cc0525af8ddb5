"""The supervisor's page: what needs a person, clocks that run out, who has too much, faults by area."""

from fastapi import APIRouter, Request, Response

from dispatch.accounts.audit import note_look
from dispatch.accounts.viewer import OVERRIDERS
from dispatch.kpis.supervising import clocks, complaint_owners, loads, needs
from dispatch.kpis.surges import burning
from mobile_api.desk.doors import DeskReading
from mobile_api.pages import page

router = APIRouter()
LOADS = {
    "full": ("bad", "warn", "排满", "Full"),
    "busy": ("warn", "clock", "将满", "Nearly full"),
    "fine": ("good", "check", "正常", "Fine"),
    "off_shift": ("bad", "question", "无班次", "No shift"),
}


@router.get("/desk/supervisor")
def show_supervisor(request: Request, turn: DeskReading) -> Response:
    """Everything that waits for a supervisor, on one page."""
    turn.viewer.must_be(OVERRIDERS)
    note_look(turn.session, turn.viewer, "supervisor", "today", turn.now)
    return page(
        request,
        "desk/figures/supervisor.html",
        needs=needs(turn),
        clocks=clocks(turn),
        loads=loads(turn),
        owners=complaint_owners(turn),
        burning=burning(turn),
        load_words=LOADS,
    )
