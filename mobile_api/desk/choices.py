"""Technicians to choose from, each with what speaks for and against."""

from datetime import date
from uuid import UUID

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.technicians.queries import shifts_on, technicians_seen_by
from dispatch.visits.life import OCCUPYING, Status
from dispatch.visits.queries import visits_on
from dispatch.visits.tables import WorkOrder

NOBODY = ("", Words("暂不派单", "Unassigned"))


def technicians_for(turn: Turn, order: WorkOrder, day: date) -> list[tuple[str, Words]]:
    """(id, label) of every technician for a select, those of the site's area first, with shift, load and lacks."""
    zone = turn.settings.zone
    shifts = shifts_on(turn.session, day, zone)
    load: dict[UUID, int] = {}
    for visit in visits_on(turn.session, turn.viewer, zone=zone, day=day, limit=5000):
        if visit.technician_id and Status(visit.status) in OCCUPYING:
            load[visit.technician_id] = load.get(visit.technician_id, 0) + 1
    area_id = order.site.area_id
    known = technicians_seen_by(turn.session, turn.viewer)
    choices = [NOBODY]
    for one in sorted(known, key=lambda each: (each.area_id != area_id, each.code)):
        shift = shifts.get(one.id)
        lacks = set(order.skills) - {skill.skill for skill in one.skills}
        hours = f"{shift.starts_at.astimezone(zone):%H:%M}–{shift.ends_at.astimezone(zone):%H:%M}" if shift else None
        zh = [one.area.name if one.area else "", hours or "当天无班次", f"已排 {load.get(one.id, 0)}"]
        en = [one.area.name_en if one.area else "", hours or "no shift", f"{load.get(one.id, 0)} planned"]
        if lacks:
            zh.append(f"缺技能：{'、'.join(sorted(lacks))}")
            en.append(f"lacks {', '.join(sorted(lacks))}")
        choices.append(
            (
                str(one.id),
                Words(
                    f"{one.name} {one.code}（{'，'.join(filter(None, zh))}）",
                    f"{one.name} {one.code} ({', '.join(filter(None, en))})",
                ),
            )
        )
    return choices
