"""A customer and their visit at each stage of its life, told through the product's own actions."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from fastapi.testclient import TestClient
from sqlalchemy import select

from checklists.published import by_key
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import SYSTEM, Viewer
from dispatch.clock import utc_now
from dispatch.customers.actions import CustomerFacts, LineFacts, SiteFacts
from dispatch.demo.visit_story import Story, play
from dispatch.house import House
from dispatch.records.canonical import sha256_hex
from dispatch.records.intake import SentParcel, take_parcel
from dispatch.records.sealing import seal_visit
from dispatch.settings import Settings
from dispatch.visits.booking import book_visit, cancel_visit
from dispatch.visits.links import link_token
from dispatch.visits.on_the_day import arrive, depart, no_access
from dispatch.visits.orders import OrderFacts, take_in_order
from dispatch.visits.tables import CustomerLink, Visit
from dispatch.visits.windows import Window

NAME = "王𬭎"
PHONE = "13800000001"
ADDRESS = "上海市浦东新区张江镇龘园路88弄3号楼1202室（㛃湾小区）"


@dataclass(frozen=True)
class Guest:
    """A customer with their link: `path` is what their message leads to, `home` the page behind it."""

    visit_id: UUID
    link_id: str
    token: str

    @property
    def path(self) -> str:
        return f"/c/{self.token}"

    @property
    def home(self) -> str:
        return f"/v/{self.link_id}"

    def enters(self, browser: TestClient) -> TestClient:
        """The browser with the link's cookie."""
        assert browser.get(self.path).status_code == 303
        return browser


def a_guest(
    house: House,
    technician_id: UUID | None,
    stage: str = "booked",
    *,
    kind: str = "repair",
    language: str = "zh",
    hours_ahead: float = 26.0,
    now: datetime | None = None,
) -> Guest:
    """A visit at `stage`: booked, en_route, begun, worked (all but the last step), sealed, no_access or cancelled."""
    now = now or utc_now()
    settings = house.settings
    with house.database.writing() as session:
        turn = Turn(session, SYSTEM, now, settings)
        start = (now + timedelta(hours=hours_ahead)).replace(minute=0, second=0, microsecond=0)
        visit = _booked(turn, technician_id, Window(start, start + timedelta(hours=2)), kind, language)
        if stage == "cancelled":
            cancel_visit(turn, visit.id, asked_by="customer", reason="")
        if stage not in ("booked", "cancelled"):
            depart(turn, visit.id)
        if stage in ("begun", "worked", "sealed"):
            arrive(turn, visit.id)
        if stage == "no_access":
            no_access(turn, visit.id, note_left=True)
        link_id = session.scalars(select(CustomerLink.id).where(CustomerLink.visit_id == visit.id)).one()
        guest = Guest(visit.id, link_id, link_token(settings, link_id))
    until = {"begun": 3, "worked": 7, "sealed": 8}.get(stage)
    if until:
        hand_in(house, guest, technician_id, until, now=now)
    if stage == "sealed":
        seal(house, guest)
    return guest


def _booked(turn: Turn, technician_id: UUID | None, window: Window, kind: str, language: str) -> Visit:
    told = OrderFacts(
        kind=kind,  # type: ignore[arg-type]
        customer=CustomerFacts(NAME if language == "zh" else "Grace Hopper", PHONE, language=language),  # type: ignore[arg-type]
        site=SiteFacts(ADDRESS + uuid4().hex[:4], 31.2041, 121.5937),
        line=LineFacts("sh" + uuid4().hex[:8], "千兆宽带", "gpon", 1000, 100),
        external_id=uuid4().hex,
        symptoms=("晚高峰卡顿",) if kind == "repair" else (),
        minutes=30,
    )
    order = take_in_order(turn, told)[0]
    return book_visit(turn, order.id, window, technician_id=technician_id).visit


def hand_in(
    house: House,
    guest: Guest,
    technician_id: UUID | None,
    until: int,
    *,
    now: datetime | None = None,
    only_technicians: bool = False,
    answers: dict[tuple[str, str], Any] | None = None,
) -> None:
    """The entries of the steps up to `until`, in one parcel; without the customer's own if `only_technicians`.

    `answers` stand in for the story's own.
    """
    now = now or utc_now()
    with house.database.writing() as session:
        visit = session.get(Visit, guest.visit_id)
        assert visit is not None
        checklist = by_key(visit.checklist)
        story = Story(
            seed=guest.visit_id.int % 2**31 + until,
            arrived=now - timedelta(minutes=5),
            customer=NAME,
            technician="赵翀㛃",
            symptoms=["晚高峰卡顿"],
            answers=answers or {},
        )
        numbers = {step.key: step.number for step in checklist.steps}
        entries = tuple(
            entry
            for entry in play(checklist, story)
            if 1 <= numbers.get(entry.step, 0) <= until
            and not (only_technicians and checklist.field(entry.step, entry.key).filled_by == "customer")
        )
        body = {"entries": [str(entry.id) for entry in entries]}
        sent = SentParcel(uuid4(), guest.visit_id, "test", entries, body, sha256_hex(repr(body).encode()))
        viewer = Viewer(role="technician", name="t", technician_id=technician_id)
        take_parcel(Turn(session, viewer, now, house.settings), sent)


def seal(house: House, guest: Guest) -> str:
    """Seal the visit's record; its number."""
    with house.database.writing() as session:
        return seal_visit(Turn(session, SYSTEM, utc_now(), house.settings), guest.visit_id).number


def revoke(house: House, guest: Guest) -> None:
    with house.database.writing() as session:
        link = session.get(CustomerLink, guest.link_id)
        assert link is not None
        link.revoked_at = utc_now()


def expire(house: House, guest: Guest, settings: Settings) -> None:
    del settings
    with house.database.writing() as session:
        link = session.get(CustomerLink, guest.link_id)
        assert link is not None
        link.expires_at = utc_now() - timedelta(seconds=1)


def mark_of(browser: TestClient, path: str) -> str:
    """The hidden key of the form on a page."""
    found = re.search(r'name="form" value="([^"]+)"', browser.get(path).text)
    assert found, path
    return found[1]


def without_site(browser: TestClient) -> TestClient:
    del browser.headers["Sec-Fetch-Site"]
    return browser
