"""The field's own tables (台账): one page that names them all, each as CSV and XLSX, of a day or a month."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from fastapi import APIRouter, Request, Response

from checklists.words import Words
from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import OVERRIDERS
from dispatch.care.compensation.ledger import compensations_listed, hand_over
from dispatch.care.contacts.answering import answered_by_day, together
from dispatch.care.sheets import (
    Sheet,
    answer_rate_sheet,
    compensation_sheet,
    complaint_sheet,
    contact_sheet,
    day_log_sheet,
    return_call_sheet,
    workflow_sheet,
)
from dispatch.clock import day_bounds, local_day
from dispatch.errors import NotFound
from dispatch.kpis.saying import month_words
from dispatch.kpis.scope import last_of_month
from dispatch.kpis.workbooks import Table, workbook_of
from dispatch.visits.order_files import defused
from mobile_api.desk.care.words import may
from mobile_api.desk.doors import DeskReading, DeskWriting
from mobile_api.desk.forms import day_from
from mobile_api.pages import language_of, page

router = APIRouter()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class When:
    """Which days a table is of. `month`: a whole one was asked for."""

    first: date
    last: date
    begin: datetime
    end: datetime
    month: bool


def _contacts(turn: Turn, language: str, when: When) -> Sheet:
    return contact_sheet(turn, language, when.begin, when.end)


def _answers(turn: Turn, language: str, when: When) -> Sheet:
    zone = turn.settings.zone
    return answer_rate_sheet(language, answered_by_day(turn.session, turn.viewer, when.begin, when.end, zone))


def _calls(turn: Turn, language: str, when: When) -> Sheet:
    return return_call_sheet(turn, language, *((when.begin, when.end) if when.month else ()))


def _complaints(turn: Turn, language: str, when: When) -> Sheet:
    return complaint_sheet(turn, language, *((when.begin, when.end) if when.month else ()))


def _workflow(turn: Turn, language: str, when: When) -> Sheet:
    return workflow_sheet(turn, language, *((when.begin, when.end) if when.month else ()))


def _log(turn: Turn, language: str, when: When) -> Sheet:
    return day_log_sheet(turn, language, f"{when.first}", f"{when.last}" if when.month else None)


def _money(turn: Turn, language: str, when: When) -> Sheet:
    del when
    return compensation_sheet(turn, language, compensations_listed(turn.session, turn.viewer, state="approved"))


SHEETS: dict[str, Callable[[Turn, str, When], Sheet]] = {
    "contacts": _contacts,
    "answer-rate": _answers,
    "return-calls": _calls,
    "complaints": _complaints,
    "workflow": _workflow,
    "day-log": _log,
    "compensations": _money,
}
SHEET_WORDS: dict[str, Words] = {
    "contacts": Words("来电登记表", "Contact log"),
    "answer-rate": Words("接通率统计表", "Answer rate by day"),
    "return-calls": Words("回访登记表", "Return calls"),
    "complaints": Words("投诉处理登记表", "Complaints"),
    "workflow": Words("投诉流程跟踪表", "Complaints step by step"),
    "day-log": Words("值班日志", "Daily log with hand-over"),
}


@router.get("/desk/tables")
def show_tables(request: Request, turn: DeskReading, month: str = "") -> Response:
    """All tables of a month, with the answer rate in full."""
    when = _when(turn, "", month or f"{turn.now.astimezone(turn.settings.zone):%Y-%m}")
    days = answered_by_day(turn.session, turn.viewer, when.begin, when.end, turn.settings.zone)
    return page(
        request,
        "desk/care/tables.html",
        days=days,
        whole=together(days),
        tables=SHEET_WORDS,
        first=when.first,
        month_words=month_words,
        may=may(turn.viewer),
    )


@router.get("/desk/exports/{name}.csv")
def export(request: Request, turn: DeskReading, name: str, day: str = "", month: str = "") -> Response:
    """One of the tables, as far as the viewer may see its rows."""
    return as_csv(name, _sheet(request, turn, name, day, month))


@router.get("/desk/exports/{name}.xlsx")
def export_spreadsheet(request: Request, turn: DeskReading, name: str, day: str = "", month: str = "") -> Response:
    """The same as a spreadsheet."""
    heads, rows = _sheet(request, turn, name, day, month)
    title = SHEET_WORDS.get(name, Words("补偿", "Compensation")).to(language_of(request))
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"', "Cache-Control": "no-store"}
    return Response(workbook_of([Table(title, heads, rows)]), media_type=XLSX, headers=headers)


def _sheet(request: Request, turn: Turn, name: str, day: str, month: str) -> Sheet:
    if name not in SHEETS:
        raise NotFound
    note_look(turn.session, turn.viewer, "care_table", name, turn.now)
    return SHEETS[name](turn, language_of(request), _when(turn, day, month))


def _when(turn: Turn, day: str, month: str) -> When:
    zone = turn.settings.zone
    chosen = day_from(f"{month}-01" if month else day, local_day(turn.now, zone))
    first, last = (chosen.replace(day=1), last_of_month(chosen)) if month else (chosen, chosen)
    return When(first, last, day_bounds(first, zone)[0], day_bounds(last, zone)[1], bool(month))


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
