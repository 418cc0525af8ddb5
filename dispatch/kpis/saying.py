"""Figures in words and numbers, the same on pages, in spreadsheets and on paper."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from checklists.words import Words
from dispatch.kpis.definitions import ARRIVAL_WORDS, Figure
from dispatch.kpis.queries import Measured

NOTHING = "—"
KIND_WORDS: dict[str | None, Words] = {
    "install": Words("装机", "Installation"),
    "repair": Words("修障", "Repair"),
    None: Words("未分类", "Unsorted"),
}
VERDICT_WORDS: dict[str, tuple[str, str, Words]] = {
    "better": ("good", "check", Words("更好", "Better")),
    "worse": ("bad", "warn", Words("更差", "Worse")),
    "chance": ("off", "half", Words("差异在偶然范围内", "Within chance")),
    "unknown": ("off", "question", Words("无法比较", "Cannot be compared")),
}
"""Tone, sign and words of a comparison."""
SECTIONS: tuple[tuple[Words, tuple[str, ...]], ...] = (
    (
        Words("预约与到达", "Appointment and arrival"),
        ("on_time", "late_told", "plan_kept", "notices", "booking_told", "confirmed"),
    ),
    (
        Words("修复与时长", "Fixing, and how long"),
        ("first_fix", "repeat_7", "repeat_30", "in_limit", "handling", "site_time"),
    ),
    (
        Words("客户的评价", "What customers say"),
        ("satisfaction", "conduct", "recommend", "complaints", "escalations", "closed_in_time"),
    ),
    (Words("现场规范", "Order on site"), ("checklist", "kit", "record")),
)
SMALL_WORDS = Words("样本少", "Few cases")


def spoken(figure: Figure, value: float | None) -> Words:
    """A value with its unit: 93.4 %, 4.62 分, 2 小时 5 分钟."""
    if value is None:
        return Words(NOTHING, NOTHING)
    if figure.shape == "share":
        return Words(f"{value:.1%}", f"{value:.1%}")
    if figure.shape == "points":
        return Words(f"{value:.2f} 分", f"{value:.2f}")
    return minutes_spoken(value)


def minutes_spoken(minutes: float) -> Words:
    """45 分钟 / 45 min, 2 小时 5 分钟 / 2 h 5 min."""
    whole = round(minutes)
    if whole < 60:
        return Words(f"{whole} 分钟", f"{whole} min")
    hours, left = divmod(whole, 60)
    return Words(
        f"{hours} 小时 {left} 分钟" if left else f"{hours} 小时", f"{hours} h {left} min" if left else f"{hours} h"
    )


def interval_spoken(one: Measured) -> Words:
    """Where it lies with 95 %: 91.2 %–95.1 %."""
    found = one.interval
    if found is None:
        return Words(NOTHING, NOTHING)
    low, high = spoken(one.figure, found.low), spoken(one.figure, found.high)
    return Words(f"{low.zh} 至 {high.zh}", f"{low.en} to {high.en}")


def counted_spoken(one: Measured) -> Words:
    """Over what: 123 / 140 for shares, the number of cases for others."""
    if one.figure.shape == "share":
        return Words(f"{one.total} / {one.cases}", f"{one.total} / {one.cases}")
    return Words(f"{one.cases}", f"{one.cases}")


def month_words(month: date) -> Words:
    """2026年11月 / November 2026."""
    return Words(f"{month.year}年{month.month}月", f"{month:%B} {month.year}")


def verdicts(now: Mapping[Any, Measured], before: Mapping[Any, Measured]) -> dict[Any, tuple[str, str, Words]]:
    """Better, worse or within chance, for each figure that both have."""
    return {key: VERDICT_WORDS[one.verdict(before[key])] for key, one in now.items() if key in before}


SAYING: dict[str, Any] = {
    "spoken": spoken,
    "interval_spoken": interval_spoken,
    "counted_spoken": counted_spoken,
    "month_words": month_words,
    "kind_words": KIND_WORDS,
    "small_words": SMALL_WORDS,
    "arrival_words": ARRIVAL_WORDS,
}
"""What the pages of figures say them with."""
