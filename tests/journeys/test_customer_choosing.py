"""The customer chooses another time, asks for a call, takes the calendar file; and is never told more than is true."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from icalendar import Calendar
from sqlalchemy import func, select

from checklists.words import Words
from dispatch.clock import utc_now
from dispatch.notices.tables import CallTask, Notice
from dispatch.outages.actions import approve_outage, cancel_outage, plan_outage
from dispatch.technicians.tables import Area, Technician
from dispatch.visits.booking import book_visit
from dispatch.visits.tables import Visit
from dispatch.visits.windows import Window
from tests.journeys.conftest import Product
from tests.journeys.customer_stages import Guest, a_guest, mark_of
from tests.makers import a_turn, an_order

HOURS = timedelta(hours=1)


def slots(page: str) -> list[str]:
    return re.findall(r'name="slot" value="([0-9TZ]+)"', page)


def start_of(slot: str) -> datetime:
    return datetime.strptime(slot, "%Y%m%dT%H%MZ").replace(tzinfo=UTC)


def visit_of(product: Product, visit_id: UUID) -> Visit:
    with product.house.database.reading() as session:
        return session.get_one(Visit, visit_id)


def owed(product: Product, visit_id: UUID) -> list[tuple[str, str]]:
    with product.house.database.reading() as session:
        query = select(Notice).where(Notice.visit_id == visit_id).order_by(Notice.visit_version, Notice.owed_at)
        return [(one.kind, one.state) for one in session.scalars(query)]


def another_time(browser: TestClient, guest: Guest) -> str:
    answer = browser.get(guest.home + "/another-time")
    assert answer.status_code == 200
    return answer.text


def choose(browser: TestClient, guest: Guest, slot: str, key: str | None = None) -> tuple[int, str, str]:
    form = key or mark_of(browser, guest.home + "/another-time")
    answer = browser.post(guest.home + "/slot", data={"form": form, "slot": slot})
    return answer.status_code, answer.headers.get("location", ""), answer.text


def take_all(product: Product, slot: str, but: Technician | None = None) -> None:
    """Everybody is busy around that time, and was promised within a quarter of an hour: nobody can make room."""
    with product.house.database.writing() as session:
        turn = a_turn(session, product.settings, utc_now())
        for technician in session.scalars(select(Technician)):
            for hour in (-1, 0, 1):
                begin = start_of(slot) + hour * HOURS
                order = an_order(turn, external_id=uuid4().hex, minutes=60)
                book_visit(
                    turn, order.id, Window(begin, begin + HOURS / 4), technician_id=technician.id, planned_start=begin
                )


def test_a_chosen_time_holds_at_once_and_is_confirmed(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id)
    browser = guest.enters(product.browser())
    free = slots(another_time(browser, guest))
    assert len(free) >= 10
    assert free == sorted(free)
    assert all(start_of(slot) > utc_now() + 119 * timedelta(minutes=1) for slot in free)
    status, location, _ = choose(browser, guest, free[-1])
    assert (status, location) == (303, f"{guest.home}?done=moved")
    visit = visit_of(product, guest.visit_id)
    assert (visit.window_start, visit.window_end) == (start_of(free[-1]), start_of(free[-1]) + 2 * HOURS)
    assert visit.technician_id == product.cast.technician_id, "the technician whom they know, if free"
    assert visit.confirmed_at is not None
    assert owed(product, guest.visit_id) == [("booked", "superseded"), ("moved", "owed")]
    with product.house.database.reading() as session:
        facts = session.scalars(select(Notice.facts).where(Notice.kind == "moved")).one()
    assert facts["asked_by"] == "customer"
    page = browser.get(location).text
    assert "已改到下面的时间" in page
    assert free[-1] not in slots(another_time(browser, guest)), "what one has is not offered"


def test_the_same_form_twice_moves_once(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id)
    browser = guest.enters(product.browser())
    key, slot = mark_of(browser, guest.home + "/another-time"), slots(another_time(browser, guest))[3]
    assert [choose(browser, guest, slot, key)[0] for _ in range(2)] == [303, 303]
    assert visit_of(product, guest.visit_id).version == 2


def test_a_time_that_was_taken_meanwhile_is_said_so_with_what_is_free_now(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id)
    browser = guest.enters(product.browser())
    slot = slots(another_time(browser, guest))[-2]
    take_all(product, slot)
    before = visit_of(product, guest.visit_id)
    status, _, page = choose(browser, guest, slot)
    assert status == 409
    assert "已被约走" in page
    assert slot not in slots(page)
    assert slots(page)
    after = visit_of(product, guest.visit_id)
    assert (after.window_start, after.version) == (before.window_start, before.version)
    assert owed(product, guest.visit_id) == [("booked", "owed")]


def test_who_chooses_the_same_time_at_the_same_moment_gets_what_is_left_of_it(product: Product) -> None:
    guests = [a_guest(product.house, product.cast.technician_id, hours_ahead=26 + 3 * n) for n in range(6)]
    browsers = [guest.enters(product.browser()) for guest in guests]
    slot = slots(another_time(browsers[0], guests[0]))[-1]
    keys = [mark_of(browser, guest.home + "/another-time") for browser, guest in zip(browsers, guests, strict=True)]
    with ThreadPoolExecutor(6) as crowd:
        answers = list(crowd.map(choose, browsers, guests, [slot] * 6, keys))
    # half an hour each: three begin before the shift ends, for each of the two technicians
    assert [status for status, _, _ in answers] == [303] * 6
    taken = sorted(
        (visit.technician_id, visit.planned_start, visit.planned_end)
        for visit in (visit_of(product, guest.visit_id) for guest in guests)
        if visit.planned_start and visit.planned_end
    )
    assert len(taken) == 6
    for (who, _, ends), (other, begins, _) in pairwise(taken):
        assert who != other or ends <= begins


def test_another_of_the_area_comes_when_ones_own_is_busy(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id)
    browser = guest.enters(product.browser())
    slot = slots(another_time(browser, guest))[-2]
    with product.house.database.writing() as session:
        turn = a_turn(session, product.settings, utc_now())
        for hour in (-1, 0, 1):
            begin = start_of(slot) + hour * HOURS
            order = an_order(turn, external_id=uuid4().hex, minutes=60)
            mine = product.cast.technician_id
            book_visit(turn, order.id, Window(begin, begin + HOURS / 4), technician_id=mine, planned_start=begin)
    assert choose(browser, guest, slot)[0] == 303
    assert visit_of(product, guest.visit_id).technician_id == product.cast.other_technician_id


@pytest.mark.parametrize("slot", ["", "x", "20269999T0000Z", "20200101T0000Z", "20261124T0001Z", "20991231T0000Z"])
def test_what_was_never_offered_is_not_booked(product: Product, slot: str) -> None:
    guest = a_guest(product.house, product.cast.technician_id)
    browser = guest.enters(product.browser())
    status, _, page = choose(browser, guest, slot)
    assert status in (409, 422)
    assert "请选择一个时段" in page or "已被约走" in page
    assert visit_of(product, guest.visit_id).version == 1


def test_on_the_way_there_is_only_a_call_and_honest_words(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id, "en_route")
    browser = guest.enters(product.browser())
    page = another_time(browser, guest)
    assert slots(page) == []
    assert "师傅已经在路上" in page
    tomorrow = (utc_now() + timedelta(days=1)).replace(hour=2, minute=0)
    status, _, _ = choose(browser, guest, f"{tomorrow:%Y%m%dT%H%MZ}")
    assert status == 409
    assert visit_of(product, guest.visit_id).status == "en_route"


def ask_for_call(browser: TestClient, guest: Guest) -> str:
    key = mark_of(browser, guest.home + "/another-time")
    answer = browser.post(guest.home + "/call-me", data={"form": key})
    assert answer.status_code == 303, answer.text
    return browser.get(answer.headers["location"]).text


@pytest.mark.parametrize("stage", ["booked", "en_route", "no_access", "cancelled"])
def test_a_call_that_is_asked_for_is_a_task_with_a_time_that_the_customer_sees(product: Product, stage: str) -> None:
    guest = a_guest(product.house, product.cast.technician_id, stage)
    browser = guest.enters(product.browser())
    page = ask_for_call(browser, guest)
    with product.house.database.reading() as session:
        task = session.scalars(select(CallTask).where(CallTask.kind == "call_me")).one()
    due = task.due_at.astimezone(product.settings.zone)
    assert f"{due:%H:%M}" in page
    assert "138****0001" in page
    assert "请给我打电话" not in another_time(browser, guest), "it is promised already"
    key = re.findall(r'data-form="([^"]+)"', page)[0]
    assert browser.post(guest.home + "/call-me", data={"form": key}).status_code == 303
    with product.house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(CallTask).where(CallTask.kind == "call_me")) == 1


@pytest.mark.parametrize("stage", ["no_access", "cancelled"])
def test_after_a_visit_that_came_to_nothing_a_new_one_is_booked_behind_its_own_link(
    product: Product, stage: str
) -> None:
    guest = a_guest(product.house, product.cast.technician_id, stage)
    browser = guest.enters(product.browser())
    key, slot = mark_of(browser, guest.home + "/another-time"), slots(another_time(browser, guest))[2]
    status, location, _ = choose(browser, guest, slot, key)
    assert status == 303
    assert not location.startswith(guest.home)
    page = browser.get(location)
    assert page.status_code == 200
    assert "已为您约好" in page.text
    again = choose(browser, guest, slot, key)
    assert again[:2] == (303, location), "a second press leads to the same visit"
    with product.house.database.reading() as session:
        visits = session.scalars(select(Visit).order_by(Visit.created_at)).all()
        links = session.scalars(select(Notice.facts).where(Notice.kind == "booked")).all()
    assert len(visits) == 2
    assert (visits[1].window_start, visits[1].work_order_id) == (start_of(slot), visits[0].work_order_id)
    assert owed(product, visits[1].id) == [("booked", "owed")]
    assert len({facts["link_id"] for facts in links}) == 2
    old = browser.get(guest.home).text
    assert location.partition("?")[0] in old, "the old page leads there"
    assert slots(another_time(browser, guest)) == []
    assert choose(browser, guest, slot)[0] == 409, "a third is not booked from here"


def test_a_visit_that_others_booked_anew_is_not_shown_behind_the_old_link(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id, "no_access")
    with product.house.database.writing() as session:
        turn = a_turn(session, product.settings, utc_now())
        start = utc_now() + 30 * HOURS
        order_id = session.get_one(Visit, guest.visit_id).work_order_id
        book_visit(turn, order_id, Window(start, start + HOURS))
    browser = guest.enters(product.browser())
    page = browser.get(guest.home).text
    assert "查看新的预约" not in page
    assert "最近发给您的短信" in another_time(browser, guest)


def test_the_calendar_file_is_one_event_with_the_mails_uid(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id)
    browser = guest.enters(product.browser())
    answer = browser.get(guest.home + "/appointment.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    calendar = Calendar.from_ical(answer.content)
    (event,) = calendar.walk("VEVENT")
    visit = visit_of(product, guest.visit_id)
    assert event["DTSTART"].dt == visit.window_start
    assert str(guest.visit_id) in event["UID"]
    assert calendar["METHOD"] == "PUBLISH"
    assert guest.token not in answer.text
    over = a_guest(product.house, product.cast.technician_id, "sealed", hours_ahead=50)
    assert over.enters(product.browser()).get(over.home + "/appointment.ics").status_code == 404


def test_reading_is_told_by_the_script_and_by_nothing_else(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id)
    with product.house.database.writing() as session:
        notice = session.scalars(select(Notice)).one()
        notice.state, notice.accepted_at = "accepted", utc_now()

    def read() -> bool:
        with product.house.database.reading() as session:
            return session.scalars(select(Notice.read_at)).one() is not None

    browser = guest.enters(product.browser())
    page = browser.get(guest.home).text
    assert "seen.js" in page
    assert not read()
    assert browser.get(guest.home + "/seen").status_code == 405
    assert browser.post(guest.home + "/seen", data={"form": "x"}).status_code == 409
    assert not read()
    key = re.findall(r'data-form="([^"]+)"', page)[0]
    assert browser.post(guest.home + "/seen", data={"form": key}).status_code == 204
    assert read()


def test_a_predicted_arrival_is_shown_and_a_late_one_with_an_apology(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id, "en_route", hours_ahead=1)
    for minutes, sorry in ((20, False), (60 * 5, True)):
        predicted = utc_now() + timedelta(minutes=minutes)
        with product.house.database.writing() as session:
            session.get_one(Visit, guest.visit_id).predicted_at = predicted
        page = guest.enters(product.browser()).get(guest.home).text
        assert f"{predicted.astimezone(product.settings.zone):%H:%M}" in page
        assert ("非常抱歉让您久等" in page) == sorry
    with product.house.database.writing() as session:
        session.get_one(Visit, guest.visit_id).predicted_at = utc_now() - timedelta(minutes=31)
    assert 'class="arrival"' not in guest.enters(product.browser()).get(guest.home).text


def test_an_outage_is_public_once_approved_and_tells_of_nobody(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id)
    stranger = product.browser()
    with product.house.database.writing() as session:
        turn = a_turn(session, product.settings, utc_now())
        area = session.scalars(select(Area.id)).one()
        start = utc_now() + 40 * HOURS
        outage = plan_outage(turn, area, start, start + HOURS, Words("光缆<b>割接</b>", "Fibre works")).id
    assert stranger.get(f"/outages/{outage}").status_code == 404
    assert stranger.get("/outages/none").status_code in (404, 422)
    with product.house.database.writing() as session:
        turn = a_turn(session, product.settings, utc_now())
        approve_outage(turn, outage)
    answer = stranger.get(f"/outages/{outage}")
    assert answer.status_code == 200
    assert "光缆&lt;b&gt;割接" in answer.text
    assert f"{start.astimezone(product.settings.zone):%H:%M}" in answer.text
    for personal in ("王𬭎", "龘园路", "0001", guest.link_id):
        assert personal not in answer.text
    assert "noindex" in answer.headers["x-robots-tag"]
    with product.house.database.writing() as session:
        cancel_outage(a_turn(session, product.settings, utc_now()), outage, "改期")
    assert "已取消" in stranger.get(f"/outages/{outage}").text
