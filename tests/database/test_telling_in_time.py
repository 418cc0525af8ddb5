"""What cannot be said in time becomes a call, what was missed becomes a breach: on both engines, with real channels."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from dispatch.accounts.viewer import Viewer
from dispatch.clock import utc_now
from dispatch.database import Database
from dispatch.errors import Forbidden, NotAllowed, Stale
from dispatch.notices.actions import pause_channel, resume_channel, supersede
from dispatch.notices.calls import note_call
from dispatch.notices.channels.files import FilesChannel
from dispatch.notices.channels.http import HttpChannel
from dispatch.notices.channels.protocol import Outcome
from dispatch.notices.claiming import claim, settle
from dispatch.notices.queries import moments_of, verdict
from dispatch.notices.rounds import Sender
from dispatch.notices.sending import Finished
from dispatch.notices.tables import Attempt, CallTask, Notice
from dispatch.notices.troubles import visits_in_trouble
from dispatch.notices.watching import Watched, watch
from dispatch.settings import Settings
from tests.gateway import Gateway, running_gateway
from tests.makers import a_reader, a_turn, an_owed_notice, some_settings

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
DISPATCHER = Viewer(role="dispatcher", name="dispatcher", language="zh")
SUPERVISOR = Viewer(role="supervisor", name="supervisor", language="zh")
MAIL = "wang@example.com"


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with running_gateway() as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return some_settings(tmp_path / "var", database_url, quiet_from=0, quiet_until=0)


@pytest.fixture
def sender(database: Database, settings: Settings, gateway: Gateway, tmp_path: Path) -> Iterator[Sender]:
    channels = {"sms": HttpChannel(gateway.url, 4.0), "mail": FilesChannel(tmp_path / "mails", "mail")}
    sender = Sender(database, settings, channels, lambda notice: "https://example.net/c/the-secret")
    yield sender
    sender.close()


def owed(database: Database, settings: Settings, now: datetime, kind: str = "moved", **more: object) -> UUID:
    customer = {name: more.pop(name) for name in ("phone", "mail", "channel") if name in more}
    with database.writing() as session:
        turn = a_turn(session, settings, now)
        return an_owed_notice(turn, kind, a_reader(turn, **customer), **more).id  # type: ignore[arg-type]


def the_notice(database: Database, notice_id: UUID) -> Notice:
    with database.reading() as session:
        return session.get_one(Notice, notice_id)


def the_calls(database: Database) -> list[CallTask]:
    with database.reading() as session:
        return list(session.scalars(select(CallTask)))


def call(database: Database, settings: Settings, now: datetime, outcome: str, version: int | None = None) -> CallTask:
    (task,) = the_calls(database)
    with database.writing() as session:
        return note_call(a_turn(session, settings, now, DISPATCHER), task.id, outcome, "说明", version)


def test_a_refused_number_is_tried_once_and_the_mail_is_tried_next(
    database: Database, settings: Settings, gateway: Gateway, sender: Sender, tmp_path: Path
) -> None:
    gateway.behaviour = lambda notice_id, attempt: "status:422"
    notice_id = owed(database, settings, utc_now(), mail=MAIL)
    sender.round()
    notice = the_notice(database, notice_id)
    assert (notice.state, notice.channel, notice.medium) == ("accepted", "mail-files", "mail")
    assert gateway.tried[str(notice_id)] == 1
    assert len(list((tmp_path / "mails").iterdir())) == 1
    assert the_calls(database) == []


def test_where_no_way_is_left_a_person_is_asked_to_call_at_once(
    database: Database, settings: Settings, gateway: Gateway, sender: Sender
) -> None:
    gateway.behaviour = lambda notice_id, attempt: "status:422"
    now = utc_now()
    notice_id = owed(database, settings, now, deadline=now + 3 * HOUR)
    sender.round()
    (task,) = the_calls(database)
    assert the_notice(database, notice_id).state == "failed"
    assert (task.kind, task.notice_id, task.due_at, task.state) == ("untold", notice_id, now + 3 * HOUR, "open")


@pytest.mark.parametrize("kind", ["reminder", "satisfaction"])
def test_what_is_only_kindness_troubles_nobody(
    database: Database, settings: Settings, gateway: Gateway, sender: Sender, kind: str
) -> None:
    gateway.behaviour = lambda notice_id, attempt: "status:422"
    notice_id = owed(database, settings, utc_now(), kind, phone="+862150000000")
    sender.round()
    watch(database, utc_now() + timedelta(days=3))
    assert the_notice(database, notice_id).state == "failed"
    assert the_calls(database) == []


@pytest.mark.parametrize("customer", [{"phone": "+862150000000"}, {"channel": "call", "mail": MAIL}])
def test_whom_only_a_call_reaches_is_called_from_the_start(
    database: Database, settings: Settings, gateway: Gateway, sender: Sender, customer: dict[str, str]
) -> None:
    owed(database, settings, utc_now(), **customer)
    sender.round()
    assert len(the_calls(database)) == 1
    assert not gateway.tried


def test_a_mail_is_what_who_prefers_mail_gets(
    database: Database, settings: Settings, gateway: Gateway, sender: Sender
) -> None:
    notice_id = owed(database, settings, utc_now(), mail=MAIL, channel="mail")
    sender.round()
    assert the_notice(database, notice_id).medium == "mail"
    assert not gateway.tried


def test_a_gateway_that_is_down_is_left_for_the_mail_before_a_person_is_troubled(
    database: Database, settings: Settings, gateway: Gateway, sender: Sender
) -> None:
    gateway.behaviour = lambda notice_id, attempt: "status:503"
    now = utc_now()
    notice_id = owed(database, settings, now, deadline=now + 3 * HOUR, mail=MAIL)
    sender.round(lambda: now)
    assert the_notice(database, notice_id).medium == "sms"
    sender.round(lambda: now + 2 * HOUR)  # within 90 minutes of the deadline
    assert (the_notice(database, notice_id).state, the_notice(database, notice_id).medium) == ("accepted", "mail")
    assert the_calls(database) == []


def test_what_may_have_arrived_never_goes_by_a_second_way(
    database: Database, settings: Settings, gateway: Gateway, sender: Sender
) -> None:
    gateway.behaviour = lambda notice_id, attempt: "take_and_hang"
    gateway.knows_nothing = True
    now = utc_now()
    notice_id = owed(database, settings, now, deadline=now + 3 * HOUR, mail=MAIL)
    for minutes in (0, 30, 100, 140, 170):
        sender.round(lambda: now + minutes * MINUTE)  # noqa: B023
        watch(database, now + minutes * MINUTE)
    assert the_notice(database, notice_id).medium == "sms"
    assert gateway.tried[str(notice_id)] == 1
    assert len(the_calls(database)) == 1, "a person makes sure"


@pytest.mark.parametrize(("before", "calls"), [(timedelta(minutes=45, seconds=1), 0), (timedelta(minutes=45), 1)])
def test_it_becomes_a_call_three_quarters_of_an_hour_before_the_deadline(
    database: Database, settings: Settings, before: timedelta, calls: int
) -> None:
    now = utc_now()
    owed(database, settings, now, deadline=now + 4 * HOUR)
    watch(database, now + 4 * HOUR - before)
    assert len(the_calls(database)) == calls


def test_watching_twice_asks_for_one_call(database: Database, settings: Settings) -> None:
    now = utc_now()
    owed(database, settings, now, deadline=now + 4 * HOUR)
    late = now + 4 * HOUR - MINUTE
    assert watch(database, late) == Watched(calls=1)
    assert watch(database, late) == Watched()
    assert len(the_calls(database)) == 1


def test_a_call_in_time_keeps_the_rule(database: Database, settings: Settings, sender: Sender) -> None:
    now = utc_now()
    notice_id = owed(database, settings, now, deadline=now + HOUR)
    watch(database, now + 40 * MINUTE)
    task = call(database, settings, now + 50 * MINUTE, "reached_agreed")
    assert (task.state, task.outcome, task.closed_by) == ("done", "reached_agreed", "dispatcher:dispatcher")
    watch(database, now + 2 * HOUR)
    notice = the_notice(database, notice_id)
    assert (notice.state, notice.breached_at) == ("phoned", None)
    assert verdict(notice, now + 2 * HOUR) == "told"
    sender.round(lambda: now + 55 * MINUTE)
    assert the_notice(database, notice_id).attempts == 0, "what was said by phone is not sent as well"


def test_a_call_after_the_deadline_is_a_breach(database: Database, settings: Settings) -> None:
    now = utc_now()
    notice_id = owed(database, settings, now, deadline=now + HOUR)
    assert watch(database, now + HOUR + MINUTE).breaches == 1
    assert the_calls(database)[0].breached_at == now + HOUR + MINUTE
    call(database, settings, now + HOUR + 2 * MINUTE, "reached_disagreed")
    notice = the_notice(database, notice_id)
    assert notice.state == "phoned"
    assert notice.breached_at == now + HOUR + MINUTE
    assert verdict(notice, now + 2 * HOUR) == "told_late"


@pytest.mark.parametrize(("after", "breaches"), [(timedelta(0), 0), (timedelta(microseconds=1), 1)])
def test_the_deadline_itself_is_still_in_time(
    database: Database, settings: Settings, after: timedelta, breaches: int
) -> None:
    now = utc_now()
    owed(database, settings, now, deadline=now + HOUR)
    assert watch(database, now + HOUR + after).breaches == breaches


def test_nobody_reached_keeps_the_task_until_it_is_overdue_and_was_tried_twice(
    database: Database, settings: Settings
) -> None:
    now = utc_now()
    owed(database, settings, now, deadline=now + HOUR)
    watch(database, now + 40 * MINUTE)
    assert call(database, settings, now + 41 * MINUTE, "not_reached").state == "open"
    assert call(database, settings, now + 42 * MINUTE, "not_reached").state == "open"
    assert call(database, settings, now + HOUR + MINUTE, "not_reached").state == "done"
    (task,) = the_calls(database)
    assert [one["outcome"] for one in task.tries] == ["not_reached"] * 3
    assert watch(database, now + HOUR + 2 * MINUTE).breaches == 1


def test_two_dispatchers_do_not_both_make_the_call(database: Database, settings: Settings) -> None:
    now = utc_now()
    owed(database, settings, now, deadline=now + HOUR)
    watch(database, now + 40 * MINUTE)
    call(database, settings, now + 41 * MINUTE, "not_reached", version=1)
    with pytest.raises(Stale):
        call(database, settings, now + 41 * MINUTE, "reached_agreed", version=1)
    call(database, settings, now + 41 * MINUTE, "reached_agreed", version=2)
    with pytest.raises(NotAllowed, match="closed"):
        call(database, settings, now + 42 * MINUTE, "reached_agreed")


def test_a_message_that_goes_through_after_all_takes_the_call_back(
    database: Database, settings: Settings, gateway: Gateway, sender: Sender
) -> None:
    now = utc_now()
    notice_id = owed(database, settings, now, deadline=now + HOUR)
    watch(database, now + 40 * MINUTE)
    assert [task.state for task in the_calls(database)] == ["open"]
    sender.round(lambda: now + 41 * MINUTE)
    assert the_notice(database, notice_id).state == "accepted"
    assert [task.state for task in the_calls(database)] == ["void"]


def test_a_newer_truth_closes_the_notice_and_its_call(
    database: Database, settings: Settings, gateway: Gateway, sender: Sender
) -> None:
    now = utc_now()
    notice_id = owed(database, settings, now, deadline=now + HOUR)
    watch(database, now + 40 * MINUTE)
    with database.writing() as session:
        notice = session.get_one(Notice, notice_id)
        assert notice.visit_id is not None
        assert supersede(a_turn(session, settings, now), notice.visit_id) == 1
    assert [task.state for task in the_calls(database)] == ["void"]
    sender.round(lambda: now + 41 * MINUTE)
    assert not gateway.tried
    watch(database, now + 2 * HOUR)
    assert the_notice(database, notice_id).breached_at is None


def test_a_paused_channel_sends_nothing_and_its_notices_go_another_way_or_to_a_person(
    database: Database, settings: Settings, gateway: Gateway, sender: Sender
) -> None:
    now = utc_now()
    with_mail = owed(database, settings, now, deadline=now + 3 * HOUR, mail=MAIL)
    without = owed(database, settings, now, deadline=now + 3 * HOUR)
    with database.writing() as session:
        pause_channel(a_turn(session, settings, now, SUPERVISOR), "http", "网关账号欠费")
    sender.round(lambda: now + MINUTE)
    assert not gateway.tried
    watch(database, now + 100 * MINUTE)
    sender.round(lambda: now + 100 * MINUTE)
    assert the_notice(database, with_mail).state == "accepted"
    watch(database, now + 140 * MINUTE)
    assert [task.notice_id for task in the_calls(database)] == [without]
    with database.writing() as session:
        resume_channel(a_turn(session, settings, now, SUPERVISOR), "http")
    sender.round(lambda: now + 141 * MINUTE)
    assert the_notice(database, without).state == "accepted"
    assert set(gateway.buzzed) == {str(without)}


def test_a_gateway_that_asks_all_of_us_to_wait_is_left_alone_until_then(
    database: Database, settings: Settings, gateway: Gateway, sender: Sender
) -> None:
    gateway.behaviour = lambda notice_id, attempt: "status:429:30" if len(gateway.tried) == 1 else "fine"
    now = utc_now()
    owed(database, settings, now)
    sender.round(lambda: now)
    owed(database, settings, now)
    sender.round(lambda: now + timedelta(seconds=29))
    assert sum(gateway.tried.values()) == 1
    sender.round(lambda: now + timedelta(seconds=31))
    assert len(gateway.buzzed) == 2


def test_one_number_gets_no_more_than_its_fill_but_what_is_urgent(
    database: Database, settings: Settings, gateway: Gateway, sender: Sender
) -> None:
    now = utc_now()
    most = settings.sms_per_number_hour
    with database.writing() as session:
        turn = a_turn(session, settings, now)
        reader = a_reader(turn)
        for _ in range(most):
            an_owed_notice(turn, "booked", reader)
    sender.round(lambda: now)
    assert len(gateway.buzzed) == most
    with database.writing() as session:
        turn = a_turn(session, settings, now)
        calm = an_owed_notice(turn, "reminder", reader).id
        urgent = an_owed_notice(turn, "no_access", reader).id
        other = an_owed_notice(turn, "reminder", a_reader(turn, "+8613800000002")).id
    sender.round(lambda: now + MINUTE)
    assert gateway.buzzed[str(urgent)] == gateway.buzzed[str(other)] == 1
    assert gateway.buzzed[str(calm)] == 0
    sender.round(lambda: now + HOUR + MINUTE)
    assert gateway.buzzed[str(calm)] == 1


def test_all_senders_share_the_gateways_pace(
    database: Database, settings: Settings, gateway: Gateway, tmp_path: Path
) -> None:
    slow = settings.model_copy(update={"sms_per_second": 5.0, "sms_per_number_hour": 0})
    now = utc_now()
    for _ in range(12):
        owed(database, slow, now)
    senders = [
        Sender(database, slow, {"sms": HttpChannel(gateway.url, 2)}, lambda notice: "https://example.net")
        for _ in range(2)
    ]
    for sender in senders:
        sender.round(lambda: now)
    assert len(gateway.buzzed) == 5, "a second's worth at once"
    for sender in senders:
        sender.round(lambda: now + timedelta(seconds=1))
    assert len(gateway.buzzed) == 10
    for _ in range(12):
        owed(database, slow, now)
    for sender in senders:
        sender.round(lambda: now + timedelta(seconds=60))
    assert len(gateway.buzzed) == 15, "an idle minute is not made up for at once"
    for sender in senders:
        sender.close()


def test_an_attempt_that_others_took_over_writes_nothing_any_more(database: Database, settings: Settings) -> None:
    now = utc_now()
    notice_id = owed(database, settings, now)
    with database.writing() as session:
        (slow,) = claim(session, settings, {}, now, 5)
    with database.writing() as session:
        assert claim(session, settings, {}, now + 29 * SECOND, 5) == []
        (quick,) = claim(session, settings, {}, now + 31 * SECOND, 5)
    assert (quick.attempt, quick.must_ask) == (2, True)
    with database.writing() as session:
        settle(session, [Finished(slow, "http", Outcome("refused", "too slow"))], now + 32 * SECOND)
    assert the_notice(database, notice_id).state == "claimed"
    with database.writing() as session:
        settle(session, [Finished(quick, "http", Outcome("accepted"))], now + 33 * SECOND)
    assert the_notice(database, notice_id).state == "accepted"


def test_the_story_of_a_notice_names_every_try(
    database: Database, settings: Settings, gateway: Gateway, sender: Sender
) -> None:
    gateway.behaviour = lambda notice_id, attempt: "status:503" if attempt == 1 else "lost"
    now = utc_now()
    notice_id = owed(database, settings, now, deadline=now + HOUR)
    for seconds in (0, 10, 60):
        sender.round(lambda: now + timedelta(seconds=seconds))  # noqa: B023
    with database.reading() as session:
        notice = session.get_one(Notice, notice_id)
        told = [(moment.what, moment.detail) for moment in moments_of(session, notice)]
        assert len(list(session.scalars(select(Attempt)))) == 3
    assert told == [
        ("owed", ""),
        ("claimed", ""),
        ("busy", "HTTP 503"),
        ("claimed", ""),
        ("unknown", "RemoteProtocolError"),
        ("claimed", "asked first"),
        ("accepted", ""),
    ]


@pytest.mark.parametrize("jump", [timedelta(days=2), -HOUR])
def test_a_clock_that_jumps_misses_nothing_and_doubles_nothing(
    database: Database, settings: Settings, gateway: Gateway, sender: Sender, jump: timedelta
) -> None:
    now = utc_now()
    ids = [owed(database, settings, now, "booked", useful_until=now + timedelta(days=9)) for _ in range(5)]
    late = owed(database, settings, now, deadline=now + HOUR)
    sender_clock = now + jump
    sender.round(lambda: sender_clock)
    watch(database, sender_clock)
    for hours in (0, 1, 50):  # and the clock is put right again
        sender.round(lambda: now + hours * HOUR)  # noqa: B023
        watch(database, now + hours * HOUR)
    assert {gateway.buzzed[str(one)] for one in ids} == {1}
    assert sum(gateway.buzzed.values()) in (5, 6)
    notice = the_notice(database, late)
    assert notice.state == "accepted" or (notice.breached_at and len(the_calls(database)) == 1)


def test_only_who_may_pauses(database: Database, settings: Settings) -> None:
    with database.writing() as session, pytest.raises(Forbidden):
        pause_channel(a_turn(session, settings, utc_now(), DISPATCHER), "http", "因为")


@pytest.mark.parametrize(("kind", "in_trouble"), [("booked", True), ("record_ready", False)])
def test_the_board_is_told_of_what_must_be_said_and_not_of_mere_kindness(
    database: Database, settings: Settings, kind: str, in_trouble: bool
) -> None:
    now = utc_now()
    notice = the_notice(database, owed(database, settings, now, kind, phone="+862150000000"))
    assert notice.state == "failed"
    with database.reading() as session:
        assert visits_in_trouble(session, [notice.visit_id], now) == ({notice.visit_id} if in_trouble else set())  # type: ignore[list-item]
