"""Planned outages: plan one, see whom it concerns, let the telling begin, cancel it."""

from datetime import timedelta
from typing import Any
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
    """Where and when the network will be down, and why."""

    area_id: Id
    starts_at: Moment
    ends_at: Moment
    reason: BothLanguages


class CancelOutageShape(Shape):
    """Why it is called off; needed once customers are being told."""

    reason: Reason = ""


def _shown(row: Outage) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "version": row.version,
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
        "notices": telling_of(turn.session, row.id),
    }


@router.get("/outages", summary="Planned outages")
def get_outages(turn: Reading) -> dict[str, Any]:
    """For the desk: those to come and those of the last month, the soonest first."""
    turn.viewer.must_be(CALLERS)
    rows = outages_seen_by(turn.session, turn.viewer, ends_after=turn.now - KEPT)
    return {"items": [_shown(row) for row in rows]}


@router.post("/outages", summary="Plan an outage", status_code=201)
def post_outage(shape: OutageShape, turn: Writing, idempotency_key: IdempotencyKey = None) -> JSONResponse:
    """A draft: nobody is told before a supervisor approves it."""
    turn.viewer.must_be(PLANNERS)

    def plan() -> dict[str, Any]:
        reason = Words(shape.reason.zh, shape.reason.en)
        return _with_whom(turn, plan_outage(turn, shape.area_id, shape.starts_at, shape.ends_at, reason))

    return once(turn, idempotency_key, "plan outage", shape, plan, 201)


@router.get("/outages/{outage_id}", summary="One outage")
def get_outage(outage_id: UUID, turn: Reading) -> JSONResponse:
    """Whom it concerns, and how far the telling is. `told_by`: when all would be told, beginning now."""
    return answered(200, _with_whom(turn, outage_seen_by(turn.session, turn.viewer, outage_id)))


@router.post("/outages/{outage_id}/approve", summary="Begin to tell", responses=CHANGES)
def post_approve(
    outage_id: UUID, turn: Writing, version: ExpectedVersion, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """For supervisors. 409 `outage-too-soon` when not all could be told before it begins."""
    turn.viewer.must_be(OVERRIDERS)
    what = f"approve outage {outage_id}"
    return once(turn, idempotency_key, what, None, lambda: _shown(approve_outage(turn, outage_id, version)))


@router.post("/outages/{outage_id}/cancel", summary="Cancel an outage", responses=CHANGES)
def post_cancel(
    outage_id: UUID,
    turn: Writing,
    version: ExpectedVersion,
    shape: CancelOutageShape | None = None,
    idempotency_key: IdempotencyKey = None,
) -> JSONResponse:
    """What has not left is closed; `told` counts who was told already. For supervisors once the telling has begun."""
    turn.viewer.must_be(PLANNERS)

    def cancel() -> dict[str, Any]:
        told = cancel_outage(turn, outage_id, shape.reason if shape else "", version)
        return {**_shown(outage_seen_by(turn.session, turn.viewer, outage_id)), "told": told}

    return once(turn, idempotency_key, f"cancel outage {outage_id}", shape, cancel)
