"""What was answered on a visit and a sealed record does not spell out for machines: devices, dates, codes. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from checklists.answers import read_moment

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
