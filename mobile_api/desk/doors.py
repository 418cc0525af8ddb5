"""Who comes in: the desk's roles. Everybody else finds nothing here: no page tells what exists."""

from typing import Annotated

from fastapi import Depends, Request

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import OVERRIDERS, PLANNERS, Viewer
from dispatch.errors import NotFound
from dispatch.notices.call_lists import call_counts
from mobile_api.dependencies import Reading, Writing


def desk_reading(request: Request, turn: Reading) -> Turn:
    """A reading turn of somebody at the desk."""
    return _let_in(request, turn)


def desk_writing(request: Request, turn: Writing) -> Turn:
    """A writing turn of somebody at the desk, committed before the answer leaves."""
    return _let_in(request, turn)


def _let_in(request: Request, turn: Turn) -> Turn:
    """The turn, with the count of calls for the navigation: counted only when a page is drawn."""
    if not turn.viewer.at_desk:
        raise NotFound
    request.state.desk_calls = lambda: call_counts(turn.session, turn.now)
    return turn


DeskReading = Annotated[Turn, Depends(desk_reading, scope="function")]
DeskWriting = Annotated[Turn, Depends(desk_writing, scope="function")]


def may(viewer: Viewer) -> dict[str, bool]:
    """What a page offers to this viewer; the actions refuse for themselves."""
    return {"plan": viewer.role in PLANNERS, "override": viewer.role in OVERRIDERS, "admin": viewer.role == "admin"}
