"""Booking, moving and cancelling over the API."""

from datetime import datetime, timedelta

from dispatch.clock import utc_now
from tests.journeys.conftest import Product

ORDER = {
    "kind": "repair",
    "customer": {"name": "王𬭎", "phone": "138 0000 0001"},
    "site": {"address": "上海市浦东新区张江镇龘园路88弄3号楼1202室"},
    "line": {"account_name": "sh0215888", "subscribed_down": 1000},
    "symptoms": ["晚高峰卡顿"],
    "minutes": 60,
}


def tomorrow_at(hour: int, minute: int = 0) -> datetime:
    return (utc_now() + timedelta(days=1)).replace(hour=hour, minute=minute, second=0, microsecond=0)


def window(hour: int, hours: float = 1) -> dict[str, str]:
    return {"start": tomorrow_at(hour).isoformat(), "end": (tomorrow_at(hour) + timedelta(hours=hours)).isoformat()}


def test_a_booking_takes_the_earliest_free_time_and_owes_its_confirmation(product: Product) -> None:
    desk = product.as_("dispatcher")
    order = desk.post("/api/v1/work-orders", json=ORDER)
    assert order.status_code == 201, order.text
    technician = str(product.cast.technician_id)
    booking = {"work_order_id": order.json()["id"], "window": window(1), "technician_id": technician}
    answer = desk.post("/api/v1/visits", json=booking, headers={"Idempotency-Key": "k1"})
    assert answer.status_code == 201, answer.text
    visit = answer.json()
    assert visit["planned"]["start"][:16] == window(1)["start"][:16]
    assert visit["told"]["kind"] == "booked"
    again = desk.post("/api/v1/visits", json=booking, headers={"Idempotency-Key": "k1"})
    assert (again.status_code, again.json()) == (201, visit)
    other = desk.post("/api/v1/visits", json={**booking, "window": window(3)}, headers={"Idempotency-Key": "k1"})
    assert other.status_code == 409
    assert other.json()["type"] == "/problems/idempotency-key-reused"
    listed = desk.get("/api/v1/visits", params={"technician_id": technician}).json()["items"]
    assert [(v["id"], v["client_key"]) for v in listed] == [(visit["id"], "k1")]
    owed = desk.get("/api/v1/notices", params={"visit_id": visit["id"]}).json()["items"]
    assert [n["kind"] for n in owed] == ["booked"]
