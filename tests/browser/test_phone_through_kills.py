"""Kills at any moment, of page, browser and server, while a visit is worked on: nothing lost, nothing doubled.

DOORSTEP_PHONE_KILLS=100 is the full proof, DOORSTEP_PHONE_SEED another sequence of it.
"""

import os
import random
import re
from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from dispatch.records.tables import Blob, EntryRow
from tests.browser.conftest import Served, sign_in
from tests.browser.phones import a_phone, ready
from tests.browser.technicians_hand import HANDED_IN, Hand, a_photo, a_visit_today

pytestmark = pytest.mark.browser

KILLS = int(os.environ.get("DOORSTEP_PHONE_KILLS", "6"))
SEED = int(os.environ.get("DOORSTEP_PHONE_SEED", "4"))
# What a person sees as kept: the box, the text or the picture is there and the bar does not say otherwise.
SAVE = """async ([visit, key, value, photo]) => {
  const base = document.querySelector("script[src*=app]").src;
  const store = await import(base.replace("app.js", "store.js"));
  const { keepPhoto } = await import(base.replace("app.js", "photo.js"));
  const blobs = photo ? [await keepPhoto(new Blob([new Uint8Array(photo)]), visit)] : [];
  await store.putEntry({ visit, step: "talk", key, value: photo ? blobs : value, blobs, at: Date.now() });
  (await import(base.replace("app.js", "sending.js"))).soon();
  return blobs;
}"""
TEXTS = ("first_proposal", "customer_wish", "note", "wished_time")


def opened_again(page: Page, visit_id: UUID) -> None:
    """As a person would: whoever killed the browser seconds after signing in may have to sign in again."""
    page.goto(f"/t/visits/{visit_id}")
    if "/sign-in" in page.url:
        sign_in(page)
    Hand(page, visit_id).open()


@pytest.mark.timeout(120 + 40 * KILLS)
def test_no_kill_loses_or_doubles_anything(served: Served, chromium: Browser, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    visits = [a_visit_today(served), a_visit_today(served, "repair", hours_ahead=2)]
    saved: Counter[tuple[UUID, str, str]] = Counter()
    pictures: set[str] = set()
    kinds: Counter[str] = Counter()
    with a_phone(chromium.browser_type, served, tmp_path / "phone") as phone:
        page = phone.start()
        sign_in(page)
        ready(page)
        for turn in range(KILLS):
            visit_id = chance.choice(visits)
            opened_again(page, visit_id)
            for n in range(chance.randint(1, 4)):
                value = f"{turn}-{n}"
                photo = None
                if chance.random() < 0.4:
                    picture = a_photo(f"#{turn % 256:02x}{n * 40:02x}77", size=(900, 700))
                    photo = list(picture["buffer"])
                key = "missed_note_photo" if photo else chance.choice(TEXTS)
                blobs = page.evaluate(SAVE, [str(visit_id), key, value, photo])
                saved[visit_id, key, str(blobs if photo else value)] += 1
                pictures |= set(blobs)
            page.wait_for_timeout(chance.choice([0, 5, 60, 400, 1500, 1700, 2500]))
            kind = chance.choice(["page", "browser", "server", "browser and server"])
            kinds[kind] += 1
            if "server" in kind:
                served.stop()
            if "browser" in kind:
                phone.kill()
                page = phone.start()
            if kind == "page":
                fresh = phone.context.new_page()  # type: ignore[union-attr]
                page.close(run_before_unload=False)
                page = fresh
            if "server" in kind:
                if chance.random() < 0.5:
                    opened_again(page, visit_id)
                served.start()
        page.goto("/t/")
        asks = page.locator(".sync", has_text="登录")
        expect(page.locator(HANDED_IN).or_(asks)).to_be_attached(timeout=90_000)
        if asks.count():  # a killed browser may have lost its newest cookie
            sign_in(page)
            page.goto("/t/")
        expect(page.locator(HANDED_IN)).to_be_attached(timeout=90_000)
    with served.house.database.reading() as session:
        rows = session.scalars(select(EntryRow)).all()
        arrived = Counter((row.visit_id, row.key, str(row.value)) for row in rows)
        blobs = set(session.scalars(select(Blob.sha256)))
    # An answer that was changed before it left is replaced on the phone: the last one of a field always arrives.
    doubled = {what: many for what, many in arrived.items() if many > 1}
    last = {(visit, key): value for visit, key, value in saved}
    lost = {where: value for where, value in last.items() if not arrived[(*where, value)]}
    print(f"{KILLS} kills {dict(kinds)}: {sum(arrived.values())} of {len(saved)} arrived, {len(blobs)} photos")
    assert doubled == {}
    assert lost == {}
    assert set(arrived) <= set(saved), "nothing arrives that nobody made"
    named = {
        sha for visit, key, value in arrived if key == "missed_note_photo" for sha in re.findall(r"[0-9a-f]{64}", value)
    }
    assert named <= blobs
    assert pictures >= blobs
