"""What customers were told, and what could not be said: every notice with its state, and one with its whole story."""

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request, Response

from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.clock import day_bounds, local_day
from dispatch.customers.phones import masked_phone
from dispatch.errors import Refusal
from dispatch.notices.actions import resend
from dispatch.notices.lists import Wanted, breaches, notices_listed
from dispatch.notices.queries import counts_by_state, notice_seen_by
from dispatch.notices.tables import KINDS, STATES, Notice
from dispatch.visits.finding import visit_ids_found
from mobile_api.desk.doors import DeskReading, DeskWriting, may
from mobile_api.desk.forms import Form, FormShape, Sent, attempt, day_from, read_form
from mobile_api.desk.notice_story import masked_mail, story_of_notice, verdict_of
from mobile_api.desk.telling_words import MEDIUM_WORDS, channel_words, problem_words
from mobile_api.desk.words import NOTICE_KIND_WORDS, flashes
from mobile_api.errors import status_of
from mobile_api.pages import language_of, page
from mobile_api.shapes import GivenReason

router = APIRouter()
PER_PAGE = 50
LAST_PAGE = 10_000
LONGEST_SEARCH = 100


class ResendShape(FormShape):
    """Why the same words are sent once more."""

    reason: GivenReason


@router.get("/desk/notices")
def show_notices(
    request: Request, turn: DeskReading, state: str = "", kind: str = "", day: str = "", q: str = "", at: str = "1"
) -> Response:
    """Newest first; by state, kind, day and visit if asked; the numbers masked."""
    session = turn.session
    words = q.strip()[:LONGEST_SEARCH].replace("\0", "")
    chosen = state if state in (*STATES, "trouble", "breach") else None
    of_kind = kind if kind in KINDS else None
    wanted_day = _day(day, turn)
    number = int(at) if at.isascii() and at.isdigit() and len(at) < 6 else 1
    number = min(max(number, 1), LAST_PAGE)
    begin, end = day_bounds(wanted_day, turn.settings.zone) if wanted_day else (None, None)
    visits = visit_ids_found(session, turn.viewer, words) if words else None
    wanted = Wanted(chosen, of_kind, begin, end, visits)
    found, total = notices_listed(session, wanted, turn.now, page=number, per_page=PER_PAGE)
    note_look(session, turn.viewer, "notices", chosen or "all", turn.now)
    given: dict[str, Any] = {"state": chosen or "", "kind": of_kind or "", "day": wanted_day or "", "q": words}
    return page(
        request,
        "desk/notices.html",
        **given,
        notices=found,
        masked={one.id: _address(one) for one in found},
        verdicts={one.id: verdict_of(one, turn.now) for one in found},
        states=STATES,
        counts=counts_by_state(session),
        troubled=notices_listed(session, Wanted("trouble"), turn.now, per_page=1)[1],
        breached=breaches(session),
        at=number,
        last=max(1, -(-total // PER_PAGE)),
        total=total,
        here=urlencode(given),
        kinds=NOTICE_KIND_WORDS,
        problem_words=problem_words,
        folder=None if turn.settings.sms_url else turn.settings.data_dir / "messages",
        may=may(turn.viewer),
    )


def _day(text: str, turn: Turn) -> date | None:
    found = day_from(text, local_day(turn.now, turn.settings.zone))
    return found if found.isoformat() == text else None


def _address(notice: Notice) -> str:
    """Where it went, masked."""
    return masked_mail(notice.mail) if notice.medium == "mail" and notice.mail else masked_phone(notice.to)


@router.get("/desk/notices/{notice_id}")
def show_notice(request: Request, turn: DeskReading, notice_id: UUID, done: str = "") -> Response:
    """One notice: its whole story, the text as sent, and whether it was in time."""
    return _draw(request, turn, notice_seen_by(turn, notice_id), Form(), done=done)


@router.post("/desk/notices/{notice_id}/resend")
def send_again(request: Request, turn: DeskWriting, sent: Sent, notice_id: UUID) -> Response:
    """Owe the same words once more; the page of the new notice is where to watch it."""
    notice = notice_seen_by(turn, notice_id)
    read = read_form(ResendShape, sent)
    if read.shape is None:
        return _draw(request, turn, notice, read.again())
    shape = read.shape

    def do() -> str:
        return f"/desk/notices/{resend(turn, notice_id, shape.reason).id}?done=resent"

    answer = attempt(turn, shape, f"resend {notice_id}", do)
    if isinstance(answer, Response):
        return answer
    return _draw(request, turn, notice_seen_by(turn, notice_id), read.again(), refusal=answer)


def _draw(
    request: Request, turn: Turn, notice: Notice, form: Form, *, refusal: Refusal | None = None, done: str = ""
) -> Response:
    note_look(turn.session, turn.viewer, "notice", notice.id, turn.now)
    facts: dict[str, Any] = {
        "notice": notice,
        "story": story_of_notice(turn.session, notice, language_of(request)),
        "verdict": verdict_of(notice, turn.now),
        "address": _address(notice),
        "useful": notice.useful_until is None or turn.now < notice.useful_until,
    }
    return page(
        request,
        "desk/notice.html",
        status=status_of(refusal) if refusal else 422 if form.errors else 200,
        **facts,
        form=form,
        refusal=refusal,
        kinds=NOTICE_KIND_WORDS,
        media=MEDIUM_WORDS,
        channel_words=channel_words,
        problem_words=problem_words,
        flashes=flashes(done),
        may=may(turn.viewer),
    )
