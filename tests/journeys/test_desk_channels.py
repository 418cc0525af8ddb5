"""Channels at the desk: how each does, and pausing one."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.clock import utc_now
from dispatch.notices.channel_figures import channel_figures
from dispatch.notices.channels.chosen import channels_of
from dispatch.notices.tables import ChannelState, Notice
from tests.journeys.conftest import Product
from tests.journeys.desk_hand import booked, follow, forms_of, send, text_of, tomorrow

PAUSE, RESUME = "/desk/channels/files/pause", "/desk/channels/files/resume"


def paused(product: Product) -> bool:
    with product.house.database.reading() as session:
        state = session.get(ChannelState, "files")
        return state is not None and state.paused_at is not None


def test_a_supervisor_pauses_a_channel_with_a_reason_and_resumes_it(product: Product) -> None:
    desk = product.browser("supervisor")
    page = desk.get("/desk/channels")
    refused = send(desk, page, PAUSE, reason=" ")
    assert (refused.status_code, paused(product)) == (422, False)
    assert "请填写此项" in text_of(refused)
    told = text_of(follow(desk, send(desk, page, PAUSE, reason="网关维护")))
    assert "暂停原因：网关维护" in told
    assert "主管 supervisor" in told
    assert paused(product)
    assert "正常" in text_of(follow(desk, send(desk, desk.get("/desk/channels"), RESUME)))
    assert not paused(product)


@pytest.mark.parametrize("role", ["dispatcher", "care_agent"])
def test_others_look_and_do_not_pause(product: Product, role: str) -> None:
    desk = product.browser(role)
    page = desk.get("/desk/channels")
    assert (page.status_code, PAUSE in forms_of(page)) == (200, False)
    assert desk.post(PAUSE, data={"key": "k" * 12, "reason": "试试"}).status_code == 403
    assert not paused(product)


def test_a_channel_that_is_not_in_use_is_not_paused(product: Product) -> None:
    for name in ("tencent", "nonsense"):
        assert product.as_("admin").post(f"/api/v1/channels/{name}/pause", json={"reason": "x"}).status_code == 404


def test_the_figures_count_each_channels_own(product: Product) -> None:
    now = utc_now()
    states = [
        {"state": "owed", "not_before": now - timedelta(minutes=5)},
        {"state": "owed", "not_before": now + timedelta(hours=1)},
        {"state": "accepted", "channel": "files", "accepted_at": now},
        {"state": "accepted", "channel": "files", "accepted_at": now - timedelta(days=2)},
        {"state": "failed", "channel": "files", "call_by": now + timedelta(minutes=44)},
        {"state": "in_doubt", "channel": "http", "call_by": now + timedelta(minutes=46)},
    ]
    for day, changed in enumerate(states):
        visit_id = booked(product, tomorrow(9, days=day + 1))
        with product.house.database.writing() as session:
            notice = session.scalars(select(Notice).where(Notice.visit_id == visit_id)).one()
            notice.call_by = None
            for name, value in changed.items():
                setattr(notice, name, value)
    with product.house.database.reading() as session:
        sms, mail = channel_figures(session, channels_of(product.settings), now)
    assert (sms.name, sms.due, sms.oldest_due_seconds, sms.at_risk, sms.sent, sms.failed, sms.in_doubt) == (
        "files", 1, 300, 1, 1, 1, 0,
    )  # fmt: skip
    assert (mail.medium, mail.due, mail.at_risk) == ("mail", 0, 0)
    told = text_of(product.browser("care_agent").get("/desk/channels"))
    assert "最早已等 5 分钟" in told


def test_an_operator_reads_the_figures_and_pauses_by_program(product: Product) -> None:
    booked(product)
    client = product.as_("supervisor")
    found = client.get("/api/v1/notices/figures").json()
    assert (found["by_state"]["owed"], found["channels"][0]["name"], found["channels"][0]["paused_at"]) == (
        1, "files", None,
    )  # fmt: skip
    done = client.post("/api/v1/channels/files/pause", json={"reason": "网关维护"})
    assert (done.status_code, done.json()["reason"]) == (200, "网关维护")
    assert client.get("/api/v1/notices/figures").json()["channels"][0]["reason"] == "网关维护"
    assert client.post("/api/v1/channels/files/resume").json()["paused_at"] is None
