"""Outages, planned or faults: plan one, see whom it concerns, let the telling begin, cancel it."""

from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from fastapi.responses import JSONResponse
from pydantic import Field

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import OVERRIDERS, PLANNERS
from dispatch.notices.calls import CALLERS
from dispatch.outages.actions import approve_outage, cancel_outage, plan_outage
from dispatch.outages.queries import outage_seen_by, outages_seen_by, preview_of, telling_of
from dispatch.outages.tables import Outage
from mobile_api.api import shown
from mobile_api.api.routing import answered, api_router, once, refusals
from mobile_api.dependencies import ExpectedVersion, IdempotencyKey, Reading, Writing
from mobile_api.shapes import GivenReason, Id, Moment, Reason, Shape

router = api_router("outages")
CHANGES = refusals(409, 412)
KEPT = timedelta(days=30)


class BothLanguages(Shape):
    """The same in Chinese and in English: customers read theirs."""

    zh: GivenReason = Field(examples=["光缆检修"])
    en: GivenReason = Field(examples=["work on the cable"])


class OutageShape(Shape):
    """Where and when the network is down, and why.

    Planned work lies ahead, at most 90 days, and lasts from a minute to 48 hours. A fault has begun, at most 48 hours
    ago, and `ends_at` is when it is expected back, within 48 hours. All else is 422.
    """

    kind: Literal["planned", "fault"] = Field("planned", description="Work that is planned, or an area that is down.")
    area_id: Id
    starts_at: Moment
    ends_at: Moment
    reason: BothLanguages


class CancelOutageShape(Shape):
    """Why it is called off; needed once customers are being told of planned work. A fault is repaired."""

    reason: Reason = ""


def _shown(row: Outage) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "version": row.version,
        "kind": row.kind,
        "area_id": str(row.area_id),
        "starts_at": shown.moment(row.starts_at),
        "ends_at": shown.moment(row.ends_at),
        "reason": {"zh": row.reason_zh, "en": row.reason_en},
        "state": row.state,
        "approved_at": shown.moment(row.approved_at),
    }


def _with_whom(turn: Turn, row: Outage) -> dict[str, Any]:
    whom = preview_of(turn, row)
    return {
        **_shown(row),
        "customers": whom.customers,
        "by_language": whom.by_language,
        "by_channel": whom.by_channel,
        "told_by": shown.moment(whom.told_by),
        "told_in_time": whom.told_in_time,
        "notices": telling_of(turn.session, row.id),
    }


@router.get("/outages", summary="Outages")
def get_outages(turn: Reading) -> dict[str, Any]:
    """For the desk: those to come and those of the last month, the soonest first."""
    turn.viewer.must_be(CALLERS)
    rows = outages_seen_by(turn.session, turn.viewer, ends_after=turn.now - KEPT)
    return {"items": [_shown(row) for row in rows]}


@router.post("/outages", summary="Plan an outage, or note a fault", status_code=201)
def post_outage(shape: OutageShape, turn: Writing, idempotency_key: IdempotencyKey = None) -> JSONResponse:
    """A draft: nobody is told before a supervisor approves it."""
    turn.viewer.must_be(PLANNERS)

    def plan() -> dict[str, Any]:
        reason = Words(shape.reason.zh, shape.reason.en)
        return _with_whom(turn, plan_outage(turn, shape.area_id, shape.starts_at, shape.ends_at, reason, shape.kind))

    return once(turn, idempotency_key, "plan outage", shape, plan, 201)


@router.get("/outages/{outage_id}", summary="One outage")
def get_outage(outage_id: UUID, turn: Reading) -> JSONResponse:
    """Whom it concerns, and how far the telling is. Beginning now, all would be told at `told_by`.

    `told_in_time` of them would be told before planned work begins, or before a fault should be repaired.
    """
    return answered(200, _with_whom(turn, outage_seen_by(turn.session, turn.viewer, outage_id)))


@router.post("/outages/{outage_id}/approve", summary="Begin to tell", responses=CHANGES)
def post_approve(
    outage_id: UUID, turn: Writing, version: ExpectedVersion, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """For supervisors. 409 `outage-too-soon` when not all could be told before planned work begins.

    Of a fault customers are told until its repair is expected, and nobody after that.
    """
    turn.viewer.must_be(OVERRIDERS)
    what = f"approve outage {outage_id}"
    return once(turn, idempotency_key, what, None, lambda: _shown(approve_outage(turn, outage_id, version)))


@router.post("/outages/{outage_id}/cancel", summary="Cancel an outage, or note the repair", responses=CHANGES)
def post_cancel(
    outage_id: UUID,
    turn: Writing,
    version: ExpectedVersion,
    shape: CancelOutageShape | None = None,
    idempotency_key: IdempotencyKey = None,
) -> JSONResponse:
    """Planned work is called off; a fault is repaired. What has not left is closed; `told` counts who was told already.

    For supervisors once the telling has begun.
    """
    turn.viewer.must_be(PLANNERS)

    def cancel() -> dict[str, Any]:
        told = cancel_outage(turn, outage_id, shape.reason if shape else "", version)
        return {**_shown(outage_seen_by(turn.session, turn.viewer, outage_id)), "told": told}

    return once(turn, idempotency_key, f"cancel outage {outage_id}", shape, cancel)
