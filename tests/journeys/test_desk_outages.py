"""Outages at the desk: planned, looked at, approved by a supervisor, watched, cancelled."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from dispatch.clock import utc_now
from dispatch.customers.tables import Site
from dispatch.notices.tables import Notice
from dispatch.outages.tables import Outage
from dispatch.technicians.tables import Area
from tests.journeys.conftest import Product
from tests.journeys.desk_hand import booked, follow, forms_of, send, text_of, tomorrow
from tests.journeys.test_every_route_and_role import an_outage

LIST = "/desk/outages"


def area_of(product: Product) -> UUID:
    with product.house.database.reading() as session:
        return session.scalars(select(Area.id)).one()


def a_customer_there(product: Product) -> None:
    booked(product)
    with product.house.database.writing() as session:
        session.execute(update(Site).values(area_id=area_of(product)))


def filled_in(product: Product, **changed: str) -> dict[str, str]:
    day = (tomorrow(22).start + timedelta(days=1)).date().isoformat()
    end = (tomorrow(22).start + timedelta(days=2)).date().isoformat()
    told = {"area": str(area_of(product)), "day": day, "begin": "23:00", "end_day": end, "end_time": "05:00"}
    return told | {"reason_zh": "光缆检修", "reason_en": "work on the cable"} | changed


def planned(product: Product, role: str = "dispatcher") -> str:
    """The address of the page of a planned outage."""
    desk = product.browser(role)
    done = send(desk, desk.get(LIST), LIST, **filled_in(product))
    assert done.status_code == 303, text_of(done)
    return done.headers["location"].split("?")[0]


def state(product: Product) -> str:
    with product.house.database.reading() as session:
        return session.scalars(select(Outage.state)).one()


def notices(product: Product) -> list[str]:
    with product.house.database.reading() as session:
        return list(session.scalars(select(Notice.state).where(Notice.kind == "outage")))


def test_a_plan_shows_whom_it_concerns_and_tells_nobody(product: Product) -> None:
    a_customer_there(product)
    desk, address = product.browser("dispatcher"), planned(product)
    told = text_of(desk.get(address))
    for said in (
        "待批准",
        "客户 1",
        "中文 1",
        "首选短信 1",
        "每分钟 60 位",
        "光缆检修",
        "work on the cable",
        "主管批准后才",
    ):
        assert said in told, said
    assert f"{address}/approve" not in forms_of(desk.get(address))
    assert (state(product), notices(product)) == ("draft", [])
    assert "待批准" in text_of(desk.get(LIST))


def test_a_supervisor_lets_the_telling_begin_and_watches_it(product: Product) -> None:
    a_customer_there(product)
    address, desk = planned(product), product.browser("supervisor")
    page = desk.get(address)
    for _ in range(2):  # a second press begins nothing more
        done = send(desk, page, f"{address}/approve")
    told = text_of(follow(desk, done))
    assert "已批准，开始通知客户" in told
    assert "已告知 0 / 1 位" in told
    assert (state(product), notices(product)) == ("telling", ["owed"])
    with product.house.database.writing() as session:
        session.execute(update(Notice).where(Notice.kind == "outage").values(state="accepted", accepted_at=utc_now()))
    assert "已告知 1 / 1 位" in text_of(desk.get(address))


def test_a_stale_approval_is_refused(product: Product) -> None:
    address, desk = planned(product), product.browser("supervisor")
    page = desk.get(address)
    send(desk, page, f"{address}/cancel")
    refused = send(desk, page, f"{address}/approve")
    assert refused.status_code == 412
    assert state(product) == "cancelled"


def test_what_is_being_told_is_cancelled_by_a_supervisor_with_a_reason(product: Product) -> None:
    a_customer_there(product)
    address, desk = planned(product), product.browser("supervisor")
    send(desk, desk.get(address), f"{address}/approve")
    assert f"{address}/cancel" not in forms_of(product.browser("dispatcher").get(address))
    refused = send(desk, desk.get(address), f"{address}/cancel")
    assert refused.status_code == 422
    assert "取消请填写原因" in text_of(refused)
    done = send(desk, desk.get(address), f"{address}/cancel", reason="改为下周")
    assert "停网计划已取消" in text_of(follow(desk, done))
    assert (state(product), notices(product)) == ("cancelled", ["superseded"])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"end_day": "", "end_time": "22:00"}, "1 分钟到 48 小时之间"),
        ({"day": "2020-01-01", "end_day": "2020-01-01"}, "停网"),
        ({"reason_en": ""}, "请填写此项"),
        ({"reason_zh": "检\u202e修"}, "含有无法保存的字符"),
        ({"area": "0b9a1a52-0000-4000-8000-000000000000"}, "没有这个片区"),
        ({"area": "nonsense"}, "请选择列出的选项之一"),
    ],
)
def test_an_impossible_plan_is_refused(product: Product, changed: dict[str, str], said: str) -> None:
    desk = product.browser("dispatcher")
    refused = send(desk, desk.get(LIST), LIST, **filled_in(product, **changed))
    assert refused.status_code in (404, 422)
    assert said in text_of(refused)


def test_a_care_agent_looks_and_plans_nothing(product: Product) -> None:
    address, agent = planned(product), product.browser("care_agent")
    assert agent.get(address).status_code == 200
    assert not {LIST, f"{address}/cancel", f"{address}/approve"} & forms_of(agent.get(address)).keys()
    for path in (LIST, f"{address}/approve", f"{address}/cancel"):
        assert agent.post(path, data={"key": "k" * 12, "version": "1"}).status_code == 403


def test_another_system_plans_and_cancels(product: Product) -> None:
    a_customer_there(product)
    client, body = product.as_("supervisor"), an_outage(str(area_of(product)))
    made = [client.post("/api/v1/outages", json=body, headers={"Idempotency-Key": "o-1"}) for _ in range(2)]
    assert [each.status_code for each in made] == [201, 201]
    outage = made[0].json()
    assert (made[1].json()["id"], outage["customers"], outage["state"]) == (outage["id"], 1, "draft")
    here = f"/api/v1/outages/{outage['id']}"
    assert client.post(f"{here}/approve", headers={"If-Match": '"7"'}).status_code == 412
    assert client.post(f"{here}/approve", headers={"If-Match": '"1"'}).json()["state"] == "telling"
    assert client.get(here).json()["notices"] == {"owed": 1}
    assert client.post(f"{here}/cancel").json()["type"] == "/problems/reason-missing"
    assert client.post(f"{here}/cancel", json={"reason": "改期"}).json()["told"] == 0
    assert client.get("/api/v1/outages").json()["items"][0]["state"] == "cancelled"
