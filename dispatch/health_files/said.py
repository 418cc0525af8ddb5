"""What was said on visits beyond what a sealed record spells out for machines: devices, dates, codes, as answered."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from checklists.answers import read_moment, taken_back
from checklists.progress import fold
from dispatch.records.entries import counted
from dispatch.records.tables import EntryRow
from dispatch.visits.tables import Visit

PASSWORD_CHANGED = ("remind", "password_changed_at")
DIAL_CODE = ("proof", "dial_code")
OUTCOME = ("proof", "outcome")
NOTE = ("file", "repair_note")
ACCESS = ("work", "access_technology")
LINE_NOTE = ("file", "line_note")
RX_BEFORE = ("work", "rx_before")
DEVICES = (("work", "device"), ("file", "device"))
SYMPTOMS = (("appointment", "symptoms_by_phone"), ("talk", "symptoms"))
ASKED = (PASSWORD_CHANGED, DIAL_CODE, OUTCOME, NOTE, ACCESS, LINE_NOTE, RX_BEFORE, *DEVICES, *SYMPTOMS)


@dataclass(frozen=True)
class Said:
    """The answers of one visit that count."""

    values: dict[tuple[str, str], Any] = field(default_factory=dict)

    def text(self, key: tuple[str, str]) -> str:
        """An answer that is a text; empty for none."""
        value = self.values.get(key)
        return value if isinstance(value, str) else ""

    @property
    def password_changed(self) -> datetime | None:
        """When the customer last changed the password, as they said; never the password."""
        value = self.values.get(PASSWORD_CHANGED)
        return read_moment(value) if isinstance(value, str) else None

    @property
    def device(self) -> dict[str, str] | None:
        """The device that was installed or put in place of another."""
        for key in DEVICES:
            value = self.values.get(key)
            if isinstance(value, dict):
                return {part: str(value[part])[:80] for part in ("manufacturer", "model", "serial") if value.get(part)}
        return None

    @property
    def dial_codes(self) -> list[int]:
        """The dial-up code that was seen."""
        value = self.values.get(DIAL_CODE)
        return [value] if isinstance(value, int) and not isinstance(value, bool) else []

    @property
    def symptoms(self) -> list[str]:
        """What the customer said on the phone and at the door."""
        told: list[str] = []
        for key in SYMPTOMS:
            value = self.values.get(key)
            told += [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
        return list(dict.fromkeys(told))

    @property
    def found(self) -> dict[str, float | int | str]:
        """What was measured before anybody touched the line, by measurement."""
        value = self.values.get(RX_BEFORE)
        return {"onu_rx_power": value["value"]} if isinstance(value, dict) and "value" in value else {}


def said_on(session: Session, visit_ids: Iterable[UUID]) -> dict[UUID, Said]:
    """What was said on each of these visits; a visit without such answers is there and says nothing."""
    ids = list(dict.fromkeys(visit_ids))
    if not ids:
        return {}
    technicians = dict(session.execute(select(Visit.id, Visit.technician_id).where(Visit.id.in_(ids))).tuples())
    rows: dict[UUID, list[EntryRow]] = {visit_id: [] for visit_id in ids}
    asked = select(EntryRow).where(EntryRow.visit_id.in_(ids), tuple_(EntryRow.step, EntryRow.key).in_(ASKED))
    for row in session.scalars(asked.order_by(EntryRow.received_at, EntryRow.id)):
        rows[row.visit_id].append(row)
    return {
        visit_id: Said(
            {
                key: entry.value
                for key, entry in fold(counted(listed, technicians.get(visit_id))).items()
                if not taken_back(entry.value)
            }
        )
        for visit_id, listed in rows.items()
    }
