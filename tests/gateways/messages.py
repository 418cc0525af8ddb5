"""Messages as the core composes them."""

from datetime import UTC, datetime

from dispatch.notices.channels.protocol import Message
from dispatch.notices.channels.templates import Approved, Templates

NOTICE = "7d9f0c3e-3b57-4f0e-9a52-1f0f6f2f9c11"
TOKEN = "tok-" + "x" * 32
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def a_message(**more: object) -> Message:
    facts: dict[str, object] = {
        "notice_id": NOTICE,
        "kind": "moved",
        "language": "zh",
        "to": "+8613800000001",
        "text": "【装维上门】尊敬的王𬭎，您好！改到11月23日（周一）09:00–10:00。",
        "wording": "moved",
        "variables": {
            "customer": "王𬭎",
            "when": "11月23日（周一）09:00–10:00 *~'()&=+%",
            "link": "https://visits.example.cn/c/AbC_-9",
        },
        **more,
    }
    return Message(**facts)  # type: ignore[arg-type]


def some_templates(template: str, *variables: str, sign_name: str = "装维上门") -> Templates:
    return Templates({"moved.zh": Approved(template=template, variables=variables)}, sign_name)
