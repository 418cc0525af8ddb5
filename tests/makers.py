"""Makers of values and rows for tests, and one cast of people and lines for journeys.

A maker gives something whole and plausible; a test names only what it is about.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from dispatch.accounts.actions import give_token, open_account
from dispatch.accounts.tables import Account
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import SYSTEM, Viewer
from dispatch.customers.actions import CustomerFacts, LineFacts, SiteFacts
from dispatch.customers.tables import Customer
from dispatch.notices.actions import Reader, owe
from dispatch.notices.tables import Notice
from dispatch.settings import Settings
from dispatch.technicians.tables import Area, Shift, Technician, TechnicianSkill
from dispatch.visits.booking import Booked, book_visit
from dispatch.visits.orders import OrderFacts, take_in_order
from dispatch.visits.tables import WorkOrder
from dispatch.visits.windows import Window

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # noon in Shanghai, a Sunday
PASSWORD = "correct-horse-battery"
CHEAP_HASH = PasswordHasher(1, 8, 1).hash(PASSWORD)  # six a test: seconds of it all, not minutes
RARE_NAME = "王𬭎"
RARE_ADDRESS = "上海市浦东新区张江镇龘园路88弄3号楼1202室（㛃湾小区）"


def a_window(start: datetime = NOON + timedelta(days=1), hours: float = 1) -> Window:
    return Window(start, start + timedelta(hours=hours))


def some_settings(folder: Path, database_url: str, **more: object) -> Settings:
    return Settings(_env_file=None, data_dir=folder, database_url=database_url, **more)  # type: ignore[call-arg]


def a_turn(session: Session, settings: Settings, now: datetime = NOON, viewer: Viewer = SYSTEM) -> Turn:
    return Turn(session, viewer, now, settings)


def a_technician(session: Session, code: str = "T-001", name: str = "赵翀", **more: object) -> Technician:
    technician = Technician(code=code, name=name, phone="+8613900000001", **more)  # type: ignore[arg-type]
    session.add(technician)
    session.flush()
    return technician


def a_shift(session: Session, technician: Technician, start: datetime, hours: float = 9) -> Shift:
    shift = Shift(technician_id=technician.id, starts_at=start, ends_at=start + timedelta(hours=hours))
    session.add(shift)
    session.flush()
    return shift


def an_order_told(kind: str = "repair", external_id: str | None = None, **more: object) -> OrderFacts:
    facts: dict[str, object] = {
        "kind": kind,
        "customer": CustomerFacts(RARE_NAME, "138 0000 0001"),
        "site": SiteFacts(RARE_ADDRESS, 31.2041, 121.5937),
        "line": LineFacts("sh0215888", "千兆宽带", "gpon", 1000, 100),
        "external_id": external_id,
        "symptoms": ("晚高峰卡顿",) if kind == "repair" else (),
        "minutes": 60,
    }
    return OrderFacts(**(facts | more))  # type: ignore[arg-type]


def an_order(turn: Turn, kind: str = "repair", **more: object) -> WorkOrder:
    return take_in_order(turn, an_order_told(kind, **more))[0]


def a_booking(turn: Turn, technician: Technician | None, window: Window | None = None, **more: object) -> Booked:
    order = an_order(turn, line=LineFacts(None), site=SiteFacts(f"测试路{turn.session.info.setdefault('n', 0)}号"))
    turn.session.info["n"] += 1
    return book_visit(
        turn,
        order.id,
        window or a_window(),
        technician_id=technician.id if technician else None,
        **more,  # type: ignore[arg-type]
    )


@dataclass(frozen=True)
class Cast:
    """The people that journeys are told with. Everybody's password is PASSWORD; `tokens` are API tokens by login."""

    technician_id: UUID
    other_technician_id: UUID
    tokens: dict[str, str]


def the_cast(session: Session, settings: Settings, now: datetime) -> Cast:
    """An area, two technicians on shift for a week, and an account of each role with an API token."""
    turn = a_turn(session, settings, now)
    area = Area(name="张江", name_en="Zhangjiang", latitude=31.2041, longitude=121.5937)
    session.add(area)
    session.flush()
    first = a_technician(session, "T-001", "赵翀㛃", area_id=area.id)
    second = a_technician(session, "T-002", "钱进", area_id=area.id)
    for technician in (first, second):
        session.add(TechnicianSkill(technician_id=technician.id, skill="fibre", level=2))
        for day in range(-1, 8):
            a_shift(
                session, technician, datetime(now.year, now.month, now.day, 0, 30, tzinfo=UTC) + timedelta(days=day)
            )
    tokens: dict[str, str] = {}

    def open_for(login: str, role: str, technician_id: UUID | None = None) -> Account:
        account = open_account(
            session, SYSTEM, login=login, name=login, role=role, password=None, now=now, technician_id=technician_id
        )
        account.password_hash = CHEAP_HASH
        tokens[login] = give_token(session, SYSTEM, account, "tests", now)
        return account

    for role in ("dispatcher", "care_agent", "supervisor", "admin"):
        open_for(role, role)
    open_for("technician", "technician", first.id)
    open_for("technician2", "technician", second.id)
    del turn
    return Cast(first.id, second.id, tokens)


def a_reader(turn: Turn, phone: str = "+8613800000001", **more: object) -> Reader:
    """A customer who is to be told; `mail` and `channel` as wanted."""
    customer = Customer(name=RARE_NAME, phone=phone, created_at=turn.now, **more)
    turn.session.add(customer)
    turn.session.flush()
    return Reader(customer.id, customer.phone, customer.language, customer.mail, customer.channel)


def visit_facts(window: Window | None = None, **more: object) -> dict[str, object]:
    """What a visit's notices say."""
    window = window or a_window()
    return {
        "customer": RARE_NAME,
        "work": {"zh": "宽带维修", "en": "broadband repair"},
        "window": {"start": window.start.isoformat(), "end": window.end.isoformat()},
        "technician": "赵翀",
        "technician_code": "SH-101",
        "link_id": "abc",
        **more,
    }


def an_owed_notice(turn: Turn, kind: str = "booked", reader: Reader | None = None, **more: object) -> Notice:
    """A notice about some visit; `facts` are filled in for every kind that is about one."""
    window = a_window(turn.now + timedelta(days=1))
    facts = visit_facts(window, asked_by="company", reason="线路抢修", old_window=visit_facts(window)["window"])
    return owe(
        turn,
        kind,
        reader or a_reader(turn),
        facts,
        **({"visit_id": uuid4(), "visit_version": 1} | more),  # type: ignore[arg-type]
    )
