"""What of a record can be corrected at the desk, field by field, with what it says now."""

from dataclasses import dataclass
from typing import Any, get_args
from uuid import UUID

from checklists.answers import taken_back
from checklists.definition import Field, FieldType
from checklists.progress import fold, is_asked
from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.records.correcting import may_be_corrected
from dispatch.records.entries import checklist_of, counted, rows_of
from dispatch.records.spoken_values import NOTHING, spoken_value
from dispatch.visits.queries import visit_seen_by

AT_THE_DESK: frozenset[FieldType] = frozenset(
    {"text", "choice", "multi_choice", "yes_no", "moment", "measurement", "number"}
)
"""The others (the kit, open questions, symptoms one by one) are corrected through the API."""
assert set(get_args(FieldType)) >= AT_THE_DESK


@dataclass(frozen=True)
class Correctable:
    """One field: where it stands, what it says in words, and the answer itself (None for none)."""

    step: str
    step_title: Words
    field: Field
    says: Words
    value: Any

    @property
    def name(self) -> str:
        """Step and key in one, for forms."""
        return f"{self.step}.{self.field.key}"


def correctable_fields(turn: Turn, visit_id: UUID) -> list[Correctable]:
    """The fields of a visit that may be corrected at the desk, in the checklist's order."""
    visit = visit_seen_by(turn.session, turn.viewer, visit_id)
    checklist = checklist_of(visit)
    folded = fold(counted(rows_of(turn.session, visit.id), visit.technician_id))
    found = []
    for step, field in checklist.fields():
        if field.type not in AT_THE_DESK or not may_be_corrected(field):
            continue
        entry = folded.get((step.key, field.key))
        value = entry.value if entry is not None and not taken_back(entry.value) else None
        if not is_asked(checklist, step, field, folded) or (
            field.type == "measurement" and not isinstance(value, dict)
        ):
            continue
        says = NOTHING if value is None else spoken_value(field, value, turn.settings.zone)
        found.append(Correctable(step.key, step.title, field, says if isinstance(says, Words) else NOTHING, value))
    return found
