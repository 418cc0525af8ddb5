"""Questions about phones."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.accounts.viewer import Viewer
from dispatch.phones.tables import Phone
from dispatch.technicians.tables import Technician


def phones_seen_by(session: Session, viewer: Viewer) -> Sequence[tuple[Phone, Technician]]:
    """Every phone with its technician, the longest unseen first; a technician sees only their own, a customer none."""
    query = select(Phone, Technician).join(Technician, Technician.id == Phone.technician_id)
    if viewer.role == "technician":
        query = query.where(Phone.technician_id == viewer.technician_id)
    elif not viewer.at_desk:
        return []
    return [(row[0], row[1]) for row in session.execute(query.order_by(Phone.seen_at, Phone.device_id))]


def last_seen(session: Session, technicians: set[UUID]) -> dict[UUID, datetime]:
    """When any phone of each of these technicians was last heard of; who has no phone is not in the answer."""
    if not technicians:
        return {}
    rows = session.execute(
        select(Phone.technician_id, func.max(Phone.seen_at))
        .where(Phone.technician_id.in_(technicians))
        .group_by(Phone.technician_id)
    )
    return {row[0]: row[1] for row in rows}
