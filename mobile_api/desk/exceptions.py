"""What needs a person: the list with why, since when and until when, and the click that resolves or opens each."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from checklists.words import Words
from dispatch.accounts.answered_once import fingerprint
from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import PLANNERS
from dispatch.errors import Invalid, NotFound
from dispatch.exceptions.queries import matters_for
from dispatch.exceptions.rules import KIND_WORDS, Kind, Matter, counts
from dispatch.notices.call_lists import calls_open_about
from dispatch.visits.left_out import settle_left_out
from mobile_api.desk.doors import DeskReading, DeskWriting, may
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, read_form
from mobile_api.desk.words import flashes
from mobile_api.pages import page

router = APIRouter()
LOOKS: dict[Kind, tuple[str, str]] = {
    "call": ("bad", "phone"),
    "in_doubt": ("warn", "question"),
    "silent": ("warn", "offline"),
    "deadline": ("bad", "clock"),
    "conflict": ("warn", "half"),
    "kit": ("warn", "kit"),
    "import": ("plan", "list"),
    "signature": ("plan", "sign"),
}
"""Tone and sign of each kind."""


@dataclass(frozen=True)
class Way:
    """One click: what it says, where it leads, and whether it does something there and then."""

    words: Words
    href: str
    posts: bool = False


class SettleShape(FormShape):
    """Nothing but the key."""


@router.get("/desk/exceptions")
def show_exceptions(request: Request, turn: DeskReading, kind: str = "", done: str = "") -> Response:
    """The whole list, or one kind of it. Names stand in it: that it was looked at is written down."""
    note_look(turn.session, turn.viewer, "exceptions", kind if kind in KIND_WORDS else "all", turn.now)
    return page(request, "desk/exceptions.html", **_facts(turn, kind), flashes=flashes(done))


@router.get("/desk/exceptions/live")
def refresh_exceptions(request: Request, turn: DeskReading, kind: str = "", seen: str = "") -> Response:
    """The list anew, or 204 when it is as it was at the revision `seen`."""
    facts = _facts(turn, kind)
    if facts["revision"] == seen:
        return Response(status_code=204)
    return page(request, "desk/exceptions_live.html", **facts)


@router.post("/desk/exceptions/imports/{row_id}")
def settle_import(turn: DeskWriting, sent: Sent, row_id: UUID) -> Response:
    """These rows are seen to."""
    read = read_form(SettleShape, sent)
    if read.shape is None:
        raise Invalid(Words("请刷新页面后重试。", "Reload the page, then retry."), name="form")

    def do() -> str:
        settle_left_out(turn, row_id)
        return "/desk/exceptions?done=left_out"

    answer = attempt(turn, read.shape, f"settle left-out rows {row_id}", do)
    if not isinstance(answer, Response):
        raise answer
    return answer


@router.get("/desk/visits/{visit_id}/call")
def open_call_about(turn: DeskReading, visit_id: UUID) -> Response:
    """The most urgent call about a visit: from a block of the board it is one click away."""
    task = calls_open_about(turn.session, [visit_id]).get(visit_id)
    if task is None:
        raise NotFound(Words("这次上门没有待致电的任务。", "There is no call to make about this visit."))
    return RedirectResponse(f"/desk/calls/{task.id}", 303)


def ways_of(matter: Matter, turn: Turn) -> list[Way]:
    """What can be done about it here: the first is the one click."""
    refs, plans = matter.refs, turn.viewer.role in PLANNERS
    found: list[Way] = []
    if "call" in refs:
        found.append(Way(Words("致电并登记", "Call and note it"), f"/desk/calls/{refs['call']}"))
    if "notice" in refs:
        found.append(Way(Words("查看并重发", "Look, send again"), f"/desk/notices/{refs['notice']}"))
    if matter.kind == "silent":
        found.append(Way(Words("查看上门", "Open the visit"), f"/desk/visits/{refs['visit']}"))
        if plans and refs["area"]:
            about = urlencode({"day": refs["day"], "area": refs["area"], "kind": "sick", "about": refs["technician"]})
            found.append(Way(Words("由他人接手", "Let others take over"), f"/desk/replan?{about}"))
    if matter.kind == "deadline":
        found += _deadline_ways(refs, plans=plans)
    if matter.kind == "conflict":
        found.append(Way(Words("对照并登记", "Compare and settle"), f"/desk/conflicts/{refs['conflict']}"))
    if matter.kind == "kit":
        found.append(Way(Words("补充物品", "Top it up"), f"/desk/kit/{refs['technician']}"))
    if matter.kind == "import":
        found.append(Way(Words("已处理", "Seen to"), f"/desk/exceptions/imports/{refs['import']}", posts=True))
        if "file" in refs:
            found.append(Way(Words("查看这些行", "Show the rows"), _report(refs["file"], refs["name"])))
    if matter.kind == "signature":
        found.append(Way(Words("查看上门", "Open the visit"), f"/desk/visits/{refs['visit']}"))
    return found


def _deadline_ways(refs: Any, *, plans: bool) -> list[Way]:
    found: list[Way] = []
    if "visit" in refs:
        if plans:
            found.append(Way(Words("改到时限之前", "Move it before"), f"/desk/visits/{refs['visit']}/move"))
        found.append(Way(Words("查看上门", "Open the visit"), f"/desk/visits/{refs['visit']}"))
    else:
        if plans:
            found.append(Way(Words("选择时段", "Choose a window"), f"/desk/orders/{refs['order']}/slots"))
        found.append(Way(Words("查看工单", "Open the order"), f"/desk/orders/{refs['order']}"))
    return found


def _report(sha256: str, name: str) -> str:
    return f"/desk/import/{sha256}?{urlencode({'name': name})}"


def _facts(turn: Turn, kind: str) -> dict[str, Any]:
    everything = matters_for(turn.session, turn.viewer, turn.settings.zone, turn.now)
    chosen = kind if kind in KIND_WORDS else ""
    shown = [one for one in everything if not chosen or one.kind == chosen]
    seen = [(one.kind, str(one.thing), one.is_late(turn.now), [*one.why], *one.refs.values()) for one in shown]
    return {
        "kind": chosen,
        "kinds": KIND_WORDS,
        "looks": LOOKS,
        "counts": counts(everything),
        "total": len(everything),
        "groups": [(name, [one for one in shown if one.kind == name]) for name in KIND_WORDS],
        "ways": {one.thing: ways_of(one, turn) for one in shown},
        "revision": fingerprint(*seen, counts(everything))[:20],
        "fresh": Form,
        "may": may(turn.viewer),
    }
