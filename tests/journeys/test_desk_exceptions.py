"""What needs a person, at the desk: each kind comes up, says why, leads to its resolution and goes away by it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from dispatch.care.compensation.table import money, repair_time
from dispatch.clock import utc_now
from dispatch.exceptions.queries import matters_for
from dispatch.exceptions.rules import Matter
from dispatch.notices.actions import resend
from dispatch.notices.tables import CallTask, Notice
from dispatch.phones.tables import Phone
from dispatch.records.own_phone.tables import OwnPhoneSignature
from dispatch.records.tables import DocumentTry, Record
from dispatch.technicians.kit import top_up_kit
from dispatch.technicians.tables import Shift
from dispatch.visits.booking import book_visit, reschedule_visit
from dispatch.visits.life import Status
from dispatch.visits.tables import LeftOutRows, Visit, WorkOrder
from dispatch.visits.windows import Window
from tests.journeys.conftest import Product
from tests.journeys.customer_stages import a_guest
from tests.journeys.desk_hand import booked, follow, forms_of, looks, now_turn, send, soon, text_of, tomorrow
from tests.journeys.test_desk_calls import asked_to_call
from tests.journeys.test_desk_imports import BAD, GOOD, hand_in
from tests.makers import RARE_NAME, an_order


def listed(product: Product, kind: str | None = None) -> list[Matter]:
    from dispatch.accounts.viewer import SYSTEM

    with product.house.database.reading() as session:
        found = matters_for(session, SYSTEM, product.settings.zone, product.house.database.now())
    return [one for one in found if kind in (None, one.kind)]


def only(product: Product, kind: str) -> Matter:
    found = listed(product, kind)
    assert len(found) == 1, found
    return found[0]


def in_doubt(product: Product, visit: UUID) -> UUID:
    """The confirmation of a visit left, and nobody knows whether it arrived."""
    with product.house.database.writing() as session:
        notice = session.scalars(select(Notice).where(Notice.visit_id == visit)).one()
        notice.state, notice.first_sent_at, notice.last_problem = "in_doubt", utc_now(), "timeout"
        return notice.id


def test_when_all_is_well_the_page_says_so(product: Product) -> None:
    booked(product, technician=product.cast.technician_id)
    page = product.browser("dispatcher").get("/desk/exceptions")
    assert "没有需要处理的事项" in text_of(page)
    assert looks(product, "exceptions") == ["dispatcher:dispatcher"]


def test_a_call_near_its_latest_moment_is_one_click_away_and_its_outcome_the_second(product: Product) -> None:
    early, near = asked_to_call(product, minutes=60), asked_to_call(product, minutes=20)
    assert [one.thing for one in listed(product, "call")] == [near]
    desk = product.browser("care_agent")
    page = desk.get("/desk/exceptions")
    told = text_of(page)
    assert "客户请我们致电" in told
    assert RARE_NAME in told
    assert "还有 19 分钟" in told or "还有 20 分钟" in told
    assert f"/desk/calls/{near}" in page.text
    assert f"/desk/calls/{early}" not in page.text
    call = desk.get(f"/desk/calls/{near}")
    assert "可以这样说" in text_of(call)
    follow(desk, send(desk, call, f"/desk/calls/{near}/outcome", outcome="reached_agreed"))
    assert listed(product, "call") == []


def test_a_message_in_doubt_and_its_call_are_one_matter(product: Product) -> None:
    visit = booked(product, technician=product.cast.technician_id)
    notice = in_doubt(product, visit)
    matter = only(product, "in_doubt")
    assert (matter.thing, matter.about) == (notice, RARE_NAME)
    with product.house.database.writing() as session:
        from dispatch.notices.calls import call_for_notice

        task = call_for_notice(session, session.get_one(Notice, notice), "timeout", utc_now())
        task.due_at = utc_now()
    assert only(product, "in_doubt").refs["call"]
    assert listed(product, "call") == []
    page = product.browser("dispatcher").get("/desk/exceptions")
    assert f"/desk/notices/{notice}" in page.text
    with product.house.database.writing() as session:
        resend(now_turn(product, session), notice, "客户没有收到")
    assert listed(product, "in_doubt") == []


def test_a_message_in_doubt_about_a_visit_that_has_ended_needs_nobody(product: Product) -> None:
    visit = booked(product, technician=product.cast.technician_id)
    in_doubt(product, visit)
    with product.house.database.writing() as session:
        session.get_one(Visit, visit).status = Status.CANCELLED
    assert listed(product, "in_doubt") == []


def test_a_silent_phone_is_named_once_with_whom_it_keeps_waiting(product: Product) -> None:
    technician, now = product.cast.technician_id, utc_now()
    with product.house.database.writing() as session:
        for shift in session.scalars(select(Shift).where(Shift.technician_id == technician)):
            session.delete(shift)
        session.flush()
        session.add(
            Shift(technician_id=technician, starts_at=now - timedelta(hours=4), ends_at=now + timedelta(hours=4))
        )
    visit = booked(product, soon(10), technician=technician)
    if now.astimezone(product.settings.zone).hour < 4 or now.astimezone(product.settings.zone).hour >= 23:
        pytest.skip("a shift that began yesterday is another day's")
    matter = only(product, "silent")
    assert matter.thing == technician
    assert RARE_NAME in matter.why.zh
    page = product.browser("dispatcher").get("/desk/exceptions")
    assert f"/desk/visits/{visit}" in page.text
    assert "kind=sick" in page.text
    assert "kind=sick" not in product.browser("care_agent").get("/desk/exceptions").text  # who may not plan
    with product.house.database.writing() as session:
        session.add(Phone(technician_id=technician, device_id="p", first_seen_at=now, seen_at=now))
    assert listed(product, "silent") == []


@pytest.mark.parametrize("day", ["today", "tomorrow"])
def test_a_van_that_runs_out_today_or_tomorrow_is_named_with_of_what(product: Product, day: str) -> None:
    technician = product.cast.technician_id
    with product.house.database.writing() as session:
        top_up_kit(now_turn(product, session), technician, {"shoe_covers": 1}, counted=True)
    windows = [tomorrow(9), tomorrow(11)] if day == "tomorrow" else [soon(60), soon(200)]
    if (
        windows[0].start.astimezone(product.settings.zone).date()
        != windows[1].start.astimezone(product.settings.zone).date()
    ):
        pytest.skip("too late in the evening for two visits")
    booked(product, windows[0], technician=technician)
    assert listed(product, "kit") == []
    booked(product, windows[1], technician=technician)
    matter = only(product, "kit")
    assert "鞋套" in matter.why.zh
    assert "有 1，需 2" in matter.why.zh
    assert f"/desk/kit/{technician}" in product.browser("dispatcher").get("/desk/exceptions").text
    with product.house.database.writing() as session:
        top_up_kit(now_turn(product, session), technician, {"shoe_covers": 1})
    assert listed(product, "kit") == []


def an_order_due(product: Product, hours: float) -> UUID:
    with product.house.database.writing() as session:
        turn = now_turn(product, session)
        return an_order(turn, deadline=turn.now + timedelta(hours=hours)).id


def test_an_order_near_its_deadline_leads_to_its_free_windows_and_is_settled_by_a_booking(product: Product) -> None:
    order = an_order_due(product, 23)
    page = product.browser("dispatcher").get("/desk/exceptions?kind=deadline")
    assert "尚未预约上门" in text_of(page)
    assert f"/desk/orders/{order}/slots" in page.text
    with product.house.database.writing() as session:
        turn = now_turn(product, session)
        start = turn.now + timedelta(hours=3)
        book_visit(turn, order, Window(start, start + timedelta(hours=2)))
    assert listed(product, "deadline") == []


def test_an_order_far_from_its_deadline_is_nobodys_matter_until_its_visit_would_be_too_late(product: Product) -> None:
    order = an_order_due(product, 30)
    assert listed(product, "deadline") == []
    with product.house.database.writing() as session:
        visit = book_visit(now_turn(product, session), order, tomorrow(9, 2, days=3)).visit.id
    assert "时限之后" in only(product, "deadline").why.zh
    assert f"/desk/visits/{visit}/move" in product.browser("dispatcher").get("/desk/exceptions").text


def test_a_later_time_that_the_customer_asked_for_needs_nobody(product: Product) -> None:
    order = an_order_due(product, 30)
    with product.house.database.writing() as session:
        turn = now_turn(product, session)
        visit = book_visit(turn, order, tomorrow(9, 2)).visit.id
        reschedule_visit(turn, visit, tomorrow(9, 2, days=3), asked_by="customer", reason="", technician_id=None)
    assert listed(product, "deadline") == []


def a_fault(product: Product, hours_ago: float, **more: object) -> UUID:
    """A repair that names no deadline, reported so long ago."""
    with product.house.database.writing() as session:
        order = an_order(now_turn(product, session), **more)
        order.deadline, order.reported_at = None, utc_now() - timedelta(hours=hours_ago)
        return order.id


@pytest.mark.parametrize(("hours", "there"), [(23.9, False), (24.1, True), (48.1, True)])
def test_a_fault_without_a_deadline_has_its_published_forty_eight_hours(
    product: Product, hours: float, there: bool
) -> None:
    order = a_fault(product, hours)
    assert [one.thing for one in listed(product, "deadline")] == ([order] if there else [])
    if hours > 48:
        assert "已超过时限" in only(product, "deadline").why.zh


def test_in_the_country_a_fault_has_seventy_two_and_an_installation_only_what_it_says(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dispatch.exceptions import work

    told = repair_time(money())
    assert (told.urban, told.rural) == (timedelta(hours=48), timedelta(hours=72))
    monkeypatch.setattr(work, "repair_time", lambda table: replace(told, country=frozenset({"张江"})))
    order = a_fault(product, 47.9)
    assert listed(product, "deadline") == []
    with product.house.database.writing() as session:
        session.get_one(WorkOrder, order).reported_at = utc_now() - timedelta(hours=48.1)
    assert only(product, "deadline").thing == order
    with product.house.database.writing() as session:
        session.get_one(WorkOrder, order).kind = "install"
    assert listed(product, "deadline") == []


def test_rows_left_out_wait_for_a_person_once_however_often_the_file_is_taken_in(product: Product) -> None:
    desk = product.browser("dispatcher")
    report = follow(desk, hand_in(desk, *GOOD, BAD))
    action = report.request.url.path
    assert listed(product, "import") == []
    send(desk, report, action)
    send(desk, desk.get(action), action, rows="good")
    matter = only(product, "import")
    assert "有 1 行没有导入：第 4 行" in matter.why.zh
    assert matter.about == "orders.csv"
    page = desk.get("/desk/exceptions")
    assert action in page.text
    settled = follow(desk, send(desk, page, f"/desk/exceptions/imports/{matter.thing}"))
    assert "这些行已处理" in text_of(settled)
    assert listed(product, "import") == []
    with product.house.database.reading() as session:
        assert session.scalars(select(LeftOutRows)).one().settled_by == "dispatcher:dispatcher"
    again = send(desk, page, f"/desk/exceptions/imports/{matter.thing}", key="another-key-1")
    assert again.status_code == 409
    assert desk.post(f"/desk/exceptions/imports/{uuid4()}", data={"key": "a-key-of-ours"}).status_code == 404


def test_a_file_that_is_wholly_taken_leaves_nothing_behind(product: Product) -> None:
    desk = product.browser("dispatcher")
    report = follow(desk, hand_in(desk, *GOOD))
    send(desk, report, report.request.url.path)
    assert listed(product) == []


def two_phones_disagree(product: Product) -> UUID:
    visit = booked(product, technician=product.cast.technician_id)
    phone = product.as_("technician")
    for device, said in (("p-1", "beginner"), ("p-2", "expert")):
        entry = {"id": str(uuid4()), "step": "guide", "key": "experience", "value": said, "at": f"{utc_now()}"}
        body = {"visit_id": str(visit), "device_id": device, "entries": [entry]}
        assert phone.put(f"/api/v1/parcels/{uuid4()}", json=body).status_code in (200, 201, 204)
    return visit


def test_a_conflict_is_compared_and_gone(product: Product) -> None:
    two_phones_disagree(product)
    matter = only(product, "conflict")
    assert "两部手机填写不一致" in matter.why.zh
    desk = product.browser("dispatcher")
    assert f"/desk/conflicts/{matter.thing}" in desk.get("/desk/exceptions").text
    page = desk.get(f"/desk/conflicts/{matter.thing}")
    follow(desk, send(desk, page, f"/desk/conflicts/{matter.thing}", note="已与装维人员核实"))
    assert listed(product, "conflict") == []


def test_a_sealed_record_whose_document_waits_says_how_often_it_was_tried(product: Product) -> None:
    sealed = a_guest(product.house, product.cast.technician_id, "sealed").visit_id
    with product.house.database.writing() as session:
        record = session.scalars(select(Record).where(Record.visit_id == sealed)).one()
        now = utc_now()
        session.add(DocumentTry(record_id=record.id, tries=3, first_at=now, next_at=now, trouble="503"))
        session.flush()
    matter = only(product, "signature")
    assert "已试 3 次" in matter.why.zh
    assert f"/desk/visits/{sealed}" in product.browser("dispatcher").get("/desk/exceptions").text


@pytest.mark.parametrize(("minutes", "there"), [(29, False), (31, True)])
def test_a_signature_from_the_customers_own_phone_that_waits_too_long(
    product: Product, minutes: int, there: bool
) -> None:
    visit = booked(product, technician=product.cast.technician_id)
    with product.house.database.writing() as session:
        session.get_one(Visit, visit).status = Status.ON_SITE
        session.add(
            OwnPhoneSignature(
                visit_id=visit, content_sha256="0" * 64, decision="sign", kept={}, fingerprint="0" * 64,
                signed_at=utc_now() - timedelta(minutes=minutes),
            )
        )  # fmt: skip
    assert bool(listed(product, "signature")) is there


def test_the_list_refreshes_only_when_something_changed(product: Product) -> None:
    desk = product.browser("dispatcher")
    page = desk.get("/desk/exceptions").text
    address = page.split('id="exceptions-live" hx-get="', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    assert desk.get(address).status_code == 204
    asked_to_call(product, minutes=5)
    fresh = desk.get(address)
    assert fresh.status_code == 200
    assert "须马上致电" in text_of(fresh)


def test_from_a_visit_its_call_is_one_click_away(product: Product) -> None:
    task = asked_to_call(product, minutes=50)
    with product.house.database.reading() as session:
        visit = session.get_one(CallTask, task).visit_id
    desk = product.browser("dispatcher")
    assert desk.get(f"/desk/visits/{visit}/call").headers["location"] == f"/desk/calls/{task}"
    assert desk.get(f"/desk/visits/{booked(product)}/call").status_code == 404


@pytest.mark.parametrize("login", ["technician", "technician2"])
def test_nobody_outside_the_desk_sees_what_needs_a_person(product: Product, login: str) -> None:
    row = uuid4()
    browser: Any = product.browser(login)
    for path in ("/desk/exceptions", "/desk/exceptions/live", f"/desk/visits/{uuid4()}/call"):
        assert browser.get(path).status_code == 404
    assert browser.post(f"/desk/exceptions/imports/{row}", data={"key": "a-key-of-ours"}).status_code == 404
    assert forms_of(product.browser("dispatcher").get("/desk/exceptions")) == {"/sign-out": {}}
