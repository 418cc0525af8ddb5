"""The monthly report: the figures of a scope as one value, and that value on paper."""

from datetime import date
from typing import Any

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.kpis.definitions import BY_KEY
from dispatch.kpis.queries import Measured, grouped, measured
from dispatch.kpis.saying import (
    KIND_WORDS,
    SECTIONS,
    VERDICT_WORDS,
    counted_spoken,
    interval_spoken,
    month_words,
    spoken,
)
from dispatch.kpis.scope import Scope, last_of_month
from dispatch.kpis.star import published_star
from dispatch.records.drawing.figures_document import draw_figures
from dispatch.technicians.queries import areas
from dispatch.technicians.tables import Technician

BY_AREA = ("on_time", "first_fix", "satisfaction", "in_limit")
"""The figures that the report also gives area by area."""


def monthly_report(turn: Turn, scope: Scope, today: date, language: str) -> bytes:
    """The report as a PDF, in `language`."""
    settings = turn.settings
    about = {"language": language, "time_zone": settings.time_zone, "company": _pair(settings.company)}
    return draw_figures(report_value(turn, scope, today), about, turn.now)


def report_value(turn: Turn, scope: Scope, today: date) -> dict[str, Any]:
    """All that stands in the report: nothing is reckoned after this."""
    now = measured(turn.session, turn.viewer, scope, today=today)
    before = measured(turn.session, turn.viewer, scope.before, today=today)
    return {
        "format": "doorstep-figures/1",
        "number": f"{scope.first:%Y-%m}",
        "period": _pair(_period(scope)),
        "scope": _pair(_scope_words(turn, scope)),
        "star": _pair(_star(turn, scope)),
        "sections": [
            {"title": _pair(title), "rows": [_row(now[key], before[key]) for key in keys]} for title, keys in SECTIONS
        ],
        "areas": _by_area(turn, scope, today) if scope.area_id is None else [],
        "definitions": [
            {
                "name": _pair(BY_KEY[key].name),
                "definition": _pair(BY_KEY[key].definition),
                "source": _pair(BY_KEY[key].source),
            }
            for _, keys in SECTIONS
            for key in keys
        ],
    }


def _pair(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _row(one: Measured, was: Measured) -> dict[str, Any]:
    verdict = one.verdict(was) if one.cases and was.cases else ""
    return {
        **_said(one),
        "name": _pair(one.figure.name),
        "before": _pair(spoken(one.figure, was.value)),
        "verdict": verdict,
        "verdict_words": _pair(VERDICT_WORDS[verdict][2]) if verdict else None,
    }


def _said(one: Measured) -> dict[str, Any]:
    return {
        "value": _pair(spoken(one.figure, one.value)),
        "interval": _pair(interval_spoken(one)),
        "cases": _pair(counted_spoken(one)),
        "small": bool(one.cases) and one.is_small,
    }


def _by_area(turn: Turn, scope: Scope, today: date) -> list[dict[str, Any]]:
    figures = [BY_KEY[key] for key in BY_AREA]
    found = grouped(turn.session, turn.viewer, scope, "area", today=today, figures=figures)
    known = [(one.id, Words(one.name, one.name_en)) for one in areas(turn.session)]
    told = []
    for figure in figures:
        rows = [
            {"name": _pair(name), **_said(found[id][figure.key])}
            for id, name in known
            if id in found and found[id][figure.key].cases
        ]
        if rows:
            told.append({"title": _pair(figure.name), "rows": rows})
    return told


def _period(scope: Scope) -> Words:
    if scope.first.day == 1 and scope.last == last_of_month(scope.first):
        return month_words(scope.first)
    return Words(f"{scope.first} 至 {scope.last}", f"{scope.first} to {scope.last}")


def _scope_words(turn: Turn, scope: Scope) -> Words:
    parts = [KIND_WORDS[scope.kind]] if scope.kind else []
    parts += [Words(one.name, one.name_en) for one in areas(turn.session) if one.id == scope.area_id]
    who = turn.session.get(Technician, scope.technician_id) if scope.technician_id else None
    parts += [Words(who.name, who.name)] if who else []
    if not parts:
        return Words("全部", "Everything")
    return Words("，".join(one.zh for one in parts), ", ".join(one.en for one in parts))


def _star(turn: Turn, scope: Scope) -> Words:
    named = published_star(turn, scope.first)
    if not named.final:
        return Words("尚未揭晓", "not settled yet")
    if not named.names:
        return Words("本月没有符合条件的人员", "nobody was eligible")
    return Words("、".join(named.names), ", ".join(named.names))
