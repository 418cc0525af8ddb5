"""“What if” at the desk: lines side by side, exported, and nothing changed by it. And who will be late today."""

import csv
import io
from uuid import UUID, uuid4

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from dispatch.notices.tables import Notice
from dispatch.planning.tables import PlanRun
from dispatch.settings import Settings
from dispatch.visits.tables import VisitChange
from tests.journeys.conftest import Product
from tests.journeys.desk_hand import follow, send, text_of
from tests.journeys.planning_hand import a_day, plan_what_waits


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"plan_iterations": 100})


def changes(product: Product) -> tuple[int, int]:
    with product.house.database.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(one)) or 0 for one in (VisitChange, Notice)]
    return counts[0], counts[1]


def test_a_day_is_compared_with_one_technician_more_and_fewer(product: Product) -> None:
    day, desk = a_day(product.house, product.settings, product.cast), product.browser("dispatcher")
    before = changes(product)
    form = desk.get(f"/desk/what-if?day={day['day']}&area={day['area']}")
    asked = send(desk, form, "/desk/what-if", lines="fewer", shift="-30")
    address = asked.headers["location"]
    assert "等待排程" in text_of(follow(desk, asked))
    while _waits(product):
        plan_what_waits(product.house, product.settings)
    told = text_of(desk.get(address))
    assert "现有安排条件" in told
    assert "减少 1 人" in told
    assert "班次提前 30 分钟" in told
    sheet = desk.get(f"{address}/export.csv")
    rows = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["方案", "现有安排条件", "减少 1 人", "班次提前 30 分钟"]
    assert rows[1][1:3] == ["2", "0"]
    book = load_workbook(io.BytesIO(desk.get(f"{address}/export.xlsx").content)).active
    assert book is not None
    assert [[str(cell) for cell in row] for row in book.values] == rows
    assert changes(product) == before, "nothing moves, nobody is told"
    runs = _runs(product)
    refused = product.as_("dispatcher").post(f"/api/v1/plans/{runs[0]}/accept")
    assert refused.status_code == 409


def _waits(product: Product) -> bool:
    with product.house.database.reading() as session:
        return bool(session.scalar(select(func.count()).select_from(PlanRun).where(PlanRun.state == "waiting")))


def _runs(product: Product) -> list[UUID]:
    with product.house.database.reading() as session:
        return list(session.scalars(select(PlanRun.id).order_by(PlanRun.asked_at)))


def test_what_is_no_line_is_refused(product: Product) -> None:
    day, desk = a_day(product.house, product.settings, product.cast), product.browser("dispatcher")
    form = desk.get(f"/desk/what-if?day={day['day']}&area={day['area']}")
    assert send(desk, form, "/desk/what-if", technicians="21").status_code == 422
    assert desk.get(f"/desk/what-if/{uuid4()}").status_code == 404
    assert desk.get(f"/desk/what-if/{uuid4()}/export.csv").status_code == 404
    assert product.browser("technician").get("/desk/what-if").status_code == 404
    assert product.browser("care_agent").get("/desk/what-if").status_code == 403


def test_a_formula_in_a_label_is_shown_as_text(product: Product) -> None:
    day, desk = a_day(product.house, product.settings, product.cast), product.as_("dispatcher")
    answer = desk.post(
        "/api/v1/plans",
        json={"area_ids": [day["area"]], "day": day["day"], "kind": "what_if", "what_if": [{"label": "=1+1"}]},
    )
    assert answer.status_code == 201, answer.text
    batch = answer.json()["items"][0]["batch"]
    sheet = product.browser("dispatcher").get(f"/desk/what-if/{batch}/export.csv").content.decode("utf-8-sig")
    assert "'=1+1" in sheet


def test_who_will_be_late_is_said_on_the_board_and_leads_to_what_can_be_done(product: Product) -> None:
    desk = product.browser("dispatcher")
    assert "没有预计晚到" in text_of(desk.get("/desk/late"))
    assert text_of(desk.get("/desk/late/count")) == ""
    assert 'hx-get="/desk/late/count' in desk.get("/desk/day").text
    assert product.browser("technician").get("/desk/late").status_code == 404
