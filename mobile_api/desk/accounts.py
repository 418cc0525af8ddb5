"""Accounts: an administrator opens and disables them and sets passwords; a supervisor sees them."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import StringConstraints

from checklists.words import Words
from dispatch.accounts.actions import disable_account, open_account, set_password
from dispatch.accounts.own import ROLE_WORDS, account_seen_by, accounts_seen_by
from dispatch.accounts.tables import ROLES, Account
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import OVERRIDERS
from dispatch.errors import NotAllowed, Refusal
from dispatch.technicians.queries import technicians_seen_by
from mobile_api.dependencies import only
from mobile_api.desk.doors import DeskReading, DeskWriting, may
from mobile_api.desk.forms import Form, FormShape, Read, Sent, attempt, read_form
from mobile_api.desk.words import flashes
from mobile_api.errors import status_of
from mobile_api.pages import page
from mobile_api.shapes import ShortLine

router = APIRouter()
LONGEST = 200

Password = Annotated[str, StringConstraints(max_length=400, strip_whitespace=False)]
Login = Annotated[str, StringConstraints(min_length=2, max_length=80, pattern=r"^[A-Za-z0-9._@-]+$")]
NEEDS_TECHNICIAN = Words("装维人员账号请选择对应人员。", "Choose whose account a technician's is.")
OWN = Words(
    "不能停用自己的账号，请由另一位管理员操作。", "You cannot disable your own account. Ask another administrator."
)


class OpenShape(FormShape):
    """An account to open."""

    login: Login
    name: ShortLine
    role: Literal["technician", "dispatcher", "care_agent", "supervisor", "admin"]
    language: Literal["zh", "en"] = "zh"
    technician: UUID | None = None
    password: Password


class PasswordShape(FormShape):
    """A password to set."""

    password: Password


class DisableShape(FormShape):
    """Nothing but the key: the page has asked."""


@router.get("/desk/accounts")
def show_accounts(request: Request, turn: DeskReading, done: str = "") -> Response:
    """Every account, with the form to open one."""
    return _draw(request, turn, Form({"role": "dispatcher", "language": "zh"}), done=done)


@router.post("/desk/accounts")
def open_one(request: Request, turn: DeskWriting, sent: Sent) -> Response:
    """Open an account."""
    only(turn, "admin")
    read = read_form(OpenShape, sent)
    shape = read.shape
    if shape is not None and (shape.role == "technician") != (shape.technician is not None):
        read.errors["technician"] = NEEDS_TECHNICIAN
    if shape is None or read.errors:
        return _draw(request, turn, _without_password(read))

    def do() -> str:
        open_account(
            turn.session,
            turn.viewer,
            login=shape.login,
            name=shape.name,
            role=shape.role,
            password=shape.password,
            now=turn.now,
            language=shape.language,
            technician_id=shape.technician,
        )
        return "/desk/accounts?done=opened"

    answer = attempt(turn, shape.model_copy(update={"password": ""}), "open account", do)
    if isinstance(answer, Response):
        return answer
    field = {"login-taken": "login", "password-length": "password"}.get(answer.name)
    return _draw(request, turn, _without_password(read, **({field: answer.words} if field else {})), answer)


@router.get("/desk/accounts/{account_id}")
def show_account(request: Request, turn: DeskReading, account_id: UUID, done: str = "") -> Response:
    """One account: its password and its end."""
    only(turn, "admin")
    return _draw_one(request, turn, account_seen_by(turn.session, turn.viewer, account_id), Form(), done=done)


@router.post("/desk/accounts/{account_id}/password")
def change_password(request: Request, turn: DeskWriting, sent: Sent, account_id: UUID) -> Response:
    """Set a password; every sign-in of that account ends."""
    only(turn, "admin")
    account = account_seen_by(turn.session, turn.viewer, account_id)
    read = read_form(PasswordShape, sent)
    if read.shape is None:
        return _draw_one(request, turn, account, _without_password(read))
    shape = read.shape

    def do() -> str:
        set_password(turn.session, turn.viewer, account, shape.password, turn.now)
        return f"/desk/accounts/{account_id}?done=password"

    answer = attempt(turn, shape.model_copy(update={"password": ""}), f"password {account_id}", do)
    if isinstance(answer, Response):
        return answer
    return _draw_one(request, turn, account, _without_password(read, password=answer.words), answer)


@router.post("/desk/accounts/{account_id}/disable")
def disable(request: Request, turn: DeskWriting, sent: Sent, account_id: UUID) -> Response:
    """Out on the next request."""
    only(turn, "admin")
    account = account_seen_by(turn.session, turn.viewer, account_id)
    read = read_form(DisableShape, sent)
    if read.shape is None:
        return _draw_one(request, turn, account, read.again())

    def do() -> str:
        if account.id == turn.viewer.account_id:
            raise NotAllowed(OWN, name="own-account")
        if account.disabled_at is None:
            disable_account(turn.session, turn.viewer, account, turn.now)
        return "/desk/accounts?done=disabled"

    answer = attempt(turn, read.shape, f"disable {account_id}", do)
    return answer if isinstance(answer, Response) else _draw_one(request, turn, account, read.again(), answer)


def _without_password(read: Read[OpenShape] | Read[PasswordShape], **more: Words) -> Form:
    """The form again: a password is never sent back."""
    read.values.pop("password", None)
    return read.again(**more)


def _draw(request: Request, turn: Turn, form: Form, refusal: Refusal | None = None, done: str = "") -> Response:
    turn.viewer.must_be(OVERRIDERS)
    return page(
        request,
        "desk/accounts.html",
        status=status_of(refusal) if refusal else 422 if form.errors else 200,
        accounts=accounts_seen_by(turn.session, turn.viewer),
        technicians=technicians_seen_by(turn.session, turn.viewer),
        roles={role: ROLE_WORDS[role] for role in ROLES},  # type: ignore[index]
        form=form,
        refusal=refusal,
        flashes=flashes(done),
        may=may(turn.viewer),
    )


def _draw_one(
    request: Request, turn: Turn, account: Account, form: Form, refusal: Refusal | None = None, done: str = ""
) -> Response:
    return page(
        request,
        "desk/account.html",
        status=status_of(refusal) if refusal else 422 if form.errors else 200,
        account=account,
        role=ROLE_WORDS[account.role],  # type: ignore[index]
        form=form,
        refusal=refusal,
        own=account.id == turn.viewer.account_id,
        flashes=flashes(done),
        may=may(turn.viewer),
    )
