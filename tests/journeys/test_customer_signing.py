"""Reading and signing on site, through the customer's own link."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import SYSTEM, Viewer
from dispatch.clock import utc_now
from dispatch.demo.visit_story import scribble
from dispatch.errors import Forbidden, NotFound
from dispatch.records.intake import SentParcel, Taken, take_parcel
from dispatch.records.queries import body_of, record_of_visit
from dispatch.records.reading import SentEntry
from dispatch.records.tables import EntryRow, Parcel, ParcelConflict
from mobile_api.customer.forms import new_form_key
from tests.journeys.conftest import Product
from tests.journeys.customer_stages import NAME, Guest, a_guest, hand_in, mark_of, seal

RATED = {"conduct_rating": "5", "overall_rating": "4", "comment": "师傅很细心"}
SIGNED = {"decision": "sign", "name": NAME, "strokes": json.dumps(scribble(3)), "reservation": "", "reason": ""}


def entries(product: Product, guest: Guest) -> dict[str, EntryRow]:
    """The customer's entries by key."""
    with product.house.database.reading() as session:
        query = select(EntryRow).where(EntryRow.visit_id == guest.visit_id, EntryRow.by == "customer")
        return {row.key: row for row in session.scalars(query.order_by(EntryRow.received_at))}


def parcels(product: Product, guest: Guest) -> int:
    with product.house.database.reading() as session:
        query = select(func.count()).where(Parcel.visit_id == guest.visit_id, Parcel.device_id == "customer-link")
        return session.scalar(query) or 0


def post(browser: TestClient, guest: Guest, **fields: str) -> Any:
    path = guest.home + "/sign"
    return browser.post(path, data={"form": mark_of(browser, path)} | fields)


def at_the_end(product: Product) -> tuple[Guest, TestClient]:
    guest = a_guest(product.house, product.cast.technician_id, "worked")
    return guest, guest.enters(product.browser())


def test_what_was_done_so_far_can_be_read_but_not_yet_signed(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id, "begun")
    browser = guest.enters(product.browser())
    page = browser.get(guest.home + "/sign")
    assert page.status_code == 200
    assert "现场实施需谨慎" in page.text
    assert "处理前接收光功率" in page.text
    assert "合格" in page.text
    assert "<form" not in page.text
    key = str(new_form_key(product.settings, guest.link_id))
    assert browser.post(guest.home + "/sign", data={"form": key} | RATED | SIGNED).status_code == 409
    assert entries(product, guest) == {}


def test_signing_with_strokes_leaves_the_customers_own_entries(product: Product) -> None:
    guest, browser = at_the_end(product)
    answer = post(browser, guest, **RATED, **(SIGNED | {"reservation": "书房信号还要再看看"}))
    assert answer.status_code == 303, answer.text
    kept = entries(product, guest)
    assert {key: kept[key].value for key in ("conduct_rating", "overall_rating", "comment")} == {
        "conduct_rating": 5, "overall_rating": 4, "comment": "师傅很细心",
    }  # fmt: skip
    value = kept["customer_signature"].value
    assert value == scribble(3) | {"name": NAME, "reservation": "书房信号还要再看看"}
    assert all(row.flags == [] and row.step == "leave" for row in kept.values())
    page = browser.get(guest.home + "/sign").text
    assert "已签名" in page
    assert "书房信号还要再看看" in page


def test_refusing_needs_a_reason_and_is_kept_with_it(product: Product) -> None:
    guest, browser = at_the_end(product)
    refused = {"decision": "refuse", "name": "", "strokes": "", "reservation": ""}
    answer = post(browser, guest, **RATED, **refused, reason=" ")
    assert answer.status_code == 422
    assert "请写明不签名的原因" in answer.text
    assert entries(product, guest) == {}
    assert post(browser, guest, **RATED, **refused, reason="信号问题未解决").status_code == 303
    assert entries(product, guest)["customer_signature"].value == {"refused": True, "reason": "信号问题未解决"}
    assert "信号问题未解决" in browser.get(guest.home + "/sign").text


def test_what_the_customer_signed_stands_in_the_sealed_record(product: Product) -> None:
    guest, browser = at_the_end(product)
    assert post(browser, guest, **(RATED | {"overall_rating": "declined"}), **SIGNED).status_code == 303
    theirs = _left_by_the_technician(product, guest)
    assert theirs > 0
    seal(product.house, guest)
    with product.house.database.reading() as session:
        record = record_of_visit(session, SYSTEM, guest.visit_id)
        assert record is not None
        body = body_of(record)
    assert body["rating"] == {"conduct": 5, "overall": None, "recommend": None, "comment": "师傅很细心"}
    signed = {one["who"]: one for one in body["signatures"]}
    assert signed["customer"]["name"] == NAME
    assert signed["customer"]["strokes_sha256"]


def _left_by_the_technician(product: Product, guest: Guest) -> int:
    """The technician's own fields of the last step; the customer's were given by the customer."""
    before = entries(product, guest)
    hand_in(product.house, guest, product.cast.technician_id, 8, only_technicians=True)
    assert entries(product, guest).keys() == before.keys()
    with product.house.database.reading() as session:
        query = select(func.count()).where(EntryRow.visit_id == guest.visit_id, EntryRow.step == "leave")
        return (session.scalar(query) or 0) - len(before)


WRONG = [
    ({"conduct_rating": ""}, "f-conduct_rating"),
    ({"overall_rating": "6"}, "f-overall_rating"),
    ({"decision": ""}, "f-decision"),
    ({"strokes": ""}, "f-strokes"),
    ({"strokes": "{"}, "f-strokes"),
    ({"strokes": "[]"}, "f-strokes"),
    ({"strokes": '{"strokes": [[{"x": 1, "y": 1, "t": 0}]], "width": 300, "height": 100}'}, "f-strokes"),
    ({"strokes": '{"strokes": [[{"x": 1e999, "y": 1, "t": 0}]], "width": 300, "height": 100}'}, "f-strokes"),
    ({"strokes": '{"strokes": "a", "width": 300, "height": 100}'}, "f-strokes"),
    ({"strokes": '{"strokes": [[{"x": -900, "y": 1, "t": 0}]], "width": 300, "height": 100}'}, "f-strokes"),
    ({"strokes": "[" * 50_000}, "f-strokes"),
    ({"name": "  "}, "f-name"),
    ({"name": "名" * 61}, "f-name"),
    ({"name": "王\u202e"}, "f-name"),
    ({"comment": "长" * 1001}, "f-comment"),
    ({"reservation": "\x07"}, "f-reservation"),
    ({"decision": "refuse", "reason": "长" * 501}, "f-reason"),
]


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(product: Product) -> None:
    guest, browser = at_the_end(product)
    for changed, field in WRONG:
        answer = post(browser, guest, **(RATED | SIGNED | changed))
        assert answer.status_code == 422, changed
        assert f'id="{field}-error"' in answer.text, (field, changed)
        assert answer.text.count('class="error"') == 1, changed
    assert entries(product, guest) == {}


def test_a_double_press_is_one_parcel_and_other_words_under_it_are_not_lost(product: Product) -> None:
    guest, browser = at_the_end(product)
    sent = {"form": mark_of(browser, guest.home + "/sign")} | RATED | SIGNED
    for _ in range(2):
        assert browser.post(guest.home + "/sign", data=sent).status_code == 303
    assert parcels(product, guest) == 1
    again = browser.post(guest.home + "/sign", data=sent | {"comment": "还有一句"})
    assert again.status_code == 409
    assert "已经提交过一次" in again.text
    assert "还有一句" in again.text, "what was typed is still there to send"
    with product.house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ParcelConflict)) == 1
    assert post(browser, guest, **(RATED | SIGNED | {"comment": "还有一句"})).status_code == 303
    assert entries(product, guest)["comment"].value == "还有一句"


@pytest.mark.parametrize("stage", ["booked", "sealed", "cancelled"])
def test_only_a_visit_on_site_is_signed(product: Product, stage: str) -> None:
    guest = a_guest(product.house, product.cast.technician_id, stage)
    browser = guest.enters(product.browser())
    answer = browser.get(guest.home + "/sign")
    assert (answer.status_code, answer.headers["location"]) == (303, guest.home)
    page = guest.home + {"sealed": "/record", "cancelled": "/another-time"}.get(stage, "")
    before = entries(product, guest).keys()
    sent = {"form": mark_of(browser, page)} | RATED | SIGNED
    assert browser.post(guest.home + "/sign", data=sent).status_code == 303
    assert (parcels(product, guest), entries(product, guest).keys()) == (0, before)


def _as_customer(product: Product, guest: Guest, viewer_of: Guest, step: str, key: str, value: Any) -> Taken:
    viewer = Viewer(role="customer", name="link", visit_id=viewer_of.visit_id)
    entry = SentEntry(uuid4(), step, key, value, utc_now())
    sent = SentParcel(uuid4(), guest.visit_id, "x", (entry,), {"id": str(entry.id)}, "0" * 64)
    with product.house.database.writing() as session:
        return take_parcel(Turn(session, viewer, utc_now(), product.settings), sent)


def test_a_customer_cannot_write_what_is_the_technicians(product: Product) -> None:
    guest, _ = at_the_end(product)
    for step, key in (
        ("leave", "technician_signature"),
        ("proof", "login"),
        ("visit", "departed"),
        ("leave", "no_such"),
    ):
        with pytest.raises(Forbidden):
            _as_customer(product, guest, guest, step, key, True)
    assert entries(product, guest) == {}
    assert _as_customer(product, guest, guest, "leave", "comment", "好").conflict is False
    assert entries(product, guest).keys() == {"comment"}


def test_a_customer_cannot_write_into_another_visit(product: Product) -> None:
    guest, _ = at_the_end(product)
    other = a_guest(product.house, product.cast.technician_id, hours_ahead=40)
    with pytest.raises(NotFound):
        _as_customer(product, guest, other, "leave", "comment", "好")
    assert entries(product, guest) == {}


def test_a_customer_gets_no_receipt_of_another_customers_parcel(product: Product) -> None:
    guest, _ = at_the_end(product)
    other = a_guest(product.house, product.cast.technician_id, "worked", hours_ahead=40)
    sent = SentParcel(uuid4(), guest.visit_id, "x", (), {"entries": []}, "0" * 64)
    now = utc_now() + timedelta(seconds=1)
    with product.house.database.writing() as session:
        mine = Viewer(role="customer", name="link", visit_id=guest.visit_id)
        take_parcel(Turn(session, mine, now, product.settings), sent)
    theirs = Viewer(role="customer", name="link", visit_id=other.visit_id)
    with product.house.database.writing() as session:
        turn = Turn(session, theirs, now, product.settings)
        with pytest.raises(NotFound):
            take_parcel(turn, sent)
