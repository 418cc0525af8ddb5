"""Everything that needs a person, in the order in which somebody should look at it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from dispatch.accounts.viewer import Viewer
from dispatch.exceptions.crew import silent_phones, vans_short_of_kit
from dispatch.exceptions.customers_told import calls_near_their_end, messages_in_doubt
from dispatch.exceptions.rules import Matter, in_order
from dispatch.exceptions.work import open_conflicts, orders_near_deadline, rows_left_out, signatures_waiting


def matters_for(session: Session, viewer: Viewer, zone: ZoneInfo, now: datetime) -> list[Matter]:
    """The whole list; nothing for who is not at the desk. A message in doubt and its call are one matter."""
    if not viewer.at_desk:
        return []
    in_doubt = messages_in_doubt(session, now)
    return in_order(
        [
            *in_doubt,
            *calls_near_their_end(session, now, told_elsewhere={one.thing for one in in_doubt}),
            *silent_phones(session, viewer, zone, now),
            *orders_near_deadline(session, zone, now),
            *open_conflicts(session, viewer),
            *vans_short_of_kit(session, viewer, zone, now),
            *rows_left_out(session, viewer),
            *signatures_waiting(session, now),
        ]
    )
