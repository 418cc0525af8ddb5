"""What the stable types of refusals mean: the page that a problem's `type` leads to."""

from collections.abc import Iterator

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from checklists.words import Words
from dispatch.errors import NotFound, Refusal
from mobile_api.errors import BY_STATUS, status_of
from mobile_api.pages import asset, page

router = APIRouter(include_in_schema=False)


def _families(base: type[Refusal]) -> Iterator[type[Refusal]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _families(kind)


def known_problems() -> dict[str, tuple[int, Words]]:
    """Each refusal that has a name of its own: its status and title."""
    known = {name: (status, title) for status, (name, title, _) in BY_STATUS.items()}
    for kind in _families(Refusal):
        known[kind.name] = (status_of(kind.__new__(kind)), kind.title)
    return known


@router.get("/problems/{name}")
def show_problem(request: Request, name: str) -> Response:
    """One type of refusal, for who writes a program against us. The answer itself says what to do."""
    known = known_problems().get(name)
    if known is None:
        raise NotFound
    status, title = known
    told = Words(
        f"类型 {name}，HTTP {status}。应答中的 detail 用读者的语言说明原因和下一步。",
        f"Type {name}, HTTP {status}. The answer's detail says why, and what to do instead, in the reader's language.",
    )
    return page(request, "problem.html", heading=title, told=told, name=name)


@router.get("/favicon.ico")
def favicon() -> Response:
    """Browsers ask for it on answers that have no page around them."""
    return RedirectResponse(asset("icons/mark.svg"), 308)
