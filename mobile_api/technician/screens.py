"""The screens of a visit, and the form that fills them.

The screens are templates, the same for every customer and checklist. What a checklist asks, and what belongs to one
visit, is filled in on the phone from its own store.
"""

from typing import Any

from fastapi import APIRouter, Request, Response

from checklists import line_test
from checklists.definition import Checklist
from checklists.kit_v1 import KIT_V1, KitItem
from checklists.measurements import MEASUREMENTS
from checklists.phone_form import phone_form, plain
from checklists.published import CHECKLISTS
from checklists.words import Language, Words
from dispatch.records.own_phone.content import LAST_STEP, SUMMARISED
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
# What the line test in the page measures: how often, and with how many bytes at first and at most.
ROUNDS: tuple[tuple[str, int, int, int], ...] = (
    ("ping_avg", line_test.ROUND_TRIPS, 1, 1),
    ("dl_rate", line_test.RUNS, 2_000_000, line_test.MOST_BYTES_DOWN),
    ("ul_rate", line_test.RUNS, 1_000_000, line_test.MOST_BYTES_UP),
)
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

# What the controls of a field are bound to: `blank`, its empty shape; `row`, a new row; `named`, the part that names
# rows which are all there from the beginning; `numbers`, parts that are typed as numbers; `whole`, parts without which
# nothing is handed over.
SHAPES: dict[str, dict[str, Any]] = {
    "multi_choice": {"blank": []},
    "symptoms": {"blank": []},
    "photo": {"blank": []},
    "number": {"blank": {"value": ""}, "numbers": ["value"], "whole": ["value"]},
    "device": {"blank": {}, "numbers": [], "whole": []},
    "open_questions": {"blank": [], "row": {"text": "", "answer_by": ""}, "numbers": [], "whole": ["text"]},
    "room_measurements": {
        "blank": [],
        "row": {"room": "", "band": "5", "value": ""},
        "numbers": ["value"],
        "whole": ["room", "band", "value"],
    },
    "symptom_watch": {"blank": [], "named": "symptom", "numbers": ["watched_minutes"], "whole": ["result"]},
    "kit": {"blank": [], "named": "item", "numbers": ["used"]},
}
COMMON = ("dial_errors", "choices", "verdicts", "reasons", "unanswered")  # the same in every checklist


def form_of(checklist: Checklist) -> dict[str, Any]:
    """The checklist as the phone keeps it: what is asked, and what the screens do with it."""
    form = phone_form(checklist)
    kept: dict[str, Any] = {name: form[name] for name in ("key", "steps", "stops_when")}
    for step in form["steps"]:
        _prepare(step, form["scripts"])
    for measurement in form["measurements"].values():
        for part in ("label", "limits", "raw", "trust"):
            del measurement[part]
    symptoms = [field["options"] for step in form["steps"] for field in step["fields"] if field["type"] == "symptoms"]
    return {
        **_without_nothing(kept),
        "measurements": form["measurements"],
        "symptoms": symptoms[0] if symptoms else [],
        "kind_words": plain(KINDS[checklist.kind]),
    }


def common_form() -> dict[str, Any]:
    """What the forms of all checklists share."""
    form = phone_form(next(iter(CHECKLISTS.values())))
    return {
        **{name: form[name] for name in COMMON},
        "signed_for": SIGNED_FOR,
        "own_phone": {"step": LAST_STEP, "summarised": SUMMARISED},
        "looks": plain(LOOKS),
        "averaged": AVERAGED,
        "line_test": {
            "rounds": [
                {"name": name, "unit": MEASUREMENTS[name].unit, "times": times, "first": first, "most": most}
                for name, times, first, most in ROUNDS
            ],
            "shortest": line_test.SHORTEST_SECONDS,
            "longest": line_test.LONGEST_SECONDS,
            "steady": line_test.STEADY,
            "instrument": line_test.INSTRUMENT,
        },
        "reusable": [item.key for item in KIT_V1 if not item.goes_down],
        "kit_here": [_kit_line(item, carried=True) for item in KIT_V1],
        "kit_used": [_kit_line(item, used=item.used_by_a_visit) for item in KIT_V1],
    }


def _prepare(step: dict[str, Any], scripts: list[dict[str, Any]]) -> None:
    """Say of each field where it is, how it is drawn, and what to say at it."""
    for field in step["fields"]:
        at = [script for script in scripts if (script["step"], SAID_AT[script["key"]]) == (step["key"], field["key"])]
        field["scripts"] = [{name: script[name] for name in ("key", "when", "say")} for script in at]
        field["step"] = step["key"]
        field |= {"blank": ""} | SHAPES.get(field["type"], {})
        if field["type"] == "number":
            field["blank"] = {"value": "", "unit": field["unit"] or ""}
        if field["type"] == "kit":
            field["whole"] = [field["kit_part"]]
        if field["type"] == "room_measurements":
            field["row"] = {**field["row"], "unit": MEASUREMENTS[field["measurement"]].unit}
    tested = {name for name, _, _, _ in ROUNDS}
    rates = [field["key"] for field in step["fields"] if field.get("measurement") in tested]
    if rates:
        step["line_test_at"] = rates[0]
    theirs = [field for field in step["fields"] if field["filled_by"] == "customer"]
    ours = [field["key"] for field in step["fields"] if field["filled_by"] == "technician"]
    step["signs"] = any(field["type"] == "signature" for field in theirs)
    if theirs:  # the phone is handed over before the technician signs
        signing = ours.index("technician_signature") if "technician_signature" in ours else len(ours)
        step["hand_over_after"] = ours[signing - 1]


def _without_nothing(thing: Any) -> Any:
    if isinstance(thing, dict):
        return {name: _without_nothing(part) for name, part in thing.items() if part is not None}
    return [_without_nothing(item) for item in thing] if isinstance(thing, list) else thing


def _kit_line(item: KitItem, **told: Any) -> dict[str, Any]:
    """The usual answer for one item of the kit."""
    return {"item": item.key, **told, **({} if item.goes_down else {"condition": "good"})}


def draw_screens(request: Request, language: Language) -> str:
    """The screens of a visit in one language; they hold no data."""
    settings: Settings = request.app.state.house.settings
    context = spoken_in(context_of(request, settings), language, settings)
    context |= {"form_choices": common_form()["choices"], "LIMITS": line_test.LIMITS}
    context |= {"UNSTEADY": line_test.UNSTEADY, "TOO_SHORT": line_test.TOO_SHORT}
    return environment().get_template("technician/screens/all.html").render(context)


@router.get("/t/screens/{language}")
def get_screens(request: Request, language: Language) -> Response:
    """What the phone keeps with the app."""
    return Response(draw_screens(request, language), media_type="text/html")
