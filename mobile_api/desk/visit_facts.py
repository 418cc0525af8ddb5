"""What the page of one visit shows, gathered."""

from typing import Any
from urllib.parse import urlencode

from checklists.words import Words
from dispatch.accounts.audit import note_look
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import PLANNERS
from dispatch.clock import local_day
from dispatch.customers.phones import masked_phone
from dispatch.notices.call_lists import calls_listed, calls_open_about
from dispatch.notices.queries import notices_of_visit
from dispatch.notices.troubles import visits_in_trouble
from dispatch.phones.queries import last_seen
from dispatch.records.conflict_queries import conflicts_of_visit
from dispatch.records.conflict_rules import COUNTS_WORDS
from dispatch.records.conflict_rules import KIND_WORDS as KIND_WORDS_OF_CONFLICTS
from dispatch.records.draft import draft_of
from dispatch.records.entries import missing_blobs
from dispatch.records.own_phone.taking import signatures_of
from dispatch.records.queries import record_of_visit
from dispatch.technicians.queries import shifts_on, technicians_seen_by
from dispatch.technicians.tables import Technician
from dispatch.visits import rules
from dispatch.visits.attention import SIGN_WORDS, Noticed, SignKey, call_sign, misfits, signs_of
from dispatch.visits.life import MOVABLE, NEXT, OPEN, Status
from dispatch.visits.queries import changes_of
from dispatch.visits.silent_phones import silent_visits
from dispatch.visits.tables import Visit
from dispatch.visits.telling import believed
from dispatch.visits.windows import Window
from mobile_api.desk.doors import may
from mobile_api.desk.notice_story import told_in_short
from mobile_api.desk.story import story_of
from mobile_api.desk.telling_words import CALL_KIND_WORDS, why_words
from mobile_api.desk.words import ACCESS_WORDS, KIND_WORDS, NOTICE_KIND_WORDS, who
from mobile_api.papers import TITLES, papers_of

STEP_SHOWN = {"done": "done", "open": "todo", "locked": "todo", "later": "blocked", "not_needed": "todo"}


def visit_facts(turn: Turn, visit: Visit, language: str) -> dict[str, Any]:
    """Everything about `visit` for its page; that it was looked at is written down."""
    session, zone = turn.session, turn.settings.zone
    note_look(session, turn.viewer, "visit", visit.id, turn.now)
    draft = draft_of(turn, visit.id)
    lacking = set(missing_blobs(session, visit.id))
    status, changes = Status(visit.status), changes_of(session, visit)
    technicians = {one.id: one for one in technicians_seen_by(session, turn.viewer)}
    if visit.technician is not None:
        technicians.setdefault(visit.technician.id, visit.technician)
    return {
        "visit": visit,
        "own_signatures": signatures_of(session, turn.viewer, visit.id),
        "papers": [(name, TITLES[name]) for name in papers_of(visit)],
        "order": visit.work_order,
        "masked": masked_phone(visit.work_order.customer.phone),
        "map_address": map_address(visit, language),
        "signs": signs(turn, visit),
        "sign_words": SIGN_WORDS,
        "kind_words": KIND_WORDS,
        "access_words": ACCESS_WORDS,
        "notice_kinds": NOTICE_KIND_WORDS,
        "story": story_of(changes, technicians, zone, language)[::-1],
        "confirmed_by": next((who(one.by) for one in reversed(changes) if one.what == "confirmed"), None),
        "calls": calls_listed(session, "open", visit_id=visit.id),
        "call_kinds": CALL_KIND_WORDS,
        "why": why_words,
        "may_be_late": status in MOVABLE and turn.viewer.role in PLANNERS,
        "may_promise_call": status == Status.SEALED,
        "notices": told_in_short(session, notices_of_visit(session, visit.id)[::-1], turn.now, language),
        "steps": _steps(draft.account["steps"], dict(draft.states), status, language),
        "entries": [step for step in draft.account["steps"] if step["entries"]],
        "photos": [photo for photo in draft.account["photos"] if photo["sha256"] not in lacking],
        "lacking": len(lacking),
        "conflicts": conflicts_of_visit(session, visit, zone),
        "conflict_words": KIND_WORDS_OF_CONFLICTS,
        "counts_words": COUNTS_WORDS,
        "who": who,
        "punctuality": draft.account["punctuality"],
        "record": record_of_visit(session, turn.viewer, visit.id),
        "tell_until": rules.latest_telling(visit.window, None, believed(session, visit).windows),
        "movable": status in MOVABLE,
        "cancellable": Status.CANCELLED in NEXT[status],
        "may": may(turn.viewer),
    }


def signs(turn: Turn, visit: Visit) -> list[SignKey]:
    """What to notice about one visit."""
    technician, badly = visit.technician, tuple[SignKey, ...]()
    call = calls_open_about(turn.session, [visit.id]).get(visit.id)
    if technician is not None:
        badly = fit(turn, technician, visit.planned, visit.work_order.skills)
    return signs_of(
        Noticed(
            Status(visit.status),
            visit.window,
            visit.planned,
            confirmed=visit.confirmed_at is not None,
            wished=bool(visit.wish),
            untold=bool(visits_in_trouble(turn.session, {visit.id}, turn.now)),
            fits_badly=badly,
            call=call_sign(call.due_at if call else None, now=turn.now),
            silent=_silent(turn, visit),
        ),
        now=turn.now,
    )


def _silent(turn: Turn, visit: Visit) -> bool:
    """Whether the technician's phone is silent beyond its plan."""
    if visit.technician_id is None or Status(visit.status) not in OPEN:
        return False
    zone = turn.settings.zone
    shifts = shifts_on(turn.session, local_day((visit.planned or visit.window).start, zone), zone)
    seen = last_seen(turn.session, {visit.technician_id})
    return bool(silent_visits([visit], shifts, seen, now=turn.now))


def fit(turn: Turn, technician: Technician, planned: Window | None, skills: list[str]) -> tuple[SignKey, ...]:
    """Why this technician may be the wrong one then (their skills loaded)."""
    zone = turn.settings.zone
    shift = shifts_on(turn.session, local_day(planned.start, zone), zone).get(technician.id) if planned else None
    stretch = Window(shift.starts_at, shift.ends_at) if shift else None
    return misfits(planned, stretch, wanted=skills, able=[one.skill for one in technician.skills])


def map_address(visit: Visit, language: str) -> str | None:
    """A map at the site's coordinates; the address names neither customer nor visit."""
    site = visit.work_order.site
    if site.latitude is None or site.longitude is None:
        return None
    if language == "en":
        place = urlencode({"mlat": site.latitude, "mlon": site.longitude, "zoom": 17})
        return f"https://www.openstreetmap.org/?{place}"
    place = urlencode({"position": f"{site.longitude},{site.latitude}", "coordinate": "wgs84"})
    return f"https://uri.amap.com/marker?{place}"


def _steps(steps: list[dict[str, Any]], states: dict[str, Any], status: Status, language: str) -> list[dict[str, Any]]:
    """The eight steps for the `steps` macro; the first open one is the present one while the visit is open."""
    shown: list[dict[str, Any]] = []
    for step in steps:
        state = states.get(step["key"], "locked")
        one = {"words": Words(step["title"]["zh"], step["title"]["en"]), "state": STEP_SHOWN[state], "note": None}
        if state == "open" and status in (OPEN - {Status.BOOKED}):
            one["state"] = "now"
        if state == "later":
            one["note"] = Words("待补录", "to be filed").to(language)
        if state == "not_needed":
            one["note"] = Words("无需进行", "not needed").to(language)
        shown.append(one)
    return shown
