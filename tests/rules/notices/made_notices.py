"""A notice as the sender holds it, and the voice that it is told in."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from dispatch.notices.channels.protocol import Medium
from dispatch.notices.samples import sample_facts
from dispatch.notices.texts import kind_of
from dispatch.settings import Settings
from tests.makers import NOON, some_settings

LINK = "https://door.example.cn/c/" + "x" * 32
VISIT = UUID("0df5d82d-efbf-49c5-817c-427af0c777bc")
NOTICE = UUID(int=7)
NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # nine in Shanghai, a Monday


def settings(**more: object) -> Settings:
    given: dict[str, object] = {"public_url": "https://door.example.cn", "mail_from": "visits@example.cn"}
    return some_settings(Path("var"), "sqlite://", **(given | more))


def facts(name: str, language: str = "zh", **more: Any) -> dict[str, Any]:
    return sample_facts(name, settings().zone, NOON, language) | more


def window(start: datetime = NINE, minutes: int = 60) -> dict[str, str]:
    return {"start": start.isoformat(), "end": (start + timedelta(minutes=minutes)).isoformat()}


@dataclass
class ANotice:
    """What is claimed, as far as words need it."""

    name: str
    language: str = "zh"
    medium: Medium = "mail"
    facts: dict[str, Any] = field(default_factory=dict)
    visit_version: int | None = 1
    visit_id: UUID | None = VISIT
    mail: str | None = "wang@example.net"
    to: str = "+8613800000001"
    id: UUID = NOTICE
    claimed_at: datetime = NOON

    def __post_init__(self) -> None:
        self.facts = facts(self.name, self.language) | self.facts
        if self.name.startswith(("outage", "complaint_")):
            self.visit_id = self.visit_version = None

    @property
    def kind(self) -> str:
        return kind_of(self.name)
