"""Plans over the API: ask, look on, take up; what is not a plan is refused."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from dispatch.settings import Settings
from dispatch.visits.tables import Visit
from tests.journeys.conftest import Product
from tests.journeys.planning_hand import a_day, plan_what_waits


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"plan_iterations": 200})


def ask(desk: TestClient, day: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = desk.post("/api/v1/plans", json={"area_ids": [day["area"]], "day": day["day"], **more})
    assert answer.status_code == 201, answer.text
    return dict(answer.json()["items"][0])


def test_a_plan_is_asked_for_looked_at_and_taken_up(product: Product) -> None:
    day, desk = a_day(product.house, product.settings, product.cast), product.as_("dispatcher")
    run = ask(desk, day)
    assert (run["state"], run["progress"]) == ("waiting", 0)
    assert desk.post(f"/api/v1/plans/{run['id']}/accept").json()["type"] == "/problems/plan-state"
    plan_what_waits(product.house, product.settings)
    done = desk.get(f"/api/v1/plans/{run['id']}").json()
    assert (done["state"], done["progress"]) == ("done", 100)
    changes = {one["visit"]: one for one in done["proposal"]["changes"]}
    assert changes[day["pool"]]["kind"] == "assigned"
    assert len(done["problem_sha256"]) == 64
    stale = desk.post(f"/api/v1/plans/{run['id']}/accept", headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    key = {"Idempotency-Key": "one", "If-Match": f'"{done["version"]}"'}
    taken = desk.post(f"/api/v1/plans/{run['id']}/accept", headers=key)
    assert taken.json()["outcome"]["refused"] == []
    assert taken.json()["state"] == "accepted"
    again = desk.post(f"/api/v1/plans/{run['id']}/accept", headers=key)
    assert again.json() == taken.json()
    with product.house.database.reading() as session:
        assert session.get_one(Visit, UUID(day["pool"])).technician_id is not None
    assert [one["id"] for one in desk.get("/api/v1/plans", params={"day": day["day"]}).json()["items"]] == [run["id"]]


def test_a_part_is_taken_up(product: Product) -> None:
    day, desk = a_day(product.house, product.settings, product.cast), product.as_("dispatcher")
    run = ask(desk, day)
    plan_what_waits(product.house, product.settings)
    proposed = desk.get(f"/api/v1/plans/{run['id']}").json()["proposal"]["changes"]
    answer = desk.post(f"/api/v1/plans/{run['id']}/accept", json={"visits": [day["pool"]]}).json()
    assert answer["outcome"]["taken"] == [day["pool"]]
    assert answer["state"] == ("accepted" if len(proposed) == 1 else "accepted_in_part")
    assert desk.post(f"/api/v1/plans/{run['id']}/cancel").status_code == 409


def test_a_sick_technician_is_planned_around(product: Product) -> None:
    day, desk = a_day(product.house, product.settings, product.cast), product.as_("dispatcher")
    sick = {"kind": "sick", "about": str(product.cast.technician_id)}
    run = ask(desk, day, kind="replan", events=[sick])
    plan_what_waits(product.house, product.settings)
    changes = {one["visit"]: one for one in desk.get(f"/api/v1/plans/{run['id']}").json()["proposal"]["changes"]}
    assert changes[day["mine"]]["after"]["technician_id"] == str(product.cast.other_technician_id)
    assert changes[day["mine"]]["tell"] == {
        "by": "notice", "what": "technician_changed", "until": None, "late": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"area_ids": []}, 422),
        ({"day": "2020-01-01"}, 422),
        ({"day": "2026-13-01"}, 422),
        ({"kind": "guess"}, 422),
        ({"seconds": 0}, 422),
        ({"seconds": 1e9}, 422),
        ({"extra": 1}, 422),
        ({"events": [{"kind": "sick"}]}, 422),
        ({"events": [{"kind": "slower", "percent": 3}]}, 422),
        ({"events": [{"kind": "sick", "about": str(uuid4())}]}, 404),
        ({"area_ids": [str(uuid4())]}, 404),
    ],
)
def test_what_is_no_question_is_refused(product: Product, wrong: dict[str, Any], status: int) -> None:
    day = a_day(product.house, product.settings, product.cast)
    answer = product.as_("dispatcher").post(
        "/api/v1/plans", json={"area_ids": [day["area"]], "day": day["day"], **wrong}
    )
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
