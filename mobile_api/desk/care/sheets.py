"""The field's own tables as CSV files that a spreadsheet opens as they are."""

import csv
import io
from collections.abc import Callable

from fastapi import APIRouter, Request, Response

from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import OVERRIDERS
from dispatch.care.compensation.ledger import compensations_listed, hand_over
from dispatch.care.sheets import (
    Sheet,
    compensation_sheet,
    complaint_sheet,
    contact_sheet,
    day_log_sheet,
    return_call_sheet,
    workflow_sheet,
)
from dispatch.clock import day_bounds
from dispatch.errors import NotFound
from mobile_api.desk.doors import DeskReading, DeskWriting
from mobile_api.desk.forms import day_from
from mobile_api.pages import language_of

router = APIRouter()
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _contacts(turn: Turn, language: str, day: str) -> Sheet:
    chosen = day_from(day, turn.now.astimezone(turn.settings.zone).date())
    return contact_sheet(turn, language, *day_bounds(chosen, turn.settings.zone))


def _log(turn: Turn, language: str, day: str) -> Sheet:
    return day_log_sheet(turn, language, f"{day_from(day, turn.now.astimezone(turn.settings.zone).date())}")


SHEETS: dict[str, Callable[[Turn, str, str], Sheet]] = {
    "contacts": _contacts,
    "return-calls": lambda turn, language, _: return_call_sheet(turn, language),
    "complaints": lambda turn, language, _: complaint_sheet(turn, language),
    "workflow": lambda turn, language, _: workflow_sheet(turn, language),
    "day-log": _log,
    "compensations": lambda turn, language, _: compensation_sheet(
        turn, language, compensations_listed(turn.session, turn.viewer, state="approved")
    ),
}


@router.get("/desk/exports/{name}.csv")
def export(request: Request, turn: DeskReading, name: str, day: str = "") -> Response:
    """One of the tables, as far as the viewer may see its rows."""
    if name not in SHEETS:
        raise NotFound
    note_look(turn.session, turn.viewer, "care_table", name, turn.now)
    return as_csv(name, SHEETS[name](turn, language_of(request), day))


@router.post("/desk/compensations/export")
def give_to_billing(request: Request, turn: DeskWriting) -> Response:
    """Everything approved and not given yet, marked as given."""
    turn.viewer.must_be(OVERRIDERS)
    return as_csv("compensations", compensation_sheet(turn, language_of(request), hand_over(turn)))


def as_csv(name: str, sheet: Sheet) -> Response:
    """UTF-8 with its mark, so that spreadsheets read Chinese; what looks like a formula is text."""
    heads, rows = sheet
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return Response(
        "\ufeff" + written.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"},
    )


def defused(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
