"""Plans: ask for them, see how far they are and what they propose, take a proposal up, call one off."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from fastapi.responses import JSONResponse

from dispatch.accounts.viewer import DESK, PLANNERS
from dispatch.clock import local_day
from dispatch.planning.accepting import accept_plan
from dispatch.planning.actions import ask_for_plans, cancel_plan
from dispatch.planning.queries import plan_seen_by, plans_on
from mobile_api.api.plan_shapes import AcceptShape, PlansShape, plan_shown, run_shown
from mobile_api.api.routing import answered, api_router, once, refusals
from mobile_api.dependencies import ExpectedVersion, IdempotencyKey, Reading, Writing
from mobile_api.shapes import Day

router = api_router("plans")
CHANGES = refusals(409, 412)


@router.get("/plans", summary="The plans of a day")
def get_plans(
    turn: Reading, day: Annotated[Day | None, Query(description="Today if left out.")] = None
) -> dict[str, Any]:
    """For the desk, the newest first, without their proposals."""
    turn.viewer.must_be(DESK)
    chosen = day or local_day(turn.now, turn.settings.zone)
    return {"items": [run_shown(run) for run in plans_on(turn.session, turn.viewer, chosen)]}


@router.post("/plans", summary="Ask for plans", status_code=201, responses=refusals(409))
def post_plans(shape: PlansShape, turn: Writing, idempotency_key: IdempotencyKey = None) -> JSONResponse:
    """A run for each area (and each line of a “what if”). The jobs processes plan them: ask again for each."""
    turn.viewer.must_be(PLANNERS)

    def ask() -> dict[str, Any]:
        runs = ask_for_plans(
            turn, shape.area_ids, shape.day, shape.kind, shape.asked(), seconds=shape.seconds, seed=shape.seed
        )
        return {"items": [run_shown(run) for run in runs]}

    return once(turn, idempotency_key, "ask for plans", shape, ask, 201)


@router.get("/plans/{plan_id}", summary="One plan")
def get_plan(plan_id: UUID, turn: Reading) -> JSONResponse:
    """How far it is (`progress`, percent); once `done`, what it proposes."""
    return answered(200, plan_shown(turn, plan_seen_by(turn.session, turn.viewer, plan_id)))


@router.post("/plans/{plan_id}/accept", summary="Take a proposal up", responses=CHANGES)
def post_accept(
    plan_id: UUID,
    turn: Writing,
    version: ExpectedVersion,
    shape: AcceptShape | None = None,
    idempotency_key: IdempotencyKey = None,
) -> JSONResponse:
    """Makes the changes that can still be made, under the two-hour rule; `outcome` names those refused, and why."""
    turn.viewer.must_be(PLANNERS)
    wanted = [str(one) for one in shape.visits] if shape is not None and shape.visits is not None else None

    def accept() -> dict[str, Any]:
        return plan_shown(turn, accept_plan(turn, plan_id, wanted, version).run)

    return once(turn, idempotency_key, f"accept plan {plan_id}", shape, accept)


@router.post("/plans/{plan_id}/cancel", summary="Call a plan off", responses=CHANGES)
def post_cancel(
    plan_id: UUID, turn: Writing, version: ExpectedVersion, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """One that waits ends at once, one that runs within a second; a proposal is put away."""
    turn.viewer.must_be(PLANNERS)
    what = f"cancel plan {plan_id}"
    return once(turn, idempotency_key, what, None, lambda: run_shown(cancel_plan(turn, plan_id, version)))
