"""Every refusal becomes an answer here: RFC 9457 problem+json for programs, a page for people. Input is never echoed.

The one table of statuses. A stable `type` names the refusal; `/problems/NAME` tells about it.
"""

import logging
import traceback
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from checklists.words import Words
from dispatch.accounts.actions import WrongNameOrPassword
from dispatch.accounts.rules import TooManyTries
from dispatch.database import WriterBusy
from dispatch.errors import Forbidden, Invalid, NotAllowed, NotFound, Refusal, Stale
from mobile_api.dependencies import LinkClosed, SignInNeeded
from mobile_api.pages import language_of, page

log = logging.getLogger("doorstep.errors")

STATUS: tuple[tuple[type[Refusal], int], ...] = (
    (TooManyTries, 429),
    (WrongNameOrPassword, 401),
    (SignInNeeded, 401),
    (LinkClosed, 404),
    (Forbidden, 403),
    (NotFound, 404),
    (Stale, 412),
    (NotAllowed, 409),
    (Invalid, 422),
)

BY_STATUS: dict[int, tuple[str, Words, Words]] = {
    400: (
        "bad-request",
        Words("请求无法理解", "Bad request"),
        Words("请求内容无法读取，请检查格式。", "The request cannot be read. Check its form."),
    ),
    404: (
        "not-found",
        NotFound.title,
        Words("没有找到，请检查链接或编号。", "Not found. Check the link or the number."),
    ),
    405: (
        "method-not-allowed",
        Words("不支持此操作", "Not possible here"),
        Words("此地址不支持该操作。", "This address does not do that."),
    ),
    413: (
        "too-large",
        Words("内容过大", "Too large"),
        Words("内容过大，请缩小后重试。", "That is too large. Send less at once."),
    ),
    415: (
        "unsupported-media",
        Words("格式不支持", "Unsupported format"),
        Words("请以支持的格式发送。", "Send it in a supported format."),
    ),
}


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a refusal, by its family."""
    return next(status for family, status in STATUS if isinstance(refusal, family))


def wants_page(request: Request) -> bool:
    """Whether a person with a browser asks, rather than a program."""
    path = request.url.path
    if path.startswith(("/api/", "/hooks/", "/healthz", "/readyz", "/own/")):
        return False
    return "text/html" in request.headers.get("accept", "") or not path.startswith("/static/")


def problem(
    request: Request, status: int, name: str, title: Words, words: Words, facts: dict[str, Any] | None = None
) -> Response:
    """The answer to a refused request, in the reader's language."""
    language = language_of(request)
    headers = {}
    if facts and "retry_after" in facts:
        headers["Retry-After"] = str(facts["retry_after"])
    if status == 401 and not wants_page(request):
        headers["WWW-Authenticate"] = 'Bearer realm="doorstep"'
    if wants_page(request):
        answer = page(request, "problem.html", status=status, heading=title, told=words, name=name)
        answer.headers.update(headers)
        return answer
    body = {
        "type": f"/problems/{name}",
        "title": title.to(language),
        "status": status,
        "detail": words.to(language),
        **(facts or {}),
    }
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    if isinstance(refusal, SignInNeeded) and wants_page(request):
        answer = RedirectResponse("/sign-in", 303)
        if request.headers.get("hx-request"):
            return Response(status_code=401, headers={"HX-Redirect": "/sign-in"})
        return answer
    return problem(request, status_of(refusal), refusal.name, type(refusal).title, refusal.words, refusal.facts)


FIELD_WORDS = {
    "missing": Words("缺少此项", "is missing"),
    "extra_forbidden": Words("没有此项", "is not a field here"),
}


def _not_valid(request: Request, error: Exception) -> Response:
    """Where a body or query does not fit its shape: names of fields and what is wrong, never what was sent."""
    assert isinstance(error, RequestValidationError)
    language = language_of(request)
    fields = [
        {
            "at": ".".join(str(part)[:60] for part in item["loc"]),
            "problem": FIELD_WORDS.get(item["type"], Words("填写不正确", str(item["type"]).replace("_", " "))).to(
                language
            ),
        }
        for item in error.errors()[:20]
    ]
    if any(item["type"] == "json_invalid" for item in error.errors()):
        return problem(request, 400, *BY_STATUS[400])
    return problem(
        request,
        422,
        "invalid",
        Invalid.title,
        Words("提交的内容有误，请按提示修改。", "What was sent does not fit. Correct the fields named."),
        {"fields": fields},
    )


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    name, title, words = BY_STATUS.get(error.status_code, BY_STATUS[400])
    answer = problem(request, error.status_code, name, title, words)
    if error.headers:
        answer.headers.update(error.headers)
    if error.status_code == 405:
        answer.headers["Allow"] = ", ".join(sorted(_methods_here(request)))
    return answer


def _methods_here(request: Request) -> set[str]:
    """Every method that some route answers at this path (each route by itself knows only its own)."""
    methods: set[str] = set()
    for route in request.app.routes:
        pattern = getattr(route, "path_regex", None)
        if pattern is not None and pattern.match(request.url.path):
            methods |= set(getattr(route, "methods", None) or ())
    return methods


def _busy(request: Request, error: Exception) -> Response:
    """The database is locked, full or away: nothing was stored, try again."""
    log.warning("database busy: %s", type(error).__name__)
    return problem(
        request,
        503,
        "busy",
        Words("系统繁忙", "Busy"),
        Words(
            "系统繁忙，内容没有保存，请稍后重试。", "The system is busy and nothing was stored. Try again in a moment."
        ),
        {"retry_after": 2},
    )


def _bug(request: Request, error: Exception) -> Response:
    """A bug stays loud in the log, under a number; the reader learns the number and nothing else.

    The log gets where it happened and the types, never the messages: a database's message quotes the row.
    """
    number = uuid4().hex[:8]
    kinds: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(kinds) < 5:
        kinds.append(f"{type(cause).__module__}.{type(cause).__qualname__}")
        cause = cause.__cause__
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("unexpected error %s: %s\n%s", number, " from ".join(kinds), where)
    words = Words(
        f"系统出错，内容没有保存。请重试或告知管理员编号 {number}。",
        f"Something went wrong and nothing was stored. Retry, or tell the operator {number}.",
    )
    title = Words("系统出错", "Something went wrong")
    return problem(request, 500, "internal", title, words, {"number": number})


class Bugs:
    """Answers for what nothing else has caught, inside the framework's own net, whose log would quote the error."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; an unexpected error becomes a numbered answer, if none has begun."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            if scope["type"] != "http" or begun:
                raise
            answer = _bug(Request(scope, receive), error)
            await answer(scope, receive, send)


def answer_refusals(app: FastAPI) -> None:
    """Hang the handlers in."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(OperationalError, _busy)
    app.add_exception_handler(PoolTimeout, _busy)
    app.add_exception_handler(WriterBusy, _busy)
    app.add_middleware(Bugs)
