"""Who may break the two-hour rule, and what a change by the company must give as its reason."""

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import OVERRIDERS
from dispatch.errors import Forbidden, Invalid
from dispatch.visits.rules import AskedBy, Override


def may_override(turn: Turn, override: Override | None) -> Override | None:
    """The override, if a supervisor gives it; Forbidden otherwise."""
    if override is not None and turn.viewer.role not in OVERRIDERS:
        raise Forbidden(Words("只有主管可以放行，请联系主管。", "Only a supervisor may override. Ask one to do it."))
    return override


def override_facts(override: Override | None) -> dict[str, str] | None:
    """An override as the timeline keeps it."""
    if override is None:
        return None
    return {
        "reason": override.reason,
        "call_outcome": override.call_outcome,
        "called_at": override.called_at.isoformat(),
    }


def need_reason(reason: str, asked_by: AskedBy) -> None:
    """Refuse a change by the company that gives no reason: the customer reads it."""
    if asked_by == "company" and not reason.strip():
        raise Invalid(
            Words("请填写变更原因，客户会看到。", "Give the reason for the change; the customer will read it."),
            name="reason-missing",
        )
