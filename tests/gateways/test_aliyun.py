"""Aliyun's SMS service, against a server that checks what the provider says it checks."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from dispatch.notices.channels.aliyun import AliyunChannel, AliyunSettings, authorization
from dispatch.notices.channels.protocol import Incoming, Outcome, Sent, Unreadable, Unsigned
from tests.gateways.aliyun import EMPTY, KEY_ID, PUBLISHED, SECRET, Aliyun, fault_of, parameters
from tests.gateways.loopback import running
from tests.gateways.messages import NOON, NOTICE, TOKEN, a_message, some_templates

TWO_MINUTES = timedelta(minutes=2)


@pytest.fixture
def aliyun() -> Iterator[Aliyun]:
    with running(Aliyun(now=NOON)) as server:
        yield server


def a_channel(server: Aliyun, seconds: float = 5, **more: str) -> AliyunChannel:
    keys = {"aliyun_access_key_id": KEY_ID, "aliyun_access_key_secret": SECRET, "aliyun_hook_token": TOKEN, **more}
    own = AliyunSettings(_env_file=None, aliyun_endpoint=server.url, **keys)  # type: ignore[call-arg]
    return AliyunChannel(own, some_templates("SMS_1", "customer", "when"), seconds, clock=lambda: server.now or NOON)


def sent_at(when: datetime = NOON) -> Sent:
    return Sent(NOTICE, "+8613800000001", when)


def test_both_sides_agree_with_the_example_that_the_provider_publishes() -> None:
    headers = {name: value for name, value in PUBLISHED.headers.items() if name != "authorization"}
    ours = authorization(
        "YourAccessKeyId", "YourAccessKeySecret", "POST", "/", PUBLISHED.target.partition("?")[2], headers, b""
    )
    assert ours == PUBLISHED.headers["authorization"]
    then = datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC)
    assert fault_of(PUBLISHED, "YourAccessKeyId", "YourAccessKeySecret", then) is None
    assert fault_of(PUBLISHED, "YourAccessKeyId", "YourAccessKeySecreT", then) == "SignatureDoesNotMatch"


def test_a_message_leaves_as_a_template_with_our_id_on_it(aliyun: Aliyun) -> None:
    outcome = a_channel(aliyun).send(a_message())
    assert outcome == Outcome("accepted", reference="000000000000000000^0")
    (sent,) = aliyun.sent
    assert (sent["PhoneNumbers"], sent["OutId"], sent["SignName"]) == ("13800000001", NOTICE, "装维上门")
    assert sent["Values"] == {"customer": "王𬭎", "when": "11月23日（周一）09:00–10:00 *~'()&=+%"}


TAMPERED = {
    "a value": lambda asked: asked.but(target=asked.target.replace("SMS_1", "SMS_2")),
    "the number": lambda asked: asked.but(target=asked.target.replace("13800000001", "13800000002")),
    "one parameter more": lambda asked: asked.but(target=asked.target + "&Z=1"),
    "the path": lambda asked: asked.but(target=asked.target.replace("/?", "/x?")),
    "the verb": lambda asked: asked.but(method="GET"),
    "the body": lambda asked: asked.but(body=b"x"),
    "the action": lambda asked: asked.but_header("x-acs-action", "QuerySendDetails"),
    "the version": lambda asked: asked.but_header("x-acs-version", "2017-05-26"),
    "the date": lambda asked: asked.but_header("x-acs-date", "2026-11-22T04:00:01Z"),
    "the nonce": lambda asked: asked.but_header("x-acs-signature-nonce", "0" * 32),
    "the host": lambda asked: asked.but_header("host", "127.0.0.1:1"),
    "the hash of the body": lambda asked: asked.but_header("x-acs-content-sha256", EMPTY[:-1] + "6"),
    "a header that is not signed": lambda asked: asked.but_header("x-acs-security-token", "stolen"),
    "the key's name": lambda asked: asked.but_header(
        "authorization", asked.headers["authorization"].replace(KEY_ID, KEY_ID + "x")
    ),
    "the signature": lambda asked: asked.but_header(
        "authorization",
        asked.headers["authorization"][:-1] + ("0" if asked.headers["authorization"][-1] != "0" else "1"),
    ),
    "no signature": lambda asked: asked.but_header("authorization", ""),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_the_server_refuses_a_request_with_anything_changed(aliyun: Aliyun, name: str) -> None:
    a_channel(aliyun).send(a_message())
    (genuine,) = aliyun.asked
    aliyun.nonces.clear()
    changed = TAMPERED[name](genuine)
    assert changed != genuine
    status, _ = aliyun.again(changed)
    assert status in (400, 404)
    assert len(aliyun.sent) == 1
    assert aliyun.again(genuine)[0] == 200, "the control: unchanged, it is taken"


def test_the_server_refuses_a_request_that_it_has_seen(aliyun: Aliyun) -> None:
    a_channel(aliyun).send(a_message())
    status, body = aliyun.again(aliyun.asked[0])
    assert (status, json.loads(body)["Code"]) == (400, "SignatureNonceUsed")


@pytest.mark.parametrize(
    ("off", "answer"),
    [
        (timedelta(minutes=15), "accepted"),
        (timedelta(minutes=15, seconds=1), "busy"),
        (timedelta(minutes=-15), "accepted"),
        (timedelta(minutes=-15, seconds=-1), "busy"),
    ],
)
def test_a_clock_that_is_wrong_is_said_to_be(aliyun: Aliyun, off: timedelta, answer: str) -> None:
    channel = a_channel(aliyun)
    channel._clock = lambda: NOON + off
    outcome = channel.send(a_message())
    assert outcome.answer == answer
    assert outcome.problem == (
        "" if answer == "accepted" else "InvalidTimeStamp.Expired: this machine's clock is wrong"
    )


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"aliyun_access_key_secret": "wrong"}, "SignatureDoesNotMatch: check DOORSTEP_ALIYUN_ACCESS_KEY_SECRET"),
        ({"aliyun_access_key_id": "wrong"}, "InvalidAccessKeyId.NotFound: check DOORSTEP_ALIYUN_ACCESS_KEY_ID"),
    ],
)
def test_wrong_keys_are_our_fault_and_not_the_messages(aliyun: Aliyun, keys: dict[str, str], problem: str) -> None:
    assert a_channel(aliyun, **keys).send(a_message()) == Outcome("busy", problem)


@pytest.mark.parametrize("to", ["+862150000000", "+8610000"])
def test_a_number_that_gets_no_sms_is_refused_for_good(aliyun: Aliyun, to: str) -> None:
    assert a_channel(aliyun).send(a_message(to=to)).answer == "refused"


def test_a_text_without_an_approved_template_never_leaves(aliyun: Aliyun) -> None:
    outcome = a_channel(aliyun).send(a_message(wording="moved_asked"))
    assert outcome.answer == "refused"
    assert outcome.problem == "no approved template for moved_asked.zh: add it to DOORSTEP_SMS_TEMPLATES"
    assert aliyun.asked == []


def test_a_template_that_the_provider_does_not_know_waits_for_the_operator(aliyun: Aliyun) -> None:
    aliyun.templates.clear()
    outcome = a_channel(aliyun).send(a_message())
    assert outcome == Outcome(
        "busy", "isv.SMS_TEMPLATE_ILLEGAL: the template is not approved: check DOORSTEP_SMS_TEMPLATES"
    )


CODES = [
    ("isv.BUSINESS_LIMIT_CONTROL", "触发分钟级流控Permits:1", "busy", timedelta(minutes=1), False),
    ("isv.BUSINESS_LIMIT_CONTROL", "触发小时级流控Permits:5", "busy", timedelta(hours=1), False),
    ("isv.BUSINESS_LIMIT_CONTROL", "触发天级流控Permits:40", "busy", timedelta(days=1), False),
    ("Throttling.User", "Request was denied due to user flow control.", "busy", timedelta(seconds=10), True),
    ("isv.DAY_LIMIT_CONTROL", "触发日发送限额", "busy", timedelta(hours=1), True),
    ("isv.AMOUNT_NOT_ENOUGH", "账户余额不足", "busy", None, False),
    ("isv.OUT_OF_SERVICE", "业务停机", "busy", None, False),
    ("isv.SOMETHING_NEW", "?", "busy", None, False),
    ("isv.BLACK_KEY_CONTROL_LIMIT", "黑名单管控", "refused", None, False),
    ("isv.PARAM_LENGTH_LIMIT", "参数超出长度限制", "refused", None, False),
    ("isp.SYSTEM_ERROR", "系统错误", "unknown", None, False),
]


@pytest.mark.parametrize(("code", "said", "answer", "wait", "all_of_us"), CODES)
def test_each_code_means_one_thing(
    aliyun: Aliyun, code: str, said: str, answer: str, wait: timedelta | None, all_of_us: bool
) -> None:
    aliyun.behaviours = ["say:200:" + json.dumps({"Code": code, "Message": said})]
    outcome = a_channel(aliyun).send(a_message())
    assert (outcome.answer, outcome.wait, outcome.whole_channel) == (answer, wait, all_of_us)
    assert outcome.problem.startswith(code)


@pytest.mark.parametrize(
    "behaviour", ["lost", "html", "cut", "hang", "say:200:[]", 'say:200:{"Code": 5.5}', "say:502:"]
)
def test_an_answer_that_makes_no_sense_leaves_it_open(aliyun: Aliyun, behaviour: str) -> None:
    aliyun.behaviours = [behaviour]
    assert a_channel(aliyun, seconds=0.5).send(a_message()).answer == "unknown"


def test_nobody_there_means_nothing_was_sent(aliyun: Aliyun) -> None:
    channel = a_channel(aliyun)
    channel._own = channel._own.model_copy(update={"aliyun_endpoint": "http://127.0.0.1:9"})
    assert channel.send(a_message()).answer == "busy"


@pytest.mark.parametrize(("status", "answer"), [(1, "accepted"), (2, "refused"), (3, "delivered"), (7, "unknown")])
def test_asked_by_our_id_it_tells_what_became_of_a_lost_answer(aliyun: Aliyun, status: int, answer: str) -> None:
    aliyun.behaviours = ["lost"]
    channel = a_channel(aliyun)
    assert channel.send(a_message()).answer == "unknown"
    aliyun.sent[0]["Status"] = status
    assert channel.ask(sent_at()).answer == answer


@pytest.mark.parametrize(
    ("since", "answer"), [(TWO_MINUTES - timedelta(seconds=1), "unknown"), (TWO_MINUTES, "never_seen")]
)
def test_not_listed_means_never_seen_only_after_a_while(aliyun: Aliyun, since: timedelta, answer: str) -> None:
    channel = a_channel(aliyun)
    aliyun.now = NOON + since
    outcome = channel.ask(sent_at())
    assert outcome.answer == answer
    assert outcome.wait == (timedelta(seconds=1) if answer == "unknown" else None)


def test_another_notice_to_the_same_number_is_not_taken_for_this_one(aliyun: Aliyun) -> None:
    channel = a_channel(aliyun)
    channel.send(a_message(notice_id="another"))
    aliyun.now = NOON + TWO_MINUTES
    assert channel.ask(sent_at()).answer == "never_seen"


def test_it_is_found_behind_sixty_others_and_on_the_day_before(aliyun: Aliyun) -> None:
    before_midnight = datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in China
    aliyun.now = before_midnight
    channel = a_channel(aliyun)
    for number in range(60):
        channel.send(a_message(notice_id=f"other-{number}"))
    channel.send(a_message())
    aliyun.now = before_midnight + timedelta(minutes=10)
    assert channel.ask(sent_at(before_midnight)).answer == "accepted"
    asked = [parameters(one) for one in aliyun.asked if one.headers["x-acs-action"] == "QuerySendDetails"]
    assert [(one["SendDate"], one["CurrentPage"]) for one in asked] == [
        ("20261122", "1"),
        ("20261122", "2"),
        ("20261123", "1"),
    ]


@pytest.mark.parametrize(
    "behaviour",
    [
        "html",
        "cut",
        "say:200:{}",
        "say:503:",
        'say:200:{"Code": "OK"}',
        'say:200:{"Code": "OK", "TotalCount": 1}',
        'say:200:{"Code": "OK", "TotalCount": "x", "SmsSendDetailDTOs": {"SmsSendDetailDTO": []}}',
        'say:200:{"Code": "OK", "TotalCount": 1, "SmsSendDetailDTOs": {"SmsSendDetailDTO": [3]}}',
        'say:200:{"Code": "isv.INVALID_PARAMETERS"}',
    ],
)
def test_asked_in_vain_it_stays_open(aliyun: Aliyun, behaviour: str) -> None:
    channel = a_channel(aliyun)
    aliyun.now = NOON + TWO_MINUTES
    aliyun.behaviours = [behaviour]
    assert channel.ask(sent_at()).answer == "unknown"
    assert channel.ask(sent_at()).answer == "never_seen", "the control: it can be asked"


def incoming(body: bytes, token: str = TOKEN) -> Incoming:
    return Incoming({}, token, body, NOON)


def test_receipts_name_our_notice_and_keep_no_number(aliyun: Aliyun) -> None:
    channel = a_channel(aliyun)
    channel.send(a_message())
    for success, state in ((True, "delivered"), (False, "failed")):
        heard = channel.read(incoming(aliyun.report(success=success)))
        (said,) = heard.receipts
        assert (said.notice_id, said.state) == (NOTICE, state)
        assert "1380000" not in str(said.body)
        assert heard.answer == {"code": 0, "msg": "接收成功"}


UP = {"phone_number": "13800000001", "send_time": "2026-11-22 12:00:00", "content": "好的", "sequence_id": 1234567890}


def test_an_answer_of_the_customer_is_heard_once_by_its_number(aliyun: Aliyun) -> None:
    heard = a_channel(aliyun).read(incoming(json.dumps([UP], ensure_ascii=False).encode()))
    (reply,) = heard.replies
    assert (reply.gateway_id, reply.phone, reply.text) == ("1234567890", "+8613800000001", "好的")


@pytest.mark.parametrize("token", ["", TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "密钥"])
def test_who_does_not_know_the_address_is_nobody(aliyun: Aliyun, token: str) -> None:
    with pytest.raises(Unsigned):
        a_channel(aliyun).read(incoming(json.dumps([UP]).encode(), token))


@pytest.mark.parametrize("short", ["", "x" * 23])
def test_without_a_long_token_of_ours_nobody_gets_in(aliyun: Aliyun, short: str) -> None:
    with pytest.raises(Unsigned):
        a_channel(aliyun, aliyun_hook_token=short).read(incoming(json.dumps([UP]).encode(), short))


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"[1]", b"\xff", b"[" * 9999, b'[{"success": true}]', b"null"])
def test_what_is_no_receipt_is_said_to_be_none(aliyun: Aliyun, body: bytes) -> None:
    with pytest.raises(Unreadable):
        a_channel(aliyun).read(incoming(body))
