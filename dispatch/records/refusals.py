"""A customer who would not sign is called: a refusal never ends in a file that nobody reads."""

from uuid import UUID

from dispatch.accounts.turn import Turn
from dispatch.notices.calls import open_call
from dispatch.notices.tables import CallTask
from dispatch.records.queries import body_of
from dispatch.records.tables import Record
from dispatch.visits.call_me import call_due
from dispatch.visits.queries import visit_seen_by
from dispatch.visits.telling import reader_of


def follow_up(turn: Turn, visit_id: UUID, why: str) -> CallTask:
    """The desk's task to call the customer of this visit about the signature, once a visit."""
    visit = visit_seen_by(turn.session, turn.viewer, visit_id)
    settings = turn.settings
    return open_call(
        turn,
        "refused",
        reader=reader_of(visit.work_order.customer),
        due_at=call_due(turn.now, settings.zone, settings.quiet_from, settings.quiet_until, visit_starts=None),
        dedupe=f"refused:{visit_id}",
        visit_id=visit_id,
        why=" ".join(why.split()),
    )


def follow_up_on_record(turn: Turn, record: Record) -> CallTask | None:
    """The same for a record in which the customer refused, wherever they said it; None where they signed."""
    for signature in body_of(record).get("signatures", []):
        if signature["who"] == "customer" and signature.get("refused_reason"):
            return follow_up(turn, record.visit_id, signature["refused_reason"])
    return None
