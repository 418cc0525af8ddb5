"""Who comes in: the desk's roles. Everybody else finds nothing here: no page tells what exists."""

from typing import Annotated

from fastapi import Depends

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import OVERRIDERS, PLANNERS, Viewer
from dispatch.errors import NotFound
from mobile_api.dependencies import Reading, Writing


def desk_reading(turn: Reading) -> Turn:
    """A reading turn of somebody at the desk."""
    if not turn.viewer.at_desk:
        raise NotFound
    return turn


def desk_writing(turn: Writing) -> Turn:
    """A writing turn of somebody at the desk, committed before the answer leaves."""
    if not turn.viewer.at_desk:
        raise NotFound
    return turn


DeskReading = Annotated[Turn, Depends(desk_reading, scope="function")]
DeskWriting = Annotated[Turn, Depends(desk_writing, scope="function")]


def may(viewer: Viewer) -> dict[str, bool]:
    """What a page offers to this viewer; the actions refuse for themselves."""
    return {"plan": viewer.role in PLANNERS, "override": viewer.role in OVERRIDERS, "admin": viewer.role == "admin"}
