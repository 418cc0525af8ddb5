"""Calls at the desk: what is pressing, what to say, how it went, and where it leads."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from dispatch.clock import utc_now
from dispatch.notices.calls import call_for_notice, open_call
from dispatch.notices.tables import CallTask, Notice
from dispatch.visits.queries import new_visit
from dispatch.visits.telling import reader_of
from tests.journeys.conftest import Product
from tests.journeys.desk_hand import booked, follow, forms_of, looks, now_turn, send, text_of, tomorrow
from tests.makers import RARE_NAME

PHONE = "+8613800000001"
MASKED = "138****0001"


def asked_to_call(product: Product, *, minutes: float = 30, kind: str = "call_me", why: str = "", **more: Any) -> UUID:
    """A visit whose customer is to be called within so many minutes; the task's id."""
    visit_id = more.pop("visit_id", None) or booked(product)
    with product.house.database.writing() as session:
        turn = now_turn(product, session)
        reader = reader_of(new_visit(session, visit_id).work_order.customer)
        due = turn.now + timedelta(minutes=minutes)
        dedupe = f"{kind}:{visit_id}:{minutes}"
        return open_call(turn, kind, reader=reader, due_at=due, dedupe=dedupe, visit_id=visit_id, why=why).id


def untold(product: Product) -> tuple[UUID, UUID]:
    """A booked visit whose confirmation could not be delivered: (task, notice)."""
    visit_id = booked(product, technician=product.cast.technician_id)
    with product.house.database.writing() as session:
        notice = session.query(Notice).filter_by(visit_id=visit_id).one()
        notice.state, notice.failed_at, notice.last_problem = "failed", utc_now(), "HTTP 503"
        return call_for_notice(session, notice, "HTTP 503", utc_now()).id, notice.id


def task_now(product: Product, task_id: UUID) -> CallTask:
    with product.house.database.reading() as session:
        task = session.get(CallTask, task_id)
        assert task is not None
        return task


def test_the_most_urgent_call_comes_first_and_the_number_is_masked(product: Product) -> None:
    later, sooner = asked_to_call(product, minutes=90), asked_to_call(product, minutes=-5, why="下午三点后方便")
    page = product.browser("care_agent").get("/desk/calls")
    told = text_of(page)
    assert page.text.index(str(sooner)) < page.text.index(str(later))
    assert "已超时 5 分钟" in told
    assert "还有 89 分钟" in told or "还有 90 分钟" in told
    assert "“下午三点后方便”" in told
    assert MASKED in told
    assert "13800000001" not in page.text
    assert looks(product, "calls") == ["care_agent:care_agent"]


def test_every_page_of_the_desk_counts_the_calls(product: Product) -> None:
    desk = product.browser("dispatcher")
    assert 'class="count' not in desk.get("/desk/orders").text
    asked_to_call(product, minutes=30)
    asked_to_call(product, minutes=-1)
    for address in ("/desk/orders", "/desk/calls", "/desk/me"):
        told = text_of(desk.get(address))
        assert "致电 2 项待致电 超时 1" in told, address
    assert desk.get("/desk/calls/count?seen=2-1").status_code == 204
    assert "超时 1" in text_of(desk.get("/desk/calls/count?seen=1-1"))


def test_the_list_refreshes_when_something_changed_and_only_then(product: Product) -> None:
    task_id = asked_to_call(product)
    desk = product.browser("dispatcher")
    page = desk.get("/desk/calls")
    address = page.text.split('id="calls-live" hx-get="', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    assert desk.get(address).status_code == 204
    send(desk, desk.get(f"/desk/calls/{task_id}"), f"/desk/calls/{task_id}/outcome", outcome="not_reached")
    fresh = desk.get(address)
    assert fresh.status_code == 200
    assert "未接通" in text_of(fresh)
    assert "<html" not in fresh.text


def test_a_call_because_of_a_notice_says_the_notice_and_telling_by_phone_counts(product: Product) -> None:
    task_id, notice_id = untold(product)
    desk = product.browser("care_agent")
    page = desk.get(f"/desk/calls/{task_id}")
    told = text_of(page)
    assert "网关故障（HTTP 503）" in told
    assert f"请问是{RARE_NAME}吗" in told
    done = send(desk, page, f"/desk/calls/{task_id}/outcome", outcome="reached_agreed", note="上午在家")
    assert "通话结果已登记" in text_of(follow(desk, done))
    assert task_now(product, task_id).outcome == "reached_agreed"
    with product.house.database.reading() as session:
        notice = session.get(Notice, notice_id)
        assert notice is not None
        assert (notice.state, notice.phoned_at is not None) == ("phoned", True)
    assert str(task_id) in desk.get("/desk/calls?state=done").text
    assert str(task_id) not in desk.get("/desk/calls").text


def test_the_script_is_in_the_customers_language_and_repeats_what_was_said(product: Product) -> None:
    task_id = asked_to_call(product, kind="reply", why="{customer} 周末可以吗")
    told = text_of(product.browser("dispatcher").get(f"/desk/calls/{task_id}?lang=en"))
    assert "我们收到了您的短信回复“{customer} 周末可以吗”" in told
    assert "您的意思是……，对吗" in told


def test_a_number_is_shown_on_demand_and_that_is_written_down(product: Product) -> None:
    task_id = asked_to_call(product)
    desk = product.browser("care_agent")
    page = desk.get(f"/desk/calls/{task_id}")
    assert PHONE not in page.text
    assert looks(product, "customer_phone") == []
    assert PHONE in desk.post(f"/desk/calls/{task_id}/number", headers={"HX-Request": "true"}).text
    assert looks(product, "customer_phone") == ["care_agent:care_agent"]


def test_a_customer_who_wants_another_time_leads_to_the_move_in_their_name(product: Product) -> None:
    task_id = asked_to_call(product)
    desk = product.browser("dispatcher")
    page = desk.get(f"/desk/calls/{task_id}")
    answer = send(desk, page, f"/desk/calls/{task_id}/outcome", outcome="reached_disagreed")
    visit_id = task_now(product, task_id).visit_id
    assert answer.headers["location"] == f"/desk/visits/{visit_id}/move?asked=customer"
    assert forms_of(follow(desk, answer))[f"/desk/visits/{visit_id}/move"]["asked_by"] == "customer"


def test_a_care_agent_who_may_not_move_it_is_led_to_the_visit(product: Product) -> None:
    task_id = asked_to_call(product)
    desk = product.browser("care_agent")
    page = desk.get(f"/desk/calls/{task_id}")
    answer = send(desk, page, f"/desk/calls/{task_id}/outcome", outcome="reached_disagreed", note="想改到周六")
    assert "客户另有要求" in text_of(follow(desk, answer))


def test_who_is_not_reached_is_tried_again_and_the_second_late_try_ends_it(product: Product) -> None:
    task_id = asked_to_call(product, minutes=-5)
    desk = product.browser("dispatcher")
    for state in ("open", "done"):
        page = desk.get(f"/desk/calls/{task_id}")
        send(desk, page, f"/desk/calls/{task_id}/outcome", outcome="not_reached")
        assert task_now(product, task_id).state == state
    assert "/outcome" not in desk.get(f"/desk/calls/{task_id}").text


def test_a_wrong_number_leads_to_the_customers_file(product: Product) -> None:
    task_id = asked_to_call(product)
    desk = product.browser("dispatcher")
    page = desk.get(f"/desk/calls/{task_id}")
    answer = send(desk, page, f"/desk/calls/{task_id}/outcome", outcome="wrong_number")
    assert answer.headers["location"].startswith(f"/desk/customers/{task_now(product, task_id).customer_id}")


def test_the_same_press_twice_notes_one_call(product: Product) -> None:
    task_id = asked_to_call(product)
    desk = product.browser("dispatcher")
    page = desk.get(f"/desk/calls/{task_id}")
    for _ in range(2):
        send(desk, page, f"/desk/calls/{task_id}/outcome", outcome="not_reached")
    assert len(task_now(product, task_id).tries) == 1


def test_two_who_look_at_the_same_call_do_not_both_note_it(product: Product) -> None:
    task_id = asked_to_call(product)
    first, second = product.browser("dispatcher"), product.browser("care_agent")
    pages = [one.get(f"/desk/calls/{task_id}") for one in (first, second)]
    send(first, pages[0], f"/desk/calls/{task_id}/outcome", outcome="not_reached")
    refused = send(second, pages[1], f"/desk/calls/{task_id}/outcome", outcome="reached_agreed")
    assert refused.status_code == 412
    assert "已被他人修改" in text_of(refused)
    assert task_now(product, task_id).state == "open"


def test_a_note_keeps_its_lines_as_browsers_send_them_and_nothing_hidden(product: Product) -> None:
    task_id = asked_to_call(product)
    desk, address = product.browser("dispatcher"), f"/desk/calls/{task_id}/outcome"
    page = desk.get(f"/desk/calls/{task_id}")
    for hidden in ("改\u202e期", "改\x00期"):
        assert send(desk, page, address, outcome="not_reached", note=hidden).status_code == 422
    send(desk, page, address, outcome="not_reached", note="没人接\r\n稍后再拨")
    assert [one["note"] for one in task_now(product, task_id).tries] == ["没人接\n稍后再拨"]


def test_an_outcome_must_be_chosen(product: Product) -> None:
    task_id = asked_to_call(product)
    desk = product.browser("dispatcher")
    refused = send(desk, desk.get(f"/desk/calls/{task_id}"), f"/desk/calls/{task_id}/outcome", note="…")
    assert refused.status_code == 422
    assert "请选择通话结果" in text_of(refused)


def test_the_board_marks_the_visit_whose_customer_must_be_called(product: Product) -> None:
    window = tomorrow(9)
    visit_id = booked(product, window, technician=product.cast.technician_id)
    desk, day = product.browser("dispatcher"), f"{window.start:%Y-%m-%d}"
    page = desk.get(f"/desk/day?day={day}")
    assert "须致电客户" not in text_of(page)
    asked_to_call(product, visit_id=visit_id)
    live = page.text.split('id="day-live" hx-get="', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    assert "须致电客户" in text_of(desk.get(live))
    assert "须致电客户" in text_of(desk.get(f"/desk/day?day={day}"))
    asked_to_call(product, visit_id=visit_id, minutes=-1)
    assert "致电已超时" in text_of(desk.get(f"/desk/day?day={day}"))


@pytest.mark.parametrize("role", ["dispatcher", "care_agent"])
def test_another_system_works_through_the_calls(product: Product, role: str) -> None:
    task_id = asked_to_call(product, why="请回电")
    client = product.as_(role)
    [listed] = client.get("/api/v1/call-tasks").json()["items"]
    assert (listed["id"], listed["phone_masked"], listed["why"]) == (str(task_id), MASKED, "请回电")
    assert "phone" not in listed
    one = client.get(f"/api/v1/call-tasks/{task_id}")
    assert one.json()["phone"] == PHONE
    assert looks(product, "customer_phone") == [f"{role}:{role}"]
    body = {"outcome": "reached_agreed", "note": "已说明"}
    headers = {"If-Match": one.headers["etag"], "Idempotency-Key": "call-1"}
    for _ in range(2):  # the second gets the first answer again
        done = client.post(f"/api/v1/call-tasks/{task_id}/outcome", json=body, headers=headers)
        assert (done.status_code, done.json()["state"], done.json()["outcome"]) == (200, "done", "reached_agreed")
    again = client.post(f"/api/v1/call-tasks/{task_id}/outcome", json=body)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/call-closed")
    assert client.get("/api/v1/call-tasks").json()["items"] == []
    assert len(client.get("/api/v1/call-tasks?state=done").json()["items"]) == 1


def test_a_stale_version_is_refused(product: Product) -> None:
    task_id = asked_to_call(product)
    client = product.as_("dispatcher")
    body = {"outcome": "not_reached"}
    assert (
        client.post(f"/api/v1/call-tasks/{task_id}/outcome", json=body, headers={"If-Match": '"9"'}).status_code == 412
    )
    assert task_now(product, task_id).tries == []
