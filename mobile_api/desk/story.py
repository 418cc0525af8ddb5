"""The timeline of a visit in words: what was done, by whom, and where the two-hour rule was broken."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from checklists.words import Words
from dispatch.notices.wording import spoken_window
from dispatch.technicians.tables import Technician
from dispatch.visits.tables import VisitChange
from mobile_api.desk.words import ASKED_BY_WORDS, OUTCOME_WORDS, who

WHAT: dict[str, tuple[str, str, Words]] = {
    "booked": ("plan", "calendar", Words("已预约", "Booked")),
    "departed": ("move", "arrow", Words("已出发", "On the way")),
    "arrived": ("work", "door", Words("已到达", "Arrived")),
    "running_late": ("warn", "clock", Words("预计晚到，已告知", "Running late")),
    "no_access": ("warn", "nobody", Words("未能入户", "No access")),
    "confirmed": ("good", "check", Words("客户确认了预约", "The customer confirmed")),
    "wished": ("warn", "return", Words("客户希望改期", "The customer asks for another time")),
    "sealed": ("seal", "seal", Words("服务记录已封存", "The record was sealed")),
    "cancelled": ("off", "cross", Words("已取消", "Cancelled")),
}
NOBODY = Words("未派单", "unassigned")


def story_of(
    changes: Sequence[VisitChange], technicians: Mapping[UUID, Technician], zone: ZoneInfo, language: str
) -> list[dict[str, Any]]:
    """Items for the `timeline` macro, first change first."""
    told: list[dict[str, Any]] = []
    had: str | None = None
    for change in changes:
        tone, icon, text = WHAT.get(change.what, ("off", "ring", Words(change.what, change.what)))
        if change.what == "moved":
            tone, icon, text = _moved(change, had)
        has = change.facts.get("technician_id", had)
        details = [
            part.to(language) for part in _details(change, _name(has, technicians) if has != had else None, zone)
        ]
        told.append(
            {
                "at": change.at,
                "text": text.to(language),
                "detail": ("；" if language == "zh" else "; ").join(details),
                "who": who(change.by).to(language),
                "tone": "bad" if change.breach else tone,
                "icon": "warn" if change.breach else icon,
            }
        )
        had = has
    return told


def _moved(change: VisitChange, had: str | None) -> tuple[str, str, Words]:
    if change.facts.get("old_window") != change.facts.get("window"):
        return "plan", "calendar", Words("已改约", "Moved")
    if change.facts.get("technician_id") != had:
        return "plan", "person", Words("派单已变更", "Assigned anew")
    return "plan", "clock", Words("计划时间已调整", "Planned anew")


def _name(technician_id: str | None, technicians: Mapping[UUID, Technician]) -> Words:
    known = technicians.get(UUID(technician_id)) if technician_id else None
    return Words(f"{known.name}（{known.code}）", f"{known.name} ({known.code})") if known else NOBODY


def _window(facts: dict[str, str], zone: ZoneInfo) -> Words:
    start, end = datetime.fromisoformat(facts["start"]), datetime.fromisoformat(facts["end"])
    return Words(spoken_window(start, end, zone, "zh"), spoken_window(start, end, zone, "en"))


def _details(change: VisitChange, technician: Words | None, zone: ZoneInfo) -> list[Words]:
    facts, parts = change.facts, list[Words]()
    old, new = facts.get("old_window"), facts.get("window")
    if old and new and old != new:
        before, after = _window(old, zone), _window(new, zone)
        parts.append(Words(f"{before.zh} → {after.zh}", f"{before.en} → {after.en}"))
    elif new and change.what == "booked":
        parts.append(_window(new, zone))
    if facts.get("predicted"):
        at = f"{datetime.fromisoformat(facts['predicted']).astimezone(zone):%H:%M}"
        parts.append(Words(f"预计 {at} 到达", f"expected at {at}"))
    if technician is not None:
        parts.append(Words(f"装维人员：{technician.zh}", f"technician: {technician.en}"))
    if change.what in ("moved", "cancelled") and change.asked_by and (change.reason or old != new or not old):
        asked = ASKED_BY_WORDS[change.asked_by]
        parts.append(Words(f"由{asked.zh}提出", f"asked by {asked.en.lower()}"))
    if change.reason:
        parts.append(Words(f"原因：{change.reason}", f"reason: {change.reason}"))
    if change.what == "wished":
        parts += _wish(facts, zone)
    if change.what == "no_access":
        left = facts.get("note_left")
        parts.append(Words("已留便条" if left else "未留便条", "note left" if left else "no note left"))
    if change.what == "sealed" and facts.get("number"):
        parts.append(Words(f"编号 {facts['number']}", f"number {facts['number']}"))
    if change.breach and facts.get("override"):
        parts += _breach(facts)
    elif change.breach:
        parts.append(Words("告知过晚，计为违规", "told too late: a breach"))
    elif change.tell_until is not None:
        until = f"{change.tell_until.astimezone(zone):%m-%d %H:%M}"
        parts.append(Words(f"须在 {until} 前通知到客户", f"the customer must be told by {until}"))
    return parts


def _wish(facts: dict[str, Any], zone: ZoneInfo) -> list[Words]:
    parts = [_window(facts, zone)] if facts.get("start") else []
    if facts.get("call_me"):
        parts.append(Words("请致电", "asks to be called"))
    if facts.get("words"):
        parts.append(Words(f"“{facts['words']}”", f"“{facts['words']}”"))
    return parts


def _breach(facts: dict[str, Any]) -> list[Words]:
    override = facts.get("override") or {}
    outcome = OUTCOME_WORDS.get(override.get("call_outcome", ""))
    parts = [Words("违反两小时通知规定，由主管放行", "breach of the two-hour rule, overridden by a supervisor")]
    if override.get("reason"):
        parts.append(Words(f"放行原因：{override['reason']}", f"override: {override['reason']}"))
    if outcome:
        parts.append(Words(f"通话结果：{outcome.zh}", f"call: {outcome.en}"))
    return parts
