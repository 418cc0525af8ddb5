"""When a technician may see a customer's phone number: on the day of the visit, and while it is under way. Pure."""

from datetime import date
from zoneinfo import ZoneInfo

from dispatch.clock import local_day
from dispatch.visits.life import UNDER_WAY
from dispatch.visits.tables import Visit


def is_the_day(visit: Visit, today: date, zone: ZoneInfo) -> bool:
    """Whether `today` (in the business zone) is the day on which the visit was promised or is planned.

    Or a later one, while somebody is on the way or there: work does not stop at midnight.
    """
    if visit.status in UNDER_WAY and local_day(visit.window_start, zone) < today:
        return True
    begins = [instant for instant in (visit.window_start, visit.planned_start) if instant is not None]
    return any(local_day(instant, zone) == today for instant in begins)


def number_on_the_day(visit: Visit, today: date, zone: ZoneInfo) -> str | None:
    """The customer's number in E.164, or None on any other day. Needs the visit's story loaded."""
    return visit.work_order.customer.phone if is_the_day(visit, today, zone) else None
