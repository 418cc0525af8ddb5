"""Signing in and out, for everyone who has an account."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from dispatch.accounts.actions import WrongNameOrPassword, sign_in, sign_out
from dispatch.accounts.queries import viewer_by_cookie
from dispatch.accounts.rules import TooManyTries
from dispatch.accounts.viewer import Viewer
from dispatch.clock import utc_now
from mobile_api.dependencies import Place, cookie_name, house_of
from mobile_api.pages import page

router = APIRouter(include_in_schema=False)


def home_of(role: str) -> str:
    """Where somebody with this role begins."""
    return "/t" if role == "technician" else "/desk"


def _known(request: Request) -> Viewer | None:
    house = house_of(request)
    cookie = request.cookies.get(cookie_name(house.settings, "sign-in"))
    if not cookie:
        return None
    with house.database.reading() as session:
        return viewer_by_cookie(session, cookie, utc_now())


@router.get("/")
def begin(request: Request, _: Place) -> Response:
    """To one's own room, or to the door."""
    viewer = _known(request)
    return RedirectResponse(home_of(viewer.role) if viewer else "/sign-in", 303)


@router.get("/sign-in")
def ask(request: Request) -> Response:
    """The door."""
    return page(request, "sign_in.html", refusal=None, login="")


@router.post("/sign-in")
def enter(
    request: Request,
    _: Place,
    login: Annotated[str, Form(max_length=80)] = "",
    password: Annotated[str, Form(max_length=400)] = "",
) -> Response:
    """A fresh cookie at each sign-in; the answer to a failure never says what was wrong."""
    house = house_of(request)
    settings = house.settings
    address = request.client.host if request.client else "unknown"
    try:
        entered = sign_in(
            house.database, login=login, password=password, address=address, hours=settings.sign_in_hours, now=utc_now()
        )
    except TooManyTries as refusal:
        answer = page(request, "sign_in.html", 429, refusal=refusal.words, login=login)
        answer.headers["Retry-After"] = str(refusal.facts["retry_after"])
        return answer
    if entered is None:
        return page(request, "sign_in.html", 401, refusal=WrongNameOrPassword().words, login=login)
    account, token = entered
    home = RedirectResponse(home_of(account.role), 303)
    home.set_cookie(
        cookie_name(settings, "sign-in"),
        token,
        max_age=settings.sign_in_hours * 3600,
        path="/",
        secure=settings.on_https,
        httponly=True,
        samesite="lax",
    )
    return home


@router.post("/sign-out")
def leave(request: Request, _: Place) -> Response:
    """Ends the sign-in on the server, not only in the browser."""
    house = house_of(request)
    name = cookie_name(house.settings, "sign-in")
    if cookie := request.cookies.get(name):
        with house.database.writing() as session:
            sign_out(session, cookie, utc_now())
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(name, path="/", secure=house.settings.on_https, httponly=True, samesite="lax")
    return answer
