"""Moving and cancelling over the API, under the two-hour rule and against others who do the same."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from dispatch.clock import utc_now
from dispatch.notices.tables import Notice
from dispatch.visits.tables import Visit, VisitChange
from tests.journeys.conftest import Product

HOUR = timedelta(hours=1)


def span(start: datetime, hours: float = 1) -> dict[str, str]:
    return {"start": start.isoformat(), "end": (start + hours * HOUR).isoformat()}


def booked(desk: TestClient, product: Product, start: datetime, **more: Any) -> dict[str, Any]:
    order = {
        "kind": "repair",
        "customer": {"name": "王𬭎", "phone": "13800000001"},
        "site": {"address": f"张江镇龘园路{uuid4().hex[:6]}号"},
        "minutes": 60,
    }
    made = desk.post("/api/v1/work-orders", json=order).json()
    technician = str(product.cast.technician_id)
    body = {"work_order_id": made["id"], "window": span(start), "technician_id": technician, **more}
    answer = desk.post("/api/v1/visits", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def move(desk: TestClient, visit: dict[str, Any], start: datetime, **more: Any) -> Any:
    body = {"window": span(start), "asked_by": "company", "reason": "光缆抢修", **more}
    return desk.post(
        f"/api/v1/visits/{visit['id']}/reschedule", json=body, headers={"If-Match": f'"{visit["version"]}"'}
    )


def everything_is(product: Product, state: str, attempts: int = 1) -> None:
    """What was owed so far has come to this."""
    with product.house.database.writing() as session:
        for notice in session.scalars(sa.select(Notice).where(Notice.state == "owed")):
            notice.state, notice.attempts = state, attempts
            notice.accepted_at = utc_now() if state == "accepted" else None


def notices(desk: TestClient, visit: dict[str, Any]) -> list[tuple[str, str]]:
    items = desk.get("/api/v1/notices", params={"visit_id": visit["id"]}).json()["items"]
    return [(item["kind"], item["state"]) for item in items]


def test_a_move_in_time_owes_a_notice_with_its_deadline_and_closes_the_stale_one(product: Product) -> None:
    desk, start = product.as_("dispatcher"), utc_now() + 26 * HOUR
    visit = booked(desk, product, start)
    moved = move(desk, visit, start - 3 * HOUR)
    assert moved.status_code == 200, moved.text
    told = moved.json()["told"]
    assert told["kind"] == "moved"
    assert datetime.fromisoformat(told["deadline"]) == start - 3 * HOUR - 2 * HOUR
    assert notices(desk, visit) == [("booked", "superseded"), ("moved", "owed")]
    assert moved.headers["etag"] == f'"{visit["version"] + 1}"'


def test_ninety_minutes_before_a_move_is_refused_and_a_supervisor_may_override_it_as_a_breach(product: Product) -> None:
    desk, supervisor = product.as_("dispatcher"), product.as_("supervisor")
    visit = booked(desk, product, utc_now() + 1.5 * HOUR)
    later = utc_now() + 30 * HOUR
    refused = move(desk, visit, later)
    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/too-late-to-move"
    assert "主管" in refused.json()["detail"]
    override = {"reason": "技术员受伤", "call": {"outcome": "reached_agreed"}}
    assert move(desk, visit, later, override=override).status_code == 403
    forced = move(supervisor, visit, later, override=override)
    assert forced.status_code == 200, forced.text
    assert forced.json()["breach"] is True
    with product.house.database.reading() as session:
        change = session.scalars(sa.select(VisitChange).where(VisitChange.what == "moved")).one()
    assert change.breach
    assert change.facts["override"]["call_outcome"] == "reached_agreed"


def test_the_customer_may_ask_at_any_time_and_is_still_told(product: Product) -> None:
    desk = product.as_("dispatcher")
    visit = booked(desk, product, utc_now() + 1.5 * HOUR)
    moved = move(desk, visit, utc_now() + 30 * HOUR, asked_by="customer", reason="")
    assert moved.status_code == 200, moved.text
    assert moved.json()["told"]["deadline"] is None
    assert notices(desk, visit)[-1] == ("moved", "owed")


def test_moving_inside_the_told_window_owes_nothing(product: Product) -> None:
    desk, start = product.as_("dispatcher"), utc_now() + 1.5 * HOUR
    visit = booked(desk, product, start)
    inside = start + timedelta(minutes=20)
    body = {"window": visit["window"], "planned_start": inside.isoformat(), "asked_by": "company"}
    answer = desk.post(f"/api/v1/visits/{visit['id']}/reschedule", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["told"] is None
    assert datetime.fromisoformat(answer.json()["planned"]["start"]) == inside
    assert notices(desk, visit) == [("booked", "owed")]


def test_another_technician_at_the_same_time_is_told_without_a_deadline(product: Product) -> None:
    desk = product.as_("dispatcher")
    visit = booked(desk, product, utc_now() + 1.5 * HOUR)
    everything_is(product, "accepted")
    body = {"window": visit["window"], "technician_id": str(product.cast.other_technician_id), "asked_by": "company"}
    answer = desk.post(f"/api/v1/visits/{visit['id']}/reschedule", json=body)
    assert answer.json()["told"]["kind"] == "technician_changed"
    assert answer.json()["told"]["deadline"] is None


def test_what_has_not_left_names_the_new_technician_and_nothing_else_is_said(product: Product) -> None:
    desk, start = product.as_("dispatcher"), utc_now() + 26 * HOUR
    visit = booked(desk, product, start)
    everything_is(product, "accepted")
    moved = move(desk, visit, start + 3 * HOUR).json()
    body = {"window": moved["window"], "technician_id": str(product.cast.other_technician_id), "asked_by": "company"}
    told = desk.post(f"/api/v1/visits/{visit['id']}/reschedule", json=body).json()["told"]
    assert told["kind"] == "moved"
    assert told["deadline"] == moved["told"]["deadline"]
    assert notices(desk, visit) == [("booked", "accepted"), ("moved", "superseded"), ("moved", "owed")]
    with product.house.database.reading() as session:
        facts = session.scalars(sa.select(Notice.facts).where(Notice.state == "owed")).one()
    assert (facts["technician"], facts["reason"]) == ("钱进", "光缆抢修")
    assert datetime.fromisoformat(facts["old_window"]["start"]) == start


def test_a_stale_version_is_refused_with_the_present_one(product: Product) -> None:
    desk, start = product.as_("dispatcher"), utc_now() + 26 * HOUR
    visit = booked(desk, product, start)
    assert move(desk, visit, start + HOUR).status_code == 200
    stale = move(desk, visit, start + 2 * HOUR)
    assert stale.status_code == 412
    assert stale.json()["current_version"] == visit["version"] + 1


def test_an_overlap_by_a_second_is_refused_and_touching_ends_are_fine(product: Product) -> None:
    desk, start = product.as_("dispatcher"), utc_now().replace(microsecond=0) + 26 * HOUR
    booked(desk, product, start, planned_start=start.isoformat())
    second = booked(desk, product, start, technician_id=None)
    busy = {"asked_by": "company", "window": second["window"], "technician_id": str(product.cast.technician_id)}
    early = {**busy, "planned_start": (start + HOUR - timedelta(seconds=1)).isoformat()}
    answer = desk.post(f"/api/v1/visits/{second['id']}/reschedule", json=early)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/technician-busy")
    wide = {**busy, "window": span(start, 2), "reason": "排班", "planned_start": (start + HOUR).isoformat()}
    touching = desk.post(f"/api/v1/visits/{second['id']}/reschedule", json=wide)
    assert touching.status_code == 200, touching.text


def test_without_free_time_inside_the_window_a_booking_is_refused(product: Product) -> None:
    desk, start = product.as_("dispatcher"), utc_now().replace(microsecond=0) + 26 * HOUR
    booked(desk, product, start, planned_start=start.isoformat())
    order = {"kind": "repair", "customer": {"name": "李", "phone": "13800000002"}, "site": {"address": "别处 1 号"}}
    made = desk.post("/api/v1/work-orders", json=order).json()
    body = {"work_order_id": made["id"], "window": span(start), "technician_id": str(product.cast.technician_id)}
    answer = desk.post("/api/v1/visits", json=body)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/technician-busy")


@pytest.mark.parametrize("hours", [0, -1, 0.1, 13])
def test_an_absurd_window_is_unprocessable(product: Product, hours: float) -> None:
    desk = product.as_("dispatcher")
    visit = booked(desk, product, utc_now() + 26 * HOUR)
    body = {"window": span(utc_now() + 30 * HOUR, hours), "asked_by": "company", "reason": "x"}
    answer = desk.post(f"/api/v1/visits/{visit['id']}/reschedule", json=body)
    assert answer.status_code == 422, answer.text


def test_a_cancelled_visit_frees_its_time_and_tells_the_customer(product: Product) -> None:
    desk, start = product.as_("dispatcher"), utc_now() + 26 * HOUR
    visit = booked(desk, product, start, planned_start=start.isoformat())
    answer = desk.post(f"/api/v1/visits/{visit['id']}/cancel", json={"asked_by": "company", "reason": "设备缺货"})
    assert answer.status_code == 200, answer.text
    assert notices(desk, visit) == [("booked", "superseded"), ("cancelled", "owed")]
    booked(desk, product, start, planned_start=start.isoformat())
    again = desk.post(f"/api/v1/visits/{visit['id']}/cancel", json={"asked_by": "company", "reason": "设备缺货"})
    assert again.status_code == 409


def test_the_same_key_gets_the_first_answer_even_after_the_visit_has_moved_on(product: Product) -> None:
    desk, start = product.as_("dispatcher"), utc_now() + 26 * HOUR
    visit = booked(desk, product, start)
    url, headers = f"/api/v1/visits/{visit['id']}/reschedule", {"Idempotency-Key": "move-1", "If-Match": '"1"'}
    body = {"window": span(start + 2 * HOUR), "asked_by": "company", "reason": "排班"}
    first = desk.post(url, json=body, headers=headers)
    assert first.status_code == 200
    assert desk.post(f"/api/v1/visits/{visit['id']}/depart", headers={"If-Match": '"2"'}).status_code == 200
    again = desk.post(url, json=body, headers=headers)
    assert (again.status_code, again.json()) == (200, first.json())
    with product.house.database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Notice).where(Notice.kind == "moved")) == 1


def test_a_customer_cannot_have_two_visits_of_one_order_at_the_same_time(product: Product) -> None:
    desk, start = product.as_("dispatcher"), utc_now() + 26 * HOUR
    visit = booked(desk, product, start)
    again = {"work_order_id": visit["work_order_id"], "window": span(start)}
    refused = desk.post("/api/v1/visits", json=again)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/order-already-booked")
    assert desk.post("/api/v1/visits", json={**again, "window": span(start + 24 * HOUR)}).status_code == 201


def test_a_visit_that_has_begun_is_neither_moved_nor_cancelled(product: Product) -> None:
    desk, phone = product.as_("dispatcher"), product.as_("technician")
    visit = booked(desk, product, utc_now() + 3 * HOUR)
    for verb in ("depart", "arrive"):
        assert phone.post(f"/api/v1/visits/{visit['id']}/{verb}").status_code == 200
    with product.house.database.reading() as session:
        version = session.get(Visit, UUID(visit["id"])).version  # type: ignore[union-attr]
    assert move(desk, {**visit, "version": version}, utc_now() + 30 * HOUR).status_code == 409
    cancel = desk.post(f"/api/v1/visits/{visit['id']}/cancel", json={"asked_by": "customer"})
    assert cancel.status_code == 409


def test_nobody_home_ends_the_visit_and_offers_a_new_time(product: Product) -> None:
    desk, phone = product.as_("dispatcher"), product.as_("technician")
    visit = booked(desk, product, utc_now() + 3 * HOUR)
    assert phone.post(f"/api/v1/visits/{visit['id']}/no-access").status_code == 409
    phone.post(f"/api/v1/visits/{visit['id']}/depart")
    assert (
        phone.post(f"/api/v1/visits/{visit['id']}/no-access", json={"note_left": True}).json()["status"] == "no_access"
    )
    assert notices(desk, visit)[-1][0] == "no_access"


def test_who_is_on_the_way_goes_on_when_only_the_plan_shifts_and_turns_round_when_another_goes(
    product: Product,
) -> None:
    desk, phone, start = product.as_("dispatcher"), product.as_("technician"), utc_now() + 1.5 * HOUR
    visit = booked(desk, product, start)
    phone.post(f"/api/v1/visits/{visit['id']}/depart")
    shift = {
        "window": visit["window"],
        "planned_start": (start + timedelta(minutes=10)).isoformat(),
        "asked_by": "company",
    }
    url = f"/api/v1/visits/{visit['id']}/reschedule"
    assert desk.post(url, json=shift).json()["status"] == "en_route"
    other = {**shift, "technician_id": str(product.cast.other_technician_id)}
    turned = desk.post(url, json=other).json()
    assert (turned["status"], turned["departed_at"]) == ("booked", None)


def test_back_where_the_customer_believes_it_to_be_is_no_surprise_at_any_hour(product: Product) -> None:
    desk, start = product.as_("dispatcher"), utc_now() + 3 * HOUR
    visit = booked(desk, product, start)
    everything_is(product, "accepted")
    moved = move(desk, visit, start + 24 * HOUR).json()
    back = move(desk, moved, start)
    assert back.status_code == 200, back.text
    assert back.json()["told"] is None
    assert notices(desk, visit) == [("booked", "accepted"), ("moved", "superseded")]


def test_back_before_the_confirmation_left_owes_the_confirmation_again(product: Product) -> None:
    desk, start = product.as_("dispatcher"), utc_now() + 26 * HOUR
    visit = booked(desk, product, start)
    moved = move(desk, visit, start + HOUR).json()
    assert move(desk, moved, start).json()["told"]["kind"] == "booked"
    assert notices(desk, visit) == [("booked", "superseded"), ("moved", "superseded"), ("booked", "owed")]


def test_a_time_that_never_reached_the_customer_sets_no_deadline_and_one_in_doubt_does(product: Product) -> None:
    desk, start = product.as_("dispatcher"), utc_now() + 30 * HOUR
    for state, attempts, wanted in (("owed", 0, start), ("claimed", 1, start - 20 * HOUR)):
        visit = booked(desk, product, start, technician_id=None)
        everything_is(product, "accepted")
        moved = move(desk, visit, start - 20 * HOUR).json()
        everything_is(product, state, attempts)
        told = move(desk, moved, start + 20 * HOUR).json()["told"]
        assert datetime.fromisoformat(told["deadline"]) == wanted - 2 * HOUR, state
        with product.house.database.reading() as session:
            notice = session.get(Notice, UUID(told["notice_id"]))
        assert notice is not None
        assert datetime.fromisoformat(notice.facts["old_window"]["start"]) == start, "the last that was surely told"
