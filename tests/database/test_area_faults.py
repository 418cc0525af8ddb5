"""The fault of an area: everybody there is told once while it lasts, by day and at the pace, and nobody after that."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts.viewer import Viewer
from dispatch.customers.tables import Site
from dispatch.database import Database
from dispatch.errors import Forbidden, Invalid, NotAllowed
from dispatch.kpis.surges import surge_began
from dispatch.notices.actions import resend
from dispatch.notices.own_texts import real_facts
from dispatch.notices.text_drafts import notices_said_by
from dispatch.outages.actions import approve_outage, cancel_outage, owe_outages, plan_outage
from dispatch.outages.queries import preview_of, public_outage, telling_of
from dispatch.outages.tables import Outage
from dispatch.settings import Settings
from dispatch.visits.tables import WorkOrder
from tests.database.test_outages import DISPATCHER, HOUR, MINUTE, NOW, STARTS, SUPERVISOR, a_city, owed
from tests.makers import a_turn, some_settings

WHY = Words("光缆被挖断", "a cable that was cut")
EVENING = NOW + 10 * HOUR + 58 * MINUTE  # two minutes before nine, when the quiet hours begin


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return some_settings(tmp_path / "var", database_url, outage_per_minute=3)


def a_fault(session: Session, settings: Settings, area: UUID, *, back: timedelta, now: datetime = NOW) -> Outage:
    """Down for an hour, expected `back` so long after now; approved."""
    turn = a_turn(session, settings, now, SUPERVISOR)
    outage = plan_outage(turn, area, turn.now - HOUR, turn.now + back, WHY, "fault")
    return approve_outage(turn, outage.id, expected_version=1)


def test_everybody_there_is_told_once_that_it_is_down_until_when(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        area, _ = a_city(session, settings, 7)
        outage = a_fault(session, settings, area, back=4 * HOUR)
        assert owe_outages(a_turn(session, settings, NOW)) == 0, "all of them fitted into the first batch"
        notices = owed(session, outage)
        assert [(notice.not_before - NOW) // MINUTE for notice in notices] == [0, 0, 0, 1, 1, 1, 2]
        assert {notice.kind for notice in notices} == {"outage"}
        assert {notice.useful_until for notice in notices} == {NOW + 4 * HOUR}
        assert {notice.facts["outage_kind"] for notice in notices} == {"fault"}
        shown = public_outage(session, outage.id)
        assert shown is not None
        assert (shown.is_fault, shown.is_cancelled) == (True, False)


@pytest.mark.parametrize(
    ("back", "told"), [(MINUTE, 3), (MINUTE + timedelta(seconds=1), 6), (2 * MINUTE, 6), (3 * MINUTE, 7)]
)
def test_whose_moment_comes_after_the_repair_is_not_told(
    database: Database, settings: Settings, back: timedelta, told: int
) -> None:
    with database.writing() as session:
        area, _ = a_city(session, settings, 7)
        turn = a_turn(session, settings, NOW, SUPERVISOR)
        draft = plan_outage(turn, area, NOW - HOUR, NOW + back, WHY, "fault")
        assert preview_of(turn, draft).told_in_time == told
        approve_outage(turn, draft.id)
        assert len(owed(session, draft)) == told
        assert owe_outages(turn) == 0


def test_nobody_is_told_at_night_nor_of_what_is_over_by_morning(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        area, there = a_city(session, settings, 8)
        short = a_fault(session, settings, area, back=11 * HOUR + 2 * MINUTE, now=EVENING)
        long = a_fault(session, settings, area, back=11 * HOUR + 3 * MINUTE, now=EVENING)
        night = a_fault(session, settings, there, back=4 * HOUR, now=EVENING + HOUR)
        at_once, minute_later, morning = EVENING, EVENING + MINUTE, EVENING + 11 * HOUR + 2 * MINUTE
        assert [one.not_before for one in owed(session, short)] == [at_once] * 3 + [minute_later] * 3
        assert [one.not_before for one in owed(session, long)] == [at_once] * 3 + [minute_later] * 3 + [morning] * 2
        assert owed(session, night) == []


def test_who_moves_in_is_told_while_it_lasts_and_not_at_night(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        area, there = a_city(session, settings, 2)
        outage = a_fault(session, settings, area, back=40 * HOUR)
        session.execute(sa.update(Site).where(Site.area_id == there).values(area_id=area))
        assert owe_outages(a_turn(session, settings, NOW + 11 * HOUR)) == 1
        assert owed(session, outage)[-1].not_before == NOW + 22 * HOUR, "at eight in the morning"


@pytest.mark.parametrize(("later", "found"), [(timedelta(seconds=-1), 1), (timedelta(0), 0)])
def test_telling_stops_when_the_repair_is_expected(
    database: Database, settings: Settings, later: timedelta, found: int
) -> None:
    with database.writing() as session:
        area, there = a_city(session, settings, 2)
        outage = a_fault(session, settings, area, back=4 * HOUR)
        session.execute(sa.update(Site).where(Site.area_id == there).values(area_id=area))
        assert owe_outages(a_turn(session, settings, outage.ends_at + later)) == found


def test_a_fault_need_not_be_told_before_it_begins_and_is_refused_when_it_is_over(
    database: Database, settings: Settings
) -> None:
    with database.writing() as session:
        area, _ = a_city(session, settings, 2)
        turn = a_turn(session, settings, NOW, SUPERVISOR)
        for begun, back in ((NOW + MINUTE, NOW + HOUR), (NOW - HOUR, NOW), (NOW - 49 * HOUR, NOW + HOUR)):
            with pytest.raises(Invalid):
                plan_outage(turn, area, begun, back, WHY, "fault")
        with pytest.raises(Invalid):
            plan_outage(turn, area, NOW - HOUR, NOW + HOUR, WHY)
        draft = plan_outage(turn, area, NOW, NOW + HOUR, WHY, "fault")
        with pytest.raises(Forbidden):
            approve_outage(a_turn(session, settings, NOW, DISPATCHER), draft.id)
        with pytest.raises(Invalid) as refused:
            approve_outage(a_turn(session, settings, NOW + HOUR, SUPERVISOR), draft.id)
        assert refused.value.name == "fault-over"
        assert approve_outage(turn, draft.id).state == "telling"


def test_repaired_is_noted_without_a_reason_and_stops_the_telling(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        area, _ = a_city(session, settings, 5)
        outage = a_fault(session, settings, area, back=4 * HOUR)
        owed(session, outage)[0].state = "accepted"
        session.flush()
        with pytest.raises(Forbidden):
            cancel_outage(a_turn(session, settings, NOW, DISPATCHER), outage.id)
        turn = a_turn(session, settings, NOW + MINUTE, SUPERVISOR)
        assert cancel_outage(turn, outage.id) == 1
        assert telling_of(session, outage.id) == {"accepted": 1, "superseded": 4}
        assert owe_outages(turn) == 0
        shown = public_outage(session, outage.id)
        assert shown is not None
        assert (shown.is_fault, shown.is_cancelled) == (True, True)
        with pytest.raises(NotAllowed):
            cancel_outage(turn, outage.id)


def test_what_was_told_of_a_fault_is_not_said_again_once_it_is_repaired(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        area, _ = a_city(session, settings, 2)
        outage = a_fault(session, settings, area, back=4 * HOUR)
        turn = a_turn(session, settings, NOW + MINUTE, SUPERVISOR)
        for notice in owed(session, outage):
            notice.state = "accepted"
        session.flush()
        told = owed(session, outage)[0]
        assert resend(turn, told.id, "客户误删了短信").facts["outage_kind"] == "fault"
        cancel_outage(turn, outage.id)
        session.expire_all()
        with pytest.raises(NotAllowed) as refused:
            resend(turn, told.id, "客户误删了短信")
        assert refused.value.name == "notice-not-true"


def test_a_text_is_looked_at_with_the_notices_that_it_says(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        area, _ = a_city(session, settings, 6)
        fault = a_fault(session, settings, area, back=4 * HOUR)
        turn = a_turn(session, settings, NOW, SUPERVISOR)
        planned = approve_outage(turn, plan_outage(turn, area, STARTS, STARTS + HOUR, WHY).id)
        for name, outage in (("outage_fault", fault), ("outage", planned)):
            said = notices_said_by(session, SUPERVISOR, name, "zh")
            assert {notice.outage_id for notice in said} == {outage.id}
            facts = real_facts(session, SUPERVISOR, name, "zh")
            assert facts is not None
            assert facts["outage_id"] == str(outage.id)


def test_a_kind_that_there_is_not_is_refused_by_the_database(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        area, _ = a_city(session, settings, 1)
        a_fault(session, settings, area, back=HOUR)
    with database.engine.begin() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.execute(sa.text("UPDATE outages SET kind = 'nonsense'"))


def reported(session: Session, settings: Settings, ago: list[int]) -> UUID:
    """An area with faults reported so many minutes ago, and none before."""
    area, _ = a_city(session, settings, len(ago))
    orders = session.scalars(sa.select(WorkOrder)).all()
    there = session.scalars(sa.select(WorkOrder).join(Site, Site.id == WorkOrder.site_id).where(Site.area_id == area))
    for order in orders:
        order.reported_at = NOW + HOUR  # not yet
    for order, since in zip(there.all(), ago, strict=False):
        order.reported_at = NOW - since * MINUTE
    session.flush()
    return area


@pytest.mark.parametrize(
    ("ago", "first"),
    [
        ([10, 20, 30, 40, 50], 50),
        ([10, 20, 30, 40, 50, 179], 179),
        ([10, 20, 30, 40, 50, 180], 50),  # three hours ago is before this surge
        ([10, 20, 30, 40, 200], 200),  # five in a day, four in three hours
        ([10, 20, 30, 40], None),
    ],
)
def test_a_surge_began_with_its_first_report(
    database: Database, settings: Settings, ago: list[int], first: int | None
) -> None:
    with database.writing() as session:
        area = reported(session, settings, ago)
        began = surge_began(a_turn(session, settings, NOW, SUPERVISOR), area)
        assert began == (None if first is None else NOW - first * MINUTE)
        with pytest.raises(Forbidden):
            surge_began(a_turn(session, settings, NOW, Viewer(role="technician", name="t")), area)
