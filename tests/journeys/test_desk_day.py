"""The day by technician, its refreshing, and who may open the desk at all."""

from uuid import uuid4

import pytest
from fastapi.routing import APIRoute

from dispatch.visits.attention import SIGN_WORDS
from dispatch.visits.life import STATUS_WORDS
from mobile_api.desk.rooms import ROOMS
from tests.journeys.conftest import Product
from tests.journeys.desk_hand import booked, fields, looks, now_turn, send, text_of, tomorrow
from tests.makers import an_order

DAY = fields(tomorrow(9))["day"]


def live(html: str) -> str:
    """Where the page asks for its refreshing."""
    return html.split('id="day-live" hx-get="', 1)[1].split('"', 1)[0].replace("&amp;", "&")


def test_the_day_shows_who_is_where_and_what_waits(product: Product) -> None:
    mine = booked(product, technician=product.cast.technician_id)
    pool = booked(product, tomorrow(14))
    with product.house.database.writing() as session:
        waiting = an_order(now_turn(product, session), "install").id
    page = product.browser("dispatcher").get(f"/desk/day?day={DAY}")
    told = text_of(page)
    assert page.status_code == 200
    for said in ("赵翀㛃", "钱进", "张江", "未派单的上门", "待预约的工单", "08:30–17:30"):
        assert said in told
    for address in (f"/desk/visits/{mine}", f"/desk/visits/{pool}", f"/desk/orders/{waiting}"):
        assert f'href="{address}"' in page.text
    assert STATUS_WORDS["booked"].zh in told  # type: ignore[index]
    assert "style=" not in page.text


def test_a_day_may_be_looked_at_by_area(product: Product) -> None:
    booked(product, technician=product.cast.technician_id)
    desk = product.browser("dispatcher")
    assert "赵翀㛃" in text_of(desk.get(f"/desk/day?day={DAY}&area={uuid4()}"))  # an unknown area is no filter
    page = desk.get(f"/desk/day?day={DAY}")
    area = page.text.split('<option value="', 2)[2].split('"', 1)[0]
    assert "赵翀㛃" in text_of(desk.get(f"/desk/day?day={DAY}&area={area}"))


@pytest.mark.parametrize("day", ["", "0001-01-01", "9999-12-31", "x", "2026-02-31"])
def test_a_day_that_is_none_is_today(product: Product, day: str) -> None:
    assert "今天" in text_of(product.browser("dispatcher").get(f"/desk/day?day={day}"))


def test_the_board_refreshes_when_something_changed_and_only_then(product: Product) -> None:
    visit_id = booked(product)
    desk = product.browser("dispatcher")
    address = live(desk.get(f"/desk/day?day={DAY}").text)
    for _ in range(2):  # the second asks across no border of the clock's five minutes
        answer = desk.get(address)
        if answer.status_code == 204:
            break
        address = live(answer.text)
    assert (answer.status_code, answer.content) == (204, b"")
    page = desk.get(f"/desk/visits/{visit_id}")
    send(desk, page, f"/desk/visits/{visit_id}/assign", technician=str(product.cast.technician_id))
    fresh = desk.get(address)
    assert fresh.status_code == 200
    assert "<html" not in fresh.text
    assert live(fresh.text) != address
    assert looks(product, "day") == ["dispatcher:dispatcher"]


def test_signs_say_what_to_notice(product: Product) -> None:
    booked(product, tomorrow(20), technician=product.cast.technician_id)
    told = text_of(product.browser("dispatcher").get(f"/desk/day?day={DAY}"))
    assert SIGN_WORDS["off_shift"].zh in told


def test_nobody_gets_in_without_signing_in(product: Product) -> None:
    stranger = product.browser()
    answer = stranger.get("/desk/day")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


ROUTES = [route for room in ROOMS for route in room.router.routes if isinstance(route, APIRoute)]
PATHS = sorted({(method, route.path) for route in ROUTES for method in route.methods})
NAMES = (
    "visit_id",
    "order_id",
    "record_id",
    "account_id",
    "line_id",
    "sha256",
    "task_id",
    "notice_id",
    "customer_id",
    "channel",
    "name",
    "language",
    "own_id",
    "outage_id",
    "technician_id",
    "conflict_id",
    "plan_id",
    "batch",
    "form",
    "call_id",
    "compensation_id",
    "complaint_id",
    "contact_id",
    "key",
    "number",
    "what",
)


@pytest.mark.parametrize(("method", "path"), PATHS, ids=lambda each: str(each))
def test_a_technician_finds_nothing_at_the_desk_and_learns_nothing(product: Product, method: str, path: str) -> None:
    visit_id = booked(product, technician=product.cast.technician_id)
    phone = product.browser("technician")
    known = phone.request(method, path.format(**dict.fromkeys(NAMES, str(visit_id))))
    unknown = phone.request(method, path.format(**dict.fromkeys(NAMES, str(uuid4()))))
    assert known.status_code == unknown.status_code == 404
    assert text_of(known) == text_of(unknown)
    assert "王𬭎" not in known.text
