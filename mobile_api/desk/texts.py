"""The wording of notices: what customers read, the operator's own drafts, what the rules find in them, previews."""

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import StringConstraints

from checklists.plain_text import unsafe
from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import OVERRIDERS
from dispatch.errors import Invalid, Refusal
from dispatch.notices.composing import voice_of
from dispatch.notices.language_rules import Finding, findings, stops
from dispatch.notices.mail_page import mail_page
from dispatch.notices.own_texts import (
    InUse,
    go_live,
    preview,
    sample_facts,
    texts_in_use,
    texts_of,
    withdraw,
    words_of,
    write_text,
)
from dispatch.notices.tables import Notice, OwnText
from dispatch.notices.text_drafts import must_be_a_text, newest_drafts, notices_said_by, own_text_seen_by
from dispatch.notices.texts import SECTIONS, Texts, tidied
from dispatch.notices.variables import VARIABLES_OF
from dispatch.notices.wording import Worded, sms_parts
from mobile_api.desk.doors import DeskReading, DeskWriting, may
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, read_form
from mobile_api.desk.words import TEXT_NAME_WORDS, flashes, who
from mobile_api.errors import status_of
from mobile_api.pages import page

router = APIRouter()
ALONE = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The policy of a mail shown by itself: its inline styles, and nothing that runs, loads, submits or is framed."""

Section = Annotated[str, StringConstraints(max_length=20_000)]


class TextShape(FormShape):
    """The four sections of a text; `do` says whether they are only looked at or kept as a draft."""

    sms: Section = ""
    subject: Section = ""
    mail: Section = ""
    call: Section = ""
    notice: Annotated[str, StringConstraints(max_length=40)] = ""
    do: Literal["look", "keep"] = "look"


class ButtonShape(FormShape):
    """Nothing but the key."""


@dataclass(frozen=True)
class Shown:
    """A text as it is looked at: with which notice's facts (None: made-up ones), and what came of it."""

    texts: Texts
    notice: Notice | None
    worded: Worded | None
    problem: Refusal | None
    found: tuple[Finding, ...]
    recent: list[Notice] = field(default_factory=list)

    @property
    def parts(self) -> int:
        """How many SMS parts it is paid for; 0 when it cannot be worded."""
        return sms_parts(self.worded.sms) if self.worded else 0


@router.get("/desk/texts")
def show_texts(request: Request, turn: DeskReading, done: str = "") -> Response:
    """Every text in both languages: whose words customers read, and whether a draft waits."""
    turn.viewer.must_be(OVERRIDERS)
    drafts = newest_drafts(turn.session)
    used = texts_in_use(turn.session)
    samples = {
        (one.name, one.language): preview(
            one.texts, one.name, one.language, sample_facts(one.name, turn.settings, turn.now, one.language),
            turn.settings, _a_link(turn),
        )
        for one in used
    }  # fmt: skip
    return page(
        request,
        "desk/texts.html",
        used=used,
        drafts=drafts,
        parts={key: sms_parts(said.sms) for key, said in samples.items()},
        names=TEXT_NAME_WORDS,
        flashes=flashes(done),
        may=may(turn.viewer),
    )


@router.get("/desk/texts/{name}/{language}")
def show_text(
    request: Request, turn: DeskReading, name: str, language: str, notice: str = "", done: str = ""
) -> Response:
    """One text to write: the newest draft, else what is in use."""
    turn.viewer.must_be(OVERRIDERS)
    must_be_a_text(name, language)
    texts = _at_first(turn, name, language)
    form = Form({section: getattr(texts, section) for section in SECTIONS} | {"notice": notice})
    return _draw(request, turn, name, language, texts, form, done=done)


@router.post("/desk/texts/{name}/{language}")
def write(request: Request, turn: DeskWriting, sent: Sent, name: str, language: str) -> Response:
    """Look at what is typed, or keep it as a draft. Customers notice nothing of either."""
    turn.viewer.must_be(OVERRIDERS)
    must_be_a_text(name, language)
    read = read_form(TextShape, sent)
    if read.shape is None:
        return _draw(request, turn, name, language, _at_first(turn, name, language), read.again())
    shape = read.shape
    texts = Texts(shape.sms, shape.subject, shape.mail, shape.call)
    if shape.do == "look":
        return _draw(request, turn, name, language, texts, read.again())

    def do() -> str:
        write_text(turn, name, language, texts)
        return f"/desk/texts/{name}/{language}?done=draft"

    answer = attempt(turn, shape, f"text {name} {language}", do)
    if isinstance(answer, Response):
        return answer
    return _draw(request, turn, name, language, texts, read.again(), refusal=answer)


@router.post("/desk/texts/{name}/{language}/ours")
def back_to_ours(request: Request, turn: DeskWriting, sent: Sent, name: str, language: str) -> Response:
    """Customers read our own words again."""
    turn.viewer.must_be(OVERRIDERS)
    must_be_a_text(name, language)

    def do() -> str:
        withdraw(turn, name, language)
        return f"/desk/texts/{name}/{language}?done=ours"

    return _press(request, turn, sent, name, language, f"ours {name} {language}", do)


@router.post("/desk/texts/{name}/{language}/{own_id}/live")
def bring_live(request: Request, turn: DeskWriting, sent: Sent, name: str, language: str, own_id: UUID) -> Response:
    """Customers read this revision from now on, unless a rule stops it."""
    turn.viewer.must_be(OVERRIDERS)
    must_be_a_text(name, language)
    own_text_seen_by(turn.session, turn.viewer, own_id)

    def do() -> str:
        go_live(turn, own_id)
        return f"/desk/texts/{name}/{language}?done=live"

    return _press(request, turn, sent, name, language, f"live {own_id}", do)


@router.get("/desk/texts/{name}/{language}/mail")
def show_mail(turn: DeskReading, name: str, language: str, notice: str = "") -> Response:
    """The mail by itself, as a mail program shows it: the newest draft, else what is in use."""
    turn.viewer.must_be(OVERRIDERS)
    must_be_a_text(name, language)
    shown = _shown(turn, name, language, _at_first(turn, name, language), notice)
    if shown.worded is None:
        assert shown.problem is not None
        raise shown.problem
    content = mail_page(shown.worded, voice_of(turn.settings), _a_link(turn))
    return HTMLResponse(content, headers={"Content-Security-Policy": ALONE})


def _press(
    request: Request, turn: Turn, sent: dict[str, Any], name: str, language: str, what: str, do: Any
) -> Response:
    read, texts = read_form(ButtonShape, sent), _at_first(turn, name, language)
    form = Form({section: getattr(texts, section) for section in SECTIONS})
    if read.shape is None:
        form.errors.update(read.errors)
        return _draw(request, turn, name, language, texts, form)
    answer = attempt(turn, read.shape, what, do)
    return answer if isinstance(answer, Response) else _draw(request, turn, name, language, texts, form, refusal=answer)


def _at_first(turn: Turn, name: str, language: str) -> Texts:
    draft = newest_drafts(turn.session).get((name, language))
    return words_of(draft) if draft else _used(turn, name, language).texts


def _used(turn: Turn, name: str, language: str) -> InUse:
    return next(one for one in texts_in_use(turn.session) if (one.name, one.language) == (name, language))


def _a_link(turn: Turn) -> str:
    """A link of the length that customers get; it opens nothing."""
    return f"{turn.settings.public_url}/c/{'x' * 32}"


def _shown(turn: Turn, name: str, language: str, texts: Texts, wanted: str | None) -> Shown:
    recent = notices_said_by(turn.session, turn.viewer, name, language)
    chosen = next(
        (one for one in recent if str(one.id) == wanted), recent[0] if recent and wanted != "sample" else None
    )
    if chosen is not None:
        note_look(turn.session, turn.viewer, "notice", chosen.id, turn.now)
    facts = chosen.facts if chosen else sample_facts(name, turn.settings, turn.now, language)
    found = findings(name, language, tidied(texts, language))
    try:
        worded = preview(texts, name, language, facts, turn.settings, _a_link(turn))
    except Invalid as problem:
        return Shown(texts, chosen, None, problem, found, recent)
    return Shown(texts, chosen, worded, None, found, recent)


def _draw(
    request: Request,
    turn: Turn,
    name: str,
    language: str,
    texts: Texts,
    form: Form,
    *,
    refusal: Refusal | None = None,
    done: str = "",
) -> Response:
    texts = Texts(**{part: getattr(texts, part) if unsafe(getattr(texts, part)) is None else "" for part in SECTIONS})
    revisions: list[OwnText] = texts_of(turn.session, turn.viewer, name, language)
    return page(
        request,
        "desk/text.html",
        status=status_of(refusal) if refusal else 422 if form.errors else 200,
        name=name,
        text_language=language,
        names=TEXT_NAME_WORDS,
        used=_used(turn, name, language),
        shown=_shown(turn, name, language, texts, form.value("notice")),
        places=sorted(VARIABLES_OF[name]),
        stopped=bool(stops(findings(name, language, tidied(texts, language)))),
        revisions=revisions,
        refused={own.id: bool(stops(findings(name, language, words_of(own)))) for own in revisions[:20]},
        form=form,
        refusal=refusal,
        fresh=Form,
        who=who,
        flashes=flashes(done),
        may=may(turn.viewer),
    )
