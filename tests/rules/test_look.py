"""The look keeps its promises: legible in both schemes, nothing inline, every state with a word and a sign."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from checklists.words import Words
from dispatch.notices.tables import STATES
from dispatch.visits.life import STATUS_WORDS
from mobile_api.pages import STATIC, TEMPLATES, Reader, environment

NINE = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>\"'"
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if "messages" not in path.parts)
STYLES = sorted((STATIC / "css").glob("*.css"))
BASE = (STATIC / "css/base.css").read_text()


def draw(source: str, language: Any = "zh", **facts: Any) -> str:
    """A bit of template, drawn with the product's own environment and macros."""
    reader = Reader(language, ZoneInfo("Asia/Shanghai"))
    given = {name: getattr(reader, name) for name in ("language", "say", "words", "local_time", "local_day")}
    template = environment().from_string('{% import "macros.html" as ui with context %}' + source)
    return template.render(given | {"csp_nonce": "n", "viewer": None, "request_path": "/"} | facts)


def words_of(html: str) -> str:
    """What a person reads of it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", html)).strip()


# ---- Colours ----


def colours(scheme: str) -> dict[str, str]:
    """The colour variables of base.css, as a reader with that scheme gets them."""
    light, dark = BASE.split("@media (prefers-color-scheme: dark)", 1)
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    if scheme == "dark":
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark.split("/*", 1)[0]))
    return found


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two colours written #rrggbb."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TONES = ("plan", "move", "work", "good", "warn", "bad", "off")
TEXT_PAIRS = [(text, ground) for text in ("ink", "faint", "accent") for ground in ("paper", "surface", "sunk")]
TEXT_PAIRS += [("bar-ink", "bar"), ("bar-faint", "bar"), ("on-accent", "accent"), ("on-accent", "accent-strong")]
TEXT_PAIRS += [(tone, f"{tone}-soft") for tone in TONES] + [("ink", f"{tone}-soft") for tone in TONES]
TEXT_PAIRS += [
    ("bad", "surface"),
    ("bad", "paper"),
    ("warn", "surface"),
    ("good", "surface"),
    ("accent", "accent-soft"),
]
TEXT_PAIRS += [("cinnabar", "surface"), ("cinnabar", "paper"), ("ink", "accent-soft"), ("faint", "accent-soft")]
EDGE_PAIRS = [("edge", "surface"), ("edge", "paper"), ("focus", "surface"), ("focus", "paper"), ("accent", "surface")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_stands_out_at_least_four_and_a_half_to_one(text: str, ground: str, scheme: str) -> None:
    known = colours(scheme)
    assert contrast(known[text], known[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGE_PAIRS)
def test_the_edge_of_a_control_stands_out_at_least_three_to_one(edge: str, ground: str, scheme: str) -> None:
    known = colours(scheme)
    assert contrast(known[edge], known[ground]) >= 3


def test_the_two_schemes_differ() -> None:
    assert colours("light")["paper"] != colours("dark")["paper"]
    assert colours("light").keys() >= colours("dark").keys()


# ---- Nothing that the content security policy refuses ----


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_has_no_inline_style_handler_or_unsigned_script(path: Path) -> None:
    source = path.read_text()
    assert not re.search(r"""\sstyle\s*=\s*["']""", source)
    assert "<style" not in source
    assert not re.search(r"""\son[a-z]+\s*=\s*["']""", source)
    assert "javascript:" not in source
    assert all('nonce="{{ csp_nonce }}"' in tag for tag in re.findall(r"<script[^>]*>", source))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_every_file_that_a_template_asks_for_is_there(path: Path) -> None:
    for asked in re.findall(r"asset\(['\"]([^'\"]+)['\"]\)", path.read_text()):
        assert (STATIC / asked).is_file(), asked


def test_the_look_fetches_nothing_from_elsewhere() -> None:
    assert STYLES
    for path in STYLES:
        assert not re.search(r"url\(\s*[\"']?(https?:)?//", path.read_text())


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_our_own_styles_stay_small_enough_to_know_by_heart(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300, "a page loads the base and one room: cut it"


# ---- States ----


@pytest.mark.parametrize("status", STATUS_WORDS)
def test_a_visits_status_is_said_in_the_products_words_beside_a_sign(status: str) -> None:
    for language in ("zh", "en"):
        html = draw("{{ ui.visit_status(status) }}", language, status=status)
        assert words_of(html) == STATUS_WORDS[status].to(language)  # type: ignore[index]
        assert "<svg" in html
        assert "tone-" in html


@pytest.mark.parametrize("state", STATES)
def test_a_notices_state_has_its_own_word_in_both_languages(state: str) -> None:
    chinese, english = (words_of(draw("{{ ui.notice_state(s) }}", to, s=state)) for to in ("zh", "en"))
    assert chinese != state
    assert english != state
    assert chinese != english


def test_a_state_that_nobody_told_us_of_is_shown_as_it_is() -> None:
    assert words_of(draw("{{ ui.notice_state('lost_in_space') }}")) == "lost_in_space"


# ---- Parts ----


@pytest.mark.parametrize(
    ("language", "exact", "text"),
    [
        ("zh", False, "11月22日 周日 09:00–10:00"),
        ("en", False, "Sun 22 Nov, 09:00–10:00"),
        ("zh", True, "11月22日 周日 09:00"),
        ("en", True, "Sun 22 Nov, 09:00"),
    ],
)
def test_a_window_is_said_as_it_was_promised(language: str, exact: bool, text: str) -> None:
    facts = {"start": NINE, "end": NINE + timedelta(hours=1), "exact": exact}
    assert words_of(draw("{{ ui.window(start, end, exact) }}", language, **facts)) == text
    slip = words_of(draw("{{ ui.window_slip(start, end, exact) }}", language, **facts))
    assert ("10:00" in slip) is not exact


@pytest.mark.parametrize("kind", ["text", "number", "textarea", "select", "radio", "checkboxes", "checkbox"])
def test_a_field_ties_its_hint_and_error_to_the_control(kind: str) -> None:
    html = draw(
        "{{ ui.field('reason', '原因', type=kind, hint='会写入通知', error='请填写', options=[('a', '甲')]) }}",
        kind=kind,
    )
    told = re.search(r'aria-describedby="([^"]+)"', html)
    assert told
    assert told[1].split() == ["f-reason-hint", "f-reason-error"]
    assert all(f'id="{name}"' in html for name in told[1].split())


def test_a_field_without_error_claims_none() -> None:
    html = draw("{{ ui.field('reason', '原因') }}")
    assert "aria-invalid" not in html
    assert "aria-describedby" not in html
    assert "必填" not in html
    assert "必填" in draw("{{ ui.field('reason', '原因', required=true) }}")


@pytest.mark.parametrize(
    ("kind", "value", "chosen"),
    [("radio", 2, 1), ("radio", None, 0), ("checkboxes", [1, 3], 2), ("checkboxes", None, 0), ("select", "2", 1)],
)
def test_a_choice_shows_what_was_chosen_before(kind: str, value: Any, chosen: int) -> None:
    options = [(1, "一"), (2, "二"), (3, "三")]
    html = draw("{{ ui.field('n', 'n', value, type=kind, options=options) }}", kind=kind, value=value, options=options)
    assert len(re.findall(r" checked| selected", html)) == chosen


PARTS = [
    "{{ ui.field(x, x, x, hint=x, error=x, unit=x) }}", "{{ ui.field(x, x, x, type='textarea', required=true) }}",
    "{{ ui.field(x, x, x, type='radio', options=[(x, x)], required=true) }}", "{{ ui.button(x, name=x, value=x) }}",
    "{{ ui.problem(x, x, x, fields=[(x, x)]) }}", "{{ ui.note(x) }}", "{{ ui.pill('bad', 'cross', x) }}",
    "{{ ui.facts([(x, x)]) }}", "{{ ui.figure(x, x, x, x, 'bad') }}", "{{ ui.pagination(2, 3, x) }}",
    "{{ ui.timeline([{'text': x, 'detail': x, 'who': x}]) }}",
    "{{ ui.steps([{'words': x, 'state': 'now', 'note': x}]) }}",
    "{% call ui.table(x, [x]) %}{% endcall %}", "{% call ui.empty(x, x) %}{{ x }}{% endcall %}",
    "{% call ui.confirm('c', x, x, x, x, x) %}{{ x }}{% endcall %}", "{{ ui.sync('ok', x) }}",
]  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
def test_hostile_text_is_shown_as_text_by_every_part(part: str) -> None:
    html = draw(part, x=HOSTILE)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_asking_before_doing_works_without_scripts_and_posts_the_same_form() -> None:
    html = draw("{% call ui.confirm('c1', '/v/1/cancel', '/v/1/cancel', '取消', '取消？', '确认') %}f{% endcall %}")
    assert '<a class="button plain" href="/v/1/cancel" data-confirm="c1">' in html
    assert '<dialog class="confirm" id="c1"' in html
    page = draw("{% call ui.confirm_page('/v/1/cancel', '取消？', '确认', '/v/1') %}f{% endcall %}")
    assert all('<form method="post" action="/v/1/cancel">' in each for each in (html, page))


@pytest.mark.parametrize(("at", "back", "on"), [(1, False, True), (2, True, True), (3, True, False)])
def test_pages_lead_back_and_on_but_never_past_the_ends(at: int, back: bool, on: bool) -> None:
    html = draw("{{ ui.pagination(at, 3, '?page={page}') }}", at=at)
    assert ('rel="prev"' in html, 'rel="next"' in html) == (back, on)
    assert draw("{{ ui.pagination(1, 1, '?page={page}') }}").strip() == ""


def test_the_eight_steps_say_in_words_how_each_stands() -> None:
    states = ["done", "done", "blocked", "now", "todo", "todo", "todo", "todo"]
    steps = [{"words": Words(f"步{n}", f"step {n}"), "state": state} for n, state in enumerate(states, 1)]
    html = draw("{{ ui.steps(steps) }}", steps=steps)
    assert html.count("<li") == 8
    assert html.count('aria-current="step"') == 1
    for said, times in (("已完成", 2), ("有缺项", 1), ("进行中", 1), ("未开始", 4)):
        assert words_of(html).count(said) == times
    assert "第 4 步，共 8 步" in words_of(draw("{{ ui.steps(steps, compact=true) }}", steps=steps))


# ---- Frames ----


@pytest.mark.parametrize("room", ["desk", "technician", "customer"])
@pytest.mark.parametrize(("language", "lang", "other"), [("zh", "zh-CN", "?lang=en"), ("en", "en", "?lang=zh")])
def test_a_page_says_its_language_and_offers_the_other_in_place(
    room: str, language: str, lang: str, other: str
) -> None:
    source = f'{{% extends "{room}/layout.html" %}}{{% block content %}}{{{{ ui.note(x) }}}}{{% endblock %}}'
    viewer = SimpleNamespace(name=HOSTILE, role="dispatcher")
    reader = Reader(language, ZoneInfo("Asia/Shanghai"))  # type: ignore[arg-type]
    given = {name: getattr(reader, name) for name in ("language", "say", "words", "local_time", "local_day")}
    company = {"company": Words("装维上门", "Doorstep"), "company_phone": "10000"}
    html = environment().from_string(source).render(
        given | company | {"csp_nonce": "n1", "viewer": viewer, "request_path": "//evil.example/x", "x": HOSTILE}
    )  # fmt: skip
    assert f'<html lang="{lang}"' in html
    assert f'href="{other}"' in html
    assert 'href="#content"' in html
    assert html.count("<main ") == 1
    assert "evil.example" not in html
    assert "alert(1)" in html
    assert "<script>alert" not in html
    assert all(' nonce="n1"' in tag for tag in re.findall(r"<script[^>]*>", html))


def test_the_desk_runs_htmx_without_inline_styles_eval_or_strangers() -> None:
    settings = (TEMPLATES / "desk/layout.html").read_text()
    for wanted in ('"includeIndicatorStyles":false', '"allowEval":false', '"selfRequestsOnly":true'):
        assert wanted in settings
