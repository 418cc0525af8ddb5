"""Tencent Cloud's SMS, against a server that checks what the provider says it checks."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from dispatch.notices.channels.protocol import Incoming, Outcome, Sent, Unreadable, Unsigned
from dispatch.notices.channels.tencent import TencentChannel, TencentSettings, authorization
from tests.gateways.loopback import running
from tests.gateways.messages import NOON, NOTICE, TOKEN, a_message, some_templates
from tests.gateways.tencent import APP_ID, KEY_ID, PUBLISHED, PUBLISHED_KEYS, SECRET, Tencent, fault_of

SERIAL = "5000:00000000000000000000"


@pytest.fixture
def tencent() -> Iterator[Tencent]:
    with running(Tencent(now=NOON)) as server:
        yield server


def a_channel(server: Tencent, seconds: float = 5, **more: str) -> TencentChannel:
    keys = {
        "tencent_secret_id": KEY_ID,
        "tencent_secret_key": SECRET,
        "tencent_sdk_app_id": APP_ID,
        "tencent_hook_token": TOKEN,
        **more,
    }
    own = TencentSettings(_env_file=None, tencent_endpoint=server.url, **keys)  # type: ignore[call-arg]
    templates = some_templates("1110", "customer", "when")
    return TencentChannel(own, templates, seconds, clock=lambda: server.now or NOON)


def sent_at(when: datetime | None = NOON, reference: str | None = None) -> Sent:
    return Sent(NOTICE, "+8613800000001", when, reference)


def test_both_sides_agree_with_the_example_that_the_provider_published() -> None:
    then = datetime.fromtimestamp(1551113065, UTC)
    signed = {name: PUBLISHED.headers[name] for name in ("content-type", "host")}
    assert authorization(*PUBLISHED_KEYS, "cvm", then, signed, PUBLISHED.body) == PUBLISHED.headers["authorization"]
    assert fault_of(PUBLISHED, *PUBLISHED_KEYS, "cvm", then) is None
    assert fault_of(PUBLISHED, PUBLISHED_KEYS[0], "wrong", "cvm", then) == "AuthFailure.SignatureFailure"


def test_a_message_leaves_as_a_template_with_our_id_on_it(tencent: Tencent) -> None:
    assert a_channel(tencent).send(a_message()) == Outcome("accepted", reference=SERIAL)
    (sent,) = tencent.sent
    assert (sent["PhoneNumberSet"], sent["SessionContext"]) == (["+8613800000001"], NOTICE)
    assert sent["TemplateParamSet"] == ["王𬭎", "11月23日（周一）09:00–10:00 *~'()&=+%"], "in the template's order"


TAMPERED = {
    "the body": lambda asked: asked.but(body=asked.body.replace(b"13800000001", b"13800000002")),
    "a byte more": lambda asked: asked.but(body=asked.body + b" "),
    "the path": lambda asked: asked.but(target="/x"),
    "a query": lambda asked: asked.but(target="/?a=1"),
    "the verb": lambda asked: asked.but(method="GET"),
    "the action": lambda asked: asked.but_header("x-tc-action", "PullSmsSendStatusByPhoneNumber"),
    "the host": lambda asked: asked.but_header("host", "127.0.0.1:1"),
    "the content type": lambda asked: asked.but_header("content-type", "application/json"),
    "the time": lambda asked: asked.but_header("x-tc-timestamp", str(int(asked.headers["x-tc-timestamp"]) + 1)),
    "the version": lambda asked: asked.but_header("x-tc-version", "2021-01-12"),
    "the day": lambda asked: asked.but_header(
        "authorization", asked.headers["authorization"].replace("2026-11-22", "2026-11-23")
    ),
    "the service": lambda asked: asked.but_header(
        "authorization", asked.headers["authorization"].replace("/sms/", "/cvm/")
    ),
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
def test_the_server_refuses_a_request_with_anything_changed(tencent: Tencent, name: str) -> None:
    a_channel(tencent).send(a_message())
    (genuine,) = tencent.asked
    changed = TAMPERED[name](genuine)
    assert changed != genuine
    assert "Error" in json.loads(tencent.again(changed)[1])["Response"]
    assert len(tencent.sent) == 1
    assert "Error" not in json.loads(tencent.again(genuine)[1])["Response"], "the control: unchanged, it is taken"


@pytest.mark.parametrize(("seconds", "answer"), [(300, "accepted"), (301, "busy"), (-300, "accepted"), (-301, "busy")])
def test_a_clock_that_is_wrong_is_said_to_be(tencent: Tencent, seconds: int, answer: str) -> None:
    channel = a_channel(tencent)
    channel._clock = lambda: NOON + timedelta(seconds=seconds)
    outcome = channel.send(a_message())
    assert outcome.answer == answer
    said = "AuthFailure.SignatureExpire: this machine's clock is wrong"
    assert outcome.problem == ("" if answer == "accepted" else said)


def test_the_day_that_is_signed_is_the_worlds_and_not_ours(tencent: Tencent) -> None:
    tencent.now = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)  # the 23rd in China
    assert a_channel(tencent).send(a_message()).answer == "accepted"


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"tencent_secret_key": "wrong"}, "AuthFailure.SignatureFailure: check DOORSTEP_TENCENT_SECRET_KEY"),
        ({"tencent_secret_id": "wrong"}, "AuthFailure.SecretIdNotFound: check DOORSTEP_TENCENT_SECRET_ID"),
        (
            {"tencent_sdk_app_id": "1"},
            "UnauthorizedOperation.SmsSdkAppIdVerifyFail: check DOORSTEP_TENCENT_SDK_APP_ID",
        ),
    ],
)
def test_wrong_keys_are_our_fault_and_not_the_messages(tencent: Tencent, keys: dict[str, str], problem: str) -> None:
    assert a_channel(tencent, **keys).send(a_message()) == Outcome("busy", problem)


def test_a_number_that_gets_no_sms_is_refused_for_good(tencent: Tencent) -> None:
    assert a_channel(tencent).send(a_message(to="+862150000000")).answer == "refused"


def test_a_text_without_an_approved_template_never_leaves(tencent: Tencent) -> None:
    outcome = a_channel(tencent).send(a_message(wording="reminder"))
    assert (outcome.answer, tencent.asked) == ("refused", [])
    assert outcome.problem.startswith("no approved template for reminder.zh")


CODES = [
    ("LimitExceeded.PhoneNumberThirtySecondLimit", "busy", timedelta(seconds=30), False),
    ("LimitExceeded.PhoneNumberOneHourLimit", "busy", timedelta(hours=1), False),
    ("LimitExceeded.PhoneNumberDailyLimit", "busy", timedelta(days=1), False),
    ("LimitExceeded.DeliveryFrequencyLimit", "busy", timedelta(minutes=1), False),
    ("LimitExceeded.AppDailyLimit", "busy", timedelta(hours=1), True),
    ("RequestLimitExceeded.UinLimitExceeded", "busy", timedelta(seconds=10), True),
    ("FailedOperation.InsufficientBalanceInSmsPackage", "busy", None, False),
    ("FailedOperation.SignatureIncorrectOrUnapproved", "busy", None, False),
    ("FailedOperation.SomethingNew", "busy", None, False),
    ("FailedOperation.PhoneNumberInBlacklist", "refused", None, False),
    ("FailedOperation.ContainSensitiveWord", "refused", None, False),
    ("InternalError.SigVerificationFail", "busy", None, False),
    ("InternalError.Timeout", "unknown", None, False),
    ("InternalError", "unknown", None, False),
]


@pytest.mark.parametrize("one_number", [True, False])
@pytest.mark.parametrize(("code", "answer", "wait", "all_of_us"), CODES)
def test_each_code_means_one_thing_wherever_it_stands(
    tencent: Tencent, code: str, answer: str, wait: timedelta | None, all_of_us: bool, one_number: bool
) -> None:
    said = {"SendStatusSet": [{"Code": code, "SerialNo": ""}]} if one_number else {"Error": {"Code": code}}
    tencent.behaviours = ["say:200:" + json.dumps({"Response": said})]
    outcome = a_channel(tencent).send(a_message())
    assert (outcome.answer, outcome.wait, outcome.whole_channel) == (answer, wait, all_of_us)
    assert outcome.problem.startswith(code)


@pytest.mark.parametrize(
    "behaviour",
    ["lost", "html", "cut", "hang", "say:200:[]", 'say:200:{"Response": {"SendStatusSet": [{}, {}]}}', "say:502:"],
)
def test_an_answer_that_makes_no_sense_leaves_it_open(tencent: Tencent, behaviour: str) -> None:
    tencent.behaviours = [behaviour]
    assert a_channel(tencent, seconds=0.5).send(a_message()).answer == "unknown"


@pytest.mark.parametrize(("status", "answer"), [("SUCCESS", "delivered"), ("FAIL", "refused"), ("?", "unknown")])
def test_asked_it_tells_what_the_carrier_reported(tencent: Tencent, status: str, answer: str) -> None:
    tencent.behaviours = ["lost"]
    channel = a_channel(tencent)
    channel.send(a_message())
    assert channel.ask(sent_at()).answer == "unknown", "no report yet: that says nothing"
    tencent.reported[SERIAL] = status
    tencent.now = NOON + timedelta(minutes=5)
    assert channel.ask(sent_at()).answer == answer


def test_where_our_id_does_not_come_back_the_providers_number_tells(tencent: Tencent) -> None:
    tencent.gives_context_back = False
    channel = a_channel(tencent)
    channel.send(a_message())
    tencent.reported[SERIAL] = "SUCCESS"
    assert channel.ask(sent_at()).answer == "unknown"
    assert channel.ask(sent_at(reference=SERIAL)).answer == "delivered"


def test_a_message_that_is_not_listed_is_never_called_never_seen(tencent: Tencent) -> None:
    tencent.now = NOON + timedelta(days=6)
    assert a_channel(tencent).ask(sent_at()).answer == "unknown"


@pytest.mark.parametrize("when", [None, NOON - timedelta(days=30)])
def test_it_asks_no_further_back_than_the_provider_looks(tencent: Tencent, when: datetime | None) -> None:
    assert a_channel(tencent).ask(sent_at(when)).problem == "the carrier has not reported yet"


@pytest.mark.parametrize(
    "behaviour",
    ["html", "cut", "say:200:{}", 'say:200:{"Response": {"PullSmsSendStatusSet": [1]}}', "say:200:[[[["],
)
def test_asked_in_vain_it_stays_open(tencent: Tencent, behaviour: str) -> None:
    channel = a_channel(tencent)
    channel.send(a_message())
    tencent.reported[SERIAL] = "SUCCESS"
    tencent.behaviours = [behaviour]
    assert channel.ask(sent_at()).answer == "unknown"
    assert channel.ask(sent_at()).answer == "delivered", "the control: it can be asked"


def incoming(body: bytes, token: str = TOKEN) -> Incoming:
    return Incoming({}, token, body, NOON)


def test_receipts_name_the_providers_number_and_keep_no_other(tencent: Tencent) -> None:
    channel = a_channel(tencent)
    channel.send(a_message())
    for status, state in (("SUCCESS", "delivered"), ("FAIL", "failed")):
        heard = channel.read(incoming(tencent.report(status=status)))
        (said,) = heard.receipts
        assert (said.notice_id, said.state) == (SERIAL, state)
        assert "1380000" not in str(said.body)
        assert heard.answer == {"result": 0, "errmsg": "OK"}


ANSWER = {"extend": "", "mobile": "13800000001", "nationcode": "86", "sign": "x", "text": "好的", "time": 1457336869}


def test_the_same_answer_told_twice_has_one_number_and_another_has_another(tencent: Tencent) -> None:
    channel = a_channel(tencent)

    def read(**more: object) -> tuple[str, str, str]:
        (reply,) = channel.read(incoming(json.dumps({**ANSWER, **more}).encode())).replies
        return reply.gateway_id, reply.phone, reply.text

    assert read() == read()
    assert read()[1:] == ("+8613800000001", "好的")
    assert len({read()[0], read(time=1457336870)[0], read(mobile="13800000002")[0], read(text="不")[0]}) == 4


@pytest.mark.parametrize("token", ["", TOKEN[:-1], TOKEN + "x", "密钥"])
def test_who_does_not_know_the_address_is_nobody(tencent: Tencent, token: str) -> None:
    with pytest.raises(Unsigned):
        a_channel(tencent).read(incoming(json.dumps(ANSWER).encode(), token))


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"[1]", b"\xff", b"[" * 9999, b'[{"sid": "a"}]', b"null"])
def test_what_is_no_receipt_is_said_to_be_none(tencent: Tencent, body: bytes) -> None:
    with pytest.raises(Unreadable):
        a_channel(tencent).read(incoming(body))
