"""Taking a move back, as long as the customer has not heard of it."""

from uuid import UUID

from sqlalchemy import select

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import PLANNERS
from dispatch.errors import NotAllowed
from dispatch.notices.actions import supersede
from dispatch.notices.tables import Notice
from dispatch.visits.booking import Booked, reschedule_visit
from dispatch.visits.changes import must_be_current
from dispatch.visits.queries import changes_of, visit_seen_by
from dispatch.visits.tables import Visit, VisitChange
from dispatch.visits.telling import believed, heard

OF_A_MOVE = ("moved", "booked", "technician_changed")
UNSAID = frozenset({"superseded", "expired"})


class ToldAlready(NotAllowed):
    """The customer may know of the move: it cannot be as if it had never been."""

    name = "told-already"
    title = Words("客户已收到通知", "The customer has been told")

    def __init__(self) -> None:
        super().__init__(
            Words(
                "客户已收到或即将收到这次改动的通知，不能撤销。如需改回，请重新移动，客户会再次收到通知。",
                "The customer has been told of this move, or is about to be, so it cannot be undone. To go back, move "
                "it again; the customer is then told once more.",
            )
        )


class NothingToUndo(NotAllowed):
    """The last that was done to the visit was no move of this person's."""

    name = "nothing-to-undo"
    title = Words("没有可撤销的改动", "Nothing to undo")

    def __init__(self) -> None:
        super().__init__(
            Words(
                "此后又有新的变更，或最后一次移动不是您做的，不能撤销。请核对最新安排。",
                "Something has happened since, or the last move was not yours. Look at the present state.",
            )
        )


def undo_move(turn: Turn, visit_id: UUID, *, expected_version: int) -> Booked:
    """Put a visit back where its last move took it from. Nothing is said to the customer.

    Refuses with Stale, NothingToUndo, ToldAlready, and with TechnicianBusy when the old time was given away meanwhile.
    """
    turn.viewer.must_be(PLANNERS)
    visit = visit_seen_by(turn.session, turn.viewer, visit_id, to_change=True)
    must_be_current(visit, expected_version)
    last = _own_last_move(turn, visit)
    old = heard(last.facts["old_window"])
    if old != visit.window and not believed(turn.session, visit, to_change=True).is_only(old):
        raise ToldAlready
    if _may_have_left(turn, visit):
        raise ToldAlready
    before, planned = last.facts["old_technician_id"], last.facts["old_planned"]
    done = reschedule_visit(
        turn,
        visit_id,
        old,
        asked_by="company",
        reason=turn_back(last),
        technician_id=UUID(before) if before else None,
        planned_start=heard(planned).start if planned else None,
        expected_version=expected_version,
    )
    if not _another_was_unsaid(turn, done.visit, expected_version):
        supersede(turn, visit_id, ("technician_changed",))
    return done


def turn_back(last: VisitChange) -> str:
    """The reason that the timeline keeps."""
    return f"撤销第 {last.version} 次变更 / change {last.version} undone"


def _own_last_move(turn: Turn, visit: Visit) -> VisitChange:
    changes = changes_of(turn.session, visit)
    last = changes[-1] if changes else None
    if last is None or last.what != "moved" or last.by != turn.by or "old_technician_id" not in last.facts:
        raise NothingToUndo
    return last


def _another_was_unsaid(turn: Turn, visit: Visit, undone: int) -> bool:
    """Whether an earlier change of technician was replaced by the one undone before it was said: it is owed again."""
    earlier = select(Notice.id).where(
        Notice.visit_id == visit.id,
        Notice.kind == "technician_changed",
        Notice.state == "superseded",
        Notice.visit_version < undone,
    )
    return turn.session.scalar(earlier.limit(1)) is not None


def _may_have_left(turn: Turn, visit: Visit) -> bool:
    """Whether a message about this very version is under way or was given; locked, so that none leaves meanwhile."""
    rows = turn.session.scalars(
        select(Notice)
        .where(Notice.visit_id == visit.id, Notice.visit_version == visit.version, Notice.kind.in_(OF_A_MOVE))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return any(row.state not in UNSAID and (row.state != "owed" or row.attempts > 0) for row in rows)
