"""How a customer can be reached, as the desk corrects it: name, number, mail, language and the way that they prefer."""

from dataclasses import dataclass
from uuid import UUID

from checklists.plain_text import unsafe
from checklists.words import LANGUAGES, Words
from dispatch.accounts.answered_once import fingerprint
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import DESK
from dispatch.customers.mails import normal_mail
from dispatch.customers.phones import normal_phone
from dispatch.customers.queries import customer_seen_by
from dispatch.customers.tables import CHANNELS, Customer
from dispatch.errors import Invalid, NotAllowed

LONGEST_NAME = 200


@dataclass(frozen=True)
class Contact:
    """What is to be known of a customer. `phone` in any spelling, None to leave it; `mail` None for none."""

    name: str
    language: str
    channel: str
    mail: str | None
    phone: str | None = None


def contact_mark(customer: Customer) -> str:
    """Changes whenever how the customer is reached changes: what a form shows that it looked at."""
    parts = (customer.name, customer.phone, customer.mail, customer.channel, customer.language)
    return fingerprint(*parts)[:16]


def change_contact(turn: Turn, customer_id: UUID, told: Contact, *, seen: str | None = None) -> Customer:
    """Correct how a customer is reached, by anybody at the desk.

    Refuses with Invalid an impossible number or mail address, a line break or hidden character, and mail as the
    preferred way without an address; with NotAllowed (`contact-changed`) when it is not as it was `seen` any more.
    """
    turn.viewer.must_be(DESK)
    customer = customer_seen_by(turn.session, turn.viewer, customer_id, to_change=True)
    if seen is not None and seen != contact_mark(customer):
        raise NotAllowed(
            Words(
                "客户资料刚被他人修改，请核对下面的最新内容后重试。",
                "Somebody changed the contact since you looked. Check what it is now, then retry.",
            ),
            name="contact-changed",
        )
    name = told.name.strip()
    if not name or len(name) > LONGEST_NAME or unsafe(name, lines=False) is not None:
        raise Invalid(Words("请填写客户姓名，不含换行或隐藏字符。", "Give the name, on one line."), name="name-odd")
    assert told.language in LANGUAGES
    assert told.channel in CHANNELS
    mail = normal_mail(told.mail) if told.mail else None
    if told.channel == "mail" and mail is None:
        raise Invalid(
            Words("首选邮件通知时，请填写邮箱地址。", "To be told by mail, an address is needed."), name="mail-missing"
        )
    phone = customer.phone
    if told.phone:
        phone = normal_phone(told.phone, allow_foreign=turn.settings.foreign_phones)
    new = {"name": name, "phone": phone, "mail": mail, "channel": told.channel, "language": told.language}
    changed = sorted(field for field, value in new.items() if getattr(customer, field) != value)
    for field in changed:
        setattr(customer, field, new[field])
    if changed:
        turn.audit("change_contact", "customer", customer.id, fields=changed)
    return customer
