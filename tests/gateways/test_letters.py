"""A mail's form: what client programs find in it, and what can never get into it."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.words import Words
from dispatch.notices.channels.letters import NotAnAddress, Sender, letter, mailbox
from dispatch.notices.channels.protocol import Message
from tests.gateways.messages import NOON, NOTICE, a_message

SENDER = Sender(Words("装维上门，公司", "Doorstep Broadband"), mailbox("service@doorstep.example"))
TO = mailbox("wang@example.cn")
HEADERS = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Content-Language",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
}
INVITATION = "BEGIN:VCALENDAR\r\nMETHOD:{}\r\nSUMMARY:装维上门\r\nEND:VCALENDAR\r\n"


def written(message: Message) -> tuple[bytes, EmailMessage]:
    raw = letter(message, TO, SENDER, NOON).as_bytes()
    read = message_from_bytes(raw, policy=SMTP)
    assert isinstance(read, EmailMessage)
    return raw, read


def with_an_invitation(method: str) -> Message:
    return a_message(
        name="王𬭎",
        subject="上门时间变更：改到11月23日（周一）09:00–10:00",
        html="<p>您好</p>",
        calendar=INVITATION.format(method),
        method=method,
    )


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_an_invitation_is_a_way_to_read_the_mail_and_a_file(method: str) -> None:
    _, mail = written(with_an_invitation(method))
    assert mail.get_content_type() == "multipart/mixed"
    ways, file = list(mail.iter_parts())
    assert [part.get_content_type() for part in ways.iter_parts()] == ["text/plain", "text/html", "text/calendar"]
    calendar = list(ways.iter_parts())[2]
    assert (calendar.get_param("method"), calendar.get_param("charset")) == (method, "utf-8")
    assert calendar.get_content().encode() == INVITATION.format(method).encode()
    assert (file.get_content_type(), file.get_filename()) == ("application/ics", "invite.ics")
    assert file.get_content_disposition() == "attachment"
    assert file.get_content() == INVITATION.format(method).encode()


def test_without_an_invitation_there_is_no_file() -> None:
    _, mail = written(a_message(html="<p>您好</p>", subject="x"))
    assert mail.get_content_type() == "multipart/alternative"
    assert list(mail.iter_attachments()) == []


def test_the_head_says_who_to_whom_when_and_that_no_person_wrote_it() -> None:
    raw, mail = written(with_an_invitation("REQUEST"))
    assert mail["From"].addresses[0].display_name == "装维上门，公司"
    assert mail["To"].addresses[0].display_name == "王𬭎"
    assert mail["Subject"] == "上门时间变更：改到11月23日（周一）09:00–10:00"
    assert parsedate_to_datetime(mail["Date"]) == NOON
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "zh-CN"
    assert raw.isascii(), "nothing that a server on the way could spoil"
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


def test_the_same_notice_is_the_same_mail_however_often_it_leaves() -> None:
    first, second = (letter(a_message(subject="x"), TO, SENDER, NOON)["Message-ID"] for _ in range(2))
    assert first == second == f"<{NOTICE}@doorstep.example>"
    assert letter(a_message(notice_id="b"), TO, SENDER, NOON)["Message-ID"] != first


def test_english_is_said_to_be_english_and_comes_from_the_english_name() -> None:
    _, mail = written(a_message(language="en", subject="x"))
    assert (mail["Content-Language"], mail["From"].addresses[0].display_name) == ("en", "Doorstep Broadband")


BREAKS = ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\x00"]


@pytest.mark.parametrize("sign", BREAKS)
@pytest.mark.parametrize("field", ["name", "subject", "notice_id"])
def test_no_line_of_ours_can_be_broken(sign: str, field: str) -> None:
    raw, mail = written(a_message(**{"subject": "x", field: f"a{sign}Bcc: all@example.cn{sign}{sign}b"}))
    assert set(mail.keys()) <= HEADERS
    assert b"\nBcc:" not in raw
    assert b"\rBcc:" not in raw
    shown = [str(mail["Subject"]), mail["To"].addresses[0].display_name, str(mail["Message-ID"])]
    assert all(one.isprintable() for one in shown)


@given(
    name=st.text(max_size=60),
    subject=st.text(max_size=300),
    text=st.text(max_size=300),
    calendar=st.text(max_size=100),
    notice_id=st.text(max_size=60),
)
def test_whatever_a_name_or_a_text_holds_a_mail_is_a_mail(
    name: str, subject: str, text: str, calendar: str, notice_id: str
) -> None:
    message = a_message(name=name, subject=subject, text=text, html=text, calendar=calendar, notice_id=notice_id)
    raw, mail = written(message)
    assert set(mail.keys()) <= HEADERS
    assert [str(one.addr_spec) for one in mail["To"].addresses] == ["wang@example.cn"]
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")


@given(st.text(max_size=80))
def test_whatever_is_read_as_an_address_is_one_or_is_refused(text: str) -> None:
    try:
        read = mailbox(text)
    except NotAnAddress:
        return
    assert not any(sign.isspace() or sign in "<>,;" or not sign.isprintable() for sign in str(read))
    assert read.domain.isascii()


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("wang@example.cn", "wang@example.cn"),
        (" o'brien+tag@Example.CN ", "o'brien+tag@example.cn"),
        ("wang@müller.example", "wang@xn--mller-kva.example"),
    ],
)
def test_addresses_as_servers_want_them(text: str, wire: str) -> None:
    assert str(mailbox(text)) == wire
