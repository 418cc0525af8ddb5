"""Correcting a sealed record: one field, what it should say, and why. The record itself is never changed."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import OVERRIDERS
from dispatch.errors import Refusal
from dispatch.records.correctable import Correctable, correctable_fields
from dispatch.records.correcting import Change, correct_record
from dispatch.records.queries import corrected_by, record_seen_by
from dispatch.records.tables import Record
from mobile_api.desk.doors import DeskReading, DeskWriting, may
from mobile_api.desk.forms import ERROR_WORDS, NOT_RIGHT, Form, FormShape, Sent, attempt, read_form
from mobile_api.errors import status_of
from mobile_api.pages import page
from mobile_api.shapes import Reason, Text

router = APIRouter()
UNKNOWN = Words("请先选择要更正的项目。", "Choose what to correct first.")
FIELD_OF_REFUSAL = {"flawed": "value", "no-change": "value", "no-reason": "reason", "unknown-field": "value"}


class CorrectionForm(FormShape):
    """Which field, what it should say (several for a list), and why."""

    field: str
    value: Text = ""
    values: list[str] = []
    reason: Reason = ""


@router.get("/desk/records/{record_id}/correct")
def ask_correction(request: Request, turn: DeskReading, record_id: UUID, field: str = "") -> Response:
    """First which field, then what it should say."""
    turn.viewer.must_be(OVERRIDERS)
    record = record_seen_by(turn.session, turn.viewer, record_id)
    return _draw(request, turn, record, field)


@router.post("/desk/records/{record_id}/correct")
def correct(request: Request, turn: DeskWriting, sent: Sent, record_id: UUID) -> Response:
    """Seal the correction and go to the visit; or draw the form again with what is wrong."""
    turn.viewer.must_be(OVERRIDERS)
    record = record_seen_by(turn.session, turn.viewer, record_id)
    read = read_form(CorrectionForm, sent)
    name = str(sent.get("field", ""))
    one = _chosen(turn, record, name)
    if one is None:
        read.errors["field"] = UNKNOWN
    if read.shape is not None and not read.shape.reason:
        read.errors["reason"] = ERROR_WORDS["missing"]
    if read.shape is None or one is None or read.errors:
        return _draw(request, turn, record, name, read.again())
    shape = read.shape
    try:
        value = value_of(one, shape.value, shape.values, turn)
    except ValueError:
        return _draw(request, turn, record, name, read.again(value=NOT_RIGHT))

    def do() -> str:
        made = correct_record(turn, record_id, shape.reason, [Change(one.step, one.field.key, value)])
        return f"/desk/visits/{made.visit_id}?done=corrected"

    answer = attempt(turn, shape, f"correct {record_id}", do)
    if isinstance(answer, Response):
        return answer
    beside = FIELD_OF_REFUSAL.get(answer.name)
    form = read.again(**({beside: answer.words} if beside else {}))
    return _draw(request, turn, record, name, form, answer)


def value_of(one: Correctable, said: str, several: list[str], turn: Turn) -> Any:
    """What was typed as the answer that a phone would have sent. Raises ValueError for what is none."""
    kind = one.field.type
    if kind == "multi_choice":
        return several
    if kind == "yes_no":
        return {"yes": True, "no": False}[said] if said in ("yes", "no") else _no(said)
    if kind == "moment":
        moment = datetime.fromisoformat(said).replace(tzinfo=turn.settings.zone)
        return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    if kind in ("number", "measurement"):
        try:
            number: float | str = float(said)
        except ValueError:
            number = said if kind == "measurement" else _no(said)
        return {**one.value, "value": number} if kind == "measurement" else number
    return said


def _no(said: str) -> Any:
    raise ValueError(said)


def typed(one: Correctable, turn: Turn) -> dict[str, Any]:
    """What the answer looks like in the form."""
    value, kind = one.value, one.field.type
    if value is None:
        return {}
    if kind == "multi_choice":
        return {"values": value}
    if kind == "yes_no":
        return {"value": "yes" if value else "no"}
    if kind == "moment":
        moment = datetime.fromisoformat(value).astimezone(turn.settings.zone)
        return {"value": moment.strftime("%Y-%m-%dT%H:%M")}
    return {"value": value.get("value") if kind == "measurement" else value}


def _chosen(turn: Turn, record: Record, name: str) -> Correctable | None:
    return next((one for one in correctable_fields(turn, record.visit_id) if one.name == name), None)


def _draw(
    request: Request, turn: Turn, record: Record, name: str, form: Form | None = None, refusal: Refusal | None = None
) -> Response:
    fields = correctable_fields(turn, record.visit_id)
    one = next((each for each in fields if each.name == name), None)
    drawn = form or Form(typed(one, turn) if one else {})
    return page(
        request,
        "desk/correct.html",
        status=status_of(refusal) if refusal else 422 if drawn.errors else 200,
        record=record,
        newer=corrected_by(turn.session, record.number),
        fields=fields,
        one=one,
        form=drawn,
        refusal=refusal,
        may=may(turn.viewer),
    )
