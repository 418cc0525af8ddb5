"""Correcting a record at the desk: which field, what it should say, why; each kind of field in its own form."""

import json

import pytest
from sqlalchemy import func, select

from dispatch.records.tables import Record
from tests.journeys.conftest import Product
from tests.journeys.customer_stages import Guest, a_guest
from tests.journeys.desk_hand import follow, send, text_of

WHY = "与仪表存档核对后更正"


@pytest.fixture
def guest(product: Product) -> Guest:
    return a_guest(product.house, product.cast.technician_id, "sealed")


def the_record(product: Product) -> Record:
    with product.house.database.reading() as session:
        return session.scalars(select(Record).order_by(Record.revision.desc()).limit(1)).one()


@pytest.mark.parametrize(
    ("field", "sent", "shown"),
    [
        ("file.repair_note", {"value": "重做冷接头\n更换网线"}, "重做冷接头"),
        ("file.download", {"value": "912.5"}, "912.5"),
        ("work.begun_at", {"value": "2026-11-21T14:05"}, "14:05"),
        ("work.moves_anything", {"value": "no"}, "否"),
    ],
)
def test_a_field_is_corrected_and_the_visit_shows_the_new_record(
    product: Product, guest: Guest, field: str, sent: dict[str, str], shown: str
) -> None:
    desk, first = product.browser("supervisor"), the_record(product)
    visit = desk.get(f"/desk/visits/{guest.visit_id}")
    assert f"/desk/records/{first.id}/correct" in visit.text
    address = f"/desk/records/{first.id}/correct"
    form = desk.get(address, params={"field": field})
    assert "原记录" in text_of(form)
    done = follow(desk, send(desk, form, address, **sent, reason=WHY))
    newer = the_record(product)
    assert newer.corrects == first.number
    assert newer.number in text_of(done)
    assert "更正已封存" in text_of(done)
    change = json.loads(newer.body)["correction"]["changes"][0]
    assert f"{change['step']}.{change['key']}" == field
    assert shown in change["after"]["zh"]
    again = desk.get(address)
    assert newer.number in text_of(again)
    assert f'action="{address}"' not in again.text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"value": "93.6", "reason": ""}, "请填写此项"),
        ({"value": "abc", "reason": WHY}, ""),
        ({"value": "1e999", "reason": WHY}, ""),
        ({"value": "", "reason": WHY}, ""),
        ({"value": "93.6", "reason": WHY, "field": "leave.customer_signature"}, "请先选择"),
        ({"value": "93.6", "reason": WHY, "field": "x"}, "请先选择"),
    ],
)
def test_what_is_not_right_is_said_and_nothing_is_sealed(
    product: Product, guest: Guest, sent: dict[str, str], said: str
) -> None:
    del guest
    desk, first = product.browser("supervisor"), the_record(product)
    address = f"/desk/records/{first.id}/correct"
    form = desk.get(address, params={"field": "file.download"})
    answer = send(desk, form, address, **sent)
    assert answer.status_code == 422, text_of(answer)
    assert said in text_of(answer)
    with product.house.database.reading() as session:
        assert session.scalar(select(func.count(Record.id))) == 1


def test_only_supervisors_are_offered_it(product: Product, guest: Guest) -> None:
    first = the_record(product)
    desk = product.browser("dispatcher")
    assert f"/desk/records/{first.id}/correct" not in desk.get(f"/desk/visits/{guest.visit_id}").text
    assert desk.get(f"/desk/records/{first.id}/correct").status_code == 403
