"""Polite forms as somebody types: what the rules of language find in a reply, with the reason and better words."""

from typing import Literal

from fastapi import APIRouter, Request, Response

from checklists.words import Words
from dispatch.notices.language_rules import findings_in_note
from mobile_api.desk.doors import DeskReading
from mobile_api.desk.forms import Sent
from mobile_api.pages import page

router = APIRouter()
LONGEST = 4000
NOTE = Words("备注：", "")


@router.post("/desk/care/language")
def check(
    request: Request, turn: DeskReading, sent: Sent, field: str = "said", language: Literal["zh", "en"] = "zh"
) -> Response:
    """What is wrong with the text that stands in `field` of the form; nothing when all is well. Nothing is kept."""
    text = sent.get(field)
    found = findings_in_note(text[:LONGEST], language) if isinstance(text, str) else ()
    shown = [(one.severity, Words(one.words.zh.removeprefix(NOTE.zh), one.words.en)) for one in found]
    return page(request, "desk/care/language.html", found=shown)
