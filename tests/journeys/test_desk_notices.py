"""Notices at the desk: found by what one looks for, told with their whole story, sent again by hand."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from dispatch.clock import utc_now
from dispatch.customers.tables import Customer
from dispatch.notices.calls import call_for_notice
from dispatch.notices.receipts import take_receipt
from dispatch.notices.tables import Attempt, Notice
from tests.journeys.conftest import Product
from tests.journeys.desk_hand import booked, follow, looks, now_turn, send, text_of, tomorrow
from tests.makers import RARE_NAME

MINUTE = timedelta(minutes=1)


def notice_of(product: Product, visit_id: UUID, **changed: Any) -> UUID:
    """The first notice of a visit, changed as if it had been told so; its id."""
    with product.house.database.writing() as session:
        notice = session.scalars(select(Notice).where(Notice.visit_id == visit_id)).first()
        assert notice is not None
        for name, value in changed.items():
            setattr(notice, name, value)
        return notice.id


def accepted(product: Product, **changed: Any) -> UUID:
    """A booked visit whose confirmation a gateway took; the notice's id."""
    now = utc_now()
    told = {"state": "accepted", "accepted_at": now, "text": "【装维上门】尊敬的客户……", "parts": 2, "channel": "http"}
    return notice_of(product, booked(product), **(told | changed))


def test_a_notice_tells_its_whole_story_in_words(product: Product) -> None:
    now = utc_now()
    notice_id = accepted(product, deadline=now + 30 * MINUTE)
    with product.house.database.writing() as session:
        for number, answer, problem in ((1, "busy", "HTTP 503"), (2, "accepted", "")):
            session.add(
                Attempt(
                    notice_id=notice_id,
                    attempt=number,
                    channel="http",
                    claimed_at=now,
                    ended_at=now,
                    asked=number == 2,
                    answer=answer,
                    problem=problem,
                )
            )
        take_receipt(now_turn(product, session), notice_id, "delivered", {})
    page = product.browser("care_agent").get(f"/desk/notices/{notice_id}")
    told = text_of(page)
    for said in (
        "记为应告知", "交给渠道发送", "未受理，稍后再试", "网关故障（HTTP 503）", "先询问了网关", "网关已受理",
        "回执：已送达", "通用短信网关", "计费 2 条短信", "【装维上门】", "分钟告知客户",
    ):  # fmt: skip
        assert said in told, said
    assert "138****0001" in told
    assert "13800000001" not in page.text
    assert looks(product, "notice") == ["care_agent:care_agent"]


def test_what_was_told_too_late_is_called_a_breach_and_by_how_much(product: Product) -> None:
    now = utc_now()
    notice_id = accepted(product, deadline=now - 10 * MINUTE, breached_at=now)
    assert "超过时限 10 分钟才告知，计为违规" in text_of(
        product.browser("dispatcher").get(f"/desk/notices/{notice_id}")
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"state": "owed"}, "尚未告知，仍在时限之内"),
        ({"state": "failed"}, "未能告知客户，请致电"),
        ({"state": "failed", "call_by": None}, "此类通知无需补打电话"),
        ({"state": "superseded"}, "已被更新的通知替代"),
        ({"state": "owed", "deadline": utc_now() - MINUTE}, "已过时限仍未告知"),
    ],
)
def test_what_is_not_told_says_what_to_do(product: Product, changed: dict[str, Any], said: str) -> None:
    notice_id = notice_of(product, booked(product), **changed)
    assert said in text_of(product.browser("dispatcher").get(f"/desk/notices/{notice_id}"))


def test_notices_are_found_by_what_one_looks_for(product: Product) -> None:
    first, second = booked(product), booked(product, tomorrow(14))
    breach = notice_of(product, first, breached_at=utc_now(), state="failed")
    other = notice_of(product, second, kind="reminder")
    desk, today = product.browser("dispatcher"), utc_now().astimezone(product.settings.zone).date()
    cases = {
        "": {breach, other},
        "state=breach": {breach},
        "state=trouble": {breach},
        "state=owed": {other},
        "kind=reminder": {other},
        f"day={today}": {breach, other},
        f"day={today - timedelta(days=1)}": set(),
        "day=gestern": {breach, other},
        f"q={second}": {other},
        "q=13800000001": {breach, other},
        f"q={RARE_NAME}&state=owed": {other},
        "q=nobody": set(),
        "state=nonsense&kind=nonsense&at=99999999": {breach, other},
    }
    for query, wanted in cases.items():
        html = desk.get(f"/desk/notices?{query}").text
        assert {one for one in (breach, other) if f"/desk/notices/{one}" in html} == wanted, query


def test_a_notice_is_sent_again_with_a_reason_to_where_the_customer_is_now(product: Product) -> None:
    notice_id = accepted(product)
    with product.house.database.writing() as session:
        customer = session.scalars(select(Customer)).one()
        customer.phone = "+8613900000077"
    desk = product.browser("dispatcher")
    page = desk.get(f"/desk/notices/{notice_id}")
    assert send(desk, page, f"/desk/notices/{notice_id}/resend", reason=" ").status_code == 422
    for _ in range(2):  # a second press sends nothing more
        done = send(desk, page, f"/desk/notices/{notice_id}/resend", reason="客户误删了短信")
    told = text_of(follow(desk, done))
    assert "已重新列入待发送" in told
    assert "人工重发：客户误删了短信" in told
    with product.house.database.reading() as session:
        [again] = session.scalars(select(Notice).where(Notice.resend_of == notice_id))
        assert (again.state, again.to) == ("owed", "+8613900000077")


def test_what_is_not_true_any_more_is_not_sent_again(product: Product) -> None:
    notice_id = accepted(product)
    desk = product.browser("dispatcher")
    page = desk.get(f"/desk/notices/{notice_id}")
    notice_of(product, notice_now(product, notice_id).visit_id, state="superseded")  # type: ignore[arg-type]
    refused = send(desk, page, f"/desk/notices/{notice_id}/resend", reason="请重发")
    assert refused.status_code == 409
    assert "该通知已不符合现状" in text_of(refused)
    assert "/resend" not in desk.get(f"/desk/notices/{notice_id}").text


def notice_now(product: Product, notice_id: UUID) -> Notice:
    with product.house.database.reading() as session:
        return session.get_one(Notice, notice_id)


def test_a_care_agent_looks_and_does_not_send(product: Product) -> None:
    notice_id = accepted(product)
    agent = product.browser("care_agent")
    assert "/resend" not in agent.get(f"/desk/notices/{notice_id}").text
    form = {"key": "k" * 12, "reason": "请重发"}
    assert agent.post(f"/desk/notices/{notice_id}/resend", data=form).status_code == 403


def test_the_page_of_a_visit_tells_the_story_of_each_notice_in_short(product: Product) -> None:
    visit_id = booked(product)
    notice_id = notice_of(product, visit_id, state="failed", last_problem="HTTP 503", failed_at=utc_now())
    with product.house.database.writing() as session:
        call_for_notice(session, session.get_one(Notice, notice_id), "HTTP 503", utc_now())
    page = product.browser("dispatcher").get(f"/desk/visits/{visit_id}")
    told = text_of(page)
    assert "转为致电任务" in told
    assert "未能告知客户，请致电" in told
    assert f'href="/desk/notices/{notice_id}"' in page.text


def test_another_system_reads_the_story_and_sends_again_once(product: Product) -> None:
    notice_id = accepted(product, deadline=utc_now() + 30 * MINUTE)
    client = product.as_("dispatcher")
    one = client.get(f"/api/v1/notices/{notice_id}").json()
    assert (one["verdict"], one["timeline"][0]["what"], one["parts"]) == ("told", "owed", 2)
    assert "13800000001" not in str(one)
    address, body = f"/api/v1/notices/{notice_id}/resend", {"reason": "客户误删"}
    again = [client.post(address, json=body, headers={"Idempotency-Key": "r-1"}) for _ in range(2)]
    assert [each.status_code for each in again] == [201, 201]
    assert again[0].json() == again[1].json()
    assert again[0].json()["resend_of"] == str(notice_id)
    under_way = client.post(f"/api/v1/notices/{again[0].json()['id']}/resend", json=body)
    assert (under_way.status_code, under_way.json()["type"]) == (409, "/problems/notice-under-way")
    assert client.post(address, json={"reason": " "}).status_code == 422
