"""The account of a visit that is still going on, for whoever is to sign it: the same account that will be sealed."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from checklists.answers import Flaw, flaws
from checklists.progress import StepState, fold, may_begin, progress
from dispatch.accounts.turn import Turn
from dispatch.records.account import Around, account_of
from dispatch.records.entries import checklist_of, context_of, counted, rows_of
from dispatch.records.queries import first_told_at
from dispatch.visits.queries import visit_seen_by
from dispatch.visits.tables import Visit

SIGNING_STEP = "leave"


@dataclass(frozen=True)
class Draft:
    """What the record would say now.

    `states`: how far each step is. `may_sign`: everything before the last step is done, so the customer's word is
    asked for. `answers`: what the customer has said in that step so far.
    """

    visit: Visit
    account: dict[str, Any]
    states: dict[str, StepState]
    may_sign: bool
    answers: dict[str, Any]

    def flaws_of(self, key: str, value: object) -> list[Flaw]:
        """What is wrong with `value` as the customer's answer to the field `key` of the last step."""
        return flaws(checklist_of(self.visit).field(SIGNING_STEP, key), value)


def draft_of(turn: Turn, visit_id: UUID) -> Draft:
    """The draft of a visit from all entries that have arrived. NotFound for a visit that is not the viewer's."""
    visit = visit_seen_by(turn.session, turn.viewer, visit_id)
    rows = rows_of(turn.session, visit.id)
    around = Around(
        number="",
        language=visit.work_order.customer.language,
        sealed_at=turn.now,
        told_at=first_told_at(turn.session, visit),
        baseline={},
        settings=turn.settings,
    )
    checklist, context, entries = checklist_of(visit), context_of(visit), counted(rows, visit.technician_id)
    folded = fold(entries)
    theirs = [field.key for field in checklist.step(SIGNING_STEP).fields if field.filled_by == "customer"]
    return Draft(
        visit=visit,
        account=account_of(visit, rows, around),
        states={step.key: step.state for step in progress(checklist, entries, context).steps},
        may_sign=may_begin(checklist, SIGNING_STEP, entries, context),
        answers={key: folded[SIGNING_STEP, key].value for key in theirs if (SIGNING_STEP, key) in folded},
    )
