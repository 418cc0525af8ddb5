"""Care in a real browser: a complaint from the call to its appeal and its end, and every page for everybody."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from dispatch.accounts.actions import account_named, open_account, viewer_of
from dispatch.accounts.viewer import SYSTEM
from dispatch.care.compensation.proposing import propose_from_evidence
from dispatch.care.complaints.appealing import unhappy
from dispatch.care.complaints.handling import Offer, answer, found_out, offer, settle, tell_result
from dispatch.care.complaints.queries import clocks_of, rounds_of, steps_of
from dispatch.care.complaints.registering import Told, register_complaint
from dispatch.care.complaints.tables import Complaint
from dispatch.care.complaints.telling import complaint_address
from dispatch.care.contacts.actions import Told as ContactTold
from dispatch.care.contacts.actions import log_contact, order_from, promise
from dispatch.care.contacts.tables import Contact
from dispatch.care.day_log.actions import write_line
from dispatch.care.knowledge.actions import file_known
from dispatch.care.return_calls.actions import plan_return_calls
from dispatch.care.return_calls.tables import ReturnCall
from dispatch.clock import utc_now
from dispatch.customers.actions import CustomerFacts, SiteFacts
from dispatch.customers.tables import Customer
from dispatch.notices.composing import voice_of
from dispatch.notices.tables import Notice
from dispatch.notices.texts import name_of, texts_in_house
from dispatch.notices.wording import worded
from dispatch.technicians.tables import Technician
from dispatch.visits.booking import book_visit
from dispatch.visits.tables import Visit, WorkOrder
from dispatch.visits.windows import Window
from tests.browser.conftest import Eyes, Opener, Served, findings_of_axe
from tests.browser.looks import LOOKS, seen_in, wrong_with
from tests.journeys.customer_stages import a_guest
from tests.journeys.desk_hand import tomorrow
from tests.makers import PASSWORD, a_turn, an_order

pytestmark = pytest.mark.browser

NAMES = {"zh": "王𬭎", "en": "Grace Hopper"}
SAID: dict[str, dict[str, str]] = {
    "zh": {
        "matter": "说好今天上午来，等了一天没人来，我要投诉",
        "understood": "约好上午上门，没有人到，要投诉",
        "rude": "这不归我管",
        "hint": "推卸责任",
        "answer": "非常抱歉，我们马上核实师傅未到的原因。",
        "found": "经查，派单被漏看，责任在我们。",
        "a": "明天上午由另一位师傅上门",
        "b": "计入下月账单",
        "result": "补偿已计入下月账单。",
        "why": "我要的是有人来修",
        "done": "谢谢，我们已收到",
    },
    "en": {
        "matter": "Nobody came this morning although it was agreed, I want to complain",
        "understood": "Agreed for the morning, nobody came; wants to complain",
        "rude": "That is not my problem.",
        "hint": "Rather",
        "answer": "I am very sorry. I am finding out why nobody came.",
        "found": "The visit was overlooked when the day was planned. The mistake is ours.",
        "a": "Another technician comes tomorrow morning",
        "b": "On your next bill",
        "result": "The credit is on your next bill.",
        "why": "I want somebody to come and repair it",
        "done": "Thank you, we have it",
    },
}
STAGES = [
    "complaint_received", "complaint_answered", "complaint_found", "complaint_offered", "complaint_settled",
    "complaint_result", "complaint_appealed", "complaint_answered", "complaint_found", "complaint_offered",
    "complaint_settled", "complaint_result", "complaint_closed",
]  # fmt: skip


def a_customer(served: Served, language: str) -> UUID:
    """A customer with a visit booked for tomorrow; the visit's id."""
    with served.house.database.writing() as session:
        turn = a_turn(session, served.settings, utc_now())
        told = CustomerFacts(NAMES[language], "13800000001", language=language)
        order = an_order(turn, customer=told, site=SiteFacts("测试路7号", area="张江"))
        return book_visit(turn, order.id, tomorrow(9, 2), technician_id=served.cast.technician_id).visit.id


def press(page: Page, action: str) -> None:
    """Send the form of the page that posts to `action`, and wait for the next page."""
    with page.expect_navigation():
        page.locator(f'form[action$="{action}"] button[type=submit]').first.click()


def through_to_the_result(page: Page, said: dict[str, str], choose: str | None) -> None:
    """Answer, find out, offer; `choose` on the phone and tell the result, unless the customer chooses by link."""
    page.fill('form[action$="/answer"] [name=said]', said["answer"])
    press(page, "/answer")
    page.select_option("[name=cause]", "appointment.missed")
    page.fill("[name=finding]", "派单漏看 / overlooked")
    page.fill('form[action$="/found"] [name=said]', said["found"])
    press(page, "/found")
    page.select_option("[name=remedy_a]", "redo")
    page.fill("[name=words_a]", said["a"])
    page.select_option("[name=remedy_b]", "credit")
    page.fill("[name=yuan_b]", "50")
    page.fill("[name=words_b]", said["b"])
    press(page, "/offer")
    if choose:
        with page.expect_navigation():
            page.locator(f'form[action$="/settle"]:has([value="{choose}"]) button').click()
        tell(page, said)


def tell(page: Page, said: dict[str, str]) -> None:
    page.fill('form[action$="/tell"] [name=said]', said["result"])
    press(page, "/tell")


def clean(eyes: Eyes) -> bool:
    """Whether axe has nothing against the page; what axe itself tries is no fault of the page."""
    seen = len(eyes.wrong)
    found = findings_of_axe(eyes.page)
    del eyes.wrong[seen:]
    assert found == []
    return True


@pytest.mark.timeout(240)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_complaint_from_the_call_to_its_appeal_and_its_end(served: Served, opened: Opener, language: str) -> None:
    visit, said = a_customer(served, language), SAID[language]
    page = opened("care_agent", width=1280, language=language).page
    page.goto("/desk/contacts/new")
    page.locator("[name=phone]").press_sequentially("138 0000 0001")
    expect(page.locator("#known")).to_contain_text(NAMES[language])
    page.fill("[name=caller]", NAMES[language])
    page.locator("[name=matter]").press_sequentially(said["matter"])
    expect(page.locator("#sorted mark").first).to_be_visible()
    expect(page.locator('#sorted [value="complaint"]')).to_be_checked()
    page.select_option("[name=language]", language)
    press(page, "/contacts/new")
    page.fill('form[action$="/read-back"] [name=said]', said["understood"])
    press(page, "/read-back")
    with page.expect_navigation():
        page.locator('a[href*="/complain?contact="]').click()
    page.select_option("[name=subject]", "appointment")
    page.select_option("[name=visit]", str(visit))
    press(page, "/complain")
    at = page.url.partition("?")[0]
    page.locator('form[action$="/answer"] [name=said]').press_sequentially(said["rude"])
    expect(page.locator("#spoken-said")).to_contain_text(said["hint"])
    through_to_the_result(page, said, "B")
    with served.house.database.reading() as session:
        complaint = session.scalars(select(Complaint)).one()
    theirs = opened(language=language)
    customers = theirs.page
    customers.goto(complaint_address(served.settings, complaint.link_id))
    expect(customers.locator("h1")).to_be_visible()
    assert clean(theirs)
    customers.check("[name=content][value=no]")
    customers.fill("[name=why]", said["why"])
    with customers.expect_navigation():
        customers.locator('form[action$="/content"] button').click()
    expect(customers.locator(".note")).to_contain_text(said["done"])
    page.goto(at)
    expect(page.locator('form[action$="/answer"]')).to_have_count(0)
    boss = opened("supervisor", width=1280, language=language).page
    boss.goto(at)
    through_to_the_result(boss, said, None)
    customers.goto(complaint_address(served.settings, complaint.link_id))
    assert clean(theirs)
    customers.check("[name=letter][value=A]")
    with customers.expect_navigation():
        customers.locator('form[action$="/choose"] button').click()
    boss.goto(at)
    tell(boss, said)
    customers.goto(complaint_address(served.settings, complaint.link_id))
    customers.check("[name=content][value=yes]")
    with customers.expect_navigation():
        customers.locator('form[action$="/content"] button').click()
    _it_was_told_in_time(served, complaint.id, language)


def _it_was_told_in_time(served: Served, complaint_id: UUID, language: str) -> None:
    """Every notice in order and in the customer's language, every clock kept, the appeal with somebody new."""
    with served.house.database.reading() as session:
        complaint = session.get_one(Complaint, complaint_id)
        assert (complaint.state, complaint.appeals) == ("closed", 1)
        rounds = rounds_of(session, [complaint_id])[complaint_id]
        assert [one.satisfied for one in rounds] == [False, True]
        assert rounds[0].owner_id == account_named(session, "care_agent").id
        assert rounds[1].owner_id == account_named(session, "supervisor").id
        clocks = [clock for one in rounds for clock in clocks_of(complaint, one)]
        assert {clock.verdict(utc_now()) for clock in clocks} == {"kept"}
        steps = [one for one in steps_of(session, complaint_id) if one.notice_id is not None]
        notices = {one.id: one for one in session.scalars(select(Notice))}
        told = [notices[one.notice_id] for one in steps if one.notice_id]
        assert [one.kind for one in told] == STAGES
        for one in told:
            text = texts_in_house(name_of(one.kind, one.facts), language)
            words = worded(text, one.kind, one.language, one.facts, voice_of(served.settings), "https://x.example/c/y")
            assert one.language == language
            assert complaint.number in words.sms
        assert session.scalars(select(Contact.complaint_id)).one() == complaint_id


def settle_care(served: Served) -> dict[str, str]:
    """Care with everything on it; the addresses of its pages."""
    a_customer(served, "zh")
    a_guest(served.house, served.cast.other_technician_id, "sealed")
    with served.house.database.writing() as session:
        now = utc_now()
        open_account(session, SYSTEM, login="agent2", name="李客服", role="care_agent", password=PASSWORD, now=now)
        agent = a_turn(session, served.settings, now, viewer_of(account_named(session, "care_agent")))
        system = a_turn(session, served.settings, now, SYSTEM)
        customer = session.scalars(select(Customer).where(Customer.name == NAMES["zh"])).first()
        assert customer is not None
        visit = session.scalars(select(Visit).where(Visit.technician_id == served.cast.technician_id)).one()
        contact = log_contact(
            agent, ContactTold("phone", "王女士", "13800000001", now, "断网了，光猫红灯", customer_id=customer.id)
        )
        fault = log_contact(
            agent, ContactTold("phone", "王女士", "13800000001", now, "网很慢", customer_id=customer.id)
        )
        order_from(agent, fault.id, visit_line(session, visit))
        log_contact(agent, ContactTold("phone", "未知", "13900000002", now, "未接", answered=False, waited=40))
        promised = promise(agent, contact.id, "promise", "今天下班前回电告知原因", now + timedelta(hours=3))
        one = register_complaint(agent, Told(customer.id, "phone", "appointment", "没人来", 3, visit_id=visit.id))
        new = register_complaint(agent, Told(customer.id, "mail", "network", "网速很慢"))
        answer(agent, one.id, "非常抱歉，我们马上核实。")
        found_out(agent, one.id, "appointment.missed", "派单漏看", "经查，师傅漏看了派单。")
        offer(agent, one.id, [Offer("redo", "明天上午上门"), Offer("credit", "计入下月账单", 5000)])
        offered = register_complaint(agent, Told(customer.id, "phone", "conduct", "师傅抽烟"))
        answer(agent, offered.id, "非常抱歉，我们马上核实。")
        found_out(agent, offered.id, "conduct.rules", "属实", "经查属实，已批评教育。")
        offer(agent, offered.id, [Offer("apology", "师傅当面致歉"), Offer("explain", "书面说明改进")])
        settle(agent, one.id, "B")
        tell_result(agent, one.id, "补偿已计入下月账单。")
        unhappy(agent, one.id, "仍不满意")
        technician = session.get_one(Technician, served.cast.technician_id)
        before = a_turn(session, served.settings, now - timedelta(days=2))
        old, start = an_order(before, site=SiteFacts("旧路1号", area="张江")), now - timedelta(days=1)
        book_visit(before, old.id, Window(start, start + timedelta(hours=1)), technician_id=technician.id)
        propose_from_evidence(system)
        plan_return_calls(a_turn(session, served.settings, now + timedelta(hours=1), SYSTEM))
        call = session.scalars(select(ReturnCall.id)).one()
        file_known(system)
        write_line(agent, "张江片区多户断网，已报网管", handover=True)
        write_line(
            a_turn(session, served.settings, now, viewer_of(account_named(session, "agent2"))),
            "交接：两件投诉待答复",
            handover=True,
        )
        return {
            "contact": f"/desk/contacts/{contact.id}", "fault": f"/desk/contacts/{fault.id}",
            "task": f"/desk/care/tasks/{promised.id}", "appealed": f"/desk/complaints/{one.id}",
            "new": f"/desk/complaints/{new.id}", "offered": f"/desk/complaints/{offered.id}",
            "complain": f"/desk/customers/{customer.id}/complain", "call": f"/desk/return-calls/{call}",
        }  # fmt: skip


def visit_line(session: Any, visit: Visit) -> UUID:
    return session.get_one(WorkOrder, visit.work_order_id).line_id  # type: ignore[no-any-return]


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("width", "scheme", "language"), LOOKS)
def test_every_page_of_care_can_be_used_by_everybody(
    served: Served, opened: Opener, width: int, scheme: Any, language: str
) -> None:
    known = settle_care(served)
    eyes = opened("supervisor", width=width, scheme=scheme, language=language)
    page = eyes.page
    addresses = [
        *known.values(), "/desk/care", "/desk/contacts", "/desk/contacts/new", "/desk/contacts/new?phone=13800000001",
        "/desk/complaints", "/desk/complaints?show=all", "/desk/compensations", "/desk/compensations?state=approved",
        "/desk/return-calls", "/desk/return-calls?show=done", "/desk/knowledge", "/desk/knowledge?q=断网",
        "/desk/knowledge/1", "/desk/knowledge/1/edit", "/desk/knowledge/new", "/desk/day-log",
    ]  # fmt: skip
    wrong: list[str] = []
    for address in seen_in(addresses, width, scheme):
        answered = page.goto(address)
        if answered is None or answered.status != 200:
            wrong.append(f"{address}: {answered.status if answered else 'nothing'}")
            continue
        page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        wrong += wrong_with(eyes, address)
    assert wrong == []


def test_a_complaint_is_answered_with_the_keyboard_alone(served: Served, opened: Opener) -> None:
    known = settle_care(served)
    page = opened("care_agent", width=1280).page
    page.goto(known["new"])
    page.locator('form[action$="/answer"] [name=said]').focus()
    page.keyboard.type("非常抱歉，我们马上核实。")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator('form[action$="/found"]')).to_be_visible()
