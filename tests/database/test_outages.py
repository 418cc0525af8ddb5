"""A planned outage: nobody hears of a draft, everybody in the area hears of an approved one once, in time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts.viewer import Viewer
from dispatch.customers.actions import CustomerFacts, LineFacts, SiteFacts
from dispatch.database import Database
from dispatch.errors import Forbidden, Invalid, NotAllowed, Stale
from dispatch.notices.tables import Notice
from dispatch.outages import actions
from dispatch.outages.actions import approve_outage, cancel_outage, owe_outages, plan_outage
from dispatch.outages.queries import preview_of, public_outage, telling_of
from dispatch.outages.tables import Outage
from dispatch.settings import Settings
from dispatch.technicians.tables import Area
from tests.makers import a_turn, an_order, some_settings

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)  # ten in the morning in Shanghai
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
STARTS = NOW + 30 * HOUR
WHY = Words("光缆割接", "Fibre works")
SUPERVISOR, DISPATCHER = (Viewer(role=role, name=role) for role in ("supervisor", "dispatcher"))  # type: ignore[arg-type]


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return some_settings(tmp_path / "var", database_url, outage_per_minute=3)


def a_city(session: Session, settings: Settings, customers: int) -> tuple[UUID, UUID]:
    """Two areas; the first with so many customers, one of whom has two sites there; the other with one."""
    here, there = (Area(name=name, name_en=name, latitude=31.2, longitude=121.5) for name in ("张江", "金桥"))
    session.add_all([here, there])
    session.flush()
    for number in range(customers + 1):
        told = CustomerFacts(f"客户{number}", f"1380000{number:04d}", language="en" if number % 3 == 0 else "zh")
        area = there if number == customers else here
        for door in range(2 if number == 0 else 1):
            an_order(
                a_turn(session, settings, NOW),
                customer=told,
                site=SiteFacts(f"某路{number}号{door}室", area=area.name),
                line=LineFacts(f"line{number}-{door}"),
            )
    return here.id, there.id


def owed(session: Session, outage: Outage) -> list[Notice]:
    query = select(Notice).where(Notice.outage_id == outage.id).order_by(Notice.not_before, Notice.id)
    return list(session.scalars(query))


def test_a_draft_tells_nobody_and_shows_whom_it_would_tell(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        area, _ = a_city(session, settings, 7)
        turn = a_turn(session, settings, NOW, DISPATCHER)
        outage = plan_outage(turn, area, STARTS, STARTS + 2 * HOUR, WHY)
        preview = preview_of(turn, outage)
        assert (preview.customers, preview.by_language, preview.by_channel) == (7, {"en": 3, "zh": 4}, {"sms": 7})
        assert preview.told_by == NOW + 2 * MINUTE
        assert owe_outages(turn) == 0
        assert owed(session, outage) == []
        assert public_outage(session, outage.id) is None


def test_everybody_there_is_told_once_at_the_pace(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        area, _ = a_city(session, settings, 7)
        turn = a_turn(session, settings, NOW, SUPERVISOR)
        outage = plan_outage(turn, area, STARTS, STARTS + 2 * HOUR, WHY)
        approve_outage(turn, outage.id, expected_version=1)
        assert owe_outages(turn) == 0, "all of them fitted into the first batch"
        notices = owed(session, outage)
        assert len({notice.customer_id for notice in notices}) == len(notices) == 7
        waits = [(notice.not_before - NOW) // MINUTE for notice in notices]
        assert waits == [0, 0, 0, 1, 1, 1, 2]
        assert {notice.useful_until for notice in notices} == {STARTS}
        assert notices[0].facts["reason"] == {"zh": "光缆割接", "en": "Fibre works"}
        assert public_outage(session, outage.id) is not None


def test_a_large_area_is_told_batch_by_batch_and_nobody_twice(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 3)
    with database.writing() as session:
        area, _ = a_city(session, settings, 8)
        turn = a_turn(session, settings, NOW, SUPERVISOR)
        outage = plan_outage(turn, area, STARTS, STARTS + HOUR, WHY)
        approve_outage(turn, outage.id)
    owing: list[int] = []
    for _ in range(4):
        with database.writing() as session:
            owing.append(owe_outages(a_turn(session, settings, NOW + 5 * MINUTE)))
    assert owing == [3, 2, 0, 0]
    with database.reading() as session:
        waits = [(notice.not_before - NOW) // MINUTE for notice in owed(session, outage)]
    assert len(waits) == 8
    assert waits[3:] == [5] * 5, "their own minute is past already"


def test_only_a_supervisor_lets_the_telling_begin_and_only_in_time(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        area, _ = a_city(session, settings, 7)
        turn = a_turn(session, settings, NOW, SUPERVISOR)
        outage = plan_outage(turn, area, STARTS, STARTS + HOUR, WHY)
        with pytest.raises(Forbidden):
            approve_outage(a_turn(session, settings, NOW, DISPATCHER), outage.id)
        with pytest.raises(Stale):
            approve_outage(turn, outage.id, expected_version=2)
        soon = plan_outage(turn, area, NOW + 31 * MINUTE, NOW + HOUR, WHY)
        with pytest.raises(NotAllowed) as refused:
            approve_outage(turn, soon.id)
        assert refused.value.name == "outage-too-soon"
        later = plan_outage(turn, area, NOW + 32 * MINUTE, NOW + HOUR, WHY)
        approve_outage(turn, later.id)
        with pytest.raises(NotAllowed):
            approve_outage(turn, later.id)


def test_calling_it_off_closes_what_has_not_left_and_needs_a_reason_once_told(
    database: Database, settings: Settings
) -> None:
    with database.writing() as session:
        area, _ = a_city(session, settings, 5)
        turn = a_turn(session, settings, NOW, SUPERVISOR)
        draft = plan_outage(turn, area, STARTS, STARTS + HOUR, WHY)
        assert cancel_outage(a_turn(session, settings, NOW, DISPATCHER), draft.id) == 0
        outage = plan_outage(turn, area, STARTS, STARTS + HOUR, WHY)
        approve_outage(turn, outage.id)
        owed(session, outage)[0].state = "accepted"
        session.flush()
        with pytest.raises(Invalid):
            cancel_outage(turn, outage.id, " ")
        with pytest.raises(Forbidden):
            cancel_outage(a_turn(session, settings, NOW, DISPATCHER), outage.id, "改期")
        assert cancel_outage(turn, outage.id, "改期") == 1
        assert telling_of(session, outage.id) == {"accepted": 1, "superseded": 4}
        assert owe_outages(turn) == 0
        shown = public_outage(session, outage.id)
        assert shown is not None
        assert shown.is_cancelled


@pytest.mark.parametrize("reason", [Words("", "x"), Words("x", " "), Words("长" * 201, "x"), Words("x\x00", "x")])
def test_customers_read_a_reason_in_both_languages(database: Database, settings: Settings, reason: Words) -> None:
    with database.writing() as session:
        area, _ = a_city(session, settings, 1)
        with pytest.raises(Invalid):
            plan_outage(a_turn(session, settings, NOW), area, STARTS, STARTS + HOUR, reason)
