"""People of care for database tests: three agents, a supervisor, a customer with a visit."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.accounts.actions import open_account, viewer_of
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import SYSTEM, Viewer
from dispatch.settings import Settings
from dispatch.technicians.tables import Area
from tests.makers import PASSWORD, a_technician, a_turn, a_window, an_order

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # Tuesday, ten in the morning in Shanghai
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class CareCast:
    """One session with its people; `turn(viewer, at)` lets them act."""

    session: Session
    settings: Settings
    people: dict[str, Viewer]
    customer_id: UUID
    visit_id: UUID
    line_id: UUID
    technician_id: UUID
    area_id: UUID

    def turn(self, login: str = "agent1", at: datetime = NOW) -> Turn:
        """A turn of one of them."""
        return a_turn(self.session, self.settings, at, SYSTEM if login == "system" else self.people[login])

    def id(self, login: str) -> UUID:
        """The account of one of them."""
        found = self.people[login].account_id
        assert found is not None
        return found


def care_cast(session: Session, settings: Settings, at: datetime = NOW, language: str = "zh") -> CareCast:
    """The cast, with a visit booked two days before `at` for that day."""
    from dispatch.customers.actions import CustomerFacts
    from dispatch.visits.booking import book_visit

    area = Area(name="张江", name_en="Zhangjiang", latitude=31.2041, longitude=121.5937)
    session.add(area)
    session.flush()
    technician = a_technician(session, area_id=area.id)
    people = {}
    for login, role in (
        ("agent1", "care_agent"),
        ("agent2", "care_agent"),
        ("boss", "supervisor"),
        ("desk", "dispatcher"),
    ):
        account = open_account(
            session, SYSTEM, login=login, name=f"{login}名", role=role, password=PASSWORD, now=at - 9 * DAY
        )
        people[login] = viewer_of(account)
    people["tech"] = Viewer("technician", "t", technician_id=technician.id)
    before = a_turn(session, settings, at - 2 * DAY)
    order = an_order(before, customer=CustomerFacts("王𬭎", "13800000001", language=language))
    visit = book_visit(before, order.id, a_window(at - DAY, 2), technician_id=technician.id).visit
    return CareCast(session, settings, people, order.customer_id, visit.id, order.line_id, technician.id, area.id)
