"""Planning from the board: in two clicks to a proposal, for whom or what was chosen there."""

from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import select

from dispatch.planning.tables import PlanRun
from dispatch.settings import Settings
from dispatch.technicians.tables import Area, Technician
from mobile_api.desk.forms import fresh_key
from tests.journeys.conftest import Product
from tests.journeys.desk_hand import follow, now_turn, text_of
from tests.journeys.planning_hand import a_day, plan_what_waits
from tests.makers import an_order


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"plan_iterations": 200})


def ask(desk: TestClient, day: dict[str, str], kind: str, *about: object, **more: str) -> Response:
    sent = {"key": fresh_key(), "day": day["day"], "kind": kind, "about": [str(one) for one in about], **more}
    return desk.post("/desk/board/replan", data=sent)


def runs(product: Product) -> list[PlanRun]:
    with product.house.database.reading() as session:
        return list(session.scalars(select(PlanRun).order_by(PlanRun.asked_at)))


def test_a_sick_technician_is_one_question_and_the_proposal_says_who_comes(product: Product) -> None:
    day, desk = a_day(product.house, product.settings, product.cast), product.browser("dispatcher")
    asked = ask(desk, day, "sick", product.cast.technician_id)
    plan_what_waits(product.house, product.settings)
    told = text_of(follow(desk, asked))
    assert "人员请假或生病：赵翀㛃 T-001" in told
    assert "钱进 T-002" in told
    assert f"/desk/board?day={day['day']}" in follow(desk, asked).text


def test_picked_visits_alone_are_planned_anew(product: Product) -> None:
    day, desk = a_day(product.house, product.settings, product.cast), product.browser("dispatcher")
    asked = ask(desk, day, "picked", day["pool"])
    plan_what_waits(product.house, product.settings)
    page = follow(desk, asked)
    assert "只重排选中的 1 个上门" in text_of(page)
    assert f'value="{day["pool"]}"' in page.text
    assert f'value="{day["mine"]}"' not in page.text


def test_visits_of_two_areas_become_two_runs(product: Product) -> None:
    day, desk = a_day(product.house, product.settings, product.cast), product.browser("dispatcher")
    with product.house.database.writing() as session:
        other = Area(name="金桥", name_en="Jinqiao", latitude=31.25, longitude=121.6)
        session.add(other)
        session.flush()
        session.get_one(Technician, product.cast.technician_id).area_id = other.id
    answer = ask(desk, day, "picked", day["mine"], day["pool"])
    assert answer.headers["location"].startswith(f"/desk/plan?day={day['day']}")
    assert len({run.area_id for run in runs(product)}) == 2


def test_pressed_twice_it_is_asked_once(product: Product) -> None:
    day, desk = a_day(product.house, product.settings, product.cast), product.browser("dispatcher")
    key = fresh_key()
    first, second = (ask(desk, day, "longer", day["mine"], minutes="30", key=key) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert len(runs(product)) == 1
    assert runs(product)[0].asked["events"][0]["minutes"] == 30


def test_an_urgent_order_is_planned_in_its_own_area(product: Product) -> None:
    day, desk = a_day(product.house, product.settings, product.cast), product.browser("dispatcher")
    with product.house.database.writing() as session:
        order = an_order(now_turn(product, session), external_id="GD-9").id
    assert ask(desk, day, "urgent", order).status_code == 303
    assert str(runs(product)[0].area_id) == day["area"]


def test_what_is_refused_stands_above_the_planners_form_with_what_was_chosen(product: Product) -> None:
    day, desk = a_day(product.house, product.settings, product.cast), product.browser("dispatcher")
    past = ask(desk, {"day": "2020-01-01"}, "sick", product.cast.technician_id)
    assert past.status_code == 422
    assert "这一天已经过去" in text_of(past)
    assert f'value="{product.cast.technician_id}" selected' in past.text
    late = ask(desk, day, "late", product.cast.technician_id)
    assert "请填写晚到或延长的分钟数" in text_of(late)
    assert ask(desk, day, "picked").status_code == 422
    assert ask(desk, day, "picked", "nonsense").status_code == 422
    assert ask(desk, day, "picked", uuid4()).status_code == 422, "belongs to no area"
    assert runs(product) == []


def test_who_has_no_area_is_not_planned_blindly(product: Product) -> None:
    day, desk = a_day(product.house, product.settings, product.cast), product.browser("dispatcher")
    with product.house.database.writing() as session:
        session.get_one(Technician, product.cast.technician_id).area_id = None
    answer = ask(desk, day, "sick", product.cast.technician_id)
    assert answer.status_code == 422
    assert "不属于任何片区" in text_of(answer)


@pytest.mark.parametrize(("role", "status"), [("care_agent", 403), ("technician", 404), ("technician2", 404)])
def test_only_planners_plan_in_place(product: Product, role: str, status: int) -> None:
    day = a_day(product.house, product.settings, product.cast)
    assert ask(product.browser(role), day, "sick", product.cast.technician_id).status_code == status
    assert runs(product) == []
