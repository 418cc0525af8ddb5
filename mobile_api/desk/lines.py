"""A line at the desk: its health file as a page and on paper, and where it hangs in the network."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import StringConstraints

from checklists.plain_text import unsafe
from checklists.words import Words
from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.errors import Refusal
from dispatch.health_files.places import tell_place
from dispatch.health_files.queries import health_file_seen_by
from dispatch.health_files.telling import line_document
from mobile_api.desk.doors import DeskReading, DeskWriting, may
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, read_form
from mobile_api.desk.words import ACCESS_WORDS, KIND_WORDS, flashes
from mobile_api.errors import status_of
from mobile_api.line_pages import line_facts
from mobile_api.pages import language_of, page

router = APIRouter()
UNSAFE = Words("含有无法保存的字符，请重新输入。", "There are characters that cannot be kept. Type it again.")


class PlaceShape(FormShape):
    """Where a line hangs; empty takes it back."""

    splitter: Annotated[str, StringConstraints(max_length=80)] = ""
    building: Annotated[str, StringConstraints(max_length=200)] = ""


@router.get("/desk/lines/{line_id}")
def show_line(request: Request, turn: DeskReading, line_id: UUID, done: str = "") -> Response:
    """The same content as the API's health file; who looked is written down."""
    return _draw(request, turn, line_id, done=done)


@router.get("/desk/lines/{line_id}/file.pdf")
def print_line(request: Request, turn: DeskReading, line_id: UUID) -> Response:
    """The health file on paper, in the reader's language."""
    return line_pdf(request, turn, line_id)


@router.post("/desk/lines/{line_id}/place")
def place_line(request: Request, turn: DeskWriting, sent: Sent, line_id: UUID) -> Response:
    """Keep the splitter and the building: neighbours are looked at together."""
    read = read_form(PlaceShape, sent)
    if read.shape is None:
        return _draw(request, turn, line_id, placing=read.again())
    shape = read.shape
    wrong = {name: UNSAFE for name in ("splitter", "building") if unsafe(getattr(shape, name), lines=False)}
    if wrong:
        return _draw(request, turn, line_id, placing=read.again(**wrong))

    def do() -> str:
        tell_place(turn, line_id, splitter=shape.splitter, building=shape.building)
        return f"/desk/lines/{line_id}?done=place"

    answer = attempt(turn, shape, f"place {line_id}", do)
    return (
        answer if isinstance(answer, Response) else _draw(request, turn, line_id, placing=read.again(), refusal=answer)
    )


def line_pdf(request: Request, turn: Turn, line_id: UUID) -> Response:
    """The document of a line that the viewer may see."""
    file = health_file_seen_by(turn.session, turn.viewer, line_id)
    note_look(turn.session, turn.viewer, "line", line_id, turn.now)
    return Response(
        line_document(file, turn.settings, language_of(request), turn.now.replace(microsecond=0)),
        media_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="line-{str(line_id)[:8]}.pdf"'},
    )


def _draw(
    request: Request,
    turn: Turn,
    line_id: UUID,
    *,
    placing: Form | None = None,
    refusal: Refusal | None = None,
    done: str = "",
) -> Response:
    facts = line_facts(turn, line_id)
    note_look(turn.session, turn.viewer, "line", line_id, turn.now)
    wrong = placing is not None and bool(placing.errors)
    return page(
        request,
        "desk/line.html",
        status=status_of(refusal) if refusal else 422 if wrong else 200,
        **facts,
        placing=placing or Form({"splitter": facts["line"]["splitter"], "building": facts["line"]["building"]}),
        placing_sent=placing is not None,
        may=may(turn.viewer),
        kind_words=KIND_WORDS,
        access_words=ACCESS_WORDS,
        flashes=flashes(done),
    )
