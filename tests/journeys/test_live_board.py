"""The live board over HTTP: the day in one answer, what fits and why not, moves and their undoing, on both engines."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import select

from dispatch.clock import utc_now
from dispatch.notices.tables import Notice
from dispatch.technicians.tables import Shift
from dispatch.visits.attention import SIGN_WORDS
from dispatch.visits.booking import book_visit
from mobile_api.desk.forms import fresh_key
from tests.journeys.conftest import Product
from tests.journeys.desk_hand import booked, fields, looks, now_turn, soon, text_of, tomorrow, visit_now
from tests.makers import an_order

DAY = fields(tomorrow(9))["day"]


def day_of(product: Product, login: str = "dispatcher", day: str = DAY) -> dict[str, Any]:
    answer = product.browser(login).get(f"/desk/board/data?day={day}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def fit(desk: TestClient, visit: UUID, technician: UUID, hour: float) -> dict[str, Any]:
    asked = f"/desk/board/fit/{visit}?day={DAY}&technician={technician}&start={int(hour * 60)}"
    answer = desk.get(asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def move(
    desk: TestClient, product: Product, visit: UUID, technician: UUID | None, planned: str, **more: str
) -> Response:
    """Confirm what a drop led to: the told window stays unless `more` says otherwise."""
    now = visit_now(product, visit)
    sent = {**fields(now.window), "technician": str(technician or ""), "planned": planned, "board": DAY}
    sent |= {"key": fresh_key(), "version": str(now.version), "asked_by": "company", "reason": ""} | more
    return desk.post(f"/desk/board/move/{visit}", data={name: value for name, value in sent.items() if value})


def undo(desk: TestClient, told: dict[str, Any]) -> Response:
    again = told["undo"]
    return desk.post(
        f"/desk/board/undo/{again['visit']}?day={DAY}",
        data={"version": again["version"], "key": again["key"]},
    )


def kinds(product: Product, visit: UUID) -> list[tuple[str, str]]:
    with product.house.database.reading() as session:
        rows = session.scalars(select(Notice).where(Notice.visit_id == visit).order_by(Notice.owed_at, Notice.id))
        return [(row.kind, row.state) for row in rows]


def sent_already(product: Product, visit: UUID) -> None:
    """A gateway has taken everything that was owed."""
    with product.house.database.writing() as session:
        for row in session.scalars(select(Notice).where(Notice.visit_id == visit, Notice.state == "owed")):
            row.state, row.attempts, row.accepted_at = "accepted", 1, utc_now()


def test_the_day_is_one_answer_with_minutes_of_the_business_day(product: Product) -> None:
    mine = booked(product, tomorrow(9, 4), technician=product.cast.technician_id)
    pool = booked(product, tomorrow(14))
    with product.house.database.writing() as session:
        order = an_order(now_turn(product, session), "install", external_id="GD-7").id
    day = day_of(product)
    visits = {one["id"]: one for one in day["visits"]}
    assert visits[str(mine)]["w"] == [540, 780]
    assert visits[str(mine)]["p"] == [540, 600]
    assert visits[str(mine)]["t"] == str(product.cast.technician_id)
    assert visits[str(pool)]["t"] is None
    assert "unconfirmed" in visits[str(mine)]["g"] or utc_now() < visit_now(product, mine).window_start - timedelta(1)
    assert {one["id"] for one in day["orders"]} == {str(order)}
    people = {one["c"]: one for one in day["technicians"]}
    assert people["T-001"]["sh"] == [510, 1050]
    assert people["T-001"]["sk"] == {"fibre": 2}


def test_the_boards_answer_says_what_the_days_page_says(product: Product) -> None:
    """Two ways to read a day, one set of rules: the signs are the same."""
    booked(product, tomorrow(20), technician=product.cast.technician_id)
    signs = {sign for one in day_of(product)["visits"] for sign in one["g"]}
    page = text_of(product.browser("dispatcher").get(f"/desk/day?day={DAY}"))
    assert "off_shift" in signs
    assert all(SIGN_WORDS[sign].zh in page for sign in signs)


def test_that_a_board_was_looked_at_is_written_down_once(product: Product) -> None:
    desk = product.browser("dispatcher")
    assert desk.get(f"/desk/board?day={DAY}").status_code == 200
    desk.get(f"/desk/board/data?day={DAY}")
    assert looks(product, "day") == ["dispatcher:dispatcher"]


def test_one_visit_can_be_read_anew_and_only_on_its_day(product: Product) -> None:
    visit = booked(product, technician=product.cast.technician_id)
    desk = product.browser("dispatcher")
    assert desk.get(f"/desk/board/visits/{visit}?day={DAY}").json()["id"] == str(visit)
    other = fields(tomorrow(9, days=3))["day"]
    assert desk.get(f"/desk/board/visits/{visit}?day={other}").status_code == 404
    assert desk.get(f"/desk/board/visits/{uuid4()}?day={DAY}").status_code == 404


def test_the_judge_says_where_it_fits_and_names_the_rule_where_not(product: Product) -> None:
    cast, desk = product.cast, product.browser("dispatcher")
    visit = booked(product, tomorrow(9, 4), technician=cast.technician_id)
    held = booked(product, tomorrow(9, 8))
    assert fit(desk, held, cast.technician_id, 11) == {"fits": True, "rules": [], "why": []}
    overlap = fit(desk, held, cast.technician_id, 9.5)
    assert (overlap["fits"], overlap["rules"]) == (False, ["there_is_time_to_drive"])
    assert overlap["why"] == ["与已有安排重叠。"]
    assert fit(desk, held, cast.technician_id, 10)["fits"]  # ends touch, and both are at one address
    assert fit(desk, visit, cast.technician_id, 9.5)["fits"]  # it is not in its own way
    early, late = (fit(desk, held, cast.other_technician_id, hour) for hour in (8, 17))
    assert early["rules"] == late["rules"] == ["shift_is_kept"]
    assert fit(desk, held, cast.other_technician_id, 16.5)["fits"]  # the shift ends at half past five


def test_the_judge_misses_a_skill_and_the_crew_says_who_has_it_not(product: Product) -> None:
    cast, desk = product.cast, product.browser("dispatcher")
    with product.house.database.writing() as session:
        turn = now_turn(product, session)
        able = book_visit(turn, an_order(turn, skills=("fibre",)).id, tomorrow(10, 2)).visit.id
        unable = book_visit(turn, an_order(turn, skills=("xgspon",), external_id="X").id, tomorrow(10, 2)).visit.id
    assert fit(desk, able, cast.technician_id, 10)["fits"]
    assert fit(desk, unable, cast.technician_id, 10)["rules"] == ["skills_are_there"]
    assert desk.get(f"/desk/board/crew/{able}?day={DAY}").json()["why"] == {}
    assert set(desk.get(f"/desk/board/crew/{unable}?day={DAY}").json()["why"]) == {
        str(cast.technician_id), str(cast.other_technician_id),
    }  # fmt: skip


def test_the_break_is_left_room_for(product: Product) -> None:
    cast, desk = product.cast, product.browser("dispatcher")
    noon = tomorrow(12)
    with product.house.database.writing() as session:
        for shift in session.scalars(select(Shift).where(Shift.technician_id == cast.technician_id)):
            if shift.starts_at < noon.start < shift.ends_at:
                shift.lunch_from, shift.lunch_until, shift.lunch_minutes = noon.start, noon.end, 45
    held = booked(product, tomorrow(9, 8))
    assert fit(desk, held, cast.technician_id, 11.25)["fits"]  # over at a quarter past twelve: 45 minutes are left
    assert "break_is_taken" in fit(desk, held, cast.technician_id, 11.5)["rules"]


def test_a_move_inside_the_told_window_tells_nobody_and_is_undone(product: Product) -> None:
    cast, desk = product.cast, product.browser("dispatcher")
    visit = booked(product, tomorrow(9, 4), technician=cast.technician_id)
    sent_already(product, visit)
    told = move(desk, product, visit, cast.technician_id, "11:00").json()
    assert told["block"]["p"] == [660, 720]
    assert kinds(product, visit) == [("booked", "accepted")]
    back = undo(desk, told)
    assert back.json()["block"]["p"] == [540, 600]
    assert kinds(product, visit) == [("booked", "accepted")]
    assert undo(desk, told).json()["block"]["p"] == [540, 600]  # pressed twice


def test_an_undone_change_of_technician_leaves_no_message_behind(product: Product) -> None:
    cast, desk = product.cast, product.browser("dispatcher")
    visit = booked(product, tomorrow(9, 4), technician=cast.technician_id)
    sent_already(product, visit)
    told = move(desk, product, visit, cast.other_technician_id, "09:00").json()
    assert kinds(product, visit)[-1] == ("technician_changed", "owed")
    assert undo(desk, told).status_code == 200
    assert visit_now(product, visit).technician_id == cast.technician_id
    assert {state for kind, state in kinds(product, visit) if kind == "technician_changed"} == {"superseded"}


def test_once_the_customer_is_told_a_move_cannot_be_undone(product: Product) -> None:
    cast, desk = product.cast, product.browser("dispatcher")
    for planned, more in (("09:00", {}), ("", {**fields(tomorrow(14)), "reason": "前一户施工延误"})):
        visit = booked(product, tomorrow(9, 4))
        sent_already(product, visit)
        assert move(desk, product, visit, cast.technician_id, "09:00").status_code == 200
        told = move(desk, product, visit, cast.other_technician_id, planned, **more).json()
        sent_already(product, visit)
        refused = undo(desk, told)
        assert refused.status_code == 409
        assert refused.json()["name"] == "told-already"
        assert visit_now(product, visit).technician_id == cast.other_technician_id


def test_a_moved_window_is_undone_as_long_as_nothing_left(product: Product) -> None:
    cast, desk = product.cast, product.browser("dispatcher")
    visit = booked(product, tomorrow(9, 4), technician=cast.technician_id)
    sent_already(product, visit)
    more = {**fields(tomorrow(14, 2)), "reason": "前一户施工延误"}
    told = move(desk, product, visit, cast.technician_id, "14:00", **more).json()
    assert kinds(product, visit)[-1] == ("moved", "owed")
    assert undo(desk, told).status_code == 200
    assert visit_now(product, visit).window == tomorrow(9, 4)
    assert kinds(product, visit)[-1] == ("moved", "superseded")


def test_nobody_undoes_what_another_did_or_what_has_gone_on(product: Product) -> None:
    cast, desk = product.cast, product.browser("dispatcher")
    visit = booked(product, tomorrow(9, 4), technician=cast.technician_id)
    told = move(desk, product, visit, cast.technician_id, "10:00").json()
    assert undo(product.browser("supervisor"), told).json()["name"] == "nothing-to-undo"
    move(product.browser("supervisor"), product, visit, cast.technician_id, "11:00")
    assert undo(desk, told).status_code in (409, 412)
    assert visit_now(product, visit).planned_start == tomorrow(11).start


def test_a_stale_move_shows_theirs_and_ours_and_changes_nothing(product: Product) -> None:
    cast, desk = product.cast, product.browser("dispatcher")
    visit = booked(product, tomorrow(9, 4), technician=cast.technician_id)
    move(product.browser("supervisor"), product, visit, cast.other_technician_id, "11:00")
    answer = move(desk, product, visit, cast.technician_id, "10:00", version="1")
    assert answer.status_code in (409, 412)
    told = text_of(answer)
    for said in ("他们的（当前）", "钱进", "您的（未保存）", "10:00", "supervisor"):
        assert said in told
    assert visit_now(product, visit).technician_id == cast.other_technician_id


def test_too_late_the_dialog_says_whom_to_call_and_only_a_supervisor_may_override(product: Product) -> None:
    cast = product.cast
    visit = booked(product, soon(60), technician=cast.technician_id)
    more = {**fields(tomorrow(14)), "reason": "车辆故障"}
    refused = move(product.browser("dispatcher"), product, visit, cast.technician_id, "14:00", **more)
    assert refused.status_code == 409
    assert "先致电客户" in text_of(refused)
    assert "放行原因" not in text_of(refused)
    assert looks(product, "customer_phone") == ["dispatcher:dispatcher"]
    more |= {"override_reason": "车辆故障", "call_outcome": "reached_agreed"}
    done = move(product.browser("supervisor"), product, visit, cast.technician_id, "14:00", **more)
    assert done.status_code == 200
    assert "undo" not in done.json()


def test_asking_what_a_drop_means_changes_nothing(product: Product) -> None:
    cast, desk = product.cast, product.browser("dispatcher")
    visit = booked(product, tomorrow(9, 4), technician=cast.technician_id)
    for start, said in ((600, "约定时段不变"), (870, "约定时段改为")):
        asked = f"/desk/board/move/{visit}?day={DAY}&technician={cast.other_technician_id}&start={start}&version=1"
        answer = desk.get(asked)
        assert answer.status_code == 200
        assert said in text_of(answer)
    assert visit_now(product, visit).version == 1


@pytest.mark.parametrize("login", ["care_agent", "technician", "technician2"])
def test_who_may_not_plan_moves_nothing(product: Product, login: str) -> None:
    cast = product.cast
    visit = booked(product, tomorrow(9, 4), technician=cast.technician_id)
    answer = move(product.browser(login), product, visit, cast.other_technician_id, "10:00")
    assert answer.status_code in (403, 404)
    assert visit_now(product, visit).technician_id == cast.technician_id


@pytest.mark.parametrize(
    "query", ["start=99999999999&technician={t}", "start=x&technician={t}", "start=1&technician=x"]
)
def test_nonsense_about_a_place_is_refused_plainly(product: Product, query: str) -> None:
    cast, desk = product.cast, product.browser("dispatcher")
    visit = booked(product, tomorrow(9, 4), technician=cast.technician_id)
    for path in ("fit", "move"):
        answer = desk.get(f"/desk/board/{path}/{visit}?day={DAY}&{query.format(t=cast.technician_id)}")
        assert answer.status_code < 500
