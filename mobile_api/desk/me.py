"""One's own language and password."""

from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import StringConstraints

from checklists.words import Words
from dispatch.accounts.own import ROLE_WORDS, change_own_password, choose_language, own_account
from dispatch.accounts.turn import Turn
from dispatch.errors import Refusal
from mobile_api.desk.doors import DeskReading, DeskWriting, may
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, read_form
from mobile_api.desk.words import flashes
from mobile_api.errors import status_of
from mobile_api.pages import LANGUAGE_COOKIE, page

router = APIRouter()
Password = Annotated[str, StringConstraints(max_length=400, strip_whitespace=False)]
WRONG = Words("当前密码不正确。", "The present password is not right.")
DIFFER = Words("两次输入的新密码不一致。", "The two new passwords differ.")


class LanguageShape(FormShape):
    """The language to be spoken to in."""

    language: Literal["zh", "en"]


class OwnPasswordShape(FormShape):
    """The present password, and the new one twice."""

    old: Password
    new: Password
    again: Password


@router.get("/desk/me")
def show_me(request: Request, turn: DeskReading, done: str = "") -> Response:
    """The two forms."""
    return _draw(request, turn, Form(), done=done)


@router.post("/desk/me/language")
def set_language(request: Request, turn: DeskWriting, sent: Sent) -> Response:
    """Kept with the account and, for this browser, in its cookie."""
    read = read_form(LanguageShape, sent)
    if read.shape is None:
        return _draw(request, turn, read.again())
    shape = read.shape

    def do() -> str:
        choose_language(turn, shape.language)
        return "/desk/me?done=language"

    answer = attempt(turn, shape, "language", do)
    if isinstance(answer, Refusal):
        return _draw(request, turn, read.again(), answer)
    answer.set_cookie(
        LANGUAGE_COOKIE,
        shape.language,
        max_age=31_536_000,
        samesite="lax",
        secure=turn.settings.on_https,
        httponly=True,
    )
    return answer


@router.post("/desk/me/password")
def set_own_password(request: Request, turn: DeskWriting, sent: Sent) -> Response:
    """Every sign-in ends, this one too: the new password opens the next."""
    read = read_form(OwnPasswordShape, sent)
    shape = read.shape
    read.values.clear()  # passwords are never sent back
    if shape is None or shape.new != shape.again:
        return _draw(request, turn, read.again(**({"again": DIFFER} if shape else {})))
    right = False

    def do() -> str:
        nonlocal right
        address = request.client.host if request.client else "unknown"
        right = change_own_password(turn, shape.old, shape.new, address)
        return "/sign-in" if right else "/desk/me"

    answer = attempt(turn, FormShape(key=shape.key), "own password", do)
    if isinstance(answer, Refusal):
        field = "new" if answer.name == "password-length" else None
        return _draw(request, turn, read.again(**({field: answer.words} if field else {})), answer)
    return answer if right else _draw(request, turn, read.again(old=WRONG))


def _draw(request: Request, turn: Turn, form: Form, refusal: Refusal | None = None, done: str = "") -> Response:
    account = own_account(turn)
    return page(
        request,
        "desk/me.html",
        status=status_of(refusal) if refusal else 422 if form.errors else 200,
        account=account,
        role=ROLE_WORDS[turn.viewer.role],
        form=form,
        refusal=refusal,
        flashes=flashes(done),
        may=may(turn.viewer),
    )
