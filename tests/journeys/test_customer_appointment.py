"""What a customer does about an appointment: see it, confirm it, ask for another time."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from dispatch.clock import utc_now
from dispatch.visits.tables import Visit, VisitChange
from tests.journeys.conftest import Product
from tests.journeys.customer_stages import Guest, a_guest, mark_of


def visit_of(product: Product, guest: Guest) -> Visit:
    with product.house.database.reading() as session:
        visit = session.get(Visit, guest.visit_id)
        assert visit is not None
        return visit


def changes(product: Product, guest: Guest, what: str) -> int:
    with product.house.database.reading() as session:
        query = select(func.count()).where(VisitChange.visit_id == guest.visit_id, VisitChange.what == what)
        return session.scalar(query) or 0


def day_in(product: Product, days: int) -> str:
    return (utc_now().astimezone(product.settings.zone).date() + timedelta(days=days)).isoformat()


def wish(browser: TestClient, guest: Guest, **fields: str) -> tuple[int, str]:
    path = guest.home + "/another-time"
    sent = {"form": mark_of(browser, path), "how": "time", "begin": "9", "end": "12", "words": ""} | fields
    answer = browser.post(path, data=sent)
    return answer.status_code, answer.text


def test_the_page_tells_when_what_where_and_who(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id)
    page = guest.enters(product.browser()).get(guest.home).text
    visit = visit_of(product, guest)
    start = visit.window_start.astimezone(product.settings.zone)
    for fact in (
        f"{start:%H:%M}",
        f"{start.month}月{start.day}日",
        "宽带维修",
        "龘园路",
        "赵翀㛃师傅",
        "T-001",
        "张江",
    ):
        assert fact in page, fact
    assert "两小时" in page


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        ("en_route", "师傅已经出发"),
        ("begun", "师傅已经到达"),
        ("sealed", "服务已经完成"),
        ("no_access", "没能与您见面"),
        ("cancelled", "已取消"),
    ],
)
def test_the_page_follows_the_visit(product: Product, stage: str, told: str) -> None:
    guest = a_guest(product.house, product.cast.technician_id, stage)
    page = guest.enters(product.browser()).get(guest.home).text
    assert told in page
    assert ("/confirm" in page) == (stage == "en_route")


def test_confirming_twice_is_one_confirmation(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id)
    browser = guest.enters(product.browser())
    key = mark_of(browser, guest.home)
    for _ in range(2):
        assert browser.post(guest.home + "/confirm", data={"form": key}).status_code == 303
    assert visit_of(product, guest).confirmed_at is not None
    assert changes(product, guest, "confirmed") == 1
    page = browser.get(guest.home).text
    assert "您已确认" in page
    assert "/confirm" not in page


def test_a_visit_that_is_over_cannot_be_confirmed(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id, "cancelled")
    browser = guest.enters(product.browser())
    key = mark_of(browser, guest.home + "/another-time")
    answer = browser.post(guest.home + "/confirm", data={"form": key})
    assert answer.status_code == 409
    assert f'href="{guest.home}"' in answer.text, "there is a way back"
    assert visit_of(product, guest).confirmed_at is None


def test_a_wish_is_kept_for_the_desk_and_shown_to_the_customer(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id)
    browser = guest.enters(product.browser())
    day = day_in(product, 3)
    assert wish(browser, guest, day=day, words="孩子下午在家")[0] == 303
    kept = visit_of(product, guest).wish
    assert kept is not None
    assert (kept["call_me"], kept["words"]) == (False, "孩子下午在家")
    assert kept["start"] == f"{day}T01:00:00+00:00", "nine o'clock in Shanghai"
    assert kept["end"] == f"{day}T04:00:00+00:00"
    page = browser.get(guest.home).text
    assert "孩子下午在家" in page
    assert "09:00" in page
    shown = product.as_("dispatcher").get(f"/api/v1/visits/{guest.visit_id}").json()
    assert shown["wish"]["words"] == "孩子下午在家"


def test_a_second_press_is_the_same_wish(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id)
    browser = guest.enters(product.browser())
    for _ in range(2):
        assert wish(browser, guest, day=day_in(product, 2))[0] == 303
    assert changes(product, guest, "wished") == 1
    assert wish(browser, guest, day=day_in(product, 4))[0] == 303
    assert changes(product, guest, "wished") == 2


@pytest.mark.parametrize("stage", ["booked", "en_route", "no_access", "cancelled"])
def test_a_call_can_be_asked_for(product: Product, stage: str) -> None:
    guest = a_guest(product.house, product.cast.technician_id, stage)
    browser = guest.enters(product.browser())
    assert wish(browser, guest, how="call", day="", begin="", end="")[0] == 303
    kept = visit_of(product, guest).wish
    assert kept is not None
    assert kept["call_me"] is True
    assert "start" not in kept
    assert "138****0001" in browser.get(guest.home).text


WRONG = [
    ({"day": ""}, "f-day", "请选择日期"),
    ({"day": "2020-01-01"}, "f-day", "请选择日期"),
    ({"day": "2999-01-01"}, "f-day", "请选择日期"),
    ({"day": "tomorrow"}, "f-day", "请选择日期"),
    ({"begin": "12", "end": "12"}, "f-end", "晚于开始"),
    ({"begin": "8", "end": "21"}, "f-end", "12 小时"),
    ({"begin": "3"}, "f-begin", "开始时间"),
    ({"end": "24"}, "f-end", "结束时间"),
    ({"words": "好\x00"}, "f-words", "无法识别"),
    ({"words": "长" * 1001}, "f-words", "过长"),
    ({"how": "letter"}, "f-how", "选择一种"),
]


def test_what_is_wrong_is_said_beside_its_field(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id)
    browser = guest.enters(product.browser())
    for fields, field, told in WRONG:
        status, page = wish(browser, guest, **({"day": day_in(product, 2)} | fields))
        assert status == 422, fields
        error = re.search(rf'id="{field}-error">.*?<span>(.*?)</span>', page, re.DOTALL)
        assert error, f"no error beside {field} for {fields}"
        assert told in error[1]
        assert page.count('class="error"') == 1, fields
    assert visit_of(product, guest).wish is None


def test_the_longest_wish_is_twelve_hours(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id)
    browser = guest.enters(product.browser())
    assert wish(browser, guest, day=day_in(product, 2), begin="8", end="20")[0] == 303


def test_a_field_that_we_never_asked_for_is_refused(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id)
    browser = guest.enters(product.browser())
    assert wish(browser, guest, day=day_in(product, 2), status="sealed")[0] == 409
    assert visit_of(product, guest).wish is None


def test_hostile_words_are_shown_as_words(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id)
    browser = guest.enters(product.browser())
    assert wish(browser, guest, how="call", words="<script>alert(1)</script>{{7*7}}")[0] == 303
    page = browser.get(guest.home).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page
    assert "<script>alert" not in page


def test_a_visit_that_has_begun_is_not_moved_by_a_wish(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id, "sealed")
    browser = guest.enters(product.browser())
    assert "不能再改时间" in browser.get(guest.home + "/another-time").text
    sent = {"form": mark_of(browser, guest.home + "/record"), "how": "call"}
    answer = browser.post(guest.home + "/another-time", data=sent)
    assert answer.status_code == 409
    assert "致电" in answer.text
    assert visit_of(product, guest).wish is None


def test_inside_two_hours_the_customer_is_told_honestly(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id, hours_ahead=1.5)
    browser = guest.enters(product.browser())
    assert "不足两小时" in browser.get(guest.home).text
    assert "不足两小时" in browser.get(guest.home + "/another-time").text
    assert wish(browser, guest, how="call")[0] == 303, "asking is always allowed"
