"""What an endpoint may ask for: a reading or a writing turn with whoever asks already in it.

`scope="function"` matters: the transaction is committed *before* the answer leaves, so a failed commit is an error and
never a 200 that a phone would trust.
"""

from collections.abc import AsyncIterator, Iterator
from typing import Annotated

from fastapi import Depends, Header, Request
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts.audit import looks_of, write_looks
from dispatch.accounts.queries import viewer_by_cookie, viewer_by_token
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import Role, Viewer
from dispatch.clock import utc_now
from dispatch.errors import Forbidden, Refusal
from dispatch.house import House
from dispatch.settings import Settings
from dispatch.visits.links import open_link


class SignInNeeded(Refusal):
    """Nobody known is asking."""

    name = "sign-in-needed"
    title = Words("请先登录", "Sign in first")

    def __init__(self) -> None:
        super().__init__(
            Words("登录已失效或尚未登录，请登录后重试。", "You are not signed in, or it ran out. Sign in, then retry.")
        )


def house_of(request: Request) -> House:
    """The opened parts of the product."""
    house: House = request.app.state.house
    return house


def cookie_name(settings: Settings, name: str) -> str:
    """`__Host-` on https; on plain-http loopback the same without the prefix, which browsers would refuse there."""
    return f"{'__Host-' if settings.on_https else ''}doorstep-{name}"


def customer_cookie(settings: Settings, link_id: str) -> str:
    """The cookie that holds the secret of one customer link."""
    return cookie_name(settings, f"c-{link_id}")


def viewer_asking(session: Session, request: Request, settings: Settings) -> Viewer | None:
    """Who asks: an API token if one is shown, else a sign-in's cookie. A bad token is nobody, cookie or not."""
    shown = request.headers.get("authorization", "")
    if shown:
        scheme, _, token = shown.partition(" ")
        return viewer_by_token(session, token.strip(), utc_now()) if scheme.lower() == "bearer" else None
    cookie = request.cookies.get(cookie_name(settings, "sign-in"))
    return viewer_by_cookie(session, cookie, utc_now()) if cookie else None


async def take_place(request: Request) -> AsyncIterator[None]:
    """Wait until one of the places is free; there are as many as connections.

    Opening a transaction, the endpoint and the commit each borrow a thread. Without places, threads that wait for a
    connection (or for SQLite's one writer) could hold every thread that the holder needs to go on: a standstill.
    """
    async with request.app.state.places:
        yield


Place = Annotated[None, Depends(take_place, scope="function")]


def _turn(session: Session, request: Request) -> Turn:
    settings = house_of(request).settings
    viewer = viewer_asking(session, request, settings)
    if viewer is None:
        raise SignInNeeded
    request.state.viewer = viewer
    return Turn(session, viewer, utc_now(), settings)


def _with_looks(request: Request, session: Session) -> None:
    looks = looks_of(session)
    if looks:
        with house_of(request).database.writing() as writing:
            write_looks(writing, looks)


def open_reading(request: Request, _: Place) -> Iterator[Turn]:
    """A turn that only reads. What it showed of personal data is written down before the answer leaves."""
    with house_of(request).database.reading() as session:
        yield _turn(session, request)
    _with_looks(request, session)


def open_transaction(request: Request, _: Place) -> Iterator[Turn]:
    """A turn that writes, committed before the answer leaves."""
    with house_of(request).database.writing() as session:
        yield _turn(session, request)
        write_looks(session, looks_of(session))


Reading = Annotated[Turn, Depends(open_reading, scope="function")]
Writing = Annotated[Turn, Depends(open_transaction, scope="function")]


def _customer_turn(session: Session, request: Request, link_id: str) -> Turn:
    settings = house_of(request).settings
    token = request.cookies.get(customer_cookie(settings, link_id))
    opened = open_link(session, token, utc_now()) if token and link_id.isascii() and len(link_id) < 40 else None
    if opened is None or opened[0] != link_id:
        raise LinkClosed
    request.state.viewer = opened[1]
    return Turn(session, opened[1], utc_now(), settings)


class LinkClosed(Refusal):
    """Unknown, ended, revoked or cut: they all look alike."""

    name = "link-closed"
    title = Words("链接无法打开", "This link does not open")

    def __init__(self) -> None:
        super().__init__(
            Words(
                "链接无效或已过期。请打开最近一条短信中的链接，或致电客服。",
                "The link is not valid any more. Open the one in our latest message, or call us.",
            )
        )


def open_customer_reading(request: Request, link_id: str, _: Place) -> Iterator[Turn]:
    """A reading turn of the customer who holds the link's cookie."""
    with house_of(request).database.reading() as session:
        yield _customer_turn(session, request, link_id)


def open_customer_transaction(request: Request, link_id: str, _: Place) -> Iterator[Turn]:
    """A writing turn of the customer who holds the link's cookie."""
    with house_of(request).database.writing() as session:
        yield _customer_turn(session, request, link_id)


CustomerReading = Annotated[Turn, Depends(open_customer_reading, scope="function")]
CustomerWriting = Annotated[Turn, Depends(open_customer_transaction, scope="function")]


def only(turn: Turn, *roles: Role) -> Turn:
    """The same turn, if one of `roles` asks; Forbidden otherwise."""
    if turn.viewer.role not in roles:
        raise Forbidden
    return turn


def version_expected(if_match: Annotated[str | None, Header(examples=['"3"'])] = None) -> int | None:
    """The version in If-Match (`"3"`); None without the header. An unreadable one matches nothing."""
    if if_match is None or if_match.strip() == "*":
        return None
    text = if_match.strip().removeprefix("W/").strip('"')
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


ExpectedVersion = Annotated[int | None, Depends(version_expected)]
IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="The same key with the same request gets the first answer again.",
    ),
]
