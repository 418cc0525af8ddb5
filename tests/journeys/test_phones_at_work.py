"""The desk sees phones: what they tell, when they were last heard of, and when their silence matters."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from dispatch.clock import utc_now
from dispatch.phones.tables import Phone
from dispatch.technicians.tables import Shift
from dispatch.visits.tables import Visit
from tests.journeys.conftest import Product
from tests.journeys.desk_hand import booked, soon, text_of
from tests.journeys.test_whole_visit import book, go_through

MINUTE = timedelta(minutes=1)
TOLD = {
    "app_version": "abc123", "waiting": 7, "oldest_seconds": 18_000,
    "storage": {"used": 95_000_000, "quota": 100_000_000, "persisted": False},
}  # fmt: skip


def tell(product: Product, device: str = "phone-1", login: str = "technician", **more: Any) -> Any:
    return product.as_(login).put(f"/api/v1/phones/{device}", json=TOLD | more)


def phones(product: Product) -> list[Phone]:
    with product.house.database.reading() as session:
        return list(session.scalars(select(Phone).order_by(Phone.device_id)))


def age(product: Product, by: timedelta) -> None:
    """As if everything that phones did had been so much earlier."""
    with product.house.database.writing() as session:
        for phone in session.scalars(select(Phone)):
            phone.seen_at -= by
            phone.told_at = phone.told_at - by if phone.told_at else None


def test_a_phone_tells_how_it_is_and_the_desk_reads_it(product: Product) -> None:
    answer = tell(product)
    assert answer.status_code == 200, answer.text
    assert answer.json()["waiting"] == 7
    page = text_of(product.browser("dispatcher").get("/desk/phones"))
    for said in (
        "赵翀㛃",
        "phone-1",
        "abc123",
        "95 MB",
        "/ 100 MB",
        "积压过久",
        "存储将满",
        "存储可能被清理",
        "不是当前版本",
    ):
        assert said in page, said
    assert "Technicians' phones" in text_of(product.browser("dispatcher").get("/desk/phones?lang=en"))


def test_the_same_report_again_is_answered_alike_and_a_new_one_too_soon_is_refused(product: Product) -> None:
    first = tell(product)
    again = tell(product)
    assert (again.status_code, again.json()) == (200, first.json())
    refused = tell(product, waiting=8)
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/phone-tells-too-often")
    assert 1 <= int(refused.headers["Retry-After"]) <= 5
    assert phones(product)[0].waiting == 7
    age(product, MINUTE)
    assert tell(product, waiting=8).status_code == 200
    assert phones(product)[0].waiting == 8


def test_a_phone_that_two_technicians_use_is_two_rows(product: Product) -> None:
    assert tell(product).status_code == 200
    assert tell(product, login="technician2", waiting=1).status_code == 200
    assert sorted(phone.waiting or 0 for phone in phones(product)) == [1, 7]


@pytest.mark.parametrize("login", ["dispatcher", "care_agent", "supervisor", "admin"])
def test_only_technicians_have_phones(product: Product, login: str) -> None:
    assert tell(product, login=login).status_code == 403
    assert phones(product) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"waiting": -1}, {"waiting": "7"}, {"waiting": True}, {"waiting": 10**9}, {"oldest_seconds": -1},
        {"app_version": ""}, {"app_version": "x" * 81}, {"app_version": "a\u202eb"}, {"battery": 3},
        {"storage": {"used": -1}}, {"storage": {"used": 2**63}}, {"storage": {"persisted": "yes"}}, {"storage": []},
    ],
)  # fmt: skip
def test_a_report_that_is_none_is_refused_and_nothing_is_kept(product: Product, wrong: dict[str, Any]) -> None:
    assert tell(product, **wrong).status_code == 422
    assert phones(product) == []


def test_a_device_id_is_a_plain_word(product: Product) -> None:
    for device in ("a b", "<b>", "x" * 81, "%00"):
        assert tell(product, device).status_code in (404, 422), device
    assert tell(product, waiting=0, oldest_seconds=2**53).status_code == 200  # a clock decades off is no crash


def test_every_parcel_says_that_the_phone_is_alive(product: Product) -> None:
    visit = book(product.as_("dispatcher"), product, "install")["visit"]
    before = utc_now()
    go_through(product.as_("technician"), visit, "install", [])
    (phone,) = phones(product)
    assert (phone.device_id, phone.waiting, phone.technician_id) == ("test-phone", None, product.cast.technician_id)
    assert phone.seen_at >= before
    age(product, 2 * MINUTE)
    entry = {"id": str(uuid4()), "step": "talk", "key": "x", "value": 1, "at": utc_now().isoformat()}
    parcel = {"visit_id": visit, "device_id": "test-phone", "entries": [entry]}
    assert product.as_("technician").put(f"/api/v1/parcels/{uuid4()}", json=parcel).status_code == 200
    assert phones(product)[0].seen_at >= before
    assert (
        product.as_("dispatcher").put(f"/api/v1/parcels/{uuid4()}", json=parcel | {"device_id": "desk"}).status_code
        == 200
    )
    assert len(phones(product)) == 1  # what the desk hands in is no phone


def test_a_technician_keeps_twenty_phones_the_last_seen(product: Product) -> None:
    for number in range(21):
        assert tell(product, f"phone-{number:02d}").status_code == 200
        age(product, MINUTE)
    kept = [phone.device_id for phone in phones(product)]
    assert len(kept) == 20
    assert "phone-00" not in kept


def test_a_silent_phone_shows_on_the_board_and_at_the_visit_until_it_is_heard_again(product: Product) -> None:
    visit_id = booked(product, soon(20), technician=product.cast.technician_id)
    with product.house.database.writing() as session:
        visit = session.get_one(Visit, visit_id)
        assert visit.planned_start is not None
        for shift in session.scalars(select(Shift).where(Shift.technician_id == product.cast.technician_id)):
            session.delete(shift)
        session.flush()
        start = max(visit.planned_start, utc_now()) - timedelta(minutes=100)
        session.add(
            Shift(technician_id=product.cast.technician_id, starts_at=start, ends_at=start + timedelta(hours=9))
        )
        planned_day = visit.planned_start.astimezone(product.settings.zone).date()
        shift_day = start.astimezone(product.settings.zone).date()
    if planned_day != shift_day:
        pytest.skip("the shift began yesterday: a board shows the shifts of its day")
    desk = product.browser("dispatcher")
    addresses = (f"/desk/day?day={planned_day}", f"/desk/visits/{visit_id}")
    for address in addresses:
        assert "手机失联" in text_of(desk.get(address)), address
    assert tell(product).status_code == 200
    for address in addresses:
        assert "手机失联" not in text_of(desk.get(address)), address
    age(product, 46 * MINUTE)
    for address in addresses:
        assert "手机失联" in text_of(desk.get(address)), address
