"""Figures to take away: the month as a spreadsheet and as a report on paper, the rows behind one as a spreadsheet."""

from fastapi import APIRouter, Request, Response

from checklists.words import Words
from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.kpis.behind import MOST_EXPORTED, Which, rows_behind
from dispatch.kpis.exporting import month_tables, rows_table
from dispatch.kpis.queries import Measured, grouped, measured
from dispatch.kpis.reporting import monthly_report
from dispatch.kpis.scope import By, sees_people
from dispatch.kpis.workbooks import Table, workbook_of
from mobile_api.desk.doors import DeskReading
from mobile_api.desk.figures.asked import Asked, asked_in, names_of_groups
from mobile_api.desk.figures.one import BY_WORDS, figure_named, name_of_group
from mobile_api.pages import language_of

router = APIRouter()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CUTS: tuple[By, ...] = ("area", "kind", "week", "day", "technician")


@router.get("/desk/figures.xlsx")
def month_as_spreadsheet(request: Request, turn: DeskReading) -> Response:
    """The month: whole, and by area, kind, week, day and, for supervisors, technician; with the definitions."""
    asked, language = asked_in(request, turn), language_of(request)
    now = measured(turn.session, turn.viewer, asked.scope, today=asked.today)
    before = measured(turn.session, turn.viewer, asked.scope.before, today=asked.today)
    cuts = [(BY_WORDS[by], cut_by(turn, asked, by)) for by in CUTS if by != "technician" or sees_people(turn.viewer)]
    note_look(turn.session, turn.viewer, "figures", f"{asked.scope.first}", turn.now)
    return as_xlsx(f"figures-{asked.scope.first:%Y-%m}", month_tables(now, before, cuts, language))


def cut_by(turn: Turn, asked: Asked, by: By) -> list[tuple[Words, dict[str, Measured]]]:
    """All figures of each group of a cut, in the order of their names."""
    found, names = (
        grouped(turn.session, turn.viewer, asked.scope, by, today=asked.today),
        names_of_groups(turn.session, by),
    )
    named = [(name_of_group(by, name, names), name, cells) for name, cells in found.items()]
    if by in ("day", "week"):
        named.sort(key=lambda one: one[1])
    else:
        named.sort(key=lambda one: one[0].zh)
    return [(words, cells) for words, _, cells in named]


@router.get("/desk/figures.pdf")
def month_on_paper(request: Request, turn: DeskReading) -> Response:
    """The monthly report."""
    asked = asked_in(request, turn)
    pdf = monthly_report(turn, asked.scope, asked.today, language_of(request))
    note_look(turn.session, turn.viewer, "figures", f"{asked.scope.first}", turn.now)
    headers = {
        "Content-Disposition": f'inline; filename="figures-{asked.scope.first:%Y-%m}.pdf"',
        "Cache-Control": "no-store",
    }
    return Response(pdf, media_type="application/pdf", headers=headers)


@router.get("/desk/figures/{key}/rows.xlsx")
def rows_as_spreadsheet(request: Request, turn: DeskReading, key: str, which: str = "all") -> Response:
    """The rows behind a figure, at most 20,000 of them, the newest first."""
    figure, asked = figure_named(key), asked_in(request, turn)
    wanted: Which = which if which in ("yes", "no") else "all"  # type: ignore[assignment]
    rows, _ = rows_behind(
        turn.session, turn.viewer, figure, asked.scope, today=asked.today, which=wanted, a_page=MOST_EXPORTED
    )
    note_look(turn.session, turn.viewer, "figure_rows", key, turn.now)
    return as_xlsx(f"{key}-rows", [rows_table(figure, rows, language_of(request), turn.settings.zone)])


def as_xlsx(name: str, tables: list[Table]) -> Response:
    """A spreadsheet to keep."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"', "Cache-Control": "no-store"}
    return Response(workbook_of(tables), media_type=XLSX, headers=headers)
