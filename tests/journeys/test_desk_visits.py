"""Moving, assigning and cancelling at the desk, under the two-hour rule."""

from datetime import timedelta

from sqlalchemy import select

from dispatch.accounts.viewer import Viewer
from dispatch.clock import utc_now
from dispatch.notices.tables import Notice
from dispatch.visits.on_the_day import ask_for_another_time
from dispatch.visits.tables import VisitChange
from tests.journeys.conftest import Product
from tests.journeys.desk_hand import (
    booked,
    fields,
    follow,
    forms_of,
    looks,
    send,
    soon,
    text_of,
    tomorrow,
    visit_now,
)
from tests.makers import a_turn

PHONE = "+8613800000001"


def notices(product: Product, visit_id: object) -> list[Notice]:
    with product.house.database.reading() as session:
        return list(session.scalars(select(Notice).where(Notice.visit_id == visit_id).order_by(Notice.owed_at)))


def changes(product: Product, visit_id: object) -> list[VisitChange]:
    with product.house.database.reading() as session:
        query = select(VisitChange).where(VisitChange.visit_id == visit_id).order_by(VisitChange.version)
        return list(session.scalars(query))


def test_a_visit_is_assigned_and_its_promise_stands(product: Product) -> None:
    visit_id = booked(product)
    before = visit_now(product, visit_id)
    desk = product.browser("dispatcher")
    page = desk.get(f"/desk/visits/{visit_id}")
    assert "未派单" in text_of(page)
    done = send(desk, page, f"/desk/visits/{visit_id}/assign", technician=str(product.cast.technician_id))
    assert "派单已更新" in text_of(follow(desk, done))
    after = visit_now(product, visit_id)
    assert (after.technician_id, after.window) == (product.cast.technician_id, before.window)
    assert [notice.kind for notice in notices(product, visit_id)] == ["booked"]


def test_a_move_in_good_time_owes_the_customer_a_notice(product: Product) -> None:
    visit_id = booked(product, technician=product.cast.technician_id)
    desk = product.browser("dispatcher")
    form = desk.get(f"/desk/visits/{visit_id}/move")
    new = tomorrow(14, 2)
    done = send(desk, form, f"/desk/visits/{visit_id}/move", **fields(new), reason="前一户施工延误", planned="15:00")
    told = text_of(follow(desk, done))
    assert "已改约" in told
    assert "前一户施工延误" in told
    after = visit_now(product, visit_id)
    assert after.window == new
    assert after.planned is not None
    assert after.planned.start == new.start + timedelta(hours=1)
    moved = notices(product, visit_id)[-1]
    assert (moved.kind, moved.deadline) == ("moved", tomorrow(9).start - timedelta(hours=2))


def test_a_change_inside_the_window_is_told_to_nobody(product: Product) -> None:
    visit_id = booked(product, tomorrow(9, 3), technician=product.cast.technician_id)
    desk = product.browser("dispatcher")
    form = desk.get(f"/desk/visits/{visit_id}/move")
    done = send(desk, form, f"/desk/visits/{visit_id}/move", planned="10:30")
    assert "无需通知客户" in text_of(follow(desk, done))
    assert [notice.kind for notice in notices(product, visit_id)] == ["booked"]


def test_within_two_hours_a_dispatcher_gets_the_call_to_make_and_no_way_round(product: Product) -> None:
    visit_id = booked(product, soon(115))
    before = visit_now(product, visit_id)
    desk = product.browser("dispatcher")
    form = desk.get(f"/desk/visits/{visit_id}/move")
    assert PHONE not in form.text
    new = fields(tomorrow(14))
    refused = send(desk, form, f"/desk/visits/{visit_id}/move", **new, reason="人员不足")
    told = text_of(refused)
    assert refused.status_code == 409
    assert "已过两小时通知时限" in told
    assert PHONE in told
    assert "非常抱歉" in told
    assert "请主管登录" in told
    assert forms_of(refused)[f"/desk/visits/{visit_id}/move"]["day"] == new["day"]
    assert "override_reason" not in forms_of(refused)[f"/desk/visits/{visit_id}/move"]
    assert visit_now(product, visit_id).window == before.window
    assert looks(product, "customer_phone") == ["dispatcher:dispatcher"]
    forged = send(
        desk, refused, f"/desk/visits/{visit_id}/move", override_reason="我说可以", call_outcome="reached_agreed"
    )
    assert forged.status_code == 403
    assert visit_now(product, visit_id).version == before.version


def test_two_hours_and_a_little_are_enough(product: Product) -> None:
    visit_id = booked(product, soon(125))
    desk = product.browser("dispatcher")
    form = desk.get(f"/desk/visits/{visit_id}/move")
    done = send(desk, form, f"/desk/visits/{visit_id}/move", **fields(tomorrow(14)), reason="人员不足")
    assert done.status_code == 303


def test_a_supervisor_overrides_with_a_reason_and_the_calls_outcome_and_it_shows_as_a_breach(product: Product) -> None:
    visit_id = booked(product, soon(60))
    desk = product.browser("supervisor")
    form = desk.get(f"/desk/visits/{visit_id}/move")
    action = f"/desk/visits/{visit_id}/move"
    refused = send(desk, form, action, **fields(tomorrow(14)), reason="人员不足")
    assert refused.status_code == 409
    assert "override_reason" in forms_of(refused)[action]
    half = send(desk, refused, action, override_reason="客户同意改到明天")
    assert half.status_code == 422
    assert "放行必须填写此项" in text_of(half)
    done = send(desk, half, action, override_reason="客户同意改到明天", call_outcome="reached_agreed")
    told = text_of(follow(desk, done))
    assert "记录为违规" in told
    assert "违反两小时通知规定" in told
    assert "已接通，客户同意" in told
    last = changes(product, visit_id)[-1]
    assert (last.what, last.breach, last.by) == ("moved", True, "supervisor:supervisor")
    assert notices(product, visit_id)[-1].urgent


def test_what_the_customer_asks_for_is_allowed_at_any_time(product: Product) -> None:
    visit_id = booked(product, soon(30))
    desk = product.browser("dispatcher")
    form = desk.get(f"/desk/visits/{visit_id}/move?asked=customer")
    done = send(desk, form, f"/desk/visits/{visit_id}/move", **fields(tomorrow(14)))
    assert "已改约" in text_of(follow(desk, done))
    assert not changes(product, visit_id)[-1].breach


def test_a_stale_form_overwrites_nothing_and_shows_what_changed(product: Product) -> None:
    visit_id = booked(product)
    one, other = product.browser("dispatcher"), product.browser("supervisor")
    old = one.get(f"/desk/visits/{visit_id}/move")
    page = other.get(f"/desk/visits/{visit_id}")
    send(other, page, f"/desk/visits/{visit_id}/assign", technician=str(product.cast.other_technician_id))
    refused = send(one, old, f"/desk/visits/{visit_id}/move", **fields(tomorrow(14)), reason="人员不足")
    told = text_of(refused)
    assert refused.status_code == 412
    assert "已被他人修改" in told
    assert "派单已变更" in told
    assert "钱进" in told
    assert visit_now(product, visit_id).window == tomorrow(9)
    again = send(one, refused, f"/desk/visits/{visit_id}/move", technician=str(product.cast.other_technician_id))
    assert again.status_code == 303
    assert visit_now(product, visit_id).window == tomorrow(14)


def test_a_busy_technician_is_refused_beside_the_field(product: Product) -> None:
    booked(product, tomorrow(14), technician=product.cast.technician_id)
    visit_id = booked(product)
    desk = product.browser("dispatcher")
    form = desk.get(f"/desk/visits/{visit_id}/move")
    refused = send(
        desk, form, f"/desk/visits/{visit_id}/move", **fields(tomorrow(14)), reason="调整", planned="14:00",
        technician=str(product.cast.technician_id),
    )  # fmt: skip
    assert refused.status_code == 409
    assert "f-technician-error" in refused.text
    assert "已有安排" in text_of(refused)
    assert visit_now(product, visit_id).technician_id is None


def test_wrong_fields_are_named_and_nothing_is_lost(product: Product) -> None:
    visit_id = booked(product)
    desk = product.browser("dispatcher")
    form = desk.get(f"/desk/visits/{visit_id}/move")
    refused = send(desk, form, f"/desk/visits/{visit_id}/move", day="2026-02-31", begin="25:00", reason="调整原因")
    assert refused.status_code == 422
    assert all(f"f-{name}-error" in refused.text for name in ("day", "begin"))
    assert forms_of(refused)[f"/desk/visits/{visit_id}/move"]["reason"] == "调整原因"
    early = send(desk, form, f"/desk/visits/{visit_id}/move", begin="11:00", end="10:00", reason="调整")
    assert early.status_code == 422
    assert "f-end-error" in early.text
    for day in ("0001-01-01", "9999-12-31"):
        assert send(desk, form, f"/desk/visits/{visit_id}/move", day=day, reason="调整").status_code == 422
    silent = send(desk, form, f"/desk/visits/{visit_id}/move", **fields(tomorrow(14)))
    assert silent.status_code == 422
    assert "f-reason-error" in silent.text


def test_a_visit_is_cancelled_with_a_reason_that_the_customer_reads(product: Product) -> None:
    visit_id = booked(product)
    desk = product.browser("dispatcher")
    form = desk.get(f"/desk/visits/{visit_id}/cancel")
    without = send(desk, form, f"/desk/visits/{visit_id}/cancel")
    assert without.status_code == 422
    assert "f-reason-error" in without.text
    done = send(desk, without, f"/desk/visits/{visit_id}/cancel", reason="器材缺货")
    assert "已取消" in text_of(follow(desk, done))
    assert visit_now(product, visit_id).status == "cancelled"
    assert notices(product, visit_id)[-1].kind == "cancelled"


def test_a_late_cancelling_needs_a_supervisor_too(product: Product) -> None:
    visit_id = booked(product, soon(90))
    desk = product.browser("dispatcher")
    action = f"/desk/visits/{visit_id}/cancel"
    refused = send(desk, desk.get(action), action, reason="器材缺货")
    assert refused.status_code == 409
    assert PHONE in text_of(refused)
    supervisor = product.browser("supervisor")
    asked = send(supervisor, supervisor.get(action), action, reason="器材缺货")
    done = send(supervisor, asked, action, override_reason="客户已知悉", call_outcome="reached_disagreed")
    assert done.status_code == 303
    assert changes(product, visit_id)[-1].breach


def test_a_customers_wish_is_met_with_one_press(product: Product) -> None:
    visit_id = booked(product, technician=product.cast.technician_id)
    wish = tomorrow(15, 2, days=2)
    with product.house.database.writing() as session:
        customer = Viewer(role="customer", name="link", visit_id=visit_id)
        turn = a_turn(session, product.settings, utc_now(), customer)
        ask_for_another_time(turn, visit_id, wish=wish, call_me=False, words="周末更方便")
    desk = product.browser("dispatcher")
    day = text_of(desk.get(f"/desk/day?day={fields(tomorrow(9))['day']}"))
    assert "周末更方便" in day
    page = desk.get(f"/desk/visits/{visit_id}")
    assert "客户希望改期" in text_of(page)
    done = send(desk, page, f"/desk/visits/{visit_id}/move")
    assert "已改约" in text_of(follow(desk, done))
    after = visit_now(product, visit_id)
    assert (after.window, after.wish, after.technician_id) == (wish, None, product.cast.technician_id)
    assert notices(product, visit_id)[-1].facts["asked_by"] == "customer"


def test_a_second_press_moves_once(product: Product) -> None:
    visit_id = booked(product)
    desk = product.browser("dispatcher")
    form = desk.get(f"/desk/visits/{visit_id}/move")
    first = send(desk, form, f"/desk/visits/{visit_id}/move", **fields(tomorrow(14)), reason="调整")
    second = send(desk, form, f"/desk/visits/{visit_id}/move", **fields(tomorrow(14)), reason="调整")
    assert (first.status_code, first.headers["location"]) == (second.status_code, second.headers["location"])
    assert [change.what for change in changes(product, visit_id)] == ["booked", "moved"]


def test_a_number_is_masked_until_somebody_asks_and_that_is_written_down(product: Product) -> None:
    visit_id = booked(product)
    agent = product.browser("care_agent")
    page = agent.get(f"/desk/visits/{visit_id}")
    assert PHONE not in page.text
    assert "138****0001" in page.text
    assert looks(product, "customer_phone") == []
    assert looks(product, "visit") == ["care_agent:care_agent"]
    shown = send(agent, page, f"/desk/visits/{visit_id}/number")
    assert PHONE in shown.text
    assert looks(product, "customer_phone") == ["care_agent:care_agent"]
    part = agent.post(f"/desk/visits/{visit_id}/number", headers={"HX-Request": "true"})
    assert PHONE in part.text
    assert "<html" not in part.text
    assert len(looks(product, "customer_phone")) == 2


def test_a_care_agent_sees_and_does_not_plan(product: Product) -> None:
    visit_id = booked(product)
    agent, desk = product.browser("care_agent"), product.browser("dispatcher")
    page = agent.get(f"/desk/visits/{visit_id}")
    assert page.status_code == 200
    assert set(forms_of(page)) == {"/sign-out", f"/desk/visits/{visit_id}/number"}
    for what in ("move", "cancel"):
        assert agent.get(f"/desk/visits/{visit_id}/{what}").status_code == 403
        sent = forms_of(desk.get(f"/desk/visits/{visit_id}/{what}"))[f"/desk/visits/{visit_id}/{what}"]
        assert agent.post(f"/desk/visits/{visit_id}/{what}", data={**sent, "reason": "不应成功"}).status_code == 403
    assert visit_now(product, visit_id).version == 1
