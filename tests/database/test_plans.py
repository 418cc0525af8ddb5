"""Plans at work: rows become a problem, a proposal comes back, and taking it up goes through the desk's own rules."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from dispatch.accounts.viewer import SYSTEM, Viewer
from dispatch.database import Database
from dispatch.errors import Forbidden, Invalid, NotAllowed, NotFound, Stale
from dispatch.notices.tables import Notice
from dispatch.planning.accepting import accept_plan
from dispatch.planning.actions import ask_for_plans, cancel_plan
from dispatch.planning.asked import Asked, Event
from dispatch.planning.claiming import LEASE, claim, finish, still_ours
from dispatch.planning.tables import PlanRun
from dispatch.planning.tidying import tidy_planning
from dispatch.visits.booking import book_visit, cancel_visit, reschedule_visit
from dispatch.visits.on_the_day import arrive, depart
from dispatch.visits.tables import Visit
from tests.database.planned_days import MONDAY, SUNDAY_NOON, Town, between, clock
from tests.makers import a_turn, some_settings


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Town:
    settings = some_settings(tmp_path / "var", str(database.url), plan_iterations=300)
    return Town(database, settings)


def accept(town: Town, run: UUID, visits: list[str] | None = None, now=SUNDAY_NOON):  # type: ignore[no-untyped-def]
    with town.database.writing() as session:
        return accept_plan(a_turn(session, town.settings, now), run, visits)


def test_a_day_is_planned_and_taken_up(town: Town) -> None:
    town.hire(2)
    far = town.visit(0, between(9, 12), 9, east=12)
    nobodys = town.visit(None, between(9, 17), east=11.5)
    home = town.visit(0, between(14, 16), 15, east=1)
    run = town.plan()
    proposal = town.proposal(run)
    assert proposal.after.left_out == 0
    assert proposal.before.left_out == 1
    kinds = {UUID(one.visit): one.kind for one in proposal.changes}
    assert kinds[nobodys] == "assigned"
    done = accept(town, run)
    assert not done.refused
    assert town.run(run).state == "accepted"
    for visit in (far, nobodys, home):
        row = town.read(visit)
        assert row.technician_id is not None
        assert row.window_start <= row.planned_start < row.window_end  # type: ignore[operator]


def test_a_sick_technicians_visits_go_to_others_and_their_customers_are_told(town: Town) -> None:
    town.hire(2)
    theirs = town.visit(0, between(9, 12), 9)
    other = town.visit(1, between(14, 16), 14)
    run = town.plan("replan", Asked(events=(Event(kind="sick", about=town.crew[0]),)))
    proposal = town.proposal(run)
    change = next(one for one in proposal.changes if UUID(one.visit) == theirs)
    assert change.kind == "technician"
    assert change.after is not None
    assert change.after.technician == str(town.crew[1])
    assert change.tell is not None
    assert change.tell.what == "technician_changed"
    assert other not in {UUID(one.visit) for one in proposal.changes if one.kind != "time"}
    accept(town, run)
    assert town.read(theirs).technician_id == town.crew[1]
    assert town.read(theirs).window_start == clock(9), "a told window is a wall"
    with town.database.reading() as session:
        told = session.scalars(select(Notice).where(Notice.visit_id == theirs, Notice.state == "owed")).one()
    assert told.facts["technician"] == "技2"


def test_who_cannot_be_served_is_said_with_the_reason_and_until_when_to_call(town: Town) -> None:
    town.hire(1)
    skilled = town.visit(0, between(9, 12), 9, skills=("xgspon",))
    run = town.plan()
    (change,) = town.proposal(run).changes
    assert (UUID(change.visit), change.kind) == (skilled, "unassigned")
    assert "xgspon" in change.why_zh
    assert "xgspon" in change.why_en
    assert change.tell is not None
    assert change.tell.by == "call"
    assert change.tell.until == clock(9) - timedelta(hours=2)
    assert not change.tell.late
    accept(town, run)
    row = town.read(skilled)
    assert (row.technician_id, row.planned_start) == (None, None)


@pytest.mark.parametrize(("minutes", "late"), [(0, False), (1, True)])
def test_two_hours_before_the_window_it_is_too_late_to_say_so_quietly(town: Town, minutes: int, late: bool) -> None:
    town.hire(1)
    town.visit(0, between(11, 13), 11, skills=("xgspon",))
    now = clock(9) + timedelta(minutes=minutes)
    (change,) = town.proposal(town.plan(now=now)).changes
    assert change.tell is not None
    assert change.tell.late is late


def test_two_visits_may_change_places(town: Town) -> None:
    town.hire(1, lunch=False)
    first = town.visit(0, between(9, 12), 9, east=1)
    second = town.visit(0, between(9, 12), 10.5, east=2)
    with town.database.writing() as session:  # by hand a swap needs a third place; here it goes through at once
        run = ask_for_plans(a_turn(session, town.settings, SUNDAY_NOON), [town.area], MONDAY, "plan", [Asked()])[0].id
    town.work()
    proposal = town.proposal(run)
    with town.database.writing() as session:
        row = session.get_one(PlanRun, run)
        changes = [
            {
                **one.model_dump(mode="json"),
                "after": {"technician": str(town.crew[0]), "start": start.isoformat(), "end": end.isoformat()},
            }
            for one, start, end in [
                (_change(proposal, first, town), clock(10.5), clock(11.5)),
                (_change(proposal, second, town), clock(9), clock(10)),
            ]
        ]
        plan = proposal.plan.model_dump(mode="json")
        plan["routes"] = [
            {
                "technician": str(town.crew[0]),
                "leaves": 30600,
                "stops": [
                    {"visit": str(second), "start": 9 * 3600, "end": 10 * 3600},
                    {"visit": str(first), "start": 37800, "end": 41400},
                ],
                "breaks": [],
                "returns": 45000,
            }
        ]
        row.proposal = {**proposal.model_dump(mode="json"), "changes": changes, "plan": plan}
    done = accept(town, run)
    assert done.taken == tuple(sorted([str(first), str(second)])), [one.refusal.words for one in done.refused]
    assert (town.read(first).planned_start, town.read(second).planned_start) == (clock(10.5), clock(9))


def _change(proposal, visit: UUID, town: Town):  # type: ignore[no-untyped-def]
    from dispatch.planning.proposal import Change

    row = town.read(visit)
    found = next((one for one in proposal.changes if UUID(one.visit) == visit), None)
    before = {"technician": str(row.technician_id), "start": row.planned_start, "end": row.planned_end}
    return found or Change(
        visit=str(visit),
        kind="time",
        version=row.version,
        before=before,  # type: ignore[arg-type]
        window_start=row.window_start,
        window_end=row.window_end,
    )


def test_what_has_changed_meanwhile_is_refused_by_name_and_the_rest_is_taken(town: Town) -> None:
    town.hire(3)
    one = town.visit(None, between(9, 12))
    other = town.visit(None, between(14, 17), east=2)
    run = town.plan()
    with town.database.writing() as session:
        turn = a_turn(session, town.settings, SUNDAY_NOON)
        cancel_visit(turn, one, asked_by="customer", reason="")
    done = accept(town, run)
    assert done.taken == (str(other),)
    assert [(UUID(each.visit), each.refusal.name) for each in done.refused] == [(one, "stale-version")]
    assert town.run(run).state == "accepted_in_part"
    assert town.read(other).technician_id is not None


def test_a_day_that_has_got_something_new_is_refused(town: Town) -> None:
    town.hire(1)
    mine = town.visit(None, between(9, 12))
    run = town.plan()
    new = town.visit(0, between(14, 16), 14)
    done = accept(town, run)
    assert [(UUID(each.visit), each.refusal.name) for each in done.refused] == [(mine, "day-changed")]
    assert town.run(run).state == "done", "nothing was taken: it is still a proposal"
    assert town.read(new).planned_start == clock(14)


def test_a_part_that_does_not_stand_by_itself_is_refused(town: Town) -> None:
    town.hire(1, lunch=False)
    stays = town.visit(0, between(9, 12), 9)
    comes = town.visit(None, between(9, 10), east=1)
    run = town.plan()
    kinds = {UUID(one.visit): one.kind for one in town.proposal(run).changes}
    assert kinds == {stays: "time", comes: "assigned"}, "the one makes room for the other"
    done = accept(town, run, [str(comes)])
    assert [(UUID(each.visit), each.refusal.name) for each in done.refused] == [(comes, "only-together")]
    done = accept(town, run, [str(comes), str(stays)])
    assert not done.refused
    assert town.run(run).state == "accepted"


def test_only_what_is_proposed_can_be_taken_up_and_only_once(town: Town) -> None:
    town.hire(1)
    town.visit(None, between(9, 12))
    run = town.plan()
    with pytest.raises(Invalid):
        accept(town, run, [str(uuid4())])
    with town.database.writing() as session, pytest.raises(Stale):
        accept_plan(a_turn(session, town.settings, SUNDAY_NOON), run, expected_version=1)
    accept(town, run)
    with pytest.raises(NotAllowed):
        accept(town, run)


def test_an_urgent_repair_is_booked_into_the_day(town: Town) -> None:
    town.hire(1)
    with town.database.writing() as session:
        order = town.order(a_turn(session, town.settings, SUNDAY_NOON))
    run = town.plan("replan", Asked(events=(Event(kind="urgent", about=order),)), now=clock(9))
    (change,) = town.proposal(run).changes
    assert (change.kind, change.is_order) == ("booked", True)
    assert change.window_start >= clock(11), "nobody is promised a window that opens within two hours"
    done = accept(town, run, now=clock(9))
    assert not done.refused
    with town.database.reading() as session:
        told = session.scalars(select(Notice).where(Notice.kind == "booked")).one()
    assert told.facts["window"]["start"] == change.window_start.isoformat()


def test_what_has_begun_stands_fast(town: Town) -> None:
    town.hire(2)
    begun = town.visit(0, between(9, 10), 9)
    on_the_way = town.visit(1, between(9, 11), 10)
    for visit in (begun, on_the_way):
        with town.database.writing() as session:
            depart(a_turn(session, town.settings, clock(8.6)), visit)
    with town.database.writing() as session:
        arrive(a_turn(session, town.settings, clock(9)), begun)
    later = town.visit(0, between(9, 12), 11)
    run = town.plan("replan", Asked(events=(Event(kind="longer", about=begun, minutes=120),)), now=clock(9.2))
    proposal = town.proposal(run)
    moved = {UUID(one.visit): one for one in proposal.changes}
    assert begun not in moved
    assert on_the_way not in moved
    assert moved[later].kind == "technician", "there are three hours of work at the first home"
    assert not accept(town, run, now=clock(9.2)).refused


def test_a_plan_is_called_off(town: Town) -> None:
    town.hire(1)
    town.visit(None, between(9, 12))
    with town.database.writing() as session:
        turn = a_turn(session, town.settings, SUNDAY_NOON)
        waiting = ask_for_plans(turn, [town.area], MONDAY, "plan", [Asked()])[0].id
        cancel_plan(turn, waiting)
    assert town.run(waiting).state == "cancelled"
    with town.database.writing() as session, pytest.raises(NotAllowed):
        cancel_plan(a_turn(session, town.settings, SUNDAY_NOON), waiting)
    with town.database.writing() as session:
        running = ask_for_plans(a_turn(session, town.settings, SUNDAY_NOON), [town.area], MONDAY, "plan", [Asked()])[0]
        held = claim(session, SUNDAY_NOON)[0]
        assert held.run_id == running.id
        assert still_ours(session, held, SUNDAY_NOON, 10)
        cancel_plan(a_turn(session, town.settings, SUNDAY_NOON), running.id)
        assert not still_ours(session, held, SUNDAY_NOON, 20)
        assert finish(session, held, SUNDAY_NOON, problem="{}", sha256="", proposal={})
    assert town.run(running.id).state == "cancelled"


def test_who_was_silent_for_too_long_has_lost_the_run(town: Town) -> None:
    town.hire(1)
    with town.database.writing() as session:
        ask_for_plans(a_turn(session, town.settings, SUNDAY_NOON), [town.area], MONDAY, "plan", [Asked()])
        (first,) = claim(session, SUNDAY_NOON)
        assert claim(session, SUNDAY_NOON + LEASE) == [], "held to the end of the lease"
        (second,) = claim(session, SUNDAY_NOON + LEASE + timedelta(seconds=1))
        assert not finish(session, first, SUNDAY_NOON, problem="{}", sha256="", proposal={})
        assert still_ours(session, second, SUNDAY_NOON, 1)
    later = SUNDAY_NOON + timedelta(hours=1)
    for hours in (1, 2):
        with town.database.writing() as session:
            claim(session, later + timedelta(hours=hours))
    with town.database.reading() as session:
        row = session.scalars(select(PlanRun)).one()
    assert (row.state, row.attempts) == ("failed", 3)
    assert row.trouble_zh


def test_several_areas_are_several_runs_and_each_is_claimed_once(town: Town) -> None:
    town.hire(1)
    first = town.area
    with town.database.writing() as session:
        from dispatch.technicians.tables import Area

        other = Area(name="唐镇", name_en="Tangzhen", latitude=31.2, longitude=121.6)
        session.add(other)
        session.flush()
        runs = ask_for_plans(a_turn(session, town.settings, SUNDAY_NOON), [first, other.id], MONDAY, "plan", [Asked()])
        assert len({run.batch for run in runs}) == 1
    with town.database.writing() as session:
        (one,) = claim(session, SUNDAY_NOON)
    with town.database.writing() as session:
        (two,) = claim(session, SUNDAY_NOON)
        assert one.run_id != two.run_id
        assert claim(session, SUNDAY_NOON) == []


def test_nobody_on_shift_is_said(town: Town) -> None:
    town.hire(1)
    with town.database.writing() as session:
        ask_for_plans(
            a_turn(session, town.settings, SUNDAY_NOON), [town.area], MONDAY + timedelta(days=1), "plan", [Asked()]
        )
    town.work()
    with town.database.reading() as session:
        row = session.scalars(select(PlanRun)).one()
    assert row.state == "failed"
    assert "没有人排班" in row.trouble_zh


def test_what_cannot_be_asked_is_refused(town: Town) -> None:
    town.hire(1)

    def ask(day=MONDAY, areas=None, events=()):  # type: ignore[no-untyped-def]
        with town.database.writing() as session:
            turn = a_turn(session, town.settings, SUNDAY_NOON)
            return ask_for_plans(turn, areas or [town.area], day, "replan", [Asked(events=events)])

    for day in (MONDAY - timedelta(days=2), MONDAY + timedelta(days=61)):
        with pytest.raises(Invalid):
            ask(day)
    with pytest.raises(NotFound):
        ask(areas=[uuid4()])
    with pytest.raises(NotFound):
        ask(events=(Event(kind="sick", about=uuid4()),))
    for event in (Event(kind="sick"), Event(kind="late", about=town.crew[0]), Event(kind="slower")):
        with pytest.raises(Invalid):
            ask(events=(event,))
    with town.database.writing() as session:
        turn = a_turn(session, town.settings, SUNDAY_NOON, Viewer("care_agent", "客服"))
        with pytest.raises(Forbidden):
            ask_for_plans(turn, [town.area], MONDAY, "plan", [Asked()])


def test_a_move_by_hand_after_the_plan_wins(town: Town) -> None:
    town.hire(2)
    visit = town.visit(0, between(9, 12), 9, east=3)
    town.visit(0, between(9, 12), 10.2, east=40)
    run = town.plan()
    with town.database.writing() as session:
        reschedule_visit(
            a_turn(session, town.settings, SUNDAY_NOON, SYSTEM),
            visit,
            between(9, 12),
            asked_by="company",
            reason="",
            technician_id=town.crew[1],
            planned_start=clock(11),
        )
    accept(town, run)
    assert (town.read(visit).technician_id, town.read(visit).planned_start) == (town.crew[1], clock(11))


def test_old_plans_are_cleared_away_and_young_ones_stay(town: Town) -> None:
    town.hire(1)
    run = town.plan()
    for days, left in ((30, 1), (31, 0)):
        with town.database.writing() as session:
            tidy_planning(a_turn(session, town.settings, SUNDAY_NOON + timedelta(days=days)))
            assert len(session.scalars(select(PlanRun.id)).all()) == left, run


def test_an_order_that_was_booked_meanwhile_is_not_booked_twice(town: Town) -> None:
    town.hire(1)
    with town.database.writing() as session:
        order = town.order(a_turn(session, town.settings, SUNDAY_NOON))
    run = town.plan("replan", Asked(events=(Event(kind="urgent", about=order),)))
    with town.database.writing() as session:
        book_visit(a_turn(session, town.settings, SUNDAY_NOON), order, between(24 + 9, 24 + 11))
    done = accept(town, run)
    assert [one.refusal.name for one in done.refused] == ["order-already-booked"]
    with town.database.reading() as session:
        assert len(session.scalars(select(Visit.id)).all()) == 1


def test_who_has_a_visit_whose_window_is_over_still_goes_there(town: Town) -> None:
    town.hire(2)
    overdue = town.visit(0, between(9, 10), 9)
    theirs = town.visit(0, between(10, 12), 10.5)
    proposal = town.proposal(town.plan("replan", now=clock(10)))
    assert overdue not in {UUID(one.visit) for one in proposal.changes}, "nothing is proposed about a broken promise"
    stops = {stop.visit: stop.start for route in proposal.plan.routes for stop in route.stops}
    assert stops[str(overdue)] < stops.get(str(theirs), 99_999)
    assert proposal.plan.technician_of()[str(overdue)] == str(town.crew[0])


def test_only_the_picked_visits_go_to_somebody_else(town: Town) -> None:
    """Two visits of a sick-day's size lie better with the other; only the one that was picked is moved, or given."""
    town.hire(2)
    picked = town.visit(None, between(9, 12))
    left = town.visit(None, between(9, 12), east=2)
    theirs = town.visit(0, between(14, 16), 14, east=3)
    proposal = town.proposal(town.plan("replan", Asked(picked=(picked,))))
    changed = {UUID(one.visit): one for one in proposal.changes if one.kind != "time"}
    assert picked in changed
    assert left not in changed
    assert theirs not in changed
    everything = town.proposal(town.plan("replan", Asked(picked=(picked, left))))
    assert {picked, left} <= {UUID(one.visit) for one in everything.changes if one.kind == "assigned"}


def test_what_was_not_picked_stays_with_whom_it_is_even_where_another_would_be_better(town: Town) -> None:
    """Both visits of an hour stand at ten with one technician's day half full: without picking, one changes hands."""
    town.hire(2)
    late = town.visit(0, between(9, 10), 9)
    far = town.visit(0, between(9.5, 10.5), 10, east=4)
    free = town.proposal(town.plan("replan", Asked(events=(Event(kind="longer", about=late, minutes=60),))))
    assert far in {UUID(one.visit) for one in free.changes if one.kind == "technician"}
    longer = Event(kind="longer", about=late, minutes=60)
    kept = town.proposal(town.plan("replan", Asked(events=(longer,), picked=(late,))))
    assert far not in {UUID(one.visit) for one in kept.changes if one.kind == "technician"}


def test_a_picked_visit_that_is_not_there_is_refused(town: Town) -> None:
    town.hire(1)
    with town.database.writing() as session, pytest.raises(NotFound):
        ask_for_plans(
            a_turn(session, town.settings, SUNDAY_NOON), [town.area], MONDAY, "replan", [Asked(picked=(uuid4(),))]
        )
