"""The screens of a visit, and the form that fills them.

The screens are templates, the same for every customer and checklist. What a checklist asks, and what belongs to one
visit, is filled in on the phone from its own store.
"""

from typing import Any

from fastapi import APIRouter, Request, Response

from checklists.definition import Checklist
from checklists.kit_v1 import KIT_V1, KitItem
from checklists.phone_form import phone_form, plain
from checklists.published import CHECKLISTS
from checklists.words import Language, Words
from dispatch.settings import Settings
from mobile_api.pages import context_of, environment
from mobile_api.technician.speaking import spoken_in

router = APIRouter(include_in_schema=False)

# Beside which field each prompt is needed.
SAID_AT = {
    "call_install": "call_outcome",
    "call_repair": "call_outcome",
    "running_late": "punctuality",
    "other_time": "wished_time",
    "greeting": "access",
    "not_convenient": "turned_away_reason",
    "before_work": "explained",
    "before_drilling": "placement_agreed",
    "touching_equipment": "protection",
    "declining": "requests",
    "cannot_promise": "open_questions",
    "proof_install": "login",
    "proof_repair": "symptoms_watched",
    "guiding": "experience",
    "note_consent": "sticky_note",
    "reminding": "reminded",
    "photo_consent": "photo_agreed",
    "signing": "technician_signature",
    "farewell": "left_at",
}
AVERAGED = ("dl_rate", "ul_rate")  # "average of 3": the single results are typed, the phone reckons
TESTED = ("dl_rate", "ul_rate", "ping_avg")  # what the line test in the page can measure
# What a customer's signature covers: its field, the steps, and what of these may change afterwards.
SIGNED_FOR: dict[str, dict[str, Any]] = {
    "leave": {"key": "customer_signature", "steps": ["work", "proof", "file"], "but": []},
    "work": {
        "key": "alteration_agreement",
        "steps": ["work"],
        "but": ["alteration_agreement", "begun_at", "protection", "requests", "open_questions", "device",
                "device_replaced"],
    },
}  # fmt: skip
LOOKS: dict[str, Words] = {
    "done": Words("已完成", "done"),
    "now": Words("进行中", "now"),
    "blocked": Words("有缺项", "incomplete"),
    "later": Words("回站补录", "owed later"),
    "todo": Words("未开始", "to do"),
    "not_needed": Words("不需要", "not needed"),
}
KINDS: dict[str, Words] = {"install": Words("宽带装机", "Installation"), "repair": Words("宽带修障", "Repair")}
NOT_NEEDED = ("trust", "snr_wanted", "too_fast_to_be_true")  # parts of the form that the phone has no use for


def form_of(checklist: Checklist) -> dict[str, Any]:
    """The checklist as the phone keeps it: the form, and what the screens do with it."""
    form = {name: part for name, part in phone_form(checklist).items() if name not in NOT_NEEDED}
    for script in form["scripts"]:
        script["at"] = SAID_AT[script["key"]]
        del script["kinds"]
    for measurement in form["measurements"].values():
        for part in ("label", "limits", "raw", "trust"):
            del measurement[part]
    return {
        **form,
        "signed_for": SIGNED_FOR,
        "looks": plain(LOOKS),
        "kind_words": plain(KINDS[checklist.kind]),
        "averaged": AVERAGED,
        "kit_here": [kit_line(item, carried=True) for item in KIT_V1],
        "kit_used": [kit_line(item, used=item.used_by_a_visit) for item in KIT_V1],
    }


def kit_line(item: KitItem, **told: Any) -> dict[str, Any]:
    """The usual answer for one item of the kit."""
    return {"item": item.key, **told, **({} if item.goes_down else {"condition": "good"})}


def draw_screens(request: Request, language: Language) -> str:
    """The screens of a visit in one language; they hold no data."""
    settings: Settings = request.app.state.house.settings
    context = spoken_in(context_of(request, settings), language, settings)
    context |= {"form_choices": phone_form(next(iter(CHECKLISTS.values())))["choices"]}
    return environment().get_template("technician/screens/all.html").render(context)


@router.get("/t/screens/{language}")
def get_screens(request: Request, language: Language) -> Response:
    """What the phone keeps with the app."""
    return Response(draw_screens(request, language), media_type="text/html")
