"""The day's pack and the app's own files over HTTP: one's own visits only, changed parts only, shells without data."""

import re
from datetime import timedelta

import pytest

from dispatch.clock import utc_now
from dispatch.visits.tables import Visit
from tests.journeys.conftest import Product
from tests.journeys.test_technicians_pages import NUMBER, a_visit, looks
from tests.makers import RARE_NAME


def test_the_pack_holds_ones_own_visits_of_today_and_tomorrow(product: Product) -> None:
    today, tomorrow, later = (str(a_visit(product, days=days)) for days in (0, 1, 3))
    pack = product.browser("technician").get("/t/pack.json").json()
    assert {name for name in pack["parts"] if name.startswith("visit:")} == {f"visit:{today}", f"visit:{tomorrow}"}
    assert pack["changed"][f"visit:{today}"]["customer"]["name"] == RARE_NAME
    form = pack["changed"][f"visit:{today}"]["form_key"]
    assert len(pack["changed"][f"form:{form}"]["steps"]) == 8
    assert "Missed" not in pack["changed"][f"visit:{today}"]["pages"]["note"]["zh"]
    asked = {"visit": later}
    assert f"visit:{later}" in product.browser("technician").get("/t/pack.json", params=asked).json()["changed"]
    theirs = product.browser("technician2").get("/t/pack.json", params={"visit": today})
    assert RARE_NAME not in theirs.text
    assert not any(name.startswith("visit:") for name in theirs.json()["parts"])


@pytest.mark.parametrize(
    ("status", "there"), [("booked", False), ("en_route", True), ("on_site", True), ("sealed", False)]
)
def test_what_is_under_way_stays_with_the_technician_past_midnight(product: Product, status: str, there: bool) -> None:
    visit_id = a_visit(product)
    with product.house.database.writing() as session:
        visit = session.get_one(Visit, visit_id)
        for name in ("window_start", "window_end", "planned_start", "planned_end"):
            setattr(visit, name, getattr(visit, name) - timedelta(days=1))
        visit.status = status
    phone = product.browser("technician")
    pack = phone.get("/t/pack.json").json()
    assert (f"visit:{visit_id}" in pack["parts"]) == there
    assert (RARE_NAME in pack["changed"][f"day:{pack['today']}"]["pages"]["zh"]) == there
    asked = phone.get("/t/pack.json", params={"visit": str(visit_id)}).json()["changed"][f"visit:{visit_id}"]
    assert (NUMBER in str(asked)) == there
    assert RARE_NAME not in str(product.browser("technician2").get("/t/pack.json").json())


def test_only_what_changed_comes_again_and_only_that_is_a_look(product: Product) -> None:
    visit_id = a_visit(product)
    phone = product.browser("technician")
    first = phone.get("/t/pack.json").json()
    seen = looks(product, "visit"), looks(product, "phone")
    assert seen == (1, 1)
    have = {"have": ",".join(first["parts"].values())}
    second = phone.get("/t/pack.json", params=have).json()
    assert (second["parts"], second["changed"]) == (first["parts"], {})
    assert (looks(product, "visit"), looks(product, "phone")) == seen
    entry = {"id": "11111111-1111-4111-8111-111111111111", "step": "appointment", "key": "background_read",
             "value": True, "at": (utc_now() - timedelta(minutes=1)).isoformat()}  # fmt: skip
    parcel = {"visit_id": str(visit_id), "device_id": "p1", "entries": [entry]}
    product.as_("technician").put("/api/v1/parcels/33333333-3333-4333-8333-333333333333", json=parcel)
    assert list(phone.get("/t/pack.json", params=have).json()["changed"]) == [f"visit:{visit_id}"]


@pytest.mark.parametrize("path", ["/t/pack.json", "/t/standing.json"])
def test_the_pack_is_for_technicians(product: Product, path: str) -> None:
    assert product.browser("dispatcher").get(path).status_code == 403
    assert product.browser().get(path).headers["location"] == "/sign-in"
    assert product.browser("technician").get(path).json()["account"]


@pytest.mark.parametrize("query", ["have=zz", "day=x", "visit=1", "day=2026-99-99", "day=9999-12-31"])
def test_a_strange_question_about_the_pack_is_refused(product: Product, query: str) -> None:
    assert product.browser("technician").get(f"/t/pack.json?{query}").status_code == 422


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_shell_is_the_same_for_everybody(product: Product, language: str) -> None:
    a_visit(product)
    mine, nobodys = (product.browser(login).get(f"/t/{language}") for login in ("technician", None))
    nonce = re.compile(r'nonce="[^"]+"')
    assert mine.status_code == 200
    assert mine.headers["cache-control"] == "no-store"  # see shell.py: what WebKit sets aside keeps its locks
    assert nonce.sub("", mine.text) == nonce.sub("", nobodys.text)
    for told in (RARE_NAME, NUMBER[3:], "doorstep-account", "赵翀㛃"):
        assert told not in mine.text


def test_the_worker_is_always_asked_for_and_changes_only_with_what_it_keeps(product: Product) -> None:
    worker = product.browser().get("/t/sw.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert worker.headers["cache-control"] == "no-cache"
    assert worker.text == product.browser("technician").get("/t/sw.js").text
    assert "VERSION" not in worker.text
    for address in re.findall(r'"(/[^"]+)"', worker.text.split("const kept = ")[1].splitlines()[0]):
        assert product.browser().get(address).status_code == 200, address


def test_the_app_can_be_installed(product: Product) -> None:
    manifest = product.browser().get("/t/app.webmanifest").json()
    assert (manifest["scope"], manifest["start_url"], manifest["display"]) == ("/t/", "/t/", "standalone")
    for icon in manifest["icons"]:
        assert product.browser().get(icon["src"]).headers["content-type"] == "image/png"
