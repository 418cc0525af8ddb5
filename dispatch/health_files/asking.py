"""Asking what helped, for who may: for a repair visit as it stands, or for a line with what somebody tells."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session, joinedload

from checklists.dial_errors import DIAL_ERRORS
from checklists.measurements import MEASUREMENTS, judge
from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import Viewer
from dispatch.customers.tables import Line
from dispatch.errors import Invalid, NotFound
from dispatch.health_files.places import place_of
from dispatch.health_files.reasons import told
from dispatch.health_files.said_queries import said_on
from dispatch.health_files.sealed_repairs import latest_model, looks_of_visit, measuring_context, plain_baseline
from dispatch.health_files.signs import Looks, Value
from dispatch.health_files.similar import what_helped
from dispatch.records.baseline import baseline_of
from dispatch.records.queries import body_of, may_see_line, records_of_line
from dispatch.visits.queries import visit_seen_by

MOST_SYMPTOMS = 20


def helped_on_visit(turn: Turn, visit_id: UUID) -> dict[str, Any]:
    """What helped when it looked like the repair of this visit, by all that is known now. NotFound: not theirs."""
    visit = visit_seen_by(turn.session, turn.viewer, visit_id)
    looks, place = looks_of_visit(turn.session, visit)
    return told(what_helped(turn.session, looks, place, turn.now, but=visit.id))


def helped_on_line(
    turn: Turn,
    line_id: UUID,
    *,
    symptoms: Sequence[str] = (),
    dial_codes: Sequence[int] = (),
    found: Mapping[str, Value] | None = None,
    words: str = "",
    device_model: str | None = None,
) -> dict[str, Any]:
    """The same for a line and what somebody tells of the fault.

    Refuses with Invalid a dial code, measurement or value that cannot be; NotFound for a line that is not theirs.
    """
    line = _line(turn.session, turn.viewer, line_id)
    records = records_of_line(turn.session, line_id)
    said = said_on(turn.session, [record.visit_id for record in records])
    context = measuring_context(line, said[records[-1].visit_id] if records else None)
    looks = Looks(
        symptoms=list(symptoms)[:MOST_SYMPTOMS],
        dial_codes=list(dial_codes),
        found=dict(found or {}),
        baseline=plain_baseline(baseline_of([body_of(record) for record in records])),
        context=context,
        device_model=device_model or latest_model(said, [record.visit_id for record in records]),
        words=words,
    )
    _must_be_possible(looks)
    return told(what_helped(turn.session, looks, place_of(turn.session, line_id), turn.now))


def _line(session: Session, viewer: Viewer, line_id: UUID) -> Line:
    line = session.get(Line, line_id, options=[joinedload(Line.site)])
    if line is None or not may_see_line(session, viewer, line_id):
        raise NotFound
    return line


def _must_be_possible(looks: Looks) -> None:
    for code in looks.dial_codes:
        if code not in DIAL_ERRORS:
            raise Invalid(
                Words(f"没有拨号代码 {code}，请核对。", f"There is no dial-up code {code}. Check it."), name="dial-code"
            )
    for name, value in looks.found.items():
        if name not in MEASUREMENTS:
            raise Invalid(Words("没有这个测量项目。", "There is no such measurement."), name="measurement-unknown")
        verdict = judge(name, value, looks.context)
        if verdict.verdict == "implausible":
            label = MEASUREMENTS[name].label
            reason = Words(f"{label.zh}：{verdict.reason.zh}", f"{label.en}: {verdict.reason.en}")
            raise Invalid(reason, name="measurement-implausible")
