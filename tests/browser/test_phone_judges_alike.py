"""The phone judges as the server does: the same values, limits, locks and gaps, held against each other."""

import json
import random
from dataclasses import asdict
from itertools import product
from typing import Any, get_args
from uuid import UUID

import pytest
from playwright.sync_api import Page

from checklists.answers import AnswerContext, flaws
from checklists.definition import Checklist
from checklists.measurement_limits import Access, MeasuringContext
from checklists.measurements import MEASUREMENTS, judge
from checklists.phone_form import phone_form, plain
from checklists.phone_limits import limits_of_line
from checklists.progress import Entry, progress
from checklists.published import CHECKLISTS
from dispatch.clock import utc_now
from dispatch.demo.visit_story import Story, play
from mobile_api.pages import asset
from tests.browser.conftest import Opener

pytestmark = pytest.mark.browser

ASKED = sorted(
    {field.measurement for checklist in CHECKLISTS.values() for _, field in checklist.fields() if field.measurement}
)
RATES = ((1000.0, 100.0), (50.0, 10.0), (None, None))
JUDGE = """async ([path, { measurements, reasons }, contexts, cases]) => {
  const { judge } = await import(path);
  return JSON.stringify(cases.map(([name, value, n]) =>
    judge(measurements[name], contexts[n].limits[name], value, contexts[n], reasons)));
}"""
PROGRESS = """async ([path, form, symptoms, measuring, limits, visits]) => {
  const { progressOf } = await import(path);
  return visits.map((entries) => {
    const answers = new Map(entries.map((e) => [`${e.step}/${e.key}`, e]));
    const found = progressOf({ form, order: { symptoms }, measuring, limits, answers });
    const steps = found.steps.map(({ step, state, missing }) => [step.key, state, missing.map((one) => one.field.key)]);
    return { steps, next: found.next, ended: found.endedEarly };
  });
}"""


def values_of(name: str) -> list[Any]:
    """Every border of a measurement, a step to either side of it, and what a slipping thumb makes of it."""
    measurement = MEASUREMENTS[name]
    if measurement.kind == "choice":
        return list(measurement.allowed)
    borders = {bound for bound in measurement.plausible if bound is not None}
    for limit in measurement.limits:
        bounds = (limit.pass_min, limit.pass_max, limit.warn_min, limit.warn_max, limit.single_max)
        borders |= {bound for bound in bounds if bound is not None}
    borders |= {0, 1, 9.4, 45, 90, 450, 800, 899.9, 900, 3000, 3001, 94000, 940000, -185, 185}
    near = {round(border + step, 3) for border in borders for step in (-1, -0.1, 0, 0.1, 1)}
    return [*sorted(near), *(-value for value in near if value > 0), *(word for word, _ in measurement.special)]


@pytest.fixture
def page(opened: Opener) -> Page:
    window = opened("technician")
    return window.page


def test_a_measured_value_means_the_same_on_the_phone(page: Page) -> None:
    contexts = [
        MeasuringContext(access=access, subscribed_down=down, subscribed_up=up, band=band)
        for access, (down, up), band in product(get_args(Access), RATES, (None, "2.4", "5", "6"))
    ]
    cases, wanted = [], []
    for name in ASKED:
        for n, context in enumerate(contexts):
            if context.band and name != "wifi_rssi":
                continue
            for value in values_of(name):
                cases.append([name, value, n])
                verdict = judge(name, value, context)
                wanted.append((verdict.verdict, plain(verdict.reason), verdict.hint))
    assert {verdict for verdict, _, _ in wanted} == {"pass", "warn", "fail", "implausible", "plain"}
    form = {"measurements": {}}
    for checklist in CHECKLISTS.values():
        form |= {**phone_form(checklist), "measurements": form["measurements"] | phone_form(checklist)["measurements"]}
    told = [asdict(one) | {"limits": {name: limits_of_line(name, one) for name in ASKED}} for one in contexts]
    given = [asset("js/phone/measure.js"), form, told, cases]
    found = json.loads(page.evaluate(JUDGE, json.loads(json.dumps(given))))
    for case, one, (verdict, reason, hint) in zip(cases, found, wanted, strict=True):
        wants = (verdict, pytest.approx(hint) if hint is not None else None, reason)
        assert (one["verdict"], one["hint"], one["reason"]) == wants, (case, contexts[case[2]])


def a_result(value: float, runs: list[float], method: str | None) -> dict[str, Any]:
    """A download as the phone keeps it: by a test in the page, or typed as single results."""
    return {"value": value, "unit": "Mbit/s", "runs": runs, **({"method": method} if method else {})}


RUNS = [(941.0, [930.0, 941.0, 990.5]), (953.8, [930.0, 941.0, 990.5]), (941.2, [930.0, 941.0, 990.5]),
        (941.1, [930.0, 941.0, 990.5]), (940.0, [938.0, 942.0]), (9.9, [9.9, 9.9, 9.9])]  # fmt: skip


@pytest.mark.parametrize("method", ["page", None])
def test_a_median_or_an_average_that_is_none_is_a_flaw_on_both_sides(page: Page, method: str | None) -> None:
    checklist = CHECKLISTS["visit_install@1"]
    measuring = MeasuringContext(access="gpon_b", subscribed_down=1000, subscribed_up=100)
    field, context = checklist.field("proof", "download"), AnswerContext(measuring=measuring)
    values = [a_result(value, runs, method) for value, runs in RUNS]
    answered = {"login": "connected"}
    visits = [
        [{"step": "proof", "key": key, "value": given} for key, given in {**answered, "download": value}.items()]
        for value in values
    ]
    form = phone_form(checklist)
    limits = {name: limits_of_line(name, measuring) for name in form["measurements"]}
    given = [asset("js/phone/progress.js"), form, [], asdict(measuring), limits, visits]
    found = page.evaluate(PROGRESS, json.loads(json.dumps(given)))
    missing = [{step: keys for step, _, keys in one["steps"]}["proof"] for one in found]
    codes = [[flaw.code for flaw in flaws(field, value, context)] for value in values]
    assert ["download" in keys for keys in missing] == [bool(code) for code in codes]
    wanted = "not_the_median" if method else "not_the_average"
    assert {code for found_codes in codes for code in found_codes} == {wanted}
    assert any(codes), "some are wrong"
    assert not all(codes), "and some are right"


def spoilt(entries: list[dict[str, Any]], checklist: Checklist, chance: random.Random) -> list[dict[str, Any]]:
    """The same visit with some answers left out, taken back, or answered otherwise."""
    made = []
    for entry in entries:
        luck = chance.random()
        field = checklist.field(entry["step"], entry["key"])
        if luck < 0.06:
            continue
        value = entry["value"]
        if luck < 0.10:
            value = chance.choice([None, [], ""])
        elif luck < 0.16 and field.type == "yes_no":
            value = not value
        elif luck < 0.16 and field.type == "choice":
            value = chance.choice(field.options).value
        elif luck < 0.20 and isinstance(value, list) and value:
            value = value[1:]
        elif luck < 0.30 and field.type == "measurement" and isinstance(value.get("value"), int | float):
            value = {"value": 999_999, "unit": value["unit"]}
        made.append({**entry, "value": value})
    return made


@pytest.mark.parametrize("key", sorted(CHECKLISTS))
def test_what_is_missing_and_what_is_locked_is_the_same_on_the_phone(page: Page, key: str) -> None:
    checklist, symptoms = CHECKLISTS[key], ["晚高峰卡顿"]
    measuring = MeasuringContext(access="gpon_b", subscribed_down=1000, subscribed_up=100)
    chance = random.Random(20261122)
    visits = []
    for seed in range(150):
        story = Story(
            seed=seed, arrived=utc_now(), customer="王芳", technician="赵翀㛃", photos=["a" * 64], symptoms=symptoms
        )
        entries = [
            {"id": str(UUID(int=n)), "step": e.step, "key": e.key, "value": e.value, "at": n}
            for n, e in enumerate(play(checklist, story))  # type: ignore[arg-type]
            if checklist.has(e.step, e.key)
        ]
        visits.append(entries if seed == 0 else spoilt(entries, checklist, chance))
    form = json.loads(json.dumps(phone_form(checklist)))
    limits = {name: limits_of_line(name, measuring) for name in form["measurements"]}
    given = [asset("js/phone/progress.js"), form, symptoms, asdict(measuring), limits, visits]
    found = page.evaluate(PROGRESS, json.loads(json.dumps(given)))
    context = AnswerContext(measuring=measuring, reported_symptoms=tuple(symptoms))
    states = set()
    for entries, one in zip(visits, found, strict=True):
        now = utc_now()
        answers = [Entry(e["id"], e["step"], e["key"], e["value"], now.replace(microsecond=e["at"])) for e in entries]
        wanted = progress(checklist, answers, context)
        told = [[step.key, step.state, [missing.key for missing in step.missing]] for step in wanted.steps]
        assert one == {"steps": told, "next": wanted.next_step, "ended": wanted.ended_early}
        states |= {step.state for step in wanted.steps}
    assert states >= {"done", "open", "locked", "not_needed"}
