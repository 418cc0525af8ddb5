"""Verbs of customers: take in a customer, a site and a line as an order system tells of them."""

from dataclasses import dataclass

from sqlalchemy import select

from dispatch.accounts.turn import Turn
from dispatch.customers.mails import normal_mail
from dispatch.customers.phones import normal_phone
from dispatch.customers.tables import Customer, Line, Site
from dispatch.technicians.queries import area_for


@dataclass(frozen=True)
class CustomerFacts:
    """A customer as told: `phone` in any spelling. `mail` and `channel` are None where nothing was said of them."""

    name: str
    phone: str
    external_id: str | None = None
    language: str = "zh"
    mail: str | None = None
    channel: str | None = None


@dataclass(frozen=True)
class SiteFacts:
    """A site as told: WGS-84 degrees, `area` by name."""

    address: str
    latitude: float | None = None
    longitude: float | None = None
    area: str | None = None


@dataclass(frozen=True)
class LineFacts:
    """A line as told: rates in Mbit/s."""

    account_name: str | None = None
    product: str | None = None
    access: str = "gpon"
    subscribed_down: float | None = None
    subscribed_up: float | None = None


def take_in_customer(turn: Turn, told: CustomerFacts) -> Customer:
    """The customer, known already (by external id, else by number and name) or new; what was told is kept.

    Where nothing was told of mail and channel, what is known of them stays.
    """
    phone = normal_phone(told.phone, allow_foreign=turn.settings.foreign_phones)
    mail = normal_mail(told.mail) if told.mail else None
    if told.external_id:
        query = select(Customer).where(Customer.external_id == told.external_id)
    else:
        query = select(Customer).where(Customer.phone == phone, Customer.name == told.name)
    known = turn.session.scalar(query.order_by(Customer.created_at).limit(1))
    if known is not None:
        known.name, known.phone, known.language = told.name, phone, told.language
        known.mail, known.channel = mail or known.mail, told.channel or known.channel
        return known
    customer = Customer(
        external_id=told.external_id,
        name=told.name,
        phone=phone,
        mail=mail,
        channel=told.channel or "sms",
        language=told.language,
        created_at=turn.now,
    )
    turn.session.add(customer)
    turn.session.flush()
    return customer


def take_in_site(turn: Turn, customer: Customer, told: SiteFacts) -> Site:
    """The customer's site with this address, known already or new; its area is the named or the nearest one."""
    known = turn.session.scalar(
        select(Site).where(Site.customer_id == customer.id, Site.address == told.address).limit(1)
    )
    area = area_for(turn.session, told.area, told.latitude, told.longitude)
    site = known or Site(customer_id=customer.id, address=told.address)
    if told.latitude is not None and told.longitude is not None:
        site.latitude, site.longitude = told.latitude, told.longitude
    if area is not None:
        site.area_id = area.id
    if known is None:
        turn.session.add(site)
        turn.session.flush()
    return site


def take_in_line(turn: Turn, site: Site, told: LineFacts) -> Line:
    """The line with this account name, else the site's only line, known already or new."""
    if told.account_name:
        query = select(Line).where(Line.account_name == told.account_name)
    else:
        query = select(Line).where(Line.site_id == site.id, Line.account_name.is_(None))
    line = turn.session.scalar(query.limit(1))
    if line is None:
        line = Line(site_id=site.id, account_name=told.account_name, access=told.access)
        turn.session.add(line)
    line.site_id = site.id
    line.access = told.access
    line.product = told.product or line.product
    line.subscribed_down = told.subscribed_down or line.subscribed_down
    line.subscribed_up = told.subscribed_up or line.subscribed_up
    turn.session.flush()
    return line
