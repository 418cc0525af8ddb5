"""The customer's page of a complaint: reading it changes nothing, and only its own forms do anything. Both engines."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.routing import Route

from dispatch.accounts.actions import viewer_of
from dispatch.accounts.tables import Account
from dispatch.accounts.turn import Turn
from dispatch.care.complaints.handling import Offer, answer, found_out, offer, settle, tell_result
from dispatch.care.complaints.registering import Told, register_complaint
from dispatch.care.complaints.tables import Complaint
from dispatch.care.complaints.telling import complaint_token
from dispatch.clock import utc_now
from dispatch.customers.tables import Customer
from dispatch.visits.tables import Visit
from mobile_api.customer import complaint as room
from tests.journeys.conftest import Product
from tests.journeys.customer_stages import mark_of, without_site
from tests.journeys.desk_hand import booked
from tests.journeys.scanner import everything, let_everybody_knock, scan
from tests.makers import a_turn

STAGES = ("registered", "offered", "told")
OFFERS = (Offer("redo", "明天上午由另一位师傅上门"), Offer("credit", "补偿到下月账单", 5000))
POSTS = [one.path for one in room.router.routes if isinstance(one, Route) and "POST" in (one.methods or set())]


@dataclass(frozen=True)
class Complainer:
    """A customer with the link to their complaint."""

    complaint_id: UUID
    link_id: str
    token: str

    @property
    def home(self) -> str:
        return f"/v/complaint/{self.link_id}"

    def enters(self, browser: TestClient) -> TestClient:
        """The browser with the link's cookie."""
        assert browser.get(f"/c/{self.token}").headers["location"] == self.home
        return browser


def a_complainer(product: Product, stage: str) -> Complainer:
    """A complaint about a visit, handled up to `stage`."""
    with product.house.database.reading() as session:
        known = session.scalars(select(Visit.id)).first()
    visit_id = known or booked(product, technician=product.cast.technician_id)
    with product.house.database.writing() as session:
        turn = _agent(product, session)
        customer_id = session.scalars(select(Customer.id)).one()
        told = Told(customer_id, "phone", "appointment", "说好九点来，没人来也没电话。", visit_id=visit_id)
        made = register_complaint(turn, told)
        if stage != "registered":
            answer(turn, made.id, "您好，给您添麻烦了，我们已安排核实。")
            found_out(turn, made.id, "appointment.missed", "派单漏看", "经查，师傅漏看了派单。")
            offer(turn, made.id, OFFERS)
        if stage == "told":
            settle(turn, made.id, "B")
            tell_result(turn, made.id, "补偿50元已计入下月账单。")
        return Complainer(made.id, made.link_id, complaint_token(product.settings, made.link_id))


def _agent(product: Product, session: Session) -> Turn:
    account = session.scalars(select(Account).where(Account.login == "care_agent")).one()
    return a_turn(session, product.settings, utc_now(), viewer_of(account))


def _now(product: Product, complainer: Complainer) -> Complaint:
    with product.house.database.reading() as session:
        return session.get_one(Complaint, complainer.complaint_id)


@pytest.mark.parametrize("stage", STAGES)
def test_reading_and_scanning_a_complaint_changes_nothing(product: Product, stage: str) -> None:
    let_everybody_knock(product)
    complainer = a_complainer(product, stage)
    before = everything(product.house)
    assert scan(product, f"/c/{complainer.token}") >= 2
    after = everything(product.house)
    assert {name for name in before if before[name] != after[name]} == set()


def test_only_the_pages_own_form_chooses(product: Product) -> None:
    complainer = a_complainer(product, "offered")
    version = str(_now(product, complainer).version)
    form = {"form": mark_of(complainer.enters(product.browser()), complainer.home), "version": version}
    before = everything(product.house)
    assert len(POSTS) == 2
    for path in POSTS:
        address = path.format(link_id=complainer.link_id)
        sent = form | {"letter": "B", "content": "yes"}
        for site in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
            forged = without_site(complainer.enters(product.browser())).post(address, data=sent, headers=site)
            assert forged.status_code == 403, address
        for key in ("", "x", "0" * 32 + ".abc", form["form"][:-2] + "AA"):
            odd = complainer.enters(product.browser()).post(address, data=sent | {"form": key})
            assert (odd.status_code, "页面已过期" in odd.text) == (409, True), address
        assert product.browser().post(address, data=sent).status_code == 404, "nobody without the link's cookie"
    assert everything(product.house) == before
    ours = complainer.enters(product.browser())
    chosen = ours.post(complainer.home + "/choose", data=form | {"letter": "B"})
    assert chosen.status_code == 303
    assert _now(product, complainer).state == "settled"


def test_the_link_of_one_complaint_opens_no_other_and_no_visit(product: Product) -> None:
    mine, other = a_complainer(product, "offered"), a_complainer(product, "offered")
    browser = mine.enters(product.browser())
    assert browser.get(mine.home).status_code == 200
    assert browser.get(other.home).status_code == 404
    assert browser.get(f"/v/{mine.link_id}").status_code == 404
    key = mark_of(browser, mine.home)
    other.enters(browser)
    crossed = browser.post(other.home + "/choose", data={"form": key, "version": "1", "letter": "A"})
    assert crossed.status_code == 409
    assert _now(product, other).state == "offered"
