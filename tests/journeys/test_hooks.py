"""Gateways call us: receipts are folded, answers are heard, and nobody else is believed."""

import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import SYSTEM
from dispatch.clock import utc_now
from dispatch.customers.tables import Customer
from dispatch.notices.actions import Reader, owe
from dispatch.notices.tables import Notice, Receipt, Reply
from dispatch.settings import Settings
from tests.journeys.conftest import Product, Staged, running

TOKEN = "a-token-of-the-tests-0123456789"
SECRET = "s" * 32


@pytest.fixture
def product(settings: Settings, original: Staged, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Product]:
    """A product that is set up for both providers."""
    templates = tmp_path / "templates.json"
    templates.write_text("{}")
    told = {
        "ALIYUN_ACCESS_KEY_ID": "a",
        "ALIYUN_ACCESS_KEY_SECRET": "b",
        "ALIYUN_HOOK_TOKEN": TOKEN,
        "TENCENT_SECRET_ID": "a",
        "TENCENT_SECRET_KEY": "b",
        "TENCENT_SDK_APP_ID": "1",
        "TENCENT_HOOK_TOKEN": TOKEN,
        "SMS_TEMPLATES": str(templates),
    }
    for name, value in told.items():
        monkeypatch.setenv(f"DOORSTEP_{name}", value)
    with running(settings, original.cast) as product:
        yield product


def a_notice(product: Product, channel: str, **more: Any) -> UUID:
    """A notice that a gateway took."""
    with product.house.database.writing() as session:
        customer = Customer(name="李雷", phone="+8613800000077", language="zh", created_at=utc_now())
        session.add(customer)
        session.flush()
        turn = Turn(session, SYSTEM, utc_now(), product.settings)
        reader = Reader(customer.id, customer.phone, "zh")
        facts = {"customer": "李雷", "work": {"zh": "维修", "en": "repair"}, "number": "R-1"}
        notice = owe(turn, "satisfaction", reader, facts, visit_id=uuid4(), visit_version=1)
        notice.state, notice.channel, notice.accepted_at = "accepted", channel, utc_now()
        for name, value in more.items():
            setattr(notice, name, value)
        return notice.id


def state_of(product: Product, notice_id: UUID) -> str:
    with product.house.database.reading() as session:
        return session.get_one(Notice, notice_id).state


def count(product: Product, kind: type[Receipt] | type[Reply]) -> int:
    with product.house.database.reading() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def signed(product: Product, told: Any, path: str = "/hooks/sms", secret: str = SECRET) -> Any:
    body = json.dumps(told).encode()
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return product.browser().post(path, content=body, headers={"X-Doorstep-Signature": f"sha256={signature}"})


def by_token(product: Product, provider: str, told: Any, token: str = TOKEN) -> Any:
    return product.browser().post(f"/hooks/{provider}/{token}", json=told)


def aliyun_receipt(notice_id: object, success: bool = True) -> dict[str, Any]:
    return {
        "phone_number": "13800000077",
        "send_time": "2026-11-22 12:00:00",
        "report_time": "2026-11-22 12:00:05",
        "success": success,
        "err_code": "DELIVERED",
        "err_msg": "用户接收成功",
        "sms_size": "1",
        "biz_id": "12345",
        "out_id": str(notice_id),
    }


@pytest.mark.parametrize("path", ["/hooks/sms", "/hooks/http"])
def test_the_generic_gateway_tells_by_a_signed_call(product: Product, path: str) -> None:
    notice = a_notice(product, "http")
    answer = signed(product, {"id": str(notice), "state": "delivered"}, path)
    assert (answer.status_code, answer.json()) == (200, {"known": True})
    assert state_of(product, notice) == "delivered"


@pytest.mark.parametrize("secret", ["", "x", SECRET[:-1]])
def test_an_unsigned_call_changes_nothing_and_leaves_nothing(product: Product, secret: str) -> None:
    notice = a_notice(product, "http")
    answer = signed(product, {"id": str(notice), "state": "delivered"}, secret=secret)
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")
    assert (state_of(product, notice), count(product, Receipt)) == ("accepted", 0)


def test_a_receipt_for_nobodys_notice_is_kept_and_answered(product: Product) -> None:
    for told in (str(uuid4()), "no id of ours"):
        answer = signed(product, {"id": told, "state": "delivered"})
        assert (answer.status_code, answer.json()) == (200, {"known": False})
    assert count(product, Receipt) == 2


def test_aliyuns_receipts_come_in_one_call_twice_and_in_any_order(product: Product) -> None:
    first, second = a_notice(product, "aliyun"), a_notice(product, "aliyun")
    told = [aliyun_receipt(second), aliyun_receipt(first), aliyun_receipt("nobody's")]
    for _ in range(2):
        answer = by_token(product, "aliyun", told)
        assert (answer.status_code, answer.json()) == (200, {"code": 0, "msg": "接收成功"})
    assert [state_of(product, one) for one in (first, second)] == ["delivered", "delivered"]
    assert count(product, Receipt) == 6


def test_tencents_receipts_name_the_number_that_it_gave_the_message(product: Product) -> None:
    ours = a_notice(product, "tencent", reference="5000:1")
    elsewhere = a_notice(product, "aliyun", reference="5000:2")
    told = [{"sid": sid, "report_status": "SUCCESS", "mobile": "13800000077"} for sid in ("5000:1", "5000:2")]
    answer = by_token(product, "tencent", told)
    assert (answer.status_code, answer.json()) == (200, {"result": 0, "errmsg": "OK"})
    assert (state_of(product, ours), state_of(product, elsewhere)) == ("delivered", "accepted")


def test_a_failure_is_believed_from_the_channel_that_has_the_message(product: Product) -> None:
    notice = a_notice(product, "aliyun")
    by_token(product, "aliyun", [aliyun_receipt(notice, success=False)])
    assert state_of(product, notice) != "accepted"
    other = a_notice(product, "http")
    by_token(product, "aliyun", [aliyun_receipt(other, success=False)])
    assert state_of(product, other) == "accepted"


@pytest.mark.parametrize(
    ("provider", "told"),
    [
        ("aliyun", [{"phone_number": "13800000077", "content": "好的", "sequence_id": 17}]),
        ("tencent", {"mobile": "13800000077", "nationcode": "86", "text": "好的", "time": 1457336869}),
    ],
)
def test_what_a_customer_answers_is_heard_once(product: Product, provider: str, told: Any) -> None:
    for _ in range(2):
        assert by_token(product, provider, told).status_code == 200
    with product.house.database.reading() as session:
        (reply,) = session.scalars(select(Reply)).all()
    assert (reply.channel, reply.phone, reply.text) == (provider, "+8613800000077", "好的")


def test_the_generic_gateways_answers_are_heard_too(product: Product) -> None:
    reply = {"id": "g-1", "from": "+8613800000077", "text": "好的"}
    assert signed(product, {"reply": reply}).status_code == 200
    assert count(product, Reply) == 1


@pytest.mark.parametrize("token", ["x", TOKEN[:-1], TOKEN + "x", "%E5%AF%86"])
def test_a_wrong_end_of_the_address_is_nobody(product: Product, token: str) -> None:
    notice = a_notice(product, "aliyun")
    for provider in ("aliyun", "tencent"):
        assert by_token(product, provider, [aliyun_receipt(notice)], token).status_code == 403
    assert product.browser().post("/hooks/aliyun", json=[aliyun_receipt(notice)]).status_code == 403
    assert (state_of(product, notice), count(product, Receipt)) == ("accepted", 0)


@pytest.mark.parametrize(
    "path", ["/hooks/pigeon", "/hooks/pigeon/x", "/hooks/smtp/x", "/hooks/calls", "/hooks/..%2Fsms"]
)
def test_there_is_nothing_at_other_addresses(product: Product, path: str) -> None:
    assert product.browser().post(path, json={}).status_code == 404


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"null", b"[1]", b'{"reply": {}}', b"[" * 50_000])
def test_what_cannot_be_read_is_refused_with_what_to_do(product: Product, body: bytes) -> None:
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    for path in ("/hooks/sms", f"/hooks/aliyun/{TOKEN}", f"/hooks/tencent/{TOKEN}"):
        answer = product.browser().post(path, content=body, headers={"X-Doorstep-Signature": signature})
        assert answer.status_code == 422, path
    assert count(product, Receipt) == 0


def test_more_than_a_gateway_tells_at_once_is_too_much(product: Product) -> None:
    fits = b" " * (262_144 - 2) + b"{}"
    assert product.browser().post(f"/hooks/aliyun/{TOKEN}", content=fits).status_code == 422
    assert product.browser().post(f"/hooks/aliyun/{TOKEN}", content=fits + b" ").status_code == 413


def test_what_a_database_could_not_hold_is_left_out(product: Product) -> None:
    told = aliyun_receipt("x\x00y\ud800z") | {"err_code": "\x00", "biz_id": "\ud800"}
    body = json.dumps([told]).encode()
    answer = product.browser().post(f"/hooks/aliyun/{TOKEN}", content=body)
    assert (answer.status_code, count(product, Receipt)) == (200, 1)


def test_a_late_receipt_from_a_gateway_that_is_not_used_any_more_still_counts(product: Product) -> None:
    """Messages are files here; both providers are set up, and neither is chosen."""
    assert product.settings.sms_channel == ""
    notice = a_notice(product, "aliyun", accepted_at=utc_now() - timedelta(days=1))
    by_token(product, "aliyun", [aliyun_receipt(notice)])
    assert state_of(product, notice) == "delivered"


def test_no_log_line_of_ours_holds_the_token(product: Product, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="doorstep"):
        by_token(product, "aliyun", [aliyun_receipt(uuid4())])
        by_token(product, "aliyun", [1])
        by_token(product, "aliyun", [], TOKEN + "x")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("doorstep")]
    assert not any(TOKEN in line for line in ours)
