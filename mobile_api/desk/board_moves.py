"""Moving on the live board: does it fit, what does it mean for the customer, do it, and take it back.

No rule stands here: the judge says what fits, `change_promise` what may be promised, `reschedule_visit` does it.
"""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import PLANNERS
from dispatch.board.fitting import unable_crew
from dispatch.board.queries import Changed, board_changes
from dispatch.errors import Refusal, Stale
from dispatch.technicians.queries import technicians_seen_by
from dispatch.visits.booking import Booked, reschedule_visit
from dispatch.visits.queries import changes_of, visit_seen_by
from dispatch.visits.tables import Visit
from dispatch.visits.undoing import undo_move
from dispatch.visits.windows import Window
from mobile_api.desk.board_meaning import Meaning, board_day_from, instant_of, judged, meaning_of, window_for
from mobile_api.desk.doors import DeskReading, DeskWriting, may
from mobile_api.desk.forms import Form, FormShape, Read, Sent, attempt, fresh_key, read_form
from mobile_api.desk.late_changes import late_call, override_of
from mobile_api.desk.live_board import compact
from mobile_api.desk.moves import FIELD_OF_REFUSAL, MoveShape
from mobile_api.desk.story import story_of
from mobile_api.desk.windows import moment_said, said, window_said
from mobile_api.desk.words import DONE_WORDS, KIND_WORDS, OUTCOME_WORDS
from mobile_api.errors import status_of
from mobile_api.pages import language_of, page

router = APIRouter()


class BoardMoveShape(MoveShape):
    """The same as the moving form, and which day the board shows."""

    board: date


class UndoShape(FormShape):
    """Which version is to be taken back."""

    version: int


@router.get("/desk/board/fit/{visit_id}")
def board_fit(
    request: Request, turn: DeskReading, visit_id: UUID, technician: UUID, start: int, day: str = ""
) -> Response:
    """Whether the visit fits there, by the judge's rules; what is broken by name and in words."""
    visit, chosen = visit_seen_by(turn.session, turn.viewer, visit_id), board_day_from(turn, day)
    verdict = judged(turn, visit, technician, instant_of(turn, chosen, start), chosen)
    language = language_of(request)
    return compact(
        {
            "fits": verdict.fits,
            "rules": [rule.rule for rule in verdict.broken],
            "why": [words.to(language) for words in verdict.why],
        }
    )


@router.get("/desk/board/crew/{visit_id}")
def board_crew(request: Request, turn: DeskReading, visit_id: UUID, day: str = "") -> Response:
    """Who cannot take the visit that day at any time, and why."""
    visit, chosen, language = (
        visit_seen_by(turn.session, turn.viewer, visit_id),
        board_day_from(turn, day),
        language_of(request),
    )
    unable = unable_crew(turn.session, turn.viewer, visit, day=chosen, zone=turn.settings.zone, now=turn.now)
    return compact({"why": {str(id): [words.to(language) for words in why] for id, why in unable.items()}})


@router.get("/desk/board/move/{visit_id}")
def ask_board_move(
    request: Request,
    turn: DeskReading,
    visit_id: UUID,
    day: str = "",
    technician: UUID | None = None,
    start: int | None = None,
    version: int | None = None,
) -> Response:
    """What dropping it there means, and the form that does it. Nothing is changed."""
    turn.viewer.must_be(PLANNERS)
    visit, chosen = visit_seen_by(turn.session, turn.viewer, visit_id), board_day_from(turn, day)
    planned = instant_of(turn, chosen, start) if start is not None and technician is not None else None
    window = window_for(visit, planned, chosen, turn)
    meaning = meaning_of(turn, visit, window, planned, technician, chosen)
    values = {
        **said(window, turn.settings.zone),
        "technician": str(technician or ""),
        "planned": f"{planned.astimezone(turn.settings.zone):%H:%M}" if planned else "",
        "asked_by": "company",
    }
    stale = Stale(visit.version) if version is not None and version != visit.version else None
    return _draw(request, turn, visit, Form(values), meaning, chosen, refusal=stale or meaning.refusal, seen=version)


@router.post("/desk/board/move/{visit_id}")
def board_move(request: Request, turn: DeskWriting, sent: Sent, visit_id: UUID) -> Response:
    """Do it, or draw the dialog again with the refusal: theirs and ours, the call to make, the field that is wrong."""
    turn.viewer.must_be(PLANNERS)
    visit = visit_seen_by(turn.session, turn.viewer, visit_id)
    read: Read[BoardMoveShape] = read_form(BoardMoveShape, sent)
    override = override_of(read, turn)  # type: ignore[arg-type]  # a MoveShape is a ChangeShape
    shape, zone = read.shape, turn.settings.zone
    if shape is None or read.errors:
        meaning = meaning_of(
            turn, visit, visit.window, visit.planned_start, visit.technician_id, board_day_from(turn, "")
        )
        return _draw(request, turn, visit, read.again(), meaning, board_day_from(turn, str(sent.get("board", ""))))
    done: list[Booked] = []
    wanted: list[Window] = []
    planned = moment_said(shape.day, shape.planned, zone)

    def do() -> str:
        told = (shape.day.isoformat(), f"{shape.begin:%H:%M}", f"{shape.end:%H:%M}")
        kept = told == tuple(said(visit.window, zone).values())
        wanted.append(visit.window if kept else window_said(shape.day, shape.begin, shape.end, zone))
        done.append(
            reschedule_visit(
                turn,
                visit_id,
                wanted[0],
                asked_by=shape.asked_by,
                reason=shape.reason,
                technician_id=shape.technician,
                planned_start=planned,
                override=override,
                expected_version=shape.version,
            )
        )
        return f"/desk/visits/{visit_id}"

    answer = attempt(turn, shape, f"board move {visit_id}", do)
    if isinstance(answer, Response):
        return _done(request, turn, visit_id, shape.board, _word(done[0]) if done else "planned")
    now = visit_seen_by(turn.session, turn.viewer, visit_id)
    field = FIELD_OF_REFUSAL.get(answer.name)
    form = read.again(**({field: answer.words} if field else {}))
    meaning = meaning_of(turn, now, wanted[0] if wanted else now.window, planned, shape.technician, shape.board)
    return _draw(request, turn, now, form, meaning, shape.board, refusal=answer, seen=shape.version)


@router.post("/desk/board/undo/{visit_id}")
def board_undo(request: Request, turn: DeskWriting, sent: Sent, visit_id: UUID, day: str = "") -> Response:
    """Take the last move back, as long as the customer has not heard of it."""
    turn.viewer.must_be(PLANNERS)
    read = read_form(UndoShape, sent)
    if read.shape is None:
        raise Stale(visit_seen_by(turn.session, turn.viewer, visit_id).version)
    shape = read.shape

    def do() -> str:
        undo_move(turn, visit_id, expected_version=shape.version)
        return f"/desk/visits/{visit_id}"

    answer = attempt(turn, shape, f"board undo {visit_id}", do)
    if isinstance(answer, Refusal):  # read by the page's script, which says it above the board
        return compact({"name": answer.name, "detail": answer.words.to(language_of(request))}, status_of(answer))
    return _done(request, turn, visit_id, board_day_from(turn, day), "undone")


def _draw(
    request: Request,
    turn: Turn,
    visit: Visit,
    form: Form,
    meaning: Meaning,
    day: date,
    *,
    refusal: Refusal | None = None,
    seen: int | None = None,
) -> Response:
    """The dialog's inside. After a stale version: what the others did, beside what was wanted here."""
    changed = None
    if isinstance(refusal, Stale) and seen is not None:
        known = {one.id: one for one in technicians_seen_by(turn.session, turn.viewer)}
        newer = [change for change in changes_of(turn.session, visit) if change.version > seen]
        changed = story_of(newer, known, turn.settings.zone, language_of(request))
    status = 200
    if request.method == "POST":
        status = status_of(refusal) if refusal else 422
    return page(
        request,
        "desk/board_move.html",
        status=status,
        visit=visit,
        order=visit.work_order,
        kind_words=KIND_WORDS,
        outcomes=OUTCOME_WORDS,
        form=form,
        meaning=meaning,
        refusal=refusal,
        changed=changed,
        late=late_call(refusal, turn, visit, meaning.window),
        may=may(turn.viewer),
        day=day,
    )


def _word(done: Booked) -> str:
    if done.breach:
        return "breach"
    return "moved" if done.notice and done.notice.kind == "moved" else "planned"


def _done(request: Request, turn: Turn, visit_id: UUID, day: date, word: str) -> Response:
    """The visit as it now is, what to say of it, and how to take it back."""
    turn.session.expire_all()
    blocks, _ = board_changes(turn.session, turn.viewer, day, turn.settings.zone, turn.now, Changed(visits=[visit_id]))
    block = blocks.get(str(visit_id))
    version = visit_seen_by(turn.session, turn.viewer, visit_id).version
    told: dict[str, Any] = {"words": DONE_WORDS[word].to(language_of(request)), "block": block}
    if block is None:
        told["gone"] = str(visit_id)
    if word not in ("undone", "breach"):
        told["undo"] = {"visit": str(visit_id), "version": version, "key": fresh_key()}
    return compact(told)
