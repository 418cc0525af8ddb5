"""What the database already knows of the orders, customers, sites and lines in a file: looked up many at a time.

Two rows of one file may speak of the same customer, site or line, so what was just made is known from then on.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID, uuid4

from sqlalchemy import select

from dispatch.accounts.turn import Turn
from dispatch.customers.actions import CustomerFacts, LineFacts, SiteFacts
from dispatch.customers.tables import Customer, Line, Site
from dispatch.technicians.queries import areas, nearest_area
from dispatch.visits.orders import OrderFacts, a_row
from dispatch.visits.tables import WorkOrder


class KnownRows:
    """Rows by what they are recognised by, the same way as `take_in_customer`, `take_in_site` and `take_in_line` do."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._areas = areas(turn.session)
        self._fingerprints: dict[str, str] = {}
        self._customers: dict[tuple[str, ...], Customer] = {}
        self._sites: dict[tuple[UUID, str], Site] = {}
        self._lines: dict[str | UUID, Line] = {}

    def look_up(self, told: Sequence[OrderFacts]) -> None:
        """Load what is known of these orders."""
        session = self._turn.session
        ids = [one.external_id for one in told if one.external_id]
        orders = select(WorkOrder.external_id, WorkOrder.fingerprint).where(WorkOrder.external_id.in_(ids))
        self._fingerprints |= {row.external_id: row.fingerprint or "" for row in session.execute(orders)}
        wanted = [one for one in told if one.external_id not in self._fingerprints]
        keys = {_customer_key(one.customer) for one in wanted} - self._customers.keys()
        found: list[Customer] = []
        if by_id := [key[0] for key in keys if len(key) == 1]:
            found += session.scalars(select(Customer).where(Customer.external_id.in_(by_id)))
        if by_phone := [key[0] for key in keys if len(key) == 2]:
            found += session.scalars(
                select(Customer).where(Customer.phone.in_(by_phone)).order_by(Customer.created_at.desc())
            )
        for customer in found:
            if customer.external_id is not None:
                self._customers[(customer.external_id,)] = customer
            self._customers[(customer.phone, customer.name)] = customer
        self._look_up_sites(customer.id for customer in found)
        accounts = {one.line.account_name for one in wanted if one.line.account_name} - self._lines.keys()
        for line in session.scalars(select(Line).where(Line.account_name.in_(accounts))):
            assert line.account_name is not None
            self._lines[line.account_name] = line

    def _look_up_sites(self, customer_ids: Iterable[UUID]) -> None:
        sites = list(self._turn.session.scalars(select(Site).where(Site.customer_id.in_(list(customer_ids)))))
        self._sites |= {(site.customer_id, site.address): site for site in sites}
        nameless = select(Line).where(Line.site_id.in_([site.id for site in sites]), Line.account_name.is_(None))
        self._lines |= {line.site_id: line for line in self._turn.session.scalars(nameless)}

    def fingerprint_of(self, external_id: str) -> str | None:
        """The fingerprint of a known order, or None."""
        return self._fingerprints.get(external_id)

    def take_in(self, told: OrderFacts) -> None:
        """A new work order with its customer, site and line; rows are written at the next flush."""
        turn = self._turn
        customer = self._customer(told.customer)
        site = self._site(customer, told.site)
        line = self._line(site, told.line)
        order = a_row(told, customer, site, line, turn.now)
        turn.session.add(order)
        if told.external_id:
            self._fingerprints[told.external_id] = told.fingerprint
        turn.audit("take_in_order", "work_order", order.id, kind=told.kind)

    def _customer(self, told: CustomerFacts) -> Customer:
        customer = self._customers.get(_customer_key(told))
        if customer is not None:
            customer.name, customer.phone, customer.language = told.name, told.phone, told.language
            customer.mail, customer.channel = told.mail or customer.mail, told.channel or customer.channel
            return customer
        customer = Customer(
            id=uuid4(),
            external_id=told.external_id,
            name=told.name,
            phone=told.phone,
            mail=told.mail,
            channel=told.channel or "sms",
            language=told.language,
            created_at=self._turn.now,
        )
        self._turn.session.add(customer)
        self._customers[_customer_key(told)] = customer
        self._customers.setdefault((told.phone, told.name), customer)
        return customer

    def _site(self, customer: Customer, told: SiteFacts) -> Site:
        site = self._sites.get((customer.id, told.address))
        if site is None:
            site = Site(id=uuid4(), customer_id=customer.id, address=told.address)
            self._turn.session.add(site)
            self._sites[(customer.id, told.address)] = site
        if told.latitude is not None and told.longitude is not None:
            site.latitude, site.longitude = told.latitude, told.longitude
        area = nearest_area(self._areas, told.area, told.latitude, told.longitude)
        if area is not None:
            site.area_id = area.id
        return site

    def _line(self, site: Site, told: LineFacts) -> Line:
        key = told.account_name or site.id
        line = self._lines.get(key)
        if line is None:
            line = Line(id=uuid4(), account_name=told.account_name)
            self._turn.session.add(line)
            self._lines[key] = line
        line.site_id = site.id
        line.access = told.access
        line.product = told.product or line.product
        line.subscribed_down = told.subscribed_down or line.subscribed_down
        line.subscribed_up = told.subscribed_up or line.subscribed_up
        return line


def _customer_key(told: CustomerFacts) -> tuple[str, ...]:
    return (told.external_id,) if told.external_id else (told.phone, told.name)
