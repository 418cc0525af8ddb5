"""The desk in a real browser: legible to everybody, by keyboard, without scripts, and fresh without a reload."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from checklists.words import Words
from dispatch.accounts.viewer import SYSTEM, Viewer
from dispatch.clock import local_day, utc_now
from dispatch.notices.actions import pause_channel
from dispatch.notices.calls import call_for_notice, note_call
from dispatch.notices.own_texts import go_live, write_text
from dispatch.notices.tables import Notice
from dispatch.notices.texts import texts_in_house
from dispatch.outages.actions import approve_outage, plan_outage
from dispatch.planning.actions import ask_for_plans
from dispatch.planning.asked import Asked, Event, Otherwise
from dispatch.records.tables import Conflict, Record
from dispatch.technicians.tables import Area, Technician
from dispatch.visits.booking import reschedule_visit
from dispatch.visits.on_the_day import ask_for_another_time
from dispatch.visits.tables import Visit
from tests.browser.conftest import Opener, Served
from tests.browser.looks import LOOKS, seen_in, wrong_with
from tests.journeys.customer_stages import a_guest
from tests.journeys.desk_hand import fields, tomorrow
from tests.journeys.planning_hand import plan_what_waits
from tests.makers import PASSWORD, a_booking, a_turn, an_order

pytestmark = pytest.mark.browser


def settle(served: Served) -> dict[str, UUID]:
    """A day with everything on it: an assigned visit, one that waits, a wish, an order to book, a sealed record."""
    with served.house.database.writing() as session:
        turn = a_turn(session, served.settings, utc_now(), SYSTEM)
        technician = session.get(Technician, served.cast.technician_id)
        assigned = a_booking(turn, technician, tomorrow(9, 2)).visit.id
        pool = a_booking(turn, None, tomorrow(13, 4)).visit.id
        late = a_booking(turn, technician, tomorrow(20, 1)).visit.id
        order = an_order(turn, "install", external_id="GD-1", skills=("xgspon",)).id
        customer = a_turn(session, served.settings, utc_now(), Viewer("customer", "link", visit_id=assigned))
        wish = tomorrow(15, 2, days=2)
        ask_for_another_time(customer, assigned, wish=wish, call_me=True, words="周末更方便")
    sealed = a_guest(served.house, served.cast.other_technician_id, "sealed").visit_id
    with served.house.database.reading() as session:
        line, record = session.execute(sa.select(Record.line_id, Record.id).where(Record.visit_id == sealed)).one()
    with served.house.database.writing() as session:
        turn = a_turn(session, served.settings, utc_now(), SYSTEM)
        told = session.scalars(select(Notice).where(Notice.visit_id == late)).one()
        told.state, told.last_problem, told.failed_at = "failed", "HTTP 503", turn.now
        told.text, told.parts, told.deadline, told.breached_at = "【装维上门】尊敬的客户……", 2, turn.now, turn.now
        call = call_for_notice(session, told, "HTTP 503", turn.now)
        call.due_at = turn.now - timedelta(minutes=7)
        call.tries = [{"at": turn.now.isoformat(), "by": "care_agent:李", "outcome": "not_reached", "note": "无人接听"}]
        done = call_for_notice(
            session, session.scalars(select(Notice).where(Notice.visit_id == pool)).one(), "", turn.now
        )
        note_call(turn, done.id, "reached_agreed", "上午在家")
        area = session.scalars(select(Area.id)).one()
        begin = turn.now + timedelta(days=2)
        reason = Words("光缆检修", "work on the cable")
        draft = plan_outage(turn, area, begin, begin + timedelta(hours=3), reason).id
        telling = approve_outage(turn, plan_outage(turn, area, begin, begin + timedelta(hours=3), reason).id).id
        began, back = turn.now - timedelta(hours=1), turn.now + timedelta(hours=4)
        fault = plan_outage(turn, area, began, back, Words("网络故障", "a network fault"), "fault").id
        down = approve_outage(turn, plan_outage(turn, area, began, back, reason, "fault").id).id
        texts = texts_in_house("booked", "zh")
        write_text(turn, "booked", "zh", replace(texts, sms="你好 {{ customer }}，{{ nonsense }}"))
        own, _ = write_text(turn, "reminder", "en", texts_in_house("reminder", "en"))
        go_live(turn, own.id)
        pause_channel(turn, "files", "网关维护")
        known = {"notice": told.id, "call": call.id, "customer": told.customer_id, "done": done.id}
        known |= {"draft": draft, "telling": telling, "area": area, "fault": fault, "down": down}
        asked = Asked(events=(Event(kind="late", about=served.cast.technician_id, minutes=30),))
        planned = ask_for_plans(turn, [area], local_day(tomorrow(9).start, served.settings.zone), "replan", [asked])
        waits = ask_for_plans(
            turn, [area], local_day(turn.now, served.settings.zone) + timedelta(days=3), "plan", [Asked()]
        )
        waits[0].state, waits[0].part, waits[0].lease_until = "running", 40, turn.now + timedelta(hours=1)
        other = Asked(otherwise=Otherwise(technicians=1))
        what_if = ask_for_plans(
            turn, [area], local_day(tomorrow(9).start, served.settings.zone), "what_if", [Asked(), other]
        )
        known |= {"planned": planned[0].id, "planning": waits[0].id, "what_if": what_if[0].batch}
    plan_what_waits(served.house, served.settings)
    return known | {
        "assigned": assigned, "pool": pool, "late": late, "order": order, "sealed": sealed, "line": line,
        "record": record,
    }  # fmt: skip


def hand_in(served: Served, visit: UUID) -> UUID:
    """Two phones that disagree about a visit, one of them with work on it, and a van that was counted; the conflict."""
    headers = {"Authorization": f"Bearer {served.cast.tokens['technician']}"}
    with httpx.Client(base_url=served.address, headers=headers) as phone:

        def put(path: str, body: dict[str, Any]) -> None:
            assert phone.put(f"/api/v1/{path}", json=body).status_code in (200, 204)

        storage = {"used": 90_000_000, "quota": 100_000_000, "persisted": False}
        put("phones/p-1", {"app_version": "abc", "waiting": 7, "oldest_seconds": 9000, "storage": storage})
        for device, said in (("p-1", "beginner"), ("p-2", "expert")):
            entry = {"id": str(uuid4()), "step": "guide", "key": "experience", "value": said, "at": f"{utc_now()}"}
            put(f"parcels/{uuid4()}", {"visit_id": str(visit), "device_id": device, "entries": [entry]})
        kit = {"items": {"shoe_covers": 1}, "counted": True}
        assert phone.post(f"/api/v1/technicians/{served.cast.technician_id}/kit", json=kit).status_code == 201
    with served.house.database.reading() as session:
        return session.scalars(select(Conflict.id)).one()


@pytest.mark.timeout(400)  # some seventy pages, each read by axe
@pytest.mark.parametrize(("width", "scheme", "language"), LOOKS)
def test_every_page_of_the_desk_can_be_used_by_everybody(
    served: Served, opened: Opener, width: int, scheme: Any, language: str
) -> None:
    known = settle(served)
    conflict = hand_in(served, known["assigned"])
    eyes = opened("admin", width=width, scheme=scheme, language=language)
    page, day = eyes.page, fields(tomorrow(9))["day"]
    visit = f"/desk/visits/{known['assigned']}"
    addresses = [
        f"/desk/day?day={day}", visit, f"{visit}/move", f"{visit}/cancel", f"/desk/visits/{known['sealed']}",
        "/desk/orders", "/desk/orders?q=GD", "/desk/orders/new", f"/desk/orders/{known['order']}", "/desk/notices",
        "/desk/import", "/desk/verify", "/desk/accounts", "/desk/me",
        f"/desk/visits/{known['late']}", "/desk/calls", "/desk/calls?state=done", f"/desk/calls/{known['call']}",
        f"/desk/calls/{known['done']}", "/desk/notices?state=breach", f"/desk/notices/{known['notice']}",
        f"/desk/customers/{known['customer']}", "/desk/channels", "/desk/texts", "/desk/texts/booked/zh",
        "/desk/texts/reminder/en", "/desk/outages", f"/desk/outages/{known['draft']}",
        f"/desk/outages/{known['telling']}", f"/desk/outages?area={known['area']}&surge=yes",
        f"/desk/outages/{known['fault']}", f"/desk/outages/{known['down']}", "/desk/texts/outage_fault/en",
        f"/desk/records/{known['record']}/correct", f"/desk/records/{known['record']}/correct?field=file.download",
        f"/desk/records/{known['record']}/correct?field=file.actions",
        f"/desk/lines/{known['line']}", f"/desk/lines/{known['line']}/helped?symptom=drops", "/desk/repairs?q=掉线",
        f"/desk/visits/{known['sealed']}/papers/card", "/sign-in", "/problems/too-late-to-move",
        "/desk/phones", "/desk/phones/import", "/desk/conflicts", f"/desk/conflicts/{conflict}",
        "/desk/kit", f"/desk/kit/{served.cast.technician_id}",
        f"/desk/plan?day={day}", f"/desk/replan?day={day}", f"/desk/plans/{known['planned']}",
        f"/desk/plans/{known['planning']}", f"/desk/orders/{known['order']}/slots",
        f"/desk/what-if?day={day}", f"/desk/what-if/{known['what_if']}", "/desk/late",
        "/desk/exceptions", "/desk/exceptions?kind=conflict", f"/desk/day-end?day={day}", "/desk/day-end",
        f"/desk/day-sheets?day={day}", f"/desk/technicians/{served.cast.technician_id}/calendar",
        "/desk/search", "/desk/search?q=王𬭎", "/desk/search?q=nobody",
        "/desk/figures", "/desk/figures/on_time", "/desk/figures/handling?by=day",
        "/desk/figures/on_time?by=technician",
        "/desk/figures/on_time/rows", "/desk/star", "/desk/star/rules", "/desk/supervisor",
    ]  # fmt: skip
    wrong: list[str] = []

    def look(where: str) -> None:
        wrong.extend(wrong_with(eyes, where))

    for address in seen_in(addresses, width, scheme):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        look(address)
    page.goto(f"{visit}/move")
    page.fill("#f-day", "2020-01-01")
    page.fill("#f-reason", "调整")
    page.click("form.panel .actions button")
    expect(page.locator(".problem")).to_be_visible()
    look("a refused move")
    page.goto("/desk/import")
    rows = "工单号,类型,客户姓名,联系电话,地址\nA-1,装机,王五,13800000011,龘园路1号\nA-2,装机,王六,138,龘园路2号\n"
    page.set_input_files("#f-file", {"name": "orders.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    page.click("form.panel button")
    page.wait_for_url("**/desk/import/*")
    look("an import's report")
    page.goto("/desk/verify")
    page.set_input_files("#f-file", {"name": "x.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 no"})
    page.click("form.panel button")
    expect(page.locator("#verdict")).to_be_visible()
    look("a verdict")
    page.goto("/desk/nothing-here")
    look("what is not there")
    assert wrong == []


def test_the_board_puts_each_visit_where_its_time_is(served: Served, opened: Opener) -> None:
    known = settle(served)
    page = opened("dispatcher", width=1280).page
    page.goto(f"/desk/day?day={fields(tomorrow(9))['day']}")
    boxes = {name: page.locator(f"#v-{known[name]}").bounding_box() for name in ("assigned", "pool", "late")}
    nine, one, eight = (box["x"] for box in boxes.values() if box)
    assert nine < one < eight
    hour = (one - nine) / 4
    assert eight - nine == pytest.approx(11 * hour, abs=3)
    assert boxes["pool"]
    assert boxes["pool"]["width"] == pytest.approx(4 * hour, abs=4)


def test_the_board_is_a_list_on_a_narrow_screen(served: Served, opened: Opener) -> None:
    known = settle(served)
    page = opened("dispatcher", width=390).page
    page.goto(f"/desk/day?day={fields(tomorrow(9))['day']}")
    first, second = (page.locator(f"#v-{known[name]}").bounding_box() for name in ("assigned", "late"))
    assert first
    assert second
    assert (first["x"], first["width"]) == (second["x"], second["width"])
    assert first["y"] + first["height"] <= second["y"]


def test_the_board_follows_what_others_do_and_keeps_the_focus(served: Served, opened: Opener) -> None:
    known = settle(served)
    page = opened("dispatcher", width=1280).page
    page.clock.install()
    page.goto(f"/desk/day?day={fields(tomorrow(9))['day']}")
    link = page.locator(f"#v-{known['pool']}")
    expect(page.locator(".pool").locator(link)).to_have_count(1)
    link.focus()
    with served.house.database.writing() as session:
        visit = session.scalars(select(Visit).where(Visit.id == known["pool"])).one()
        turn = a_turn(session, served.settings, utc_now(), SYSTEM)
        reschedule_visit(
            turn, visit.id, visit.window, asked_by="company", reason="",
            technician_id=served.cast.other_technician_id,
        )  # fmt: skip
    page.clock.run_for(16_000)
    expect(page.locator(".pool")).to_have_count(0)
    expect(link).to_be_focused()


def test_a_visit_is_reached_and_assigned_by_keyboard_alone(served: Served, opened: Opener) -> None:
    known = settle(served)
    page = opened("dispatcher", width=1280).page
    page.goto(f"/desk/day?day={fields(tomorrow(9))['day']}")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == f"v-{known['pool']}":
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/visits/{known['pool']}")
    page.locator("#f-technician").focus()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".note.tone-good")).to_be_visible()
    with served.house.database.reading() as session:
        visit = session.get(Visit, known["pool"])
        assert visit is not None
        assert visit.technician_id == served.cast.other_technician_id


def test_a_number_is_shown_in_place(served: Served, opened: Opener) -> None:
    known = settle(served)
    page = opened("care_agent", width=1280).page
    address = f"/desk/visits/{known['pool']}"
    page.goto(address)
    expect(page.locator("#number")).to_contain_text("138****0001")
    page.click("#number button")
    expect(page.locator("#number")).to_contain_text("+8613800000001")
    assert page.url.endswith(address)


def test_a_misfit_is_told_while_the_form_is_filled_in(served: Served, opened: Opener) -> None:
    known = settle(served)
    page = opened("dispatcher", width=1280).page
    page.goto(f"/desk/orders/{known['order']}")
    page.select_option("#f-technician", str(served.cast.technician_id))
    expect(page.locator("#fit")).to_contain_text("缺少所需技能")


def test_a_visit_is_booked_and_moved_without_scripts(served: Served, chromium: Browser) -> None:
    known = settle(served)
    context = chromium.new_context(base_url=served.address, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("[name=login]", "dispatcher")
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.goto(f"/desk/orders/{known['order']}")
    for name, value in fields(tomorrow(9, days=3)).items():
        page.fill(f"#f-{name}", value)
    page.click("form.panel button, section.panel form button[type=submit]")
    expect(page.locator(".note")).to_contain_text("预约成功")
    page.click("text=改约")
    new = tomorrow(14, days=3)
    for name, value in fields(new).items():
        page.fill(f"#f-{name}", value)
    page.fill("#f-reason", "前一户施工延误")
    page.click("form.panel .actions button")
    expect(page.locator(".note")).to_contain_text("已改约")
    with served.house.database.reading() as session:
        visit = session.scalars(select(Visit).where(Visit.work_order_id == known["order"])).one()
    assert visit.window == new
    assert visit.window.length == timedelta(hours=1)
    context.close()
