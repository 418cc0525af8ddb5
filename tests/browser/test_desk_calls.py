"""Calls at the desk in a real browser: the time that is left runs, the list follows, and a call is two presses."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

from dispatch.accounts.viewer import SYSTEM
from dispatch.clock import utc_now
from dispatch.notices.calls import note_call, open_call
from dispatch.notices.tables import CallTask
from dispatch.visits.telling import reader_of
from tests.browser.conftest import Opener, Served
from tests.journeys.desk_hand import tomorrow
from tests.makers import PASSWORD, a_booking, a_turn

pytestmark = pytest.mark.browser


def a_call(served: Served, minutes: float) -> UUID:
    with served.house.database.writing() as session:
        turn = a_turn(session, served.settings, utc_now(), SYSTEM)
        session.info["n"] = int(minutes * 10)
        visit = a_booking(turn, None, tomorrow(9, 2)).visit
        due = turn.now + timedelta(minutes=minutes)
        reader = reader_of(visit.work_order.customer)
        return open_call(
            turn, "call_me", reader=reader, due_at=due, dedupe=f"c{minutes}", visit_id=visit.id, why="请回电"
        ).id


def task_now(served: Served, task_id: UUID) -> CallTask:
    with served.house.database.reading() as session:
        return session.get_one(CallTask, task_id)


def test_the_time_that_is_left_runs_and_then_says_that_it_is_over(served: Served, opened: Opener) -> None:
    a_call(served, 1.9)
    page = opened("dispatcher", width=1280).page
    page.clock.install()
    page.goto("/desk/calls")
    left = page.locator(".countdown")
    expect(left).to_have_text("还有 1 分钟")
    expect(left).to_have_class(re.compile("tone-warn"))
    page.clock.run_for(70_000)
    expect(left).to_have_text("还有 0 分钟")
    page.clock.run_for(120_000)
    expect(left).to_have_text("已超时 1 分钟")
    expect(left).to_have_class(re.compile("tone-bad"))


def test_a_clock_that_is_wrong_does_not_mislead(served: Served, opened: Opener) -> None:
    a_call(served, 20.5)
    page = opened("dispatcher", width=1280).page
    page.clock.install(time=utc_now() - timedelta(hours=5))
    page.goto("/desk/calls")
    page.clock.run_for(6_000)
    expect(page.locator(".countdown")).to_have_text("还有 20 分钟")


def test_the_list_and_the_count_follow_what_others_do_and_keep_the_focus(served: Served, opened: Opener) -> None:
    first, second = a_call(served, 10), a_call(served, 20)
    page = opened("dispatcher", width=1280).page
    page.clock.install()
    page.goto("/desk/calls")
    expect(page.locator("#calls-count")).to_contain_text("2")
    link = page.locator(f"#c-{second}")
    link.focus()
    with served.house.database.writing() as session:
        note_call(a_turn(session, served.settings, utc_now(), SYSTEM), first, "reached_agreed", "")
    page.clock.run_for(31_000)
    expect(page.locator(f"#c-{first}")).to_have_count(0)
    expect(page.locator("#calls-count")).to_contain_text("1")
    expect(link).to_be_focused()


def test_a_call_is_noted_by_two_presses(served: Served, opened: Opener) -> None:
    task_id = a_call(served, 10)
    page = opened("care_agent", width=390).page
    page.goto("/desk/calls")
    page.click(f"#c-{task_id}")
    page.click("button[value=reached_agreed]")
    expect(page.locator(".note.tone-good")).to_be_visible()
    task = task_now(served, task_id)
    assert (task.state, task.outcome) == ("done", "reached_agreed")


def test_a_call_is_noted_without_scripts(served: Served, chromium: Browser) -> None:
    task_id = a_call(served, -3)
    context = chromium.new_context(base_url=served.address, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("[name=login]", "dispatcher")
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.goto("/desk/calls")
    expect(page.locator(".countdown")).to_have_text("已超时 3 分钟")
    page.click(f"#c-{task_id}")
    page.click("#number button")
    expect(page.locator("#number")).to_contain_text("+8613800000001")
    page.fill("[name=note]", "没人接\n稍后再拨")
    page.click("button[value=not_reached]")
    expect(page.locator(".note.tone-warn")).to_be_visible()
    assert task_now(served, task_id).tries[0]["note"] == "没人接\n稍后再拨"
    context.close()
