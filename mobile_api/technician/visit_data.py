"""All that the phone needs for one visit, as one JSON value that it keeps: from there on it needs no network."""

from typing import Any

from checklists.answers import read_moment
from checklists.kit_v1 import KIT_V1
from checklists.phone_form import phone_form, plain
from checklists.phone_limits import limits_of_line
from checklists.progress import fold
from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.clock import local_day
from dispatch.customers.phones import masked_phone
from dispatch.health_files.queries import health_file_seen_by
from dispatch.records.account_parts import CONSENT
from dispatch.records.entries import checklist_of, context_of, counted, missing_blobs, rows_of
from dispatch.records.own_phone.taking import own_phone_key
from dispatch.records.queries import record_of_visit
from dispatch.technicians.queries import kit_stock_of
from dispatch.visits.life import STATUS_WORDS, Status
from dispatch.visits.numbers import number_on_the_day
from dispatch.visits.queries import visits_of_order
from dispatch.visits.tables import Visit
from dispatch.visits.windows import Window
from mobile_api.line_pages import line_facts
from mobile_api.technician.helped import helped_for
from mobile_api.technician.maps import map_links

ACCESS_WORDS: dict[str, Words] = {
    "gpon": Words("光纤（GPON）", "Fibre (GPON)"),
    "xgspon": Words("光纤（XGS-PON）", "Fibre (XGS-PON)"),
    "dsl": Words("电话线（DSL）", "Copper (DSL)"),
    "ethernet": Words("网线入户", "Ethernet"),
}


def visit_data(turn: Turn, visit: Visit) -> dict[str, Any]:
    """The visit (its story loaded) with its form, answers so far, the van's kit and the line's past."""
    order = visit.work_order
    technician = visit.technician
    assert technician is not None  # only its own technician comes here
    record = record_of_visit(turn.session, turn.viewer, visit.id)
    measuring = context_of(visit).measuring
    form = phone_form(checklist_of(visit))
    ends = [f"{end.astimezone(turn.settings.zone):%H:%M}" for end in (visit.window.start, visit.window.end)]
    shown = ends[0] if visit.window.is_exact else "–".join(ends)
    return {
        "id": str(visit.id),
        "kind": order.kind,
        "status": visit.status,
        "status_words": plain(STATUS_WORDS[Status(visit.status)]),
        "version": visit.version,
        "window": {**_span(visit.window), "exact": visit.window.is_exact, "shown": shown},
        "planned": _span(visit.planned) if visit.planned else None,
        "departed_at": visit.departed_at.isoformat() if visit.departed_at else None,
        "predicted_at": visit.predicted_at.isoformat() if visit.predicted_at else None,
        "customer": _customer(turn, visit),
        "customer_id": str(order.customer_id),
        "site": {
            "address": order.site.address,
            "maps": [
                {"words": plain(words), "href": href}
                for words, href in map_links(order.site.address, order.site.latitude, order.site.longitude)
            ],
        },
        "order": {
            "symptoms": list(order.symptoms),
        },
        "measuring": {
            "access": measuring.access,
            "subscribed_down": measuring.subscribed_down,
            "subscribed_up": measuring.subscribed_up,
        },
        "technician": {"name": technician.name, "code": technician.code},
        "company": plain(turn.settings.company),
        "facts": {
            "company": plain(turn.settings.company),
            "technician": technician.name,
            "number": technician.code,
            "customer": order.customer.name,
            "time": shown,
            "hotline": turn.settings.company_phone,
            "reason": "……",
        },
        "zone": turn.settings.time_zone,
        "consent": plain(CONSENT),
        "form": form,
        "limits": {name: limits_of_line(name, measuring) for name in form["measurements"]},
        "entries": _entries(turn, visit),
        "missing_blobs": missing_blobs(turn.session, visit.id),
        "kit_stock": _kit_stock(turn, visit),
        "past": _past(turn, visit),
        "record": str(record.id) if record else None,
        "own_phone": {
            "address": f"{turn.settings.public_url.rstrip('/')}/own",
            "key": own_phone_key(turn.settings, visit.id),
        },
    }


def _span(window: Window) -> dict[str, str]:
    return {"start": window.start.isoformat(), "end": window.end.isoformat()}


def _customer(turn: Turn, visit: Visit) -> dict[str, Any]:
    customer = visit.work_order.customer
    number = number_on_the_day(visit, local_day(turn.now, turn.settings.zone), turn.settings.zone)
    return {
        "name": customer.name,
        "language": customer.language,
        "phone": number,
        "phone_shown": number.removeprefix("+86") if number else masked_phone(customer.phone),
    }


def _entries(turn: Turn, visit: Visit) -> list[dict[str, Any]]:
    """The answer that counts for each field, with what was odd about it."""
    rows = rows_of(turn.session, visit.id)
    flags = {str(row.id): row.flags for row in rows}
    return [
        {
            "id": entry.id,
            "step": entry.step,
            "key": entry.key,
            "value": entry.value,
            "at": entry.at.isoformat(),
            "flags": flags[entry.id],
        }
        for entry in fold(counted(rows, visit.technician_id)).values()
    ]


def _kit_stock(turn: Turn, visit: Visit) -> dict[str, int]:
    stock = kit_stock_of(turn.session, visit.technician_id) if visit.technician_id else {}
    return {item.key: stock[item.key] for item in KIT_V1 if item.goes_down and item.key in stock}


def _past(turn: Turn, visit: Visit) -> dict[str, dict[str, Any]]:
    """The line's baseline and last value by measurement, to stand beside each field; rooms have no one value."""
    file = health_file_seen_by(turn.session, turn.viewer, visit.work_order.line_id)
    told: dict[str, dict[str, Any]] = {}
    for one in file["visits"]:
        for measured in one["measurements"]:
            if not measured["room"] and measured["verdict"] != "implausible":
                told.setdefault(measured["name"], {}).update(last=measured["value"], last_at=measured["at"])
    for measured in (file["baseline"] or {"measurements": []})["measurements"]:
        if not measured["room"]:
            told.setdefault(measured["name"], {})["baseline"] = measured["value"]
    return told


def background_facts(turn: Turn, visit: Visit) -> dict[str, Any]:
    """What technician/background.html draws: the order, earlier visits, the line's past, and what helped before."""
    return {
        "visit": visit,
        "order": visit.work_order,
        "access": ACCESS_WORDS[visit.work_order.line.access],
        "wish": _wish(turn, visit),
        "earlier": [
            (other.window_start, STATUS_WORDS[Status(other.status)])
            for other in visits_of_order(turn.session, visit.work_order_id)
            if other.id != visit.id and other.window_start < visit.window_start
        ],
        **line_facts(turn, visit.work_order.line_id),
        "line": visit.work_order.line,
        "helped": helped_for(turn, visit),
    }


def _wish(turn: Turn, visit: Visit) -> str:
    """What the customer asked for through their link, in their own words, with the time if they named one."""
    if not visit.wish:
        return ""
    start = read_moment(visit.wish["start"]) if visit.wish.get("start") else None
    when = f"{start.astimezone(turn.settings.zone):%m-%d %H:%M}" if start else ""
    return " ".join(part for part in (when, str(visit.wish.get("words", ""))) if part)
