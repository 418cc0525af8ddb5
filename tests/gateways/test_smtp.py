"""Mail, handed to a real mail server with STARTTLS and sign-in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from checklists.words import Words
from dispatch.notices.channels.letters import Sender, mailbox
from dispatch.notices.channels.protocol import Incoming, Outcome, Sent, Unsigned
from dispatch.notices.channels.smtp import MailSettings, SmtpChannel, _on_the_wire
from tests.gateways.mail import PASSWORD, USER, MailServer, a_certificate, dripping, running_mail
from tests.gateways.messages import NOON, NOTICE, a_message

SENDER = Sender(Words("装维上门", "Doorstep Broadband"), mailbox("service@doorstep.example"))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return a_certificate(tmp_path_factory.mktemp("mail"), "127.0.0.1")


@pytest.fixture
def server(certificate: tuple[Path, Path]) -> Iterator[MailServer]:
    with running_mail(certificate) as running:
        yield running


def a_channel(port: int, authority: Path | None, **more: object) -> SmtpChannel:
    told: dict[str, object] = {
        "mail_host": "127.0.0.1",
        "mail_port": port,
        "mail_user": USER,
        "mail_password": PASSWORD,
        "mail_authority": authority,
        **more,
    }
    return SmtpChannel(MailSettings(_env_file=None, **told), SENDER, clock=lambda: NOON)  # type: ignore[arg-type]


def a_mail(**more: object):  # type: ignore[no-untyped-def]
    told: dict[str, object] = {
        "to": "wang@example.cn",
        "name": "王𬭎",
        "subject": "上门时间变更：改到11月23日（周一）",
        "text": "尊敬的王𬭎，您好！\n.开头的一行\n再见",
        "html": "<p>尊敬的王𬭎，您好！</p>",
        "calendar": "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n",
        "method": "REQUEST",
        **more,
    }
    return a_message(**told)


def test_a_mail_arrives_as_it_was_written(server: MailServer, certificate: tuple[Path, Path]) -> None:
    outcome = a_channel(server.port, certificate[0]).send(a_mail())
    assert outcome == Outcome("accepted", reference="queued as 4F2A")
    (envelope,) = server.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("service@doorstep.example", ["wang@example.cn"])
    mail = server.mail()
    assert mail["To"] == "王𬭎 <wang@example.cn>"
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content() == "尊敬的王𬭎，您好！\r\n.开头的一行\r\n再见\r\n"


def test_tls_from_the_start_works_too(certificate: tuple[Path, Path]) -> None:
    with running_mail(certificate, from_the_start=True) as server:
        assert a_channel(server.port, certificate[0], mail_security="tls").send(a_mail()).answer == "accepted"


def test_plain_is_only_for_who_chose_it(certificate: tuple[Path, Path]) -> None:
    with running_mail(None, sign_in=False) as server:
        refused = a_channel(server.port, certificate[0], mail_user="").send(a_mail())
        assert (refused.answer, server.taken) == ("busy", [])
        assert refused.problem == "127.0.0.1 offers no STARTTLS: see DOORSTEP_MAIL_SECURITY"
        assert a_channel(server.port, None, mail_user="", mail_security="none").send(a_mail()).answer == "accepted"


def test_a_certificate_that_nobody_vouches_for_ends_it(server: MailServer, certificate: tuple[Path, Path]) -> None:
    outcome = a_channel(server.port, None).send(a_mail())
    assert (outcome.answer, server.begun) == ("busy", 0)
    assert outcome.problem == "TLS: self-signed certificate"


@pytest.mark.parametrize(("name", "days"), [("other.example", 1), ("127.0.0.2", 1), ("127.0.0.1", -1)])
def test_a_certificate_for_another_name_or_time_ends_it(tmp_path: Path, name: str, days: int) -> None:
    wrong = a_certificate(tmp_path, name, days)
    with running_mail(wrong) as server:
        outcome = a_channel(server.port, wrong[0]).send(a_mail())
        assert (outcome.answer, server.begun) == ("busy", 0)
        assert outcome.problem.startswith("TLS: ")


def test_a_wrong_password_is_our_fault_and_not_the_messages(server: MailServer, certificate: tuple[Path, Path]) -> None:
    outcome = a_channel(server.port, certificate[0], mail_password="wrong").send(a_mail())
    assert outcome == Outcome("busy", "535: check DOORSTEP_MAIL_USER and DOORSTEP_MAIL_PASSWORD")


def test_no_password_at_all_is_our_fault_too(server: MailServer, certificate: tuple[Path, Path]) -> None:
    outcome = a_channel(server.port, certificate[0], mail_user="").send(a_mail())
    assert outcome.answer == "busy"
    assert outcome.problem.startswith("MAIL FROM: 530")


SAID = [
    ("RCPT", "550 5.1.1 No such user", "refused"),
    ("RCPT", "551 User not local", "refused"),
    ("RCPT", "552 5.2.2 Mailbox full", "refused"),
    ("RCPT", "553 Mailbox name not allowed", "refused"),
    ("RCPT", "530 5.7.0 Authentication required", "busy"),
    ("RCPT", "535 5.7.8 Credentials", "busy"),
    ("RCPT", "450 4.2.1 Greylisted", "busy"),
    ("RCPT", "421 Closing", "busy"),
    ("MAIL", "550 5.7.1 Sender not yours", "busy"),
    ("MAIL", "552 Too large", "refused"),
    ("MAIL", "451 Later", "busy"),
    ("DATA", "554 5.7.1 Looks like spam", "refused"),
    ("DATA", "452 Disk full", "busy"),
    ("DATA", "421 Closing", "busy"),
]


@pytest.mark.parametrize(("command", "said", "answer"), SAID)
def test_what_each_answer_means(
    server: MailServer, certificate: tuple[Path, Path], command: str, said: str, answer: str
) -> None:
    server.says[command] = said
    outcome = a_channel(server.port, certificate[0]).send(a_mail())
    assert outcome.answer == answer
    assert said[:3] in outcome.problem
    assert server.taken == []


@pytest.mark.parametrize("behaviour", ["lost", "hang", "garbage"])
def test_no_answer_after_the_mail_stays_unknown_for_ever(
    server: MailServer, certificate: tuple[Path, Path], behaviour: str
) -> None:
    server.behaviour = behaviour
    outcome = a_channel(server.port, certificate[0], mail_timeout_seconds=1.5).send(a_mail())
    assert (outcome.answer, outcome.never_known, len(server.taken)) == ("unknown", True, 1)
    asked = a_channel(server.port, certificate[0]).ask(Sent(NOTICE, "wang@example.cn", NOON))
    assert (asked.answer, asked.never_known) == ("unknown", True)


@pytest.mark.timeout(20)
def test_a_server_that_drips_for_ever_is_left(certificate: tuple[Path, Path]) -> None:
    with dripping() as port:
        outcome = a_channel(port, certificate[0], mail_timeout_seconds=0.5).send(a_mail())
    assert outcome.answer == "busy"


@pytest.mark.timeout(30)
@pytest.mark.parametrize("host", ["127.0.0.1", "no-such-host.invalid", "..", "exa mple"])
def test_nobody_there_means_nothing_was_sent(host: str) -> None:
    outcome = a_channel(9, None, mail_host=host, mail_timeout_seconds=5).send(a_mail())
    assert outcome.answer == "busy"


def test_an_address_beyond_ascii_needs_a_server_that_takes_it(certificate: tuple[Path, Path]) -> None:
    with running_mail(certificate, utf8=False) as server:
        outcome = a_channel(server.port, certificate[0]).send(a_mail(to="王@example.cn"))
        assert (outcome.answer, server.begun) == ("refused", 0)
        assert outcome.problem == "127.0.0.1 takes no addresses like this one (no SMTPUTF8)"
        # a domain beyond ASCII has a form that every server takes
        assert a_channel(server.port, certificate[0]).send(a_mail(to="wang@例子.cn")).answer == "accepted"
        assert server.taken[0].rcpt_tos == ["wang@xn--fsqu00a.cn"]


def test_an_address_beyond_ascii_arrives_where_it_is_taken(server: MailServer, certificate: tuple[Path, Path]) -> None:
    assert a_channel(server.port, certificate[0]).send(a_mail(to="王@例子.cn")).answer == "accepted"
    (envelope,) = server.taken
    assert envelope.rcpt_tos == ["王@xn--fsqu00a.cn"]
    assert "SMTPUTF8" in [option.upper() for option in envelope.mail_options]


def test_a_line_that_begins_with_a_dot_does_not_end_the_mail() -> None:
    assert _on_the_wire(b"a\r\n.\r\n..b\r\nc.d") == b"a\r\n..\r\n...b\r\nc.d\r\n"  # RFC 5321, 4.5.2


NO_ADDRESSES = [
    "",
    "wang",
    "@example.cn",
    "wang@",
    "wang@example.cn\r\nBcc: all@example.cn",
    "wang\r\nRCPT TO:<all@example.cn>@example.cn",
    "wang@exam\nple.cn",
    "wang@example.cn>,<all@example.cn",
    "a b@example.cn",
    "a@b@example.cn",
    ".a@example.cn",
    "a..b@example.cn",
    "a@-example.cn",
    "a@example..cn",
    "x" * 250 + "@example.cn",
    "a@" + "x" * 64 + ".cn",
]


@pytest.mark.parametrize("to", NO_ADDRESSES)
def test_what_is_no_address_is_refused_before_anything_is_said(
    server: MailServer, certificate: tuple[Path, Path], to: str
) -> None:
    assert a_channel(server.port, certificate[0]).send(a_mail(to=to)).answer == "refused"
    assert server.begun == 0


def test_mail_servers_call_nobody(server: MailServer, certificate: tuple[Path, Path]) -> None:
    with pytest.raises(Unsigned):
        a_channel(server.port, certificate[0]).read(Incoming({}, "", b"{}", NOON))
