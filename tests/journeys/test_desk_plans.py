"""Planning at the desk: a day is asked for, its proposal read in words, and taken up, whole or in part."""

from uuid import UUID

import pytest
from sqlalchemy import select

from dispatch.accounts.tables import AuditRow
from dispatch.planning.tables import PlanRun
from dispatch.settings import Settings
from tests.journeys.conftest import Product
from tests.journeys.desk_hand import follow, forms_of, looks, send, text_of, visit_now
from tests.journeys.planning_hand import a_day, plan_what_waits


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"plan_iterations": 200})


def the_run(product: Product) -> PlanRun:
    with product.house.database.reading() as session:
        return session.scalars(select(PlanRun).order_by(PlanRun.asked_at.desc())).first()  # type: ignore[return-value]


def test_a_day_is_planned_read_and_taken_up(product: Product) -> None:
    day, desk = a_day(product.house, product.settings, product.cast), product.browser("dispatcher")
    assert f"/desk/plan?day={day['day']}" in desk.get(f"/desk/day?day={day['day']}").text
    asked = send(desk, desk.get(f"/desk/plan?day={day['day']}"), "/desk/plan", areas=day["area"])
    waiting = follow(desk, asked)
    assert "等待空闲的机器" in text_of(waiting)
    address = asked.headers["location"]
    assert desk.get(f"{address}/live?seen=waiting-0").status_code == 204
    plan_what_waits(product.house, product.settings)
    done = desk.get(f"{address}/live?seen=waiting-0")
    assert "派单" in text_of(done)
    assert "hx-get" not in done.text, "nothing more is to come"
    assert looks(product, "plan") == ["dispatcher:dispatcher"]
    page = desk.get(address)
    taken = follow(desk, send(desk, page, f"{address}/accept", all="yes"))
    assert "方案已采纳" in text_of(taken)
    assert visit_now(product, UUID(day["pool"])).technician_id is not None
    assert f"{address}/accept" not in forms_of(taken)
    with product.house.database.reading() as session:
        assert session.scalars(select(AuditRow).where(AuditRow.action == "accept_plan")).one().actor


def test_only_what_is_ticked_is_taken_up(product: Product) -> None:
    day, desk = a_day(product.house, product.settings, product.cast), product.browser("dispatcher")
    address = send(desk, desk.get(f"/desk/plan?day={day['day']}"), "/desk/plan", areas=day["area"]).headers["location"]
    plan_what_waits(product.house, product.settings)
    page = desk.get(address)
    nothing = send(desk, page, f"{address}/accept")
    assert nothing.status_code == 422
    assert "请至少勾选一项" in text_of(nothing)
    answer = send(desk, page, f"{address}/accept", visit=day["pool"])
    assert follow(desk, answer).status_code == 200
    outcome = the_run(product).outcome
    assert outcome is not None
    assert outcome["taken"] == [day["pool"]]


def test_a_sick_technician_is_planned_around_and_the_page_says_who_is_told(product: Product) -> None:
    day, desk = a_day(product.house, product.settings, product.cast), product.browser("dispatcher")
    form = desk.get(f"/desk/replan?day={day['day']}&area={day['area']}&kind=sick&about={product.cast.technician_id}")
    asked = send(desk, form, "/desk/replan", kind="sick")
    plan_what_waits(product.house, product.settings)
    told = text_of(follow(desk, asked))
    assert "人员请假或生病：赵翀㛃 T-001" in told
    assert "钱进 T-002" in told
    assert "自动通知换人" in told


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"kind": "late", "minutes": ""}, "请填写晚到或延长的分钟数"),
        ({"kind": "late", "minutes": "3"}, "超出允许的范围"),
        ({"kind": "longer", "visit": "", "minutes": "30"}, "请选择是哪位人员"),
        ({"kind": "slower", "percent": ""}, "百分之几"),
        ({"area": ""}, "请填写此项"),
    ],
)
def test_what_is_not_said_is_asked_for(product: Product, changed: dict[str, str], said: str) -> None:
    day, desk = a_day(product.house, product.settings, product.cast), product.browser("dispatcher")
    form = desk.get(f"/desk/replan?day={day['day']}&area={day['area']}&about={product.cast.technician_id}")
    answer = send(desk, form, "/desk/replan", **({"kind": "sick"} | changed))
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_a_plan_is_called_off_at_the_desk(product: Product) -> None:
    day, desk = a_day(product.house, product.settings, product.cast), product.browser("dispatcher")
    address = send(desk, desk.get(f"/desk/plan?day={day['day']}"), "/desk/plan", areas=day["area"]).headers["location"]
    page = desk.get(address)
    assert "已取消" in text_of(follow(desk, send(desk, page, f"{address}/cancel")))
    assert the_run(product).state == "cancelled"
    late = send(desk, page, f"{address}/cancel", key="another-key-123")
    assert late.status_code == 412, "it is not what it was"


def test_what_somebody_else_did_meanwhile_is_said_beside_each_change(product: Product) -> None:
    day, desk = a_day(product.house, product.settings, product.cast), product.browser("dispatcher")
    address = send(desk, desk.get(f"/desk/plan?day={day['day']}"), "/desk/plan", areas=day["area"]).headers["location"]
    plan_what_waits(product.house, product.settings)
    page = desk.get(address)
    product.as_("supervisor").post(f"/api/v1/visits/{day['pool']}/cancel", json={"asked_by": "customer"})
    told = text_of(follow(desk, send(desk, page, f"{address}/accept", all="yes")))
    assert "未采纳" in told
    assert "已被他人修改" in told


@pytest.mark.parametrize("role", ["care_agent", "technician"])
def test_only_planners_plan(product: Product, role: str) -> None:
    day = a_day(product.house, product.settings, product.cast)
    desk = product.browser("dispatcher")
    address = send(desk, desk.get(f"/desk/plan?day={day['day']}"), "/desk/plan", areas=day["area"]).headers["location"]
    other = product.browser(role)
    refused = 403 if role == "care_agent" else 404
    for path in (f"/desk/plan?day={day['day']}", f"/desk/replan?day={day['day']}"):
        assert other.get(path).status_code == refused
    assert other.get(address).status_code == (200 if role == "care_agent" else 404)
    for path in ("/desk/plan", "/desk/replan", f"{address}/accept", f"{address}/cancel"):
        assert other.post(path, data={"key": "12345678"}).status_code == refused
