"""How rows look in answers. One function a thing; nothing is shown that its page would not show."""

from datetime import datetime
from typing import Any

from dispatch.accounts.viewer import Viewer
from dispatch.customers.phones import masked_phone
from dispatch.notices.tables import Notice
from dispatch.visits.tables import Visit, WorkOrder
from dispatch.visits.windows import Window


def moment(instant: datetime | None) -> str | None:
    """ISO 8601 in UTC."""
    return instant.isoformat().replace("+00:00", "Z") if instant else None


def window(value: Window | None) -> dict[str, str | None] | None:
    """{start, end}."""
    return {"start": moment(value.start), "end": moment(value.end)} if value else None


def visit(row: Visit) -> dict[str, Any]:
    """A visit: what was promised, what is planned, where it stands."""
    return {
        "id": str(row.id),
        "work_order_id": str(row.work_order_id),
        "technician_id": str(row.technician_id) if row.technician_id else None,
        "window": window(row.window),
        "planned": window(row.planned),
        "status": row.status,
        "version": row.version,
        "client_key": row.client_key,
        "checklist": row.checklist,
        "confirmed_at": moment(row.confirmed_at),
        "wish": row.wish,
        "departed_at": moment(row.departed_at),
        "predicted_at": moment(row.predicted_at),
        "arrived_at": moment(row.arrived_at),
        "ended_at": moment(row.ended_at),
    }


def work_order(row: WorkOrder) -> dict[str, Any]:
    """A work order with the ids of its customer, site and line."""
    return {
        "id": str(row.id),
        "external_id": row.external_id,
        "kind": row.kind,
        "customer_id": str(row.customer_id),
        "site_id": str(row.site_id),
        "line_id": str(row.line_id),
        "deadline": moment(row.deadline),
        "minutes": row.minutes,
        "skills": row.skills,
        "state": row.state,
    }


def work_order_with_names(row: WorkOrder) -> dict[str, Any]:
    """The same with who and where, for a list at the desk. Needs customer, site and line loaded."""
    return {
        **work_order(row),
        "symptoms": list(row.symptoms),
        "customer": {"name": row.customer.name, "phone_masked": masked_phone(row.customer.phone)},
        "site": {"address": row.site.address},
        "line": {
            "product": row.line.product,
            "access": row.line.access,
            "subscribed_down": row.line.subscribed_down,
            "subscribed_up": row.line.subscribed_up,
        },
    }


def notice(row: Notice, viewer: Viewer) -> dict[str, Any]:
    """A notice with its state and times; the number masked, the text without the secret of its link."""
    return {
        "id": str(row.id),
        "kind": row.kind,
        "visit_id": str(row.visit_id) if row.visit_id else None,
        "visit_version": row.visit_version,
        "state": row.state,
        "channel": row.channel,
        "language": row.language,
        "owed_at": moment(row.owed_at),
        "not_before": moment(row.not_before),
        "deadline": moment(row.deadline),
        "accepted_at": moment(row.accepted_at),
        "delivered_at": moment(row.delivered_at),
        "attempts": row.attempts,
        "last_problem": row.last_problem,
        "text": row.text if viewer.at_desk else None,
    }
