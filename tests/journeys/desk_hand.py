"""A dispatcher's hand: reads the desk's pages and sends their forms as a browser would, with what stands in them."""

import html
import re
from datetime import datetime, timedelta
from html.parser import HTMLParser
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import func, select

from dispatch.accounts.tables import AuditRow
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import SYSTEM
from dispatch.clock import utc_now
from dispatch.technicians.tables import Technician
from dispatch.visits.tables import Visit
from dispatch.visits.windows import Window
from tests.journeys.conftest import Product
from tests.makers import a_booking, a_turn

SHANGHAI = ZoneInfo("Asia/Shanghai")


class _Forms(HTMLParser):
    """Every posting form of a page: its action, and the fields as they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._form: dict[str, str] | None = None
        self._select: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name"), given.get("value") or ""
        if tag == "form":
            self._form = self.forms.setdefault(given.get("action") or "", {}) if given.get("method") == "post" else None
        elif self._form is None:
            return
        elif tag == "input" and name:
            if given.get("type") in ("radio", "checkbox") and "checked" not in given:
                return
            self._form[name] = value
        elif tag == "select" and name:
            self._select = name
            self._form.setdefault(name, "")
        elif tag == "option" and self._select and "selected" in given:
            self._form[self._select] = value
        elif tag == "textarea" and name:
            self._area = name
            self._form[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._area:
            self._form[self._area] = (self._form[self._area] + data).lstrip("\n")


def forms_of(answer: Response) -> dict[str, dict[str, str]]:
    """The page's posting forms by action."""
    reader = _Forms()
    reader.feed(answer.text)
    return reader.forms


def send(browser: TestClient, answer: Response, action: str, **changed: str) -> Response:
    """Fill in the form `action` of a page and send it."""
    forms = forms_of(answer)
    assert action in forms, f"no form {action} among {sorted(forms)}"
    return browser.post(action, data={**forms[action], **changed})


def text_of(answer: Response) -> str:
    """What a person reads of a page."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", answer.text))).strip()


def follow(browser: TestClient, answer: Response) -> Response:
    """The page that a redirect leads to."""
    assert answer.status_code == 303, text_of(answer)[:600]
    return browser.get(answer.headers["location"])


def now_turn(product: Product, session: object) -> Turn:
    return a_turn(session, product.settings, utc_now(), SYSTEM)  # type: ignore[arg-type]


def booked(product: Product, window: Window | None = None, *, technician: UUID | None = None, **more: object) -> UUID:
    """A visit promised for `window` (tomorrow, if left out); its id."""
    with product.house.database.writing() as session:
        someone = session.get(Technician, technician) if technician else None
        session.info["n"] = session.scalar(select(func.count()).select_from(Visit)) or 0
        return a_booking(now_turn(product, session), someone, window or tomorrow(9), **more).visit.id


def visit_now(product: Product, visit_id: UUID) -> Visit:
    with product.house.database.reading() as session:
        visit = session.get(Visit, visit_id)
        assert visit is not None
        return visit


def tomorrow(hour: int, hours: float = 1, *, days: int = 1) -> Window:
    """A window tomorrow at `hour`, in the business zone."""
    day = utc_now().astimezone(SHANGHAI).date() + timedelta(days=days)
    start = datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)
    return Window(start, start + timedelta(hours=hours))


def fields(window: Window) -> dict[str, str]:
    """A window as a form says it."""
    start, end = (at.astimezone(SHANGHAI) for at in (window.start, window.end))
    return {"day": f"{start:%Y-%m-%d}", "begin": f"{start:%H:%M}", "end": f"{end:%H:%M}"}


def soon(minutes: int) -> Window:
    """A window that opens in so many minutes."""
    start = utc_now() + timedelta(minutes=minutes)
    return Window(start, start + timedelta(hours=2))


def looks(product: Product, subject: str) -> list[str]:
    """Who looked at personal data of this kind, as written down."""
    with product.house.database.reading() as session:
        rows = session.scalars(
            select(AuditRow.actor).where(AuditRow.action == "look", AuditRow.subject == subject).order_by(AuditRow.id)
        )
        return list(rows)
