"""When a change comes too late: the call that must be made first, and the supervisor's override."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from checklists.words import Words
from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.errors import Refusal
from dispatch.visits.calling import what_to_say
from dispatch.visits.rules import Override, TooLateToMove
from dispatch.visits.tables import Visit
from dispatch.visits.windows import Window
from mobile_api.desk.forms import FormShape, Read
from mobile_api.shapes import Reason

MISSING = Words("放行必须填写此项。", "An override needs this.")


class ChangeShape(FormShape):
    """What every change of a visit says: which version was looked at, who asks, why; and a supervisor's override."""

    version: int
    asked_by: Literal["company", "customer"]
    reason: Reason = ""
    override_reason: Reason = ""
    call_outcome: Literal["reached_agreed", "reached_disagreed", "not_reached"] | None = None


@dataclass(frozen=True)
class LateCall:
    """The call to make: the number, what to say, and until when the customer should have been told."""

    number: str
    say: Words
    tell_until: datetime


def override_of(read: Read[ChangeShape], turn: Turn) -> Override | None:
    """The override that the form holds; half of one is an error beside its field."""
    shape = read.shape
    if shape is None or (not shape.override_reason and shape.call_outcome is None):
        return None
    if not shape.override_reason:
        read.errors["override_reason"] = MISSING
    if shape.call_outcome is None:
        read.errors["call_outcome"] = MISSING
        return None
    return Override(shape.override_reason, shape.call_outcome, turn.now)


def late_call(refusal: Refusal | None, turn: Turn, visit: Visit, new: Window | None) -> LateCall | None:
    """The call, when `refusal` is that it is too late. The number is shown for it, and that is written down."""
    if not isinstance(refusal, TooLateToMove):
        return None
    customer = visit.work_order.customer
    note_look(turn.session, turn.viewer, "customer_phone", customer.id, turn.now)
    until = datetime.fromisoformat(refusal.facts["tell_until"])
    return LateCall(customer.phone, what_to_say(visit, new, turn.settings), until)
