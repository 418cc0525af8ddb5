"""Care at the desk: a call becomes a contact, an order with a slot, a promise, a complaint; through the pages."""

import io
import re
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from sqlalchemy import select

from dispatch.accounts.actions import open_account
from dispatch.accounts.viewer import SYSTEM
from dispatch.care.compensation.tables import Compensation
from dispatch.care.complaints.tables import Complaint
from dispatch.care.contacts.tables import Contact
from dispatch.care.knowledge.actions import file_known
from dispatch.care.tasks.tables import CareTask
from dispatch.clock import utc_now
from dispatch.customers.actions import SiteFacts
from dispatch.notices.tables import Notice
from dispatch.visits.tables import Visit, WorkOrder
from mobile_api.desk.care.sheets import SHEETS
from mobile_api.desk.rooms import ROOMS
from tests.journeys.conftest import Product
from tests.journeys.desk_hand import SHANGHAI, booked, follow, forms_of, looks, now_turn, send, text_of
from tests.makers import PASSWORD, RARE_NAME, an_order

CARE = [one for one in ROOMS if one.__name__.startswith("mobile_api.desk.care.")]
PHONE = "13800000001"
SORRY = "给您添麻烦了，我们已安排核实。"


def a_colleague(product: Product, login: str = "agent2", role: str = "care_agent") -> None:
    with product.house.database.writing() as session:
        open_account(session, SYSTEM, login=login, name=login, role=role, password=PASSWORD, now=utc_now())


def a_customer(product: Product) -> None:
    """A customer in the technicians' area, with a line and no visit."""
    with product.house.database.writing() as session:
        an_order(now_turn(product, session), "install", site=SiteFacts("测试路0号", area="张江"))


def log(product: Product, who: str = "care_agent", **more: str) -> tuple[TestClient, str]:
    """A contact logged through its form: the browser, and the address of its page."""
    agent = product.browser(who)
    form = agent.get("/desk/contacts/new")
    values = {"caller": "王女士", "phone": PHONE, "matter": "家里断网了，光猫亮红灯", **more}
    answer = send(agent, form, "/desk/contacts/new", **values)
    assert answer.status_code == 303, text_of(answer)[:500]
    return agent, answer.headers["location"].partition("?")[0]


def test_a_call_is_logged_on_one_page_with_the_customers_file_beside_it(product: Product) -> None:
    booked(product, technician=product.cast.technician_id)
    agent = product.browser("care_agent")
    known = agent.post("/desk/contacts/known", data={"phone": "138 0000 0001"})
    assert RARE_NAME in known.text
    assert "测试路0号" in known.text, "the line"
    assert "预约确认" in known.text, "what they were told"
    assert len(looks(product, "customer")) == 1, "who looked is written down"
    sorted_ = agent.post("/desk/contacts/sort", data={"matter": "断网了，还等了一天，我要投诉"})
    assert "投诉" in text_of(sorted_)
    assert "<mark>等了一天</mark>" in sorted_.text, "the words that led to it are shown"
    assert 'value="complaint" checked' in sorted_.text
    _, address = log(product)
    page = agent.get(address)
    assert "报障" in text_of(page)
    assert "光猫亮红灯" in text_of(page)
    with product.house.database.reading() as session:
        contact = session.scalars(select(Contact)).one()
        assert (contact.kind, contact.words, contact.phone) == ("fault", ["断网", "红灯"], "+8613800000001")
        assert contact.customer_id is not None, "the only customer with that number"


@pytest.mark.parametrize("missing", ["caller", "phone", "matter", "day", "at"])
def test_caller_number_time_and_matter_are_mandatory(product: Product, missing: str) -> None:
    agent = product.browser("care_agent")
    values = {"caller": "王", "phone": PHONE, "matter": "断网", missing: ""}
    answer = send(agent, agent.get("/desk/contacts/new"), "/desk/contacts/new", **values)
    assert answer.status_code == 422
    assert "请填写" in text_of(answer)
    with product.house.database.reading() as session:
        assert session.scalars(select(Contact)).all() == []


def test_a_fault_becomes_an_order_and_a_slot_is_booked_on_the_spot(product: Product) -> None:
    a_customer(product)
    agent, address = log(product)
    page = agent.get(address)
    page = follow(agent, send(agent, page, f"{address}/order"))
    with product.house.database.reading() as session:
        contact = session.scalars(select(Contact)).one()
        order = session.get_one(WorkOrder, contact.work_order_id)
        assert (order.kind, order.customer_id) == ("repair", contact.customer_id)
        assert order.deadline == contact.at + timedelta(hours=48)
    page = follow(agent, send(agent, page, f"{address}/book"))
    assert "已预约" in text_of(page)
    with product.house.database.reading() as session:
        visit = session.scalars(select(Visit).where(Visit.work_order_id == order.id)).one()
        told = session.scalars(select(Notice).where(Notice.visit_id == visit.id)).one()
        assert told.kind == "booked"
        assert visit.technician_id is not None


def test_a_window_that_was_never_offered_is_not_booked(product: Product) -> None:
    a_customer(product)
    agent, address = log(product)
    page = follow(agent, send(agent, agent.get(address), f"{address}/order"))
    night = datetime(2030, 1, 1, 3, tzinfo=SHANGHAI)
    for window in (f"{night.isoformat()}/{(night + timedelta(hours=2)).isoformat()}", "x/y", "2030-01-01/2030-01-02"):
        answer = send(agent, page, f"{address}/book", window=window)
        assert answer.status_code in (409, 422)
    with product.house.database.reading() as session:
        assert session.scalars(select(Visit)).all() == []


def test_what_was_understood_is_read_back_before_a_fault_is_closed(product: Product) -> None:
    booked(product)
    agent, address = log(product)
    page = agent.get(address)
    refused = send(agent, page, f"{address}/close", said="电话指导已恢复")
    assert refused.status_code == 409
    assert "复述" in text_of(refused)
    page = follow(agent, send(agent, page, f"{address}/read-back", said="您家里断网、红灯亮"))
    page = follow(agent, send(agent, page, f"{address}/close", said="电话指导已恢复"))
    assert "已结束" in text_of(page)
    assert "电话指导已恢复" in text_of(page)


def test_a_promise_is_a_task_and_a_question_is_done_only_with_its_answer(product: Product) -> None:
    booked(product)
    agent, address = log(product)
    day = f"{(utc_now() + timedelta(days=2)).astimezone(SHANGHAI):%Y-%m-%d}"
    for kind, said in (("promise", "周四中午前回电"), ("question", "能否提前拆机")):
        page = agent.get(address)
        follow(agent, send(agent, page, f"{address}/promise", kind=kind, said=said, day=day, at="12:00"))
    mine = agent.get("/desk/care")
    assert "周四中午前回电" in text_of(mine)
    with product.house.database.reading() as session:
        task = session.scalars(select(CareTask).where(CareTask.kind == "question")).one()
    form = agent.get(f"/desk/care/tasks/{task.id}")
    assert send(agent, form, f"/desk/care/tasks/{task.id}").status_code == 422
    at = f"/desk/care/tasks/{task.id}"
    follow(agent, agent.post(at, data={**forms_of(form)[at], "answer": "可以，押金当天退"}))
    assert "能否提前拆机" not in text_of(agent.get("/desk/care"))
    past = send(
        agent,
        agent.get(address),
        f"{address}/promise",
        kind="promise",
        said="昨天",
        day="2020-01-01",
        at="12:00",
    )
    assert past.status_code == 422


def test_lost_calls_count_in_the_answer_rate(product: Product) -> None:
    log(product, waited="10")
    agent = product.browser("care_agent")
    send(
        agent,
        agent.get("/desk/contacts/new"),
        "/desk/contacts/new",
        caller="未知",
        phone=PHONE,
        matter="未接",
        lost="yes",
    )
    page = text_of(agent.get("/desk/contacts"))
    assert "1 / 2" in page
    assert "50%" in page.replace(" ", "")


def test_a_complaint_goes_through_its_life_on_its_page(product: Product) -> None:
    visit = booked(product, technician=product.cast.technician_id)
    agent, address = log(product, matter="说好今天来，没人来，我要投诉")
    page = agent.get(address)
    assert "登记为投诉" in text_of(page)
    with product.house.database.reading() as session:
        contact = session.scalars(select(Contact)).one()
    form = agent.get(f"/desk/customers/{contact.customer_id}/complain?contact={contact.id}")
    assert "没人来" in form.text, "the matter is carried over"
    told = {"subject": "appointment", "visit": str(visit), "wish": "要说法"}
    answer = send(agent, form, f"/desk/customers/{contact.customer_id}/complain", **told)
    page = follow(agent, answer)
    at = answer.headers["location"].partition("?")[0]
    assert "已登记" in text_of(page)
    assert "测试路" not in text_of(page)
    rude = send(agent, page, f"{at}/answer", said="这不归我管")
    assert rude.status_code == 422
    assert "推卸责任" in text_of(rude)
    page = follow(agent, send(agent, page, f"{at}/answer", said=SORRY))
    found = {"cause": "appointment.missed", "finding": "派单漏看", "said": "经查，师傅漏看了派单。"}
    page = follow(agent, send(agent, page, f"{at}/found", **found))
    offers = {"remedy_a": "redo", "words_a": "明天上午由另一位师傅上门"}
    offers |= {"remedy_b": "credit", "yuan_b": "50", "words_b": "计入下月"}
    page = follow(agent, send(agent, page, f"{at}/offer", **offers))
    page = follow(agent, send(agent, page, f"{at}/settle", letter="B"))
    page = follow(agent, send(agent, page, f"{at}/tell", said="补偿50元已计入下月账单。"))
    page = follow(agent, send(agent, page, f"{at}/close", said="满意"))
    assert "已结案" in text_of(page)
    with product.house.database.reading() as session:
        assert session.scalars(select(Compensation.amount_fen)).all() == [5000]
        told = session.scalars(select(Notice.kind).where(Notice.kind.startswith("complaint_"))).all()
        assert len(told) == 7
        assert session.get_one(Contact, contact.id).complaint_id is not None
    early = agent.post(f"{at}/tell", data={"key": "abcdefgh1234", "version": "99"})
    assert early.status_code in (409, 412)


def test_the_customers_page_tells_of_contacts_and_that_there_is_a_complaint_and_not_what_was_said(
    product: Product,
) -> None:
    booked(product)
    agent, _ = log(product, matter="请问提速套餐多少钱")
    log(product, matter="说好今天来，没人来，我要投诉")
    with product.house.database.reading() as session:
        contact = session.scalars(select(Contact).where(Contact.kind == "complaint")).one()
    at = f"/desk/customers/{contact.customer_id}"
    form = agent.get(f"{at}/complain?contact={contact.id}")
    assert send(agent, form, f"{at}/complain", subject="appointment", wish="要说法").status_code == 303
    for who, seen in (("care_agent", 2), ("dispatcher", 1)):  # who heard a complaint, and who did not
        story = text_of(product.browser(who).get(at)).split("全部经过", 1)[1]
        assert story.count("客户来联系") == seen
        assert story.count("登记投诉") == 1
        assert "没人来" not in story
        assert "要说法" not in story


def test_every_illegal_jump_through_the_pages_says_what_to_do(product: Product) -> None:
    booked(product)
    with product.house.database.reading() as session:
        customer = session.scalars(select(WorkOrder.customer_id)).one()
    agent = product.browser("care_agent")
    form = agent.get(f"/desk/customers/{customer}/complain")
    answer = send(agent, form, f"/desk/customers/{customer}/complain", subject="conduct", matter="态度差")
    at = answer.headers["location"].partition("?")[0]
    with product.house.database.reading() as session:
        version = session.scalars(select(Complaint.version)).one()
    for number, what in enumerate(("found", "offer", "settle", "tell", "close", "unhappy")):
        data = {"key": f"jump-{number}-abc", "version": str(version), "said": SORRY, "letter": "A"}
        if what in ("offer", "settle"):
            data.pop("said")
        if what != "settle":
            data.pop("letter")
        refused = agent.post(f"{at}/{what}", data=data)
        assert refused.status_code == 409, (what, refused.status_code)
        assert "现在可以：给客户首次答复" in text_of(refused), what
    assert agent.post(f"{at}/nonsense", data={"key": "jump-x-abcd", "version": "1"}).status_code == 404


def test_the_reply_is_checked_as_it_is_typed(product: Product) -> None:
    agent = product.browser("care_agent")
    bad = agent.post("/desk/care/language?field=said&language=zh", data={"said": "这不归我管，你看着办", "key": "x"})
    assert "推卸责任" in text_of(bad)
    assert "我帮您联系负责的同事" in text_of(bad)
    good = agent.post("/desk/care/language?field=said&language=zh", data={"said": SORRY})
    assert text_of(good) == ""
    english = agent.post("/desk/care/language?field=said&language=en", data={"said": "That is not my problem."})
    assert text_of(english) != ""


def test_knowledge_is_found_written_and_voted_on(product: Product) -> None:
    with product.house.database.writing() as session:
        assert file_known(now_turn(product, session)) > 25
        assert file_known(now_turn(product, session)) == 0
    agent = product.browser("care_agent")
    assert "拨号错误 691" in text_of(agent.get("/desk/knowledge?q=691"))
    assert "客户情绪激动" in text_of(agent.get("/desk/knowledge?q=情绪激动"))
    assert "没有找到" in text_of(agent.get("/desk/knowledge?q=量子纠缠"))
    form = agent.get("/desk/knowledge/new")
    entry = {"title_zh": "光猫红灯怎么办", "title_en": "A red light", "body_zh": "重启光猫"}
    entry |= {"body_en": "Restart the ONT"}
    answer = send(agent, form, "/desk/knowledge/new", **entry)
    at = answer.headers["location"].partition("?")[0]
    page = follow(agent, answer)
    page = follow(agent, send(agent, page, f"{at}/vote", helped="yes"))
    page = follow(agent, send(agent, page, f"{at}/vote", helped="no"))
    assert "没用 1" in text_of(page), "the last word counts"
    assert "有用 0" in text_of(page)
    edit = agent.get(f"{at}/edit")
    follow(agent, send(agent, edit, f"{at}/edit", body_zh="先看光纤是否弯折", why="补充"))
    assert "光猫红灯怎么办" in text_of(agent.get("/desk/knowledge?q=光纤弯折"))
    assert "光猫红灯怎么办" not in text_of(agent.get("/desk/knowledge?q=重启光猫电源线")), (
        "the old version finds nothing"
    )
    _, address = log(product)
    assert "光猫红灯怎么办" in text_of(agent.get(address)), "shown where it is needed"
    a_colleague(product)
    other = product.browser("agent2")
    stranger = send(other, other.get(f"{at}/edit"), f"{at}/edit", body_zh="x")
    assert stranger.status_code == 403


def test_a_handover_is_taken_by_somebody_else(product: Product) -> None:
    agent = product.browser("care_agent")
    line = {"text": "张江片区多户断网", "handover": "yes"}
    page = follow(agent, send(agent, agent.get("/desk/day-log"), "/desk/day-log", **line))
    assert "待接班" in text_of(page)
    boss = product.browser("supervisor")
    page = boss.get("/desk/day-log")
    take = next(action for action in forms_of(page) if action.endswith("/take"))
    assert agent.post(take, data={"key": "abcdefgh12"}).status_code == 409
    assert "已接班" in text_of(follow(boss, send(boss, page, take)))
    sheet = boss.get("/desk/exports/day-log.csv")
    assert sheet.text.startswith("\ufeff日期,时间")
    assert "张江片区多户断网" in sheet.text


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_the_fields_own_tables_are_files_without_formulas(product: Product, name: str) -> None:
    log(product, caller="=1+1", matter="@SUM(A1) 断网")
    agent = product.browser("care_agent")
    sheet = agent.get(f"/desk/exports/{name}.csv")
    assert sheet.status_code == 200
    assert sheet.headers["content-type"].startswith("text/csv")
    if name == "contacts":
        assert "'=1+1" in sheet.text
        assert "'@SUM" in sheet.text
        assert "138****0001" in sheet.text, "numbers are masked"
    assert len(looks(product, "care_table")) == 1


def test_the_answer_rate_is_of_all_calls_and_the_month_is_one_file(product: Product) -> None:
    for matter, waited, lost in (("断网", 20, False), ("师傅态度差，我要投诉", 21, False), ("未接", 50, True)):
        more = {"lost": "yes"} if lost else {}
        log(product, matter=matter, waited=f"{waited}", **more)
    desk = product.browser("dispatcher")  # who may not read the complaint still counts its call
    month = f"{utc_now().astimezone(SHANGHAI):%Y-%m}"
    line = desk.get(f"/desk/exports/answer-rate.csv?month={month}").text.splitlines()[1].split(",")
    assert line[1:7] == ["3", "2", "1", "66.7%", "1", "33.3%"]
    assert "66.7%" in desk.get("/desk/tables").text
    book = load_workbook(io.BytesIO(desk.get(f"/desk/exports/contacts.xlsx?month={month}").content))
    texts = [cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row]
    assert "断网" in texts
    assert "师傅态度差，我要投诉" not in texts


CASES = {
    ("GET", "/desk/care"), ("GET", "/desk/care/tasks/{task_id}"), ("POST", "/desk/care/tasks/{task_id}"),
    ("POST", "/desk/care/language"), ("GET", "/desk/contacts"), ("GET", "/desk/contacts/new"),
    ("POST", "/desk/contacts/new"), ("POST", "/desk/contacts/known"), ("POST", "/desk/contacts/sort"),
    ("GET", "/desk/contacts/{contact_id}"), ("POST", "/desk/contacts/{contact_id}/{what}"),
    ("GET", "/desk/complaints"), ("GET", "/desk/complaints/{complaint_id}"),
    ("POST", "/desk/complaints/{complaint_id}/{what}"), ("GET", "/desk/customers/{customer_id}/complain"),
    ("POST", "/desk/customers/{customer_id}/complain"), ("GET", "/desk/compensations"),
    ("POST", "/desk/compensations/{compensation_id}/{what}"), ("POST", "/desk/compensations/export"),
    ("GET", "/desk/return-calls"), ("GET", "/desk/return-calls/{call_id}"),
    ("POST", "/desk/return-calls/{call_id}/{what}"), ("GET", "/desk/knowledge"), ("GET", "/desk/knowledge/new"),
    ("POST", "/desk/knowledge/new"), ("GET", "/desk/knowledge/{number}"), ("GET", "/desk/knowledge/{number}/edit"),
    ("POST", "/desk/knowledge/{number}/edit"), ("POST", "/desk/knowledge/{number}/vote"),
    ("POST", "/desk/knowledge/{number}/retire"), ("GET", "/desk/day-log"), ("POST", "/desk/day-log"),
    ("POST", "/desk/day-log/{line_id}/take"), ("GET", "/desk/exports/{name}.csv"),
    ("GET", "/desk/exports/{name}.xlsx"), ("GET", "/desk/tables"),
}  # fmt: skip


def test_nobody_sees_care_that_is_not_theirs(product: Product) -> None:
    """Every route of care by every role: a complaint is its owner's and the supervisors', nobody else's."""
    a_colleague(product)
    booked(product)
    agent, heard = log(product, matter="师傅态度差，我要投诉")
    with product.house.database.reading() as session:
        customer = session.scalars(select(Contact.customer_id)).one()
    form = agent.get(f"/desk/customers/{customer}/complain?contact={heard.rpartition('/')[2]}")
    answer = send(agent, form, f"/desk/customers/{customer}/complain", subject="conduct")
    complaint = answer.headers["location"].partition("?")[0]
    day = f"{(utc_now() + timedelta(days=2)).astimezone(SHANGHAI):%Y-%m-%d}"
    page = agent.get(heard)
    follow(agent, send(agent, page, f"{heard}/promise", kind="promise", said="回电", day=day, at="12:00"))
    with product.house.database.writing() as session:
        task = session.scalars(select(CareTask.id)).one()
        number = file_known(now_turn(product, session)) and 1
    theirs = {f"{complaint}", f"{heard}", f"/desk/care/tasks/{task}"}
    whole_desk = {
        "/desk/care", "/desk/contacts", "/desk/contacts/new", "/desk/complaints", "/desk/complaints?show=all",
        f"/desk/customers/{customer}/complain", "/desk/compensations", "/desk/return-calls", "/desk/knowledge",
        "/desk/knowledge/new", f"/desk/knowledge/{number}", f"/desk/knowledge/{number}/edit", "/desk/day-log",
        *(f"/desk/exports/{name}.{form}" for name in SHEETS for form in ("csv", "xlsx")), "/desk/tables",
    }  # fmt: skip
    routes = {(verb, route.path) for room in CARE for route in room.router.routes for verb in route.methods}
    assert routes == CASES, "a route of care without a case here"
    known = complaint.rpartition("/")[2]
    for role in ("care_agent", "agent2", "dispatcher", "supervisor", "admin", "technician", "technician2"):
        browser = product.browser(role)
        for address in sorted(theirs | whole_desk):
            status = browser.get(address).status_code
            if role.startswith("technician") or (
                address in theirs and role not in ("care_agent", "supervisor", "admin")
            ):
                assert status == 404, (role, address, status)
            else:
                assert status == 200, (role, address, status)
        if role in ("agent2", "dispatcher"):
            for address in ("/desk/complaints?show=all", "/desk/exports/complaints.csv", "/desk/exports/workflow.csv"):
                assert "T-" not in browser.get(address).text.replace("UTF-", ""), (role, address)
            assert "态度差" not in browser.get("/desk/contacts").text
        if role.startswith("technician"):
            for verb, path in sorted(CASES):
                place = re.sub(r"{number}", "1", re.sub(r"{(what|name)}", "answer", path))
                place = re.sub(r"{[a-z_]+_id}", known, place)
                form_of = {"key": "abcdefghijk"} if verb == "POST" else None
                assert browser.request(verb, place, data=form_of).status_code == 404, (role, verb, path)
        form_sent = {"key": "abcdefghijk", "version": "1", "said": SORRY}
        post = browser.post(f"/desk/complaints/{known}/answer", data=form_sent)
        if role not in ("care_agent", "supervisor", "admin"):
            assert post.status_code == 404, (role, post.status_code)
    nobody = product.browser()
    for address in sorted(theirs | whole_desk):
        assert nobody.get(address).status_code in (303, 401), address
    assert UUID(known)
