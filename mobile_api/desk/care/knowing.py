"""The knowledge base at the desk: one search over all that is known, and writing, voting, retiring."""

from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import StringConstraints

from checklists.visit_repair_v1 import CAUSES
from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.care.complaints.queries import names_of
from dispatch.care.knowledge.actions import Text, retire, vote, write_entry
from dispatch.care.knowledge.queries import entries_listed, entry_seen_by, search, versions_of
from dispatch.care.knowledge.tables import KnowledgeEntry
from dispatch.clock import local_day
from dispatch.errors import NotFound, Refusal
from dispatch.health_files.bigrams import words_in
from dispatch.health_files.similar import search_repairs
from mobile_api.desk.care.words import flashes, may
from mobile_api.desk.doors import DeskReading, DeskWriting
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, read_form
from mobile_api.desk.moves import Day
from mobile_api.desk.words import who
from mobile_api.errors import status_of
from mobile_api.pages import page

router = APIRouter()
KIND_WORDS: dict[str, Words] = {
    "article": Words("文章", "Article"),
    "script": Words("话术", "Script"),
    "dial_code": Words("拨号代码", "Dial code"),
    "case": Words("案例", "Case"),
}
CAUSE_WORDS = {option.value: option.label for option in CAUSES}
Body = Annotated[str, StringConstraints(min_length=1, max_length=8000)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class EntryShape(FormShape):
    """An entry as it is written, in both languages."""

    version: int = 0
    kind: Literal["article", "script", "dial_code", "case"] = "article"
    title_zh: Title
    title_en: Title
    body_zh: Body
    body_en: Body
    tags: Annotated[str, StringConstraints(max_length=300)] = ""
    review_on: Day | None = None
    why: Annotated[str, StringConstraints(max_length=300)] = ""


class VoteShape(FormShape):
    """Did it help?"""

    helped: Literal["yes", "no"]


class RetireShape(FormShape):
    """Which version was looked at."""

    version: int


@router.get("/desk/knowledge")
def show_search(request: Request, turn: DeskReading, q: str = "", kind: str = "", done: str = "") -> Response:
    """The search; without words what is to be reviewed and what changed last."""
    chosen, text = kind if kind in KIND_WORDS else None, q.strip()[:200]
    found = search(turn.session, text, turn.viewer, kind=chosen, most=30) if text else []
    words = words_in(text)
    repairs = search_repairs(turn.session, words, 10) if words and chosen in (None, "case") else []
    today = f"{turn.now.astimezone(turn.settings.zone).date()}"
    return page(
        request,
        "desk/care/knowledge.html",
        q=text,
        kind=chosen or "",
        found=found,
        repairs=repairs,
        causes=CAUSE_WORDS,
        due=[] if text else entries_listed(turn.session, turn.viewer, due_by=today, most=20),
        latest=[] if text else entries_listed(turn.session, turn.viewer, kind=chosen, most=20),
        kinds=KIND_WORDS,
        flashes=flashes(done),
        may=may(turn.viewer),
    )


@router.get("/desk/knowledge/new")
def ask(request: Request, turn: DeskReading) -> Response:
    """An empty entry."""
    return _form(request, turn, None, Form({"kind": "article"}))


@router.post("/desk/knowledge/new")
def write_new(request: Request, turn: DeskWriting, sent: Sent) -> Response:
    """A new entry."""
    return _write(request, turn, sent, None)


@router.get("/desk/knowledge/{number}")
def show_entry(request: Request, turn: DeskReading, number: int, done: str = "") -> Response:
    """One entry, with its earlier versions."""
    return _draw(request, turn, entry_seen_by(turn.session, turn.viewer, _small(number)), done=done)


@router.get("/desk/knowledge/{number}/edit")
def edit(request: Request, turn: DeskReading, number: int) -> Response:
    """Its newest version, to write the next."""
    entry = entry_seen_by(turn.session, turn.viewer, _small(number))
    newest = versions_of(turn.session, entry.number)[0]
    values = {name: getattr(newest, name) for name in ("title_zh", "title_en", "body_zh", "body_en", "tags")}
    return _form(request, turn, entry, Form(values | {"kind": entry.kind, "review_on": entry.review_on}))


@router.post("/desk/knowledge/{number}/edit")
def write_next(request: Request, turn: DeskWriting, sent: Sent, number: int) -> Response:
    """The next version."""
    return _write(request, turn, sent, entry_seen_by(turn.session, turn.viewer, _small(number)))


@router.post("/desk/knowledge/{number}/vote")
def say_if_it_helped(request: Request, turn: DeskWriting, sent: Sent, number: int) -> Response:
    """Did it help?"""
    entry = entry_seen_by(turn.session, turn.viewer, _small(number))
    read = read_form(VoteShape, sent)
    if read.shape is None:
        return _draw(request, turn, entry)
    shape = read.shape

    def do() -> str:
        vote(turn, entry.number, shape.helped == "yes")
        return f"/desk/knowledge/{entry.number}?done=thanks"

    answer = attempt(turn, shape, f"vote {entry.number}", do)
    return answer if isinstance(answer, Response) else _draw(request, turn, entry, answer)


@router.post("/desk/knowledge/{number}/retire")
def retire_entry(request: Request, turn: DeskWriting, sent: Sent, number: int) -> Response:
    """Nobody finds it any more."""
    entry = entry_seen_by(turn.session, turn.viewer, _small(number))
    read = read_form(RetireShape, sent)
    if read.shape is None:
        return _draw(request, turn, entry)
    shape = read.shape

    def do() -> str:
        retire(turn, entry.number, shape.version)
        return "/desk/knowledge?done=entry"

    answer = attempt(turn, shape, f"retire {entry.number}", do)
    return answer if isinstance(answer, Response) else _draw(request, turn, entry, answer)


def _write(request: Request, turn: Turn, sent: dict[str, object], entry: KnowledgeEntry | None) -> Response:
    read = read_form(EntryShape, sent)
    if read.shape is None:
        return _form(request, turn, entry, read.again())
    shape = read.shape
    number = entry.number if entry else None

    def do() -> str:
        text = Text(Words(shape.title_zh, shape.title_en), Words(shape.body_zh, shape.body_en), shape.tags)
        made = write_entry(
            turn, entry.kind if entry else shape.kind, text, number=number,
            version=shape.version if entry else None, review_on=shape.review_on, why=shape.why,
        )  # fmt: skip
        return f"/desk/knowledge/{made.number}?done=entry"

    answer = attempt(turn, shape, f"knowledge {number}", do)
    return answer if isinstance(answer, Response) else _form(request, turn, entry, read.again(), answer)


def _small(number: int) -> int:
    if not 0 < number < 2**31:
        raise NotFound
    return number


def _form(
    request: Request, turn: Turn, entry: KnowledgeEntry | None, form: Form, refusal: Refusal | None = None
) -> Response:
    return page(
        request,
        "desk/care/knowledge_edit.html",
        status=status_of(refusal) if refusal else 422 if form.errors else 200,
        entry=entry,
        form=form,
        refusal=refusal,
        kinds=KIND_WORDS,
        may=may(turn.viewer),
    )


def _draw(
    request: Request, turn: Turn, entry: KnowledgeEntry, refusal: Refusal | None = None, done: str = ""
) -> Response:
    versions = versions_of(turn.session, entry.number)
    return page(
        request,
        "desk/care/knowledge_entry.html",
        status=status_of(refusal) if refusal else 200,
        entry=entry,
        newest=versions[0],
        versions=versions,
        owner=names_of(turn.session, [entry.owner_id]).get(entry.owner_id) if entry.owner_id else None,
        review_due=entry.review_on is not None and entry.review_on <= f"{local_day(turn.now, turn.settings.zone)}",
        fresh=Form,
        refusal=refusal,
        kinds=KIND_WORDS,
        who=who,
        flashes=flashes(done),
        may=may(turn.viewer),
    )
