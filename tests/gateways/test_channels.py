"""What all channels have in common: who is opened by which setting, and that nothing from outside makes one raise."""

import hashlib
import hmac
import json
import runpy
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.notices import channels as channels_package
from dispatch.notices.channels.aliyun import AliyunChannel, AliyunSettings
from dispatch.notices.channels.chosen import channel_names, channels_of, listeners_of
from dispatch.notices.channels.files import FilesChannel
from dispatch.notices.channels.http import HttpChannel
from dispatch.notices.channels.protocol import Channel, Incoming, Outcome, Sent, Unreadable, Unsigned
from dispatch.notices.channels.templates import Approved, NoTemplate, Templates, TemplateSettings, templates_of
from dispatch.notices.channels.tencent import TencentChannel, TencentSettings
from dispatch.settings import Settings, UnusableSettings
from tests.gateways.loopback import Asked, Server, running
from tests.gateways.messages import NOON, NOTICE, TOKEN, a_message, some_templates

ANSWERS = {"accepted", "delivered", "refused", "busy", "unknown", "never_seen"}


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("ALIYUN_ACCESS_KEY_ID", "TENCENT_SECRET_ID", "MAIL_HOST", "SMS_TEMPLATES"):
        monkeypatch.delenv(f"DOORSTEP_{name}", raising=False)


def some_settings(folder: Path, **more: object) -> Settings:
    return Settings(_env_file=None, data_dir=folder, **more)  # type: ignore[call-arg,arg-type]


def test_the_channels_that_there_are_are_the_files_that_can_be_opened() -> None:
    assert channel_names() == ["aliyun", "files", "http", "smtp", "tencent"]


PIGEON = """
from dispatch.notices.channels.files import FilesChannel
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

class PigeonSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="DOORSTEP_")
    pigeon_loft: str = Field("", description="Where the pigeons live, and where they come back to.")

class PigeonChannel(FilesChannel):
    name = "pigeon"

def opened(settings, medium="sms"):
    return PigeonChannel(settings.data_dir / PigeonSettings().pigeon_loft, medium)
"""


def test_another_channel_is_one_more_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pigeon.py").write_text(PIGEON)
    monkeypatch.setattr(channels_package, "__path__", [*channels_package.__path__, str(tmp_path)])
    monkeypatch.setenv("DOORSTEP_PIGEON_LOFT", "loft")
    told = some_settings(tmp_path, sms_channel="pigeon")
    channel = channels_of(told)["sms"]
    assert (channel.name, channel.send(a_message())) == ("pigeon", Outcome("accepted"))
    assert (tmp_path / "loft" / f"{NOTICE}.json").exists()
    assert listeners_of(told)["pigeon"].name == "pigeon"
    table = runpy.run_path(str(Path(__file__).resolve().parents[2] / "tools" / "write_settings_table.py"))["table"]()
    assert "| `DOORSTEP_PIGEON_LOFT` | empty | Where the pigeons live" in table


def test_without_any_setting_messages_are_files(tmp_path: Path) -> None:
    channels = channels_of(some_settings(tmp_path))
    assert {medium: (one.name, one.medium) for medium, one in channels.items()} == {
        "sms": ("files", "sms"),
        "mail": ("mail-files", "mail"),
    }


def test_an_address_chooses_the_gateway_and_a_name_overrules_it(tmp_path: Path) -> None:
    assert channels_of(some_settings(tmp_path, sms_url="http://127.0.0.1:9"))["sms"].name == "http"
    assert (
        channels_of(some_settings(tmp_path, sms_url="http://127.0.0.1:9", sms_channel="files"))["sms"].name == "files"
    )


def test_a_mail_server_chooses_mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORSTEP_MAIL_HOST", "mail.example.cn")
    assert channels_of(some_settings(tmp_path, mail_from="a@example.cn"))["mail"].name == "smtp"
    with pytest.raises(UnusableSettings, match="DOORSTEP_MAIL_FROM"):
        channels_of(some_settings(tmp_path))


@pytest.mark.parametrize(("host", "fits"), [("127.0.0.1", True), ("localhost", True), ("mail.example.cn", False)])
def test_mail_goes_in_the_clear_on_this_machine_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, fits: bool
) -> None:
    monkeypatch.setenv("DOORSTEP_MAIL_HOST", host)
    monkeypatch.setenv("DOORSTEP_MAIL_SECURITY", "none")
    told = some_settings(tmp_path, mail_from="a@example.cn")
    if fits:
        assert channels_of(told)["mail"].name == "smtp"
    else:
        with pytest.raises(UnusableSettings, match="DOORSTEP_MAIL_SECURITY"):
            channels_of(told)


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"sms_channel": "pigeon"}, "there is no channel 'pigeon'; there are aliyun, files, http, smtp, tencent"),
        ({"sms_channel": "calls"}, "there is no channel 'calls'"),
        ({"mail_channel": "../smtp"}, "there is no channel '../smtp'"),
        ({"sms_channel": "http"}, "DOORSTEP_SMS_URL"),
        ({"mail_channel": "http", "sms_url": "http://127.0.0.1:9"}, "http is not for mail"),
        ({"sms_channel": "aliyun"}, "DOORSTEP_ALIYUN_ACCESS_KEY_ID and DOORSTEP_ALIYUN_ACCESS_KEY_SECRET"),
        ({"sms_channel": "tencent"}, "DOORSTEP_TENCENT_SECRET_ID"),
    ],
)
def test_what_cannot_be_opened_says_what_to_set(tmp_path: Path, told: dict[str, str], says: str) -> None:
    with pytest.raises(UnusableSettings) as refused:
        channels_of(some_settings(tmp_path, **told))
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("endpoint", "fits"),
    [
        ("https://dysmsapi.aliyuncs.com", True),
        ("http://127.0.0.1:8080", True),
        ("http://dysmsapi.aliyuncs.com", False),
        ("ftp://127.0.0.1", False),
        ("dysmsapi.aliyuncs.com", False),
        ("http://[", False),
    ],
)
def test_a_provider_is_spoken_to_by_https_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, endpoint: str, fits: bool
) -> None:
    told = {"ACCESS_KEY_ID": "a", "ACCESS_KEY_SECRET": "b", "ENDPOINT": endpoint}
    for name, value in told.items():
        monkeypatch.setenv(f"DOORSTEP_ALIYUN_{name}", value)
    approved = tmp_path / "templates.json"
    approved.write_text('{"moved.zh": {"template": "SMS_1", "variables": ["customer"]}}')
    monkeypatch.setenv("DOORSTEP_SMS_TEMPLATES", str(approved))
    if fits:
        channel = channels_of(some_settings(tmp_path, sms_channel="aliyun"))["sms"]
        assert (channel.name, listeners_of(some_settings(tmp_path))["aliyun"].name) == ("aliyun", "aliyun")
    else:
        with pytest.raises(UnusableSettings, match="must be an https:// address"):
            channels_of(some_settings(tmp_path, sms_channel="aliyun"))


def test_who_is_not_set_up_is_not_listened_to(tmp_path: Path) -> None:
    listeners = listeners_of(some_settings(tmp_path))
    assert sorted(listeners) == ["files", "http", "sms"]
    assert listeners["sms"].name == "http"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("nothing", "is not JSON"),
        ("[]", "does not fit"),
        ('{"moved.zh": {}}', "does not fit at moved.zh.template"),
        ('{"moved.zh": {"template": "SMS_1", "extra": 1}}', "does not fit at moved.zh.extra"),
        ('{"moved.zh": {"template": "SMS 1"}}', "does not fit at moved.zh.template"),
    ],
)
def test_a_file_of_templates_that_does_not_fit_says_where(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "templates.json"
    path.write_text(content)
    for name, text in ((path, says), (tmp_path / "none.json", "cannot be read")):
        own = TemplateSettings(_env_file=None, sms_templates=name)  # type: ignore[call-arg]
        with pytest.raises(UnusableSettings, match=text):
            templates_of(some_settings(tmp_path), own)


def test_a_gap_takes_an_address_only_in_part() -> None:
    filled = some_templates("SMS_1", "link_path", "customer").filled(a_message())
    assert filled.gaps == (("link_path", "c/AbC_-9"), ("customer", "王𬭎"))
    with pytest.raises(NoTemplate, match="wants 'reason'"):
        Templates({"moved.zh": Approved(template="1", variables=("reason",))}, "x").filled(a_message())


def test_a_mail_as_a_file_is_the_whole_mail(tmp_path: Path) -> None:
    channel = channels_of(some_settings(tmp_path, mail_from="service@doorstep.example"))["mail"]
    sent = Sent(NOTICE, "wang@example.cn", NOON)
    assert channel.ask(sent).answer == "never_seen"
    assert channel.send(a_message(to="wang@example.cn", subject="改约", html="<p>x</p>")) == Outcome("accepted")
    assert channel.ask(sent).answer == "accepted"
    (file,) = (tmp_path / "messages").iterdir()
    mail = message_from_bytes(file.read_bytes(), policy=SMTP)
    assert (file.name, mail["To"], mail["From"].addresses[0].addr_spec) == (
        f"{NOTICE}.eml",
        "wang@example.cn",
        "service@doorstep.example",
    )
    assert channel.send(a_message(to="wang")).answer == "refused"


def test_a_mail_and_an_sms_of_one_notice_are_two_files(tmp_path: Path) -> None:
    by_sms, by_mail = FilesChannel(tmp_path), FilesChannel(tmp_path, "mail")
    by_sms.send(a_message())
    assert by_mail.ask(Sent(NOTICE, "wang@example.cn")).answer == "never_seen"
    assert json.loads((tmp_path / f"{NOTICE}.json").read_text())["to"] == "+8613800000001"


class Echo(Server):
    """Answers whatever it is told to, by `behaviours`."""

    def answer(self, asked: Asked) -> tuple[int, bytes]:
        return 200, b"{}"


@pytest.fixture(scope="module")
def echo() -> Iterator[Echo]:
    with running(Echo()) as server:
        yield server


def talkative(url: str) -> dict[str, Channel]:
    aliyun = AliyunSettings(
        _env_file=None,  # type: ignore[call-arg]
        aliyun_access_key_id="a",
        aliyun_access_key_secret="b",
        aliyun_endpoint=url,
        aliyun_hook_token=TOKEN,
    )
    tencent = TencentSettings(
        _env_file=None,  # type: ignore[call-arg]
        tencent_secret_id="a",
        tencent_secret_key="b",
        tencent_sdk_app_id="1",
        tencent_endpoint=url,
        tencent_hook_token=TOKEN,
    )
    templates = some_templates("1", "customer")
    return {
        "http": HttpChannel(url, 5, "s" * 32),
        "aliyun": AliyunChannel(aliyun, templates, 5, clock=lambda: NOON),
        "tencent": TencentChannel(tencent, templates, 5, clock=lambda: NOON),
    }


@pytest.fixture(scope="module")
def channels(echo: Echo) -> dict[str, Channel]:
    return talkative(echo.url)


@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [
        (404, "{}", "never_seen"),
        (404, "<html>", "unknown"),
        (404, "[]", "unknown"),
        (200, '{"state": "sent"}', "accepted"),
    ],
)
def test_only_an_answer_of_the_gateway_itself_says_that_it_has_never_seen_a_message(
    echo: Echo, channels: dict[str, Channel], status: int, body: str, answer: str
) -> None:
    echo.behaviours = [f"say:{status}:{body}"]
    assert channels["http"].ask(Sent(NOTICE, "+8613800000001", NOON)).answer == answer


def test_without_a_shared_key_no_call_is_signed(echo: Echo) -> None:
    body = json.dumps({"id": NOTICE, "state": "delivered"}).encode()
    for key, heard in (("s" * 32, True), ("", False)):
        signature = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
        incoming = Incoming({"x-doorstep-signature": signature}, "", body, NOON)
        channel = HttpChannel(echo.url, 5, key)
        if heard:
            assert channel.read(incoming).receipts[0].notice_id == NOTICE
        else:
            with pytest.raises(Unsigned):
                channel.read(incoming)


KEYS = ["Code", "Response", "Error", "SendStatusSet", "SmsSendDetailDTOs", "SmsSendDetailDTO", "TotalCount", "OutId"]
KEYS += [
    "PullSmsSendStatusSet",
    "SessionContext",
    "SerialNo",
    "BizId",
    "state",
    "id",
    "reply",
    "success",
    "sid",
    "text",
]
KEYS += ["out_id", "report_status", "content", "sequence_id", "mobile", "time", "phone_number", "nationcode", "from"]
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
LEAVES |= st.sampled_from(["OK", "Ok", "SUCCESS", NOTICE, "delivered", "1", "\x00", "\ud800", 10**30])
GARBAGE = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5)
)
AT_WORK = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@AT_WORK
@given(body=GARBAGE, status=st.sampled_from([200, 202, 204, 301, 400, 404, 429, 500, 503]))
def test_no_answer_makes_a_channel_raise(echo: Echo, channels: dict[str, Channel], body: object, status: int) -> None:
    for channel in channels.values():
        said = f"say:{status}:{'' if status == 204 else json.dumps(body)}"
        echo.behaviours = [said]
        assert channel.send(a_message()).answer in ANSWERS
        echo.behaviours = [said] * 8
        assert channel.ask(Sent(NOTICE, "+8613800000001", NOON)).answer in ANSWERS


@AT_WORK
@given(to=st.text(max_size=30), value=st.text(max_size=30), name=st.text(max_size=20))
def test_no_message_makes_a_channel_raise(
    echo: Echo, channels: dict[str, Channel], to: str, value: str, name: str
) -> None:
    echo.behaviours = []
    message = a_message(to=to, name=name, variables={"customer": value}, text=value)
    for channel in channels.values():
        assert channel.send(message).answer in ANSWERS
        assert channel.ask(Sent(NOTICE, to, NOON)).answer in ANSWERS


def _told(channel: Channel, body: bytes) -> None:
    signed = {"x-doorstep-signature": hmac.new(b"s" * 32, body, hashlib.sha256).hexdigest()}
    for headers, token in ((signed, TOKEN), ({}, "")):
        try:
            heard = channel.read(Incoming(headers, token, body, NOON))
        except (Unsigned, Unreadable):
            continue
        assert token, "who proves nothing is heard by nobody"
        for said in (*(one.notice_id for one in heard.receipts), *(one.text for one in heard.replies)):
            assert said
        kept = json.dumps([[one.notice_id, one.body] for one in heard.receipts]) + json.dumps(
            [[one.gateway_id, one.phone, one.text] for one in heard.replies], ensure_ascii=False
        )
        assert "\\u0000" not in kept
        kept.encode()


@AT_WORK
@given(body=GARBAGE | st.lists(GARBAGE, max_size=4))
def test_no_call_of_a_gateway_makes_a_channel_raise(channels: dict[str, Channel], body: object) -> None:
    for channel in channels.values():
        _told(channel, json.dumps(body).encode())


@AT_WORK
@given(body=st.binary(max_size=200))
def test_no_bytes_make_a_channel_raise(channels: dict[str, Channel], body: bytes) -> None:
    for channel in channels.values():
        _told(channel, body)
