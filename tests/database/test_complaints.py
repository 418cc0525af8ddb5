"""Complaints in the database: one owner, every stage told, clocks written down, money only within limits."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.care.compensation.ledger import compensations_listed
from dispatch.care.compensation.tables import Compensation
from dispatch.care.complaints.appealing import unhappy
from dispatch.care.complaints.handling import (
    Offer,
    answer,
    assign,
    close,
    found_out,
    offer,
    settle,
    tell_result,
    withdraw,
)
from dispatch.care.complaints.life import IllegalStep
from dispatch.care.complaints.queries import (
    clocks_of,
    complaint_seen_by,
    complaints_listed,
    earlier_complaints,
    evidence_of,
    round_of,
    rounds_of,
    steps_of,
)
from dispatch.care.complaints.registering import Told, register_complaint
from dispatch.care.complaints.tables import Complaint
from dispatch.care.complaints.telling import complaint_token, open_complaint_link
from dispatch.care.complaints.watching import note_overdue, settle_provisional
from dispatch.care.speaking import Impolite
from dispatch.database import Database
from dispatch.errors import Forbidden, Invalid, NotAllowed, NotFound, Stale
from dispatch.notices.tables import CallTask, Notice
from dispatch.settings import Settings
from tests.database.care_cast import DAY, HOUR, NOW, CareCast, care_cast
from tests.makers import some_settings

SORRY = "您好，给您添麻烦了，我们已安排核实。"
OFFERS = (Offer("redo", "明天上午由另一位师傅上门"), Offer("credit", "补偿到下月账单", 5000))


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return some_settings(tmp_path / "var", database_url)


def told(cast: CareCast, **more: Any) -> Told:
    facts = {"subject": "appointment", "matter": "说好九点来，没人来也没电话。", "visit_id": cast.visit_id}
    return Told(cast.customer_id, "phone", **(facts | more))


def kinds(cast: CareCast) -> list[str]:
    query = select(Notice.kind).where(Notice.kind.startswith("complaint_")).order_by(Notice.owed_at, Notice.id)
    return list(cast.session.scalars(query))


def to_told(cast: CareCast, complaint: Complaint, login: str, at: datetime) -> None:
    """From registered (or appealed) to told, an hour a step."""
    answer(cast.turn(login, at), complaint.id, SORRY)
    found_out(cast.turn(login, at + HOUR), complaint.id, "appointment.missed", "派单漏看", "经查，师傅漏看了派单。")
    offer(cast.turn(login, at + 2 * HOUR), complaint.id, OFFERS)
    settle(cast.turn(login, at + 3 * HOUR), complaint.id, "B")
    tell_result(cast.turn(login, at + 4 * HOUR), complaint.id, "补偿50元已计入下月账单。")


def test_a_complaint_has_one_owner_clocks_evidence_and_an_acknowledgement(
    database: Database, settings: Settings
) -> None:
    with database.writing() as session:
        cast = care_cast(session, settings)
        complaint = register_complaint(cast.turn(), told(cast))
        one = round_of(session, complaint)
        assert complaint.owner_id == cast.id("agent1")
        assert complaint.number == "T-20261124-0001"
        assert (complaint.technician_id, complaint.line_id) == (cast.technician_id, cast.line_id)
        assert [f"{clock.due:%m-%d %H}" for clock in clocks_of(complaint, one)] == [
            "11-26 10", "12-01 10", "12-03 10", "12-09 10",
        ]  # fmt: skip
        notice = session.scalars(select(Notice).where(Notice.kind == "complaint_received")).one()
        assert notice.facts["handler"] == "agent1名"
        assert notice.facts["by_when"] == "2026-11-26T10:00:00+00:00"
        assert notice.call_by is not None, "who cannot be told by message is called"
        body = evidence_of(session, complaint.id)[0].body
        assert body["visits"][0]["id"] == str(cast.visit_id)
        assert body["visits"][0]["punctuality"] == "unknown", "nobody arrived"
        assert [one["kind"] for one in body["notices"]] == ["booked"]
        again = register_complaint(cast.turn("agent2"), told(cast))
        assert again.number == "T-20261124-0002"
        assert [one.number for one in earlier_complaints(session, cast.customer_id, but=again.id)] == [complaint.number]


def test_each_stage_is_told_until_it_is_closed(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        cast = care_cast(session, settings)
        complaint = register_complaint(cast.turn(), told(cast))
        to_told(cast, complaint, "agent1", NOW + HOUR)
        close(cast.turn("agent1", NOW + 6 * HOUR), complaint.id, "满意")
        assert kinds(cast) == [
            "complaint_received", "complaint_answered", "complaint_found", "complaint_offered", "complaint_settled",
            "complaint_result", "complaint_closed",
        ]  # fmt: skip
        offered = session.scalars(select(Notice).where(Notice.kind == "complaint_offered")).one()
        assert offered.facts["options"] == "A 安排上门重做：明天上午由另一位师傅上门；B 话费补偿50元：补偿到下月账单"
        row = session.scalars(select(Compensation)).one()
        assert (row.amount_fen, row.state, row.decided_by) == (5000, "approved", "care_agent:agent1名")
        assert row.complaint_id == complaint.id
        assert [one["what"] for one in row.proof] == ["complaint", "option"]
        for login, sees in (("agent1", 1), ("boss", 1), ("agent2", 0), ("desk", 0), ("tech", 0)):
            assert len(compensations_listed(session, cast.people[login])) == sees, login
        verdicts = [clock.verdict(NOW + 9 * DAY) for clock in clocks_of(complaint, round_of(session, complaint))]
        assert verdicts == ["kept"] * 4
        assert round_of(session, complaint).satisfied is True


def test_unhappy_goes_to_somebody_new_and_then_to_the_regulator(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        cast = care_cast(session, settings)
        complaint = register_complaint(cast.turn(), told(cast))
        to_told(cast, complaint, "agent1", NOW + HOUR)
        with pytest.raises(NotAllowed) as refused:
            unhappy(cast.turn("agent1", NOW + DAY), complaint.id, "不认可", cast.id("agent1"))
        assert refused.value.name == "appeal-same-person"
        session.rollback()
    with database.writing() as session:
        cast = care_cast(session, settings)
        complaint = register_complaint(cast.turn(), told(cast))
        to_told(cast, complaint, "agent1", NOW + HOUR)
        first = round_of(session, complaint)
        unhappy(cast.turn("agent1", NOW + DAY), complaint.id, "补偿太少")
        assert complaint.owner_id == cast.id("boss"), "a supervisor before other agents"
        assert (first.satisfied, first.satisfied_note) == (False, "补偿太少")
        assert round_of(session, complaint).answer_by == datetime(2026, 11, 27, 10, tzinfo=UTC)
        assert complaint.final_by == datetime(2026, 12, 9, 10, tzinfo=UTC), "the last clock does not begin anew"
        with pytest.raises(Forbidden):
            answer(cast.turn("agent1", NOW + DAY), complaint.id, SORRY)
        to_told(cast, complaint, "boss", NOW + DAY + HOUR)
        unhappy(cast.turn("boss", NOW + 2 * DAY), complaint.id, "仍不认可")
        assert complaint.state == "regulator"
        notice = session.scalars(select(Notice).where(Notice.kind == "complaint_regulator")).one()
        assert "12300" in notice.facts["regulator"]["zh"]
        close(cast.turn("boss", NOW + 2 * DAY), complaint.id)
        assert round_of(session, complaint).satisfied is False, "being told of the regulator is no satisfaction"
        with pytest.raises(IllegalStep):
            unhappy(cast.turn("boss", NOW + 2 * DAY), complaint.id, "还是不行")
        assert [one.round for one in rounds_of(session, [complaint.id])[complaint.id]] == [1, 2]


def test_nobody_is_left_for_an_appeal_is_said_not_broken(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        cast = care_cast(session, settings)
        complaint = register_complaint(cast.turn(), told(cast))
        assign(cast.turn("boss"), complaint.id, cast.id("agent2"))
        to_told(cast, complaint, "agent2", NOW + HOUR)
        with pytest.raises(NotAllowed) as refused:
            unhappy(cast.turn("agent2", NOW + DAY), complaint.id, "不满意")
        assert refused.value.name == "nobody-new", "agent2 handled it and the supervisor assigned it; agent1 owned it"
        session.rollback()


def test_only_the_owner_and_supervisors_deal_with_it_and_others_do_not_see_it(
    database: Database, settings: Settings
) -> None:
    with database.writing() as session:
        cast = care_cast(session, settings)
        complaint = register_complaint(cast.turn(), told(cast))
        for login in ("agent2", "desk", "tech"):
            with pytest.raises(NotFound):
                complaint_seen_by(session, cast.people[login], complaint.id)
            with pytest.raises(NotFound):
                answer(cast.turn(login), complaint.id, SORRY)
            assert complaints_listed(session, cast.people[login]) == []
        assert complaints_listed(session, cast.people["boss"]) == [complaint]
        with pytest.raises(Forbidden):
            assign(cast.turn("agent1"), complaint.id, cast.id("agent2"))
        assign(cast.turn("boss"), complaint.id, cast.id("agent2"))
        assert complaint_seen_by(session, cast.people["agent1"], complaint.id), "who dealt with it still sees it"
        with pytest.raises(Forbidden):
            answer(cast.turn("agent1"), complaint.id, SORRY)
        answer(cast.turn("agent2"), complaint.id, SORRY)


def test_two_who_answer_at_once_do_not_overwrite_each_other(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        cast = care_cast(session, settings)
        complaint = register_complaint(cast.turn(), told(cast))
        seen = complaint.version
        answer(cast.turn(), complaint.id, SORRY, seen)
        with pytest.raises(Stale):
            withdraw(cast.turn("boss"), complaint.id, "客户撤回", seen)


@pytest.mark.parametrize(
    ("offers", "name"),
    [
        (OFFERS[:1], "options-number"),
        ((*OFFERS, *OFFERS), "options-number"),
        ((OFFERS[0], Offer("credit", "补偿", 5001)), "amount-above-limit"),
        ((OFFERS[0], Offer("credit", "补偿", 20001)), "amount-above-severity"),
        ((OFFERS[0], Offer("credit", "补偿")), "amount-missing"),
        ((OFFERS[0], Offer("apology", "当面致歉", 100)), "amount-unwanted"),
        ((OFFERS[0], Offer("pony", "一匹小马")), "remedy-unknown"),
        ((OFFERS[0], Offer("redo", "爱怎么着怎么着")), "reply-impolite"),
    ],
)
def test_an_offer_that_may_not_be_made_is_refused(
    database: Database, settings: Settings, offers: tuple[Offer, ...], name: str
) -> None:
    with database.writing() as session:
        cast = care_cast(session, settings)
        complaint = register_complaint(cast.turn(), told(cast))
        answer(cast.turn(), complaint.id, SORRY)
        found_out(cast.turn(), complaint.id, "appointment.missed", "漏看", "经查，师傅漏看了派单。")
        with pytest.raises((Invalid, NotAllowed)) as refused:
            offer(cast.turn(), complaint.id, offers)
        assert refused.value.name == name
        session.rollback()


def test_a_rude_answer_never_reaches_the_customer(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        cast = care_cast(session, settings)
        complaint = register_complaint(cast.turn(), told(cast))
        with pytest.raises(Impolite) as refused:
            answer(cast.turn(), complaint.id, "这不归我管，你看着办。")
        assert "帮您联系" in refused.value.words.zh, "it says what to write instead"
        session.rollback()


def test_a_clock_that_ran_out_is_written_down_once(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        cast = care_cast(session, settings)
        complaint = register_complaint(cast.turn(), told(cast))
        due = round_of(session, complaint).answer_by
        assert note_overdue(cast.turn("system", due)) == 0
        assert note_overdue(cast.turn("system", due + HOUR)) == 1
        assert note_overdue(cast.turn("system", due + 2 * HOUR)) == 0
        assert note_overdue(cast.turn("system", due + 30 * DAY)) == 3
        assert note_overdue(cast.turn("system", due + 31 * DAY)) == 0
        clocks = [one.facts["clock"] for one in steps_of(session, complaint.id) if one.what == "overdue"]
        assert sorted(clocks) == ["answer", "final", "investigate", "solve"]


def test_a_provisional_deadline_settles_when_its_year_is_published(
    database: Database, settings: Settings, tmp_path: Path
) -> None:
    eve = datetime(2026, 12, 28, 2, 0, tzinfo=UTC)
    with database.writing() as session:
        cast = care_cast(session, settings, eve)
        complaint = register_complaint(cast.turn("agent1", eve), told(cast))
        one = round_of(session, complaint)
        assert one.provisional
        assert one.investigate_by == datetime(2027, 1, 4, 10, tzinfo=UTC), "Monday to Friday is assumed"
        assert settle_provisional(cast.turn("system", eve)) == 0
        file = tmp_path / "2027.json"
        file.write_text('{"years": [2027], "days_off": ["2027-01-01", "2027-01-04"], "make_up_days": ["2027-01-03"]}')
        cast.settings = settings.model_copy(update={"working_days_file": file})
        assert settle_provisional(cast.turn("system", eve)) == 1
        assert one.investigate_by == datetime(2027, 1, 5, 10, tzinfo=UTC)
        assert not one.provisional


def test_what_belongs_to_another_customer_cannot_be_complained_about(database: Database, settings: Settings) -> None:
    from dispatch.customers.tables import Customer

    with database.writing() as session:
        cast = care_cast(session, settings)
        other = Customer(name="李", phone="+8613800000077", created_at=NOW)
        session.add(other)
        session.flush()
        with pytest.raises(Invalid) as refused:
            register_complaint(cast.turn(), Told(other.id, "phone", "conduct", "无礼", visit_id=cast.visit_id))
        assert refused.value.name == "not-this-customers"
        assert session.scalars(select(CallTask)).all() == []


def test_the_customers_link_opens_one_complaint_until_ninety_days_after_its_end(
    database: Database, settings: Settings
) -> None:
    with database.writing() as session:
        cast = care_cast(session, settings)
        complaint = register_complaint(cast.turn(), told(cast))
        token = complaint_token(settings, complaint.link_id)
        opened = open_complaint_link(session, token, NOW + 400 * DAY)
        assert opened is not None, "as long as it is open"
        assert (opened[1].role, opened[2]) == ("customer", complaint.id)
        withdraw(cast.turn(), complaint.id, "已解决")
        assert open_complaint_link(session, token, NOW + 90 * DAY - HOUR) is not None
        assert open_complaint_link(session, token, NOW + 90 * DAY) is None
        for wrong in (token[:-1], token + "x", "", complaint.link_id):
            assert open_complaint_link(session, wrong, NOW) is None
