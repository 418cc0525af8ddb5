"""Free windows over the API, at the desk and on the customer's page: offered, held, booked, and never twice."""

from uuid import UUID

from sqlalchemy import select, update

from dispatch.customers.tables import Site
from dispatch.notices.tables import Notice
from dispatch.planning.tables import SlotHold
from dispatch.technicians.tables import Area
from dispatch.visits.tables import Visit
from tests.journeys.conftest import Product
from tests.journeys.customer_stages import a_guest
from tests.journeys.desk_hand import follow, now_turn, send, text_of
from tests.makers import an_order


def an_order_here(product: Product, number: str = "GD-77", **more: object) -> UUID:
    with product.house.database.writing() as session:
        order = an_order(now_turn(product, session), external_id=number, **more).id
        session.execute(update(Site).values(area_id=session.scalars(select(Area.id)).one()))
        return order


def test_a_window_is_offered_held_and_booked_over_the_api(product: Product) -> None:
    order, desk = an_order_here(product), product.as_("dispatcher")
    address = f"/api/v1/work-orders/{order}/slots"
    offers = desk.get(address).json()
    assert offers["planned"] is True
    assert len(offers["items"]) > 10
    window = offers["items"][4]["window"]
    assert {"window", "technician_id", "price", "green"} == set(offers["items"][4])
    held = desk.post(f"{address}/hold", json={"window": window})
    assert held.status_code == 201, held.text
    again = desk.post(f"{address}/hold", json={"window": window, "hold_id": held.json()["hold_id"]})
    assert again.status_code == 201, "one's own hold is in nobody's way"
    with product.house.database.reading() as session:
        assert len(session.scalars(select(SlotHold)).all()) == 1
    key = {"Idempotency-Key": "book-once"}
    body = {"window": window, "hold_id": held.json()["hold_id"]}
    booked = desk.post(f"{address}/book", json=body, headers=key)
    assert booked.status_code == 201, booked.text
    assert booked.json()["window"] == window
    assert booked.json()["told"]["kind"] == "booked"
    assert desk.post(f"{address}/book", json=body, headers=key).json() == booked.json()
    with product.house.database.reading() as session:
        assert session.scalars(select(SlotHold)).all() == []
        assert len(session.scalars(select(Visit)).all()) == 1
    assert window not in [one["window"] for one in desk.get(address).json()["items"]], "the order has that time"
    moved = desk.get(f"/api/v1/visits/{booked.json()['id']}/slots").json()["items"]
    assert window not in [one["window"] for one in moved]


def test_what_was_not_offered_is_refused(product: Product) -> None:
    order, desk = an_order_here(product), product.as_("dispatcher")
    address = f"/api/v1/work-orders/{order}/slots"
    day = desk.get(address).json()["items"][0]["window"]["start"][:10]
    for start, end in [("T00:01:00Z", "T02:01:00Z"), ("T16:00:00Z", "T18:00:00Z")]:
        for verb in ("hold", "book"):
            refused = desk.post(f"{address}/{verb}", json={"window": {"start": day + start, "end": day + end}})
            assert (refused.status_code, refused.json()["type"]) == (409, "/problems/slot-gone")
    assert product.as_("technician").get(address).status_code == 403


def test_a_closed_order_holds_nothing(product: Product) -> None:
    order, desk = an_order_here(product), product.as_("dispatcher")
    address = f"/api/v1/work-orders/{order}/slots"
    window = desk.get(address).json()["items"][0]["window"]
    with product.house.database.writing() as session:
        from dispatch.visits.tables import WorkOrder

        session.get_one(WorkOrder, order).state = "done"
    for verb in ("hold", "book"):
        refused = desk.post(f"{address}/{verb}", json={"window": window})
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/order-closed")


def test_the_desk_holds_a_window_while_it_talks_and_books_it(product: Product) -> None:
    order, desk = an_order_here(product), product.browser("dispatcher")
    address = f"/desk/orders/{order}/slots"
    assert address in desk.get(f"/desk/orders/{order}").text
    page = desk.get(address)
    slot = page.text.split('name="slot" value="', 1)[1].split('"', 1)[0]
    held = follow(desk, send(desk, page, address, slot=slot, do="hold"))
    assert "已为这位客户预留" in text_of(held)
    other = an_order_here(product, "GD-78")
    assert (
        send(desk, desk.get(f"/desk/orders/{other}/slots"), f"/desk/orders/{other}/slots", do="book").status_code == 422
    )
    booked = send(desk, desk.get(address), address, slot=slot, do="book")
    assert "预约成功" in text_of(follow(desk, booked))
    again = send(desk, page, address, slot=slot, do="book", key="another-key-1")
    assert again.status_code == 409
    assert "已被约走或预留" in text_of(again)
    with product.house.database.reading() as session:
        assert [one.kind for one in session.scalars(select(Notice))] == ["booked"]
    assert product.browser("care_agent").get(address).status_code == 403


def test_the_customers_page_marks_the_windows_for_which_somebody_is_near(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id)
    with product.house.database.writing() as session:
        session.execute(update(Site).values(latitude=31.2041, longitude=121.5937))
    page = guest.enters(product.browser()).get(guest.home + "/another-time").text
    assert "师傅顺路" in page
    with product.house.database.writing() as session:
        session.execute(update(Site).values(latitude=31.30, longitude=121.7))
    assert "师傅顺路" not in guest.enters(product.browser()).get(guest.home + "/another-time").text
