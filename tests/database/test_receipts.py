"""Receipts come twice, out of order, from a channel that was left, and for notices that nobody knows: one state."""

from itertools import permutations
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from dispatch.clock import utc_now
from dispatch.database import Database
from dispatch.notices.channels.protocol import Said
from dispatch.notices.hearing import hear_receipt, join_early_receipts
from dispatch.notices.receipts import take_receipt
from dispatch.notices.tables import CallTask, Notice, Receipt
from dispatch.settings import Settings
from tests.makers import a_reader, a_turn, an_owed_notice, some_settings

MAIL = "wang@example.com"


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return some_settings(tmp_path / "var", database_url)


def a_sent_notice(database: Database, settings: Settings, state: str = "accepted", **customer: object) -> UUID:
    now = utc_now()
    with database.writing() as session:
        turn = a_turn(session, settings, now)
        notice = an_owed_notice(turn, "moved", a_reader(turn, **customer))  # type: ignore[arg-type]
        notice.state, notice.channel = state, "http"
        if state == "accepted":
            notice.accepted_at = now
        return notice.id


def hear(
    database: Database, settings: Settings, notice_id: UUID | None, *said: str, channel: str = "http"
) -> Notice | None:
    with database.writing() as session:
        turn = a_turn(session, settings, utc_now())
        for state in said:
            take_receipt(turn, notice_id, state, {"state": state}, channel)
    with database.reading() as session:
        return session.get(Notice, notice_id) if notice_id else None


def calls(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(CallTask.state)))


@pytest.mark.parametrize("order", list(permutations(["accepted", "delivered", "delivered", "read"])))
def test_any_order_of_good_news_ends_in_the_same_state(
    database: Database, settings: Settings, order: tuple[str, ...]
) -> None:
    notice = hear(database, settings, a_sent_notice(database, settings), *order)
    assert notice is not None
    assert (notice.state, bool(notice.delivered_at), bool(notice.read_at)) == ("delivered", True, True)


@pytest.mark.parametrize("order", [("failed", "delivered"), ("delivered", "failed"), ("failed", "failed", "delivered")])
def test_a_delivery_is_believed_whatever_else_is_said(
    database: Database, settings: Settings, order: tuple[str, ...]
) -> None:
    notice = hear(database, settings, a_sent_notice(database, settings), *order)
    assert notice is not None
    assert notice.state == "delivered"
    assert "open" not in calls(database)


def test_what_did_not_arrive_goes_the_next_way(database: Database, settings: Settings) -> None:
    notice = hear(database, settings, a_sent_notice(database, settings, mail=MAIL), "failed")
    assert notice is not None
    assert (notice.state, notice.medium, notice.accepted_at) == ("owed", "mail", None)
    assert calls(database) == []


def test_what_did_not_arrive_and_has_no_other_way_becomes_a_call_once(database: Database, settings: Settings) -> None:
    notice = hear(database, settings, a_sent_notice(database, settings), "failed", "failed")
    assert notice is not None
    assert notice.state == "failed"
    assert calls(database) == ["open"]


def test_a_failure_told_late_by_a_channel_that_was_left_changes_nothing(database: Database, settings: Settings) -> None:
    notice_id = a_sent_notice(database, settings, mail=MAIL)
    with database.writing() as session:
        session.get_one(Notice, notice_id).channel = "smtp"
    notice = hear(database, settings, notice_id, "failed", channel="http")
    assert notice is not None
    assert notice.state == "accepted"
    notice = hear(database, settings, notice_id, "delivered", channel="http")
    assert notice is not None
    assert notice.state == "delivered", "a late delivery by the first way is good news all the same"


def test_what_was_superseded_under_way_and_arrived_is_remembered(database: Database, settings: Settings) -> None:
    notice = hear(database, settings, a_sent_notice(database, settings, "superseded"), "delivered")
    assert notice is not None
    assert (notice.state, bool(notice.accepted_at)) == ("superseded", True)


def test_a_report_that_overtakes_the_answer_finds_its_notice(database: Database, settings: Settings) -> None:
    notice_id = a_sent_notice(database, settings)
    now = utc_now()
    with database.writing() as session:
        turn = a_turn(session, settings, now)
        hear_receipt(turn, "tencent", Said("2640:1234", "delivered", {"sid": "2640:1234"}))
        hear_receipt(turn, "tencent", Said("2640:9999", "failed", {"sid": "2640:9999"}))
    with database.writing() as session:
        assert join_early_receipts(a_turn(session, settings, now), {"2640:1234": notice_id}) == 1
    with database.reading() as session:
        assert session.get_one(Notice, notice_id).state == "delivered"


def test_unknown_ids_are_kept_and_harm_nothing(database: Database, settings: Settings) -> None:
    hear(database, settings, None, "delivered")
    hear(database, settings, uuid4(), "nonsense" * 9)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Receipt)) == 2
        assert session.scalar(select(func.count()).select_from(Notice)) == 0
