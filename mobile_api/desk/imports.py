"""Order files: read at once and reported row by row, taken in when the reader says so.

Between the two steps the file lies in the object store under its hash, so what was reported is what is taken in.
"""

import re
from dataclasses import replace
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, File, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from checklists.plain_text import unsafe
from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.clock import local_day
from dispatch.errors import Invalid, NotFound, Refusal
from dispatch.house import House
from dispatch.visits.importing import ImportOutcome, import_orders
from dispatch.visits.order_files import OrderFile, read_orders, refused_rows_csv, report_lines
from mobile_api.dependencies import house_of
from mobile_api.desk.doors import DeskReading, may
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, read_form
from mobile_api.errors import status_of
from mobile_api.pages import language_of, page
from mobile_api.shapes import Line

router = APIRouter()

IMPORTS = "imports"
SHA256 = re.compile(r"[0-9a-f]{64}")
MOST_LINES = 200
CHOOSE = Words("请选择要导入的 CSV 或 Excel 文件。", "Choose the CSV or Excel file to import.")


class ImportShape(FormShape):
    """Which file, by its name as it was uploaded, and whether rows that cannot be taken are left out."""

    name: Line
    rows: Literal["all", "good"] = "all"


@router.get("/desk/import")
def ask_file(request: Request, turn: DeskReading) -> Response:
    """The form to hand in a file."""
    return _draw_form(request, turn, None)


@router.post("/desk/import")
def hand_in(request: Request, turn: DeskReading, file: Annotated[UploadFile | None, File()] = None) -> Response:
    """Read it without storing an order; a file that cannot be read at all is refused here."""
    content = file.file.read() if file is not None and file.filename else b""
    if file is None or not content:
        return _draw_form(request, turn, Invalid(CHOOSE, name="import-no-file"))
    name = _plain(file.filename or "")
    turn.session.rollback()  # reading a large file takes a while: hold no connection through it
    try:
        _read(turn, content, name)
    except Refusal as refusal:
        return _draw_form(request, turn, refusal)
    sha256 = house_of(request).objects.put(IMPORTS, content)
    return RedirectResponse(f"/desk/import/{sha256}?{urlencode({'name': name})}", 303)


@router.get("/desk/import/{sha256}")
def show_report(
    request: Request, turn: DeskReading, sha256: str, name: str = "", new: str = "", known: str = "", changed: str = ""
) -> Response:
    """What the file holds, row by row in the reader's language; after an import also what came of it."""
    came: dict[str, Any] | None = None
    if new.isdigit() and known.isdigit():
        lines = [line for line in changed.split(".") if line.isdigit()]
        came = {"new": int(new[:9]), "known": int(known[:9]), "changed": lines}
    return _draw_report(request, turn, sha256, _plain(name), came=came)


@router.get("/desk/import/{sha256}/refused.csv")
def give_back(request: Request, turn: DeskReading, sha256: str, name: str = "") -> Response:
    """The rows that cannot be taken, with the reasons, to correct and import again."""
    order_file = _read(turn, _kept(house_of(request), sha256), _plain(name))
    return Response(
        refused_rows_csv(order_file, language_of(request)),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="refused-rows.csv"'},
    )


@router.post("/desk/import/{sha256}")
def take_in(request: Request, turn: DeskReading, sent: Sent, sha256: str) -> Response:
    """Take the orders in, all or none unless bad rows may be left out; once however often it is pressed."""
    house = house_of(request)
    read = read_form(ImportShape, sent)
    content = _kept(house, sha256)
    if read.shape is None:
        return _draw_report(request, turn, sha256, "orders.csv", errors=read.errors)
    shape = read.shape
    turn.session.rollback()
    order_file = _read(turn, content, shape.name)

    with house.database.writing() as session:  # begun only now: reading the file must not keep other writers waiting
        writing = replace(turn, session=session)

        def do() -> str:
            came = import_orders(writing, order_file, skip_bad=shape.rows == "good", name=shape.name, sha256=sha256)
            return f"/desk/import/{sha256}?{_said(shape.name, came)}"

        answer = attempt(writing, shape, f"import {sha256}", do)
    if isinstance(answer, Response):
        return answer
    return _draw_report(request, turn, sha256, shape.name, refusal=answer)


def _said(name: str, came: ImportOutcome) -> str:
    lines = ".".join(str(line) for line, _ in came.changed[:MOST_LINES])
    return urlencode({"name": name, "new": came.new, "known": came.known, "changed": lines})


def _plain(name: str) -> str:
    """A file's name, only so far as it may be shown; the kind of file is told by its content."""
    name = name.replace("\\", "/").rsplit("/", 1)[-1].strip()[-120:]
    return name if name and unsafe(name, lines=False) is None else "orders.csv"


def _kept(house: House, sha256: str) -> bytes:
    content = house.objects.get(IMPORTS, sha256) if SHA256.fullmatch(sha256) else None
    if content is None:
        raise NotFound
    return content


def _read(turn: Turn, content: bytes, name: str) -> OrderFile:
    settings = turn.settings
    return read_orders(
        content,
        name,
        zone=settings.zone,
        today=local_day(turn.now, settings.zone),
        allow_foreign=settings.foreign_phones,
    )


def _draw_form(request: Request, turn: Turn, refusal: Refusal | None) -> Response:
    return page(
        request,
        "desk/import.html",
        status=status_of(refusal) if refusal else 200,
        refusal=refusal,
        may=may(turn.viewer),
    )


def _draw_report(
    request: Request,
    turn: Turn,
    sha256: str,
    name: str,
    *,
    came: dict[str, Any] | None = None,
    refusal: Refusal | None = None,
    errors: dict[str, Words] | None = None,
) -> Response:
    content = _kept(house_of(request), sha256)
    turn.session.rollback()
    order_file = _read(turn, content, name)
    lines = report_lines(order_file, language_of(request))
    status = status_of(refusal) if refusal else 422 if errors else 200
    return page(
        request,
        "desk/import_report.html",
        status=status,
        file=order_file,
        fatal=[line for line in lines if line.fatal][:MOST_LINES],
        remarks=[line for line in lines if not line.fatal][:MOST_LINES],
        told=len(lines),
        most=MOST_LINES,
        sha256=sha256,
        name=name,
        query=urlencode({"name": name}),
        form=Form({}, errors or {}),
        refusal=refusal,
        came=came,
        may=may(turn.viewer),
    )
