"""On the day over the API: on the way, late, arrived; and the call promised afterwards."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from dispatch.clock import utc_now
from dispatch.notices.tables import CallTask, Notice
from dispatch.visits.tables import Visit, VisitChange
from tests.journeys.conftest import Product
from tests.journeys.customer_stages import Guest, a_guest
from tests.journeys.test_changes_api import booked

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def notices(product: Product, visit: str, *kinds: str) -> list[Notice]:
    with product.house.database.reading() as session:
        query = select(Notice).where(Notice.visit_id == UUID(visit)).order_by(Notice.owed_at)
        return [one for one in session.scalars(query) if not kinds or one.kind in kinds]


def states(product: Product, visit: str, *kinds: str) -> list[tuple[str, str]]:
    return [(one.kind, one.state) for one in notices(product, visit, *kinds)]


TRAVEL = ("on_the_way", "running_late")


def late(client: TestClient, visit: str, predicted: datetime, **more: Any) -> Any:
    body = {"predicted": predicted.isoformat(), "reason": "路上堵车", **more}
    return client.post(f"/api/v1/visits/{visit}/running-late", json=body)


def test_setting_out_tells_the_customer_when_to_expect_whom(product: Product) -> None:
    desk, phone = product.as_("dispatcher"), product.as_("technician")
    visit = booked(desk, product, utc_now() + 10 * MINUTE)["id"]
    predicted = utc_now() + 25 * MINUTE
    answer = phone.post(f"/api/v1/visits/{visit}/depart", json={"predicted": predicted.isoformat()})
    assert answer.status_code == 200, answer.text
    assert datetime.fromisoformat(answer.json()["predicted_at"]) == predicted
    (notice,) = notices(product, visit, *TRAVEL)
    assert (notice.kind, notice.useful_until) == ("on_the_way", predicted)
    assert datetime.fromisoformat(notice.facts["predicted"]) == predicted
    phone.post(f"/api/v1/visits/{visit}/arrive")
    assert states(product, visit, *TRAVEL) == [("on_the_way", "superseded")], "they stand at the door"


def test_without_a_word_the_distance_is_guessed(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id, hours_ahead=1.5)
    before = utc_now()
    product.as_("technician").post(f"/api/v1/visits/{guest.visit_id}/depart")
    with product.house.database.reading() as session:
        visit = session.get_one(Visit, guest.visit_id)
    assert visit.predicted_at is not None, "from the area's centre, which is where this site is"
    assert before <= visit.predicted_at <= before + 6 * MINUTE
    assert visit.predicted_at.minute % 5 == 0


def test_a_site_without_coordinates_has_no_guess_and_is_still_told(product: Product) -> None:
    visit = booked(product.as_("dispatcher"), product, utc_now() + 10 * MINUTE)["id"]
    product.as_("technician").post(f"/api/v1/visits/{visit}/depart")
    (notice,) = notices(product, visit, *TRAVEL)
    assert (notice.kind, notice.facts["predicted"]) == ("on_the_way", None)


def test_setting_out_too_late_says_so_instead(product: Product) -> None:
    start = utc_now() + 10 * MINUTE
    visit = booked(product.as_("dispatcher"), product, start)["id"]  # an hour: it ends seventy minutes from now
    predicted = start + HOUR + MINUTE
    product.as_("technician").post(f"/api/v1/visits/{visit}/depart", json={"predicted": predicted.isoformat()})
    (notice,) = notices(product, visit, *TRAVEL)
    assert (notice.kind, notice.deadline) == ("running_late", start + HOUR - 15 * MINUTE)


def test_being_late_is_told_with_a_deadline_and_again_only_when_it_changes(product: Product) -> None:
    start = utc_now() + 30 * MINUTE
    visit = booked(product.as_("dispatcher"), product, start)["id"]
    phone = product.as_("technician")
    told = late(phone, visit, start + 90 * MINUTE)
    assert told.status_code == 200, told.text
    assert datetime.fromisoformat(told.json()["told"]["deadline"]) == start + HOUR - 15 * MINUTE
    assert told.json()["status"] == "booked"
    assert late(phone, visit, start + 90 * MINUTE).json()["told"] is None, "a second press"
    assert late(phone, visit, start + 120 * MINUTE).json()["told"]["kind"] == "running_late"
    assert states(product, visit, *TRAVEL) == [("running_late", "superseded"), ("running_late", "owed")]
    with product.house.database.reading() as session:
        changes = session.scalars(select(VisitChange).where(VisitChange.what == "running_late")).all()
    assert [change.breach for change in changes] == [False, False]


def test_past_the_appointed_time_it_is_a_breach_and_still_told(product: Product) -> None:
    visit = booked(product.as_("dispatcher"), product, utc_now() + 10 * MINUTE)["id"]
    with product.house.database.writing() as session:
        row = session.get_one(Visit, UUID(visit))
        row.window_start, row.window_end = utc_now() - 2 * HOUR, utc_now() - MINUTE
    told = late(product.as_("dispatcher"), visit, utc_now() + 20 * MINUTE)
    assert told.status_code == 200, told.text
    assert told.json()["told"]["deadline"] is None
    assert notices(product, visit, "running_late")[0].urgent
    with product.house.database.reading() as session:
        assert session.scalars(select(VisitChange.breach).where(VisitChange.what == "running_late")).one()


@pytest.mark.parametrize(
    ("minutes", "problem"), [(70, "not-late"), (-1, "arrival-in-the-past"), (10 + 60 + 241, "too-late-to-come")]
)
def test_what_is_no_late_arrival_is_refused_with_what_to_do(product: Product, minutes: int, problem: str) -> None:
    now = utc_now()
    visit = booked(product.as_("dispatcher"), product, now + 10 * MINUTE)["id"]
    answer = late(product.as_("dispatcher"), visit, now + minutes * MINUTE)
    assert (answer.status_code, answer.json()["type"]) == (422, f"/problems/{problem}")
    assert states(product, visit, *TRAVEL) == []


def test_who_has_arrived_cannot_be_late_any_more(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id, "begun")
    answer = late(product.as_("technician"), str(guest.visit_id), utc_now() + 30 * HOUR)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/visit-state")


def test_nobody_home_closes_what_was_said_of_the_way(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id, "en_route")
    product.as_("technician").post(f"/api/v1/visits/{guest.visit_id}/no-access")
    kinds = dict(states(product, str(guest.visit_id)))
    assert kinds["on_the_way"] == "superseded"
    assert kinds["no_access"] == "owed"


def in_two_days(product: Product, hour: int) -> datetime:
    local = utc_now().astimezone(product.settings.zone) + timedelta(days=2)
    return local.replace(hour=hour, minute=0, second=0, microsecond=0)


def test_a_return_call_is_promised_to_the_customer_and_the_desk(product: Product) -> None:
    guest: Guest = a_guest(product.house, product.cast.technician_id, "sealed")
    window = {"start": in_two_days(product, 10).isoformat(), "end": in_two_days(product, 12).isoformat()}
    path = f"/api/v1/visits/{guest.visit_id}/return-call"
    key = {"Idempotency-Key": "once"}
    first = product.as_("care_agent").post(path, json={"window": window}, headers=key)
    assert first.status_code == 201, first.text
    assert product.as_("care_agent").post(path, json={"window": window}, headers=key).json() == first.json()
    with product.house.database.reading() as session:
        assert session.scalars(select(CallTask.kind)).all() == ["return_call"]
    page = guest.enters(product.browser()).get(guest.home).text
    assert "回访电话" in page
    assert "10:00" in page
    night = {"start": in_two_days(product, 22).isoformat(), "end": in_two_days(product, 23).isoformat()}
    assert product.as_("care_agent").post(path, json={"window": night}).status_code == 422


def parcel(phone: TestClient, visit: str, value: object, minutes_ago: int = 0) -> Any:
    entry = {
        "id": str(uuid4()), "step": "visit", "key": "departed", "value": value,
        "at": (utc_now() - minutes_ago * MINUTE).isoformat(),
    }  # fmt: skip
    sent = {"visit_id": visit, "device_id": "d", "entries": [entry]}
    answer = phone.put(f"/api/v1/parcels/{uuid4()}", json=sent)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("minutes", [20, 0, -5, 241, True, "20", None, {}])
def test_the_phones_own_minutes_are_taken_and_nonsense_is_no_arrival(product: Product, minutes: object) -> None:
    visit = booked(product.as_("dispatcher"), product, utc_now() + 10 * MINUTE)["id"]
    receipt = parcel(product.as_("technician"), visit, {"at": utc_now().isoformat(), "minutes": minutes})
    assert receipt["visit"]["status"] == "en_route"
    (notice,) = notices(product, visit, *TRAVEL)
    assert notice.kind == "on_the_way"
    if minutes == 20 and minutes is not True:
        arrival = datetime.fromisoformat(notice.facts["predicted"])
        assert abs(arrival - utc_now() - 20 * MINUTE) < MINUTE
    else:
        assert notice.facts["predicted"] is None


def test_a_departure_that_is_handed_in_late_is_no_news(product: Product) -> None:
    visit = booked(product.as_("dispatcher"), product, utc_now() + 10 * MINUTE)["id"]
    parcel(product.as_("technician"), visit, utc_now().isoformat(), minutes_ago=45)
    assert states(product, visit, *TRAVEL) == []
