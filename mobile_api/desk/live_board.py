"""The live board: its page, a day's data in one answer, one visit's block, and the stream of what changes."""

import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from checklists.words import Words
from dispatch.accounts.audit import note_look
from dispatch.accounts.secrets_kept import token_hash
from dispatch.accounts.turn import Turn
from dispatch.board.ground import ground
from dispatch.board.map_settings import MapSettings
from dispatch.board.queries import Changed, board_changes, board_day
from dispatch.clock import day_bounds, local_day
from dispatch.errors import NotFound
from dispatch.exceptions.rules import KIND_WORDS as NEED_WORDS
from dispatch.live.feed import place_now
from dispatch.planning.optimiser.travel import StraightLine
from dispatch.technicians.queries import areas
from dispatch.visits.attention import SIGN_WORDS
from dispatch.visits.life import MOVABLE, STATUS_WORDS
from mobile_api.dependencies import cookie_name
from mobile_api.desk.board_words import BOARD_WORDS, SHORT_SIGNS
from mobile_api.desk.doors import DeskReading, may
from mobile_api.desk.exceptions import LOOKS
from mobile_api.desk.forms import day_from
from mobile_api.desk.live import LiveDesk
from mobile_api.desk.words import KIND_WORDS
from mobile_api.gates import content_security_policy
from mobile_api.pages import day_words, language_of, page

router = APIRouter()


@router.get("/desk/board")
def show_board(request: Request, turn: DeskReading, day: str = "", area: str = "", wall: str = "") -> Response:
    """The page; the board in it fetches its day. That names and addresses are looked at is written down here.

    `wall`: for a screen that everybody sees: larger, without controls, customers by the first sign of their name.
    """
    today = local_day(turn.now, turn.settings.zone)
    chosen = day_from(day, today)
    note_look(turn.session, turn.viewer, "day", chosen, turn.now)
    answer = page(
        request,
        "desk/board.html",
        day=chosen,
        areas=areas(turn.session),
        area=area if area.isascii() and len(area) == 36 else "",
        is_today=chosen == today,
        wall=wall == "1",
        before=chosen - timedelta(days=1),
        after=chosen + timedelta(days=1),
        told=json.dumps(_told(request, turn, chosen, wall=wall == "1"), ensure_ascii=False).replace("<", "\\u003c"),
        map_notice=request.app.state.map_settings.map_tiles_notice,
        needs=NEED_WORDS,
        need_looks=LOOKS,
        may=may(turn.viewer),
    )
    tiles: MapSettings = request.app.state.map_settings
    if tiles.origin:
        policy = content_security_policy(request.state.csp_nonce, tiles.origin)
        answer.headers["Content-Security-Policy"] = policy
    return answer


@router.get("/desk/board/ground")
def board_ground(turn: DeskReading) -> Response:
    """The map's ground: areas with their cells, and neighbourhoods with homes. It changes slowly."""
    answer = compact(ground(turn.session, turn.viewer))
    answer.headers["Cache-Control"] = "private, max-age=600"
    return answer


def _told(request: Request, turn: Turn, day: date, *, wall: bool) -> dict[str, Any]:
    """Words and rules that the board draws by, in the reader's language."""
    language = language_of(request)
    tiles: MapSettings = request.app.state.map_settings

    def all_of(known: dict[Any, Words]) -> dict[str, str]:
        return {str(key): words.to(language) for key, words in known.items()}

    return {
        "tiles": {"address": tiles.map_tiles, "datum": tiles.map_tiles_datum, "notice": tiles.map_tiles_notice},
        "day": day.isoformat(),
        "dayWords": day_words(day).to(language),
        "language": language,
        "plan": may(turn.viewer)["plan"] and not wall,
        "wall": wall,
        "words": all_of(BOARD_WORDS),
        "signs": all_of(SIGN_WORDS),
        "short": all_of(SHORT_SIGNS),
        "statuses": all_of(STATUS_WORDS),
        "kinds": all_of(KIND_WORDS),
        "movable": sorted(MOVABLE),
        "travel": {
            name: StraightLine.model_fields[name].default for name in ("road_factor", "kilometres_an_hour", "parking")
        },
    }


@router.get("/desk/board/data")
def board_data(turn: DeskReading, day: str = "") -> Response:
    """The whole day, and the place in the feed from which on the stream tells what is new."""
    zone = turn.settings.zone
    chosen = day_from(day, local_day(turn.now, zone))
    place = place_now(turn.session, turn.now)  # before reading: what comes between is told twice, never missed
    found = board_day(turn.session, turn.viewer, chosen, zone, turn.now)
    return compact(
        {
            "day": chosen.isoformat(),
            "place": place,
            "at": turn.now.timestamp(),
            "now": (turn.now - day_bounds(chosen, zone)[0]).total_seconds() / 60,
            "areas": list(found.areas),
            "technicians": list(found.technicians.values()),
            "visits": list(found.visits.values()),
            "orders": list(found.orders.values()),
        }
    )


@router.get("/desk/board/visits/{visit_id}")
def board_visit(turn: DeskReading, visit_id: UUID, day: str = "") -> Response:
    """One visit's block as it is now; NotFound when it does not stand on that day."""
    zone = turn.settings.zone
    chosen = day_from(day, local_day(turn.now, zone))
    blocks, _ = board_changes(turn.session, turn.viewer, chosen, zone, turn.now, Changed(visits=[visit_id]))
    if not blocks:
        raise NotFound
    return compact(blocks[str(visit_id)])


@router.get("/desk/board/live")
def board_live(request: Request, turn: DeskReading, day: str = "", after: str = "") -> Response:
    """The stream: `board` with what changed, `anew` when the page must read the day again, `beat` in between."""
    live: LiveDesk = request.app.state.live
    if live.full:
        return Response(status_code=503, headers={"Retry-After": "2"})
    chosen = day_from(day, local_day(turn.now, turn.settings.zone))
    place = request.headers.get("last-event-id") or after
    shown = request.headers.get("authorization", "").partition(" ")[2].strip()
    proof = token_hash(shown or request.cookies.get(cookie_name(turn.settings, "sign-in"), ""))
    return StreamingResponse(
        live.watch(chosen, proof, place or None),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"},
    )


def compact(body: Any, status: int = 200) -> Response:
    """JSON without spaces."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status, media_type="application/json")
