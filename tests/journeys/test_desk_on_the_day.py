"""From the page of a visit: a late arrival told, a return call promised, the call that waits, how they confirmed."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from dispatch.accounts.viewer import Viewer
from dispatch.clock import utc_now
from dispatch.notices.tables import CallTask, Notice
from dispatch.visits.on_the_day import confirm, depart
from dispatch.visits.windows import Window
from tests.journeys.conftest import Product
from tests.journeys.customer_stages import a_guest
from tests.journeys.desk_hand import SHANGHAI, booked, follow, forms_of, send, text_of, tomorrow, visit_now
from tests.journeys.test_desk_calls import asked_to_call
from tests.makers import a_turn


def at(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%H:%M}"


def kinds(product: Product, visit_id: object) -> list[str]:
    with product.house.database.reading() as session:
        return list(session.scalars(select(Notice.kind).where(Notice.visit_id == visit_id).order_by(Notice.owed_at)))


def test_a_late_arrival_is_told_with_its_reason_and_stands_on_the_page(product: Product) -> None:
    visit_id = booked(product, tomorrow(9, 2), technician=product.cast.technician_id)
    desk, address = product.browser("dispatcher"), f"/desk/visits/{visit_id}"
    done = send(desk, desk.get(address), f"{address}/late", time="11:40", reason="前一户施工延误")
    told = text_of(follow(desk, done))
    for said in ("晚到通知已进入待发送队列", "预计 11:40 到达", "晚于约定", "原因：前一户施工延误", "晚到通知"):
        assert said in told, said
    assert kinds(product, visit_id) == ["booked", "running_late"]
    predicted = visit_now(product, visit_id).predicted_at
    assert predicted is not None
    assert at(predicted) == "11:40"
    again = send(desk, desk.get(address), f"{address}/late", time="11:40", reason="前一户施工延误")
    assert "无需再通知" in text_of(follow(desk, again))
    assert kinds(product, visit_id) == ["booked", "running_late"]


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"time": "10:59", "reason": "堵车"}, "无需告知晚到"),
        ({"time": "15:30", "reason": "堵车"}, "晚四小时以上"),
        ({"time": "11:30", "reason": ""}, "请填写此项"),
        ({"time": "25:00", "reason": "堵车"}, "请填写有效的时间"),
    ],
)
def test_what_is_not_late_or_not_said_is_refused_beside_its_field(
    product: Product, said: dict[str, str], refused: str
) -> None:
    visit_id = booked(product, tomorrow(9, 2), technician=product.cast.technician_id)
    desk, address = product.browser("dispatcher"), f"/desk/visits/{visit_id}"
    answer = send(desk, desk.get(address), f"{address}/late", **said)
    assert answer.status_code == 422
    assert refused in text_of(answer)
    assert kinds(product, visit_id) == ["booked"]


def test_a_stale_page_tells_nobody(product: Product) -> None:
    visit_id = booked(product, tomorrow(9, 2), technician=product.cast.technician_id)
    desk, address = product.browser("dispatcher"), f"/desk/visits/{visit_id}"
    page = desk.get(address)
    send(desk, page, f"{address}/late", time="11:20", reason="堵车")
    answer = send(desk, page, f"{address}/late", time="11:50", reason="堵车", key="another-key-1")
    assert answer.status_code == 412


def test_a_care_agent_does_not_tell_of_lateness_but_promises_a_return_call(product: Product) -> None:
    agent = product.browser("care_agent")
    waiting = f"/desk/visits/{booked(product)}"
    assert f"{waiting}/late" not in forms_of(agent.get(waiting))
    form = {"key": "k" * 12, "version": "1", "time": "11:20", "reason": "堵车"}
    assert agent.post(f"{waiting}/late", data=form).status_code == 403
    visit_id = a_guest(product.house, product.cast.other_technician_id, "sealed").visit_id
    address = f"/desk/visits/{visit_id}"
    done = send(agent, agent.get(address), f"{address}/return-call")
    told = text_of(follow(agent, done))
    for said in ("回访已预约", "回访预告", "须致电客户：约定的回访"):
        assert said in told, said
    with product.house.database.reading() as session:
        task = session.scalars(select(CallTask)).one()
    assert (task.kind, at(task.due_at)) == ("return_call", "16:00")
    assert "现在上网正常吗" in text_of(agent.get(f"/desk/calls/{task.id}"))
    refused = send(agent, agent.get(address), f"{address}/return-call", begin="10:00", end="11:00")
    assert refused.status_code == 409
    assert "已约定回访电话且尚未完成" in text_of(refused)


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"begin": "09:00", "end": "18:00"}, "请不超过四小时"),
        ({"begin": "22:00", "end": "23:00"}, "休息时间"),
        ({"begin": "15:00", "end": "14:00"}, "结束"),
        ({"day": "2020-01-01"}, "时"),
    ],
)
def test_an_impossible_return_call_is_refused(product: Product, changed: dict[str, str], refused: str) -> None:
    visit_id = a_guest(product.house, product.cast.other_technician_id, "sealed").visit_id
    desk, address = product.browser("dispatcher"), f"/desk/visits/{visit_id}"
    answer = send(desk, desk.get(address), f"{address}/return-call", **changed)
    assert answer.status_code == 422
    assert refused in text_of(answer)


def test_a_call_that_waits_stands_on_the_page_with_its_time(product: Product) -> None:
    visit_id = booked(product)
    task_id = asked_to_call(product, visit_id=visit_id, minutes=-3, why="请快回电")
    page = product.browser("dispatcher").get(f"/desk/visits/{visit_id}")
    told = text_of(page)
    for said in ("须致电客户：客户请我们致电", "已超时 3 分钟", "“请快回电”", "致电已超时"):
        assert said in told, said
    assert f'href="/desk/calls/{task_id}"' in page.text


@pytest.mark.parametrize(("name", "said"), [("link x", "客户（链接）"), ("http reply", "客户（短信回复）")])
def test_how_the_customer_confirmed_is_shown(product: Product, name: str, said: str) -> None:
    visit_id = booked(product)
    with product.house.database.writing() as session:
        viewer = Viewer("customer", name, visit_id=visit_id)
        confirm(a_turn(session, product.settings, utc_now(), viewer), visit_id)
    assert text_of(product.browser("dispatcher").get(f"/desk/visits/{visit_id}")).count(said) >= 2


def test_a_predicted_arrival_is_shown_before_they_arrive(product: Product) -> None:
    now = utc_now()
    window = Window(now + timedelta(minutes=30), now + timedelta(hours=2))
    visit_id = booked(product, window, technician=product.cast.technician_id)
    with product.house.database.writing() as session:
        turn = a_turn(session, product.settings, now)
        depart(turn, visit_id, predicted=now + timedelta(minutes=50))
    told = text_of(product.browser("dispatcher").get(f"/desk/visits/{visit_id}"))
    assert "预计到达" in told
    assert at(now + timedelta(minutes=50)) in told
    assert "晚于约定" not in told
