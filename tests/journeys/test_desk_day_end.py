"""Day's end at the desk: what became of the visits, the hand-over, sheets on paper, and calendars."""

import io
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from icalendar import Calendar
from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy import select

from dispatch.care.day_log.tables import LogLine
from dispatch.clock import utc_now
from dispatch.notices.tables import Notice
from dispatch.technicians.tables import CalendarFeed, Technician
from dispatch.visits.life import Status
from dispatch.visits.tables import Visit
from tests.archive_rules import broken_rules
from tests.journeys.conftest import Product
from tests.journeys.desk_hand import (
    SHANGHAI,
    booked,
    fields,
    follow,
    forms_of,
    looks,
    now_turn,
    send,
    text_of,
    tomorrow,
    visit_now,
)
from tests.makers import RARE_NAME, a_technician

DAY = fields(tomorrow(9))["day"]


def becomes(product: Product, visit: UUID, status: Status, **more: object) -> None:
    with product.house.database.writing() as session:
        row = session.get_one(Visit, visit)
        row.status = status
        for name, value in more.items():
            setattr(row, name, value)


def figures(text: str) -> str:
    return text[text.index("上门") :][:200]


def test_a_day_says_what_was_done_late_missed_and_told_too_late(product: Product) -> None:
    cast = product.cast
    done = booked(product, tomorrow(9, 2), technician=cast.technician_id)
    late = booked(product, tomorrow(12, 1), technician=cast.technician_id)
    missed = booked(product, tomorrow(14, 2), technician=cast.other_technician_id)
    told = booked(product, tomorrow(16, 1), technician=cast.other_technician_id)
    gone = booked(product, tomorrow(17, 1))
    becomes(product, done, Status.SEALED, arrived_at=tomorrow(9).start)
    becomes(product, late, Status.SEALED, arrived_at=tomorrow(13).start + timedelta(minutes=25))
    becomes(product, missed, Status.NO_ACCESS, arrived_at=tomorrow(14).start)
    becomes(product, gone, Status.CANCELLED)
    with product.house.database.writing() as session:
        notice = session.scalars(select(Notice).where(Notice.visit_id == told)).one()
        notice.breached_at = tomorrow(10).start
    page = product.browser("dispatcher").get(f"/desk/day-end?day={DAY}")
    words = text_of(page)
    assert "上门 4 " in words
    assert "已完成 2 " in words
    assert "晚到 25 分钟" in words
    assert "通知超过时限" in words
    order = visit_now(product, missed).work_order_id
    assert f"/desk/orders/{order}/slots" in page.text
    assert f"/desk/visits/{gone}" not in page.text
    assert "T-001" in words
    assert looks(product, "day") == ["dispatcher:dispatcher"]


def test_an_empty_day_says_so_and_a_past_day_takes_no_hand_over(product: Product) -> None:
    page = product.browser("dispatcher").get("/desk/day-end?day=2026-01-05")
    assert "当天没有上门" in text_of(page)
    assert "/desk/day-end/hand-over" not in forms_of(page)


def test_the_hand_over_is_drafted_from_the_day_and_taken_over_by_somebody_else(product: Product) -> None:
    now = utc_now()
    visit = booked(product, tomorrow(9), technician=product.cast.technician_id)
    start = max(
        now - timedelta(hours=3), datetime.combine(now.astimezone(SHANGHAI).date(), datetime.min.time(), SHANGHAI)
    )
    becomes(
        product, visit, Status.BOOKED, window_start=start, window_end=start + timedelta(minutes=1),
        planned_start=start, planned_end=start + timedelta(minutes=1),
    )  # fmt: skip
    desk = product.browser("dispatcher")
    page = desk.get("/desk/day-end")
    draft = forms_of(page)["/desk/day-end/hand-over"]["text"]
    assert "1 个上门" in draft
    assert f"没有上门 1 个（{RARE_NAME}）" in draft
    done = follow(desk, send(desk, page, "/desk/day-end/hand-over", text=draft + "请先致电。"))
    assert "已交班" in text_of(done)
    assert "待接班" in text_of(done)
    with product.house.database.reading() as session:
        line = session.scalars(select(LogLine)).one()
        assert (line.kind, line.text) == ("handover", draft + "请先致电。")
    other = product.browser("supervisor")
    next_shift = other.get("/desk/day-end")
    follow(other, send(other, next_shift, f"/desk/day-log/{line.id}/take"))
    assert "已接班" in text_of(desk.get("/desk/day-end"))


def test_a_hand_over_that_says_nothing_is_asked_for_again(product: Product) -> None:
    desk = product.browser("dispatcher")
    answer = send(desk, desk.get("/desk/day-end"), "/desk/day-end/hand-over", text="")
    assert answer.status_code == 422
    assert "请填写此项" in text_of(answer)


def text_in(pdf: bytes) -> str:
    """What stands in the attached and drawn document, by the strict reader; its pages by count."""
    return f"{len(list(PdfFileReader(io.BytesIO(pdf), strict=True).root['/Pages']['/Kids']))}"


def test_a_day_sheet_is_a_lasting_document_and_says_who_printed_it(product: Product) -> None:
    cast, desk = product.cast, product.browser("dispatcher")
    visit = booked(product, tomorrow(9, 4), technician=cast.technician_id)
    booked(product, tomorrow(13, 4), technician=cast.technician_id)
    booked(product, tomorrow(9, 2), technician=cast.other_technician_id)
    one = desk.get(f"/desk/day-sheets/{cast.technician_id}.pdf?day={DAY}")
    assert one.status_code == 200
    assert one.headers["content-type"] == "application/pdf"
    assert one.headers["content-disposition"] == f'inline; filename="day-sheet-{DAY}-T-001.pdf"'
    assert broken_rules(one.content) == []
    assert text_in(one.content) == "1"
    assert len(looks(product, "visit")) == 2
    assert looks(product, "customer_phone") == [], "the whole number is for the day itself"
    everybody = desk.get(f"/desk/day-sheets/all.pdf?day={DAY}")
    assert broken_rules(everybody.content) == []
    assert text_in(everybody.content) == "2"
    with product.house.database.reading() as session:
        assert session.get_one(Visit, visit).status == "booked"


def test_on_the_day_itself_whole_numbers_are_printed_and_that_is_written_down(product: Product) -> None:
    now, cast = utc_now(), product.cast
    visit = booked(product, tomorrow(9), technician=cast.technician_id)
    becomes(
        product, visit, Status.BOOKED, window_start=now, window_end=now + timedelta(hours=1), planned_start=now,
        planned_end=now + timedelta(hours=1),
    )  # fmt: skip
    answer = product.browser("dispatcher").get(f"/desk/day-sheets/{cast.technician_id}.pdf")
    assert answer.status_code == 200
    assert looks(product, "customer_phone") == ["dispatcher:dispatcher"]


def test_who_works_that_day_is_listed_with_their_visits(product: Product) -> None:
    booked(product, tomorrow(9, 4), technician=product.cast.technician_id)
    page = product.browser("care_agent").get(f"/desk/day-sheets?day={DAY}")
    assert "1 个上门" in text_of(page)
    assert "0 个上门" in text_of(page)
    assert f"/desk/day-sheets/all.pdf?day={DAY}" in page.text
    nobody = product.browser("dispatcher").get("/desk/day-sheets?day=2027-03-03")
    assert "当天没有人在岗" in text_of(nobody)
    assert product.browser("dispatcher").get("/desk/day-sheets/all.pdf?day=2027-03-03").status_code == 404
    assert product.browser("dispatcher").get(f"/desk/day-sheets/{uuid4()}.pdf").status_code == 404


# ---- Calendars ----


def address_of(product: Product, technician: UUID, login: str = "dispatcher") -> str:
    """A fresh calendar address, as the desk's page shows it."""
    desk = product.browser(login)
    path = f"/desk/technicians/{technician}/calendar"
    page = follow(desk, send(desk, desk.get(path), path, do="give"))
    return page.text.split('<code class="sent-text">', 1)[1].split("</code>", 1)[0]


def events(product: Product, address: str) -> list[Calendar]:
    answer = product.browser().get(address.removeprefix("http://localhost"))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.headers["cache-control"] == "private, no-store"
    return [*Calendar.from_ical(answer.text).walk("VEVENT")]


def test_a_calendar_shows_ones_own_visits_and_nothing_of_customers(product: Product) -> None:
    cast = product.cast
    mine = booked(product, tomorrow(9, 4), technician=cast.technician_id)
    booked(product, tomorrow(9, 4), technician=cast.other_technician_id)
    far = booked(product, tomorrow(10, 2, days=5), technician=cast.technician_id)
    booked(product, tomorrow(10, 2, days=30), technician=cast.technician_id)
    address = address_of(product, cast.technician_id)
    told = {str(one["uid"]): one for one in events(product, address)}
    assert set(told) == {f"{mine}@localhost", f"{far}@localhost"}
    near = told[f"{mine}@localhost"]
    assert near.decoded("dtstart").astimezone(UTC) == tomorrow(9).start.astimezone(UTC)
    assert "09:00–13:00" in str(near["description"])
    assert str(near["location"]).startswith("测试路")
    assert "location" not in told[f"{far}@localhost"]
    body = product.browser().get(address.removeprefix("http://localhost")).text
    assert RARE_NAME not in body
    assert "13800000001" not in body
    becomes(product, mine, Status.CANCELLED)
    assert {str(one["uid"]) for one in events(product, address)} == {f"{far}@localhost"}


def test_a_new_address_ends_the_one_before_and_an_ended_one_looks_like_any_other(product: Product) -> None:
    technician = product.cast.technician_id
    first = address_of(product, technician)
    second = address_of(product, technician)
    stranger = product.browser()
    assert stranger.get(first.removeprefix("http://localhost")).status_code == 404
    assert stranger.get(second.removeprefix("http://localhost")).status_code == 200
    desk = product.browser("supervisor")
    path = f"/desk/technicians/{technician}/calendar"
    follow(desk, send(desk, desk.get(path), path, do="end"))
    ended = stranger.get(second.removeprefix("http://localhost"))
    unknown = stranger.get("/calendar/" + "A" * 32 + ".ics")
    assert (ended.status_code, unknown.status_code) == (404, 404)
    assert len(ended.text) == len(unknown.text)
    assert stranger.get("/calendar/x.ics").status_code == 404
    with product.house.database.reading() as session:
        rows = session.scalars(select(CalendarFeed).order_by(CalendarFeed.created_at)).all()
    assert [row.revoked_by for row in rows] == ["dispatcher:dispatcher", "supervisor:supervisor"]
    assert all(first.rsplit("/", 1)[1].removesuffix(".ics") not in row.token_hash for row in rows)


def test_who_has_left_has_no_calendar(product: Product) -> None:
    with product.house.database.writing() as session:
        one = a_technician(session, "T-009", "周")
        technician = one.id
    address = address_of(product, technician)
    assert events(product, address) == []
    with product.house.database.writing() as session:
        session.get_one(Technician, technician).active = False
    assert product.browser().get(address.removeprefix("http://localhost")).status_code == 404


def test_the_address_is_a_key_and_only_planners_hold_it(product: Product) -> None:
    technician = product.cast.technician_id
    address = address_of(product, technician)
    path = f"/desk/technicians/{technician}/calendar"
    agent = product.browser("care_agent")
    assert address not in agent.get(path).text
    assert agent.post(path, data={"key": "a-key-of-ours", "do": "give"}).status_code == 403
    assert looks(product, "calendar_feed") == ["dispatcher:dispatcher"]


@pytest.mark.parametrize("login", ["technician", "technician2"])
def test_nobody_outside_the_desk_sees_its_day(product: Product, login: str) -> None:
    technician = product.cast.technician_id
    browser = product.browser(login)
    paths = ["/desk/day-end", "/desk/day-sheets", "/desk/day-sheets/all.pdf", f"/desk/day-sheets/{technician}.pdf"]
    for path in [*paths, f"/desk/technicians/{technician}/calendar"]:
        assert browser.get(path).status_code == 404, path
    sent = {"key": "a-key-of-ours", "text": "x", "do": "give"}
    for path in ("/desk/day-end/hand-over", f"/desk/technicians/{technician}/calendar"):
        assert browser.post(path, data=sent).status_code == 404, path


def test_a_calendars_secret_stands_in_no_log(product: Product) -> None:
    from mobile_api.logs import without_secrets

    with product.house.database.writing() as session:
        now_turn(product, session)
    assert without_secrets("/calendar/AbC-123_x.ics") == "/calendar/…"
    assert without_secrets("/calendar%2fAbC.ics?x=1") == "/calendar%2f…?…"
