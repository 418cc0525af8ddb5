"""What bad input gets: a clear refusal at once, nothing stored, nothing echoed, never a crash."""

import hashlib
import io
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from PIL import Image

from dispatch.clock import utc_now
from tests.journeys.conftest import Product
from tests.journeys.test_whole_visit import book

SECRET = "do-not-echo-me"
ORDER: dict[str, Any] = {
    "kind": "repair",
    "customer": {"name": "王", "phone": "13800000001"},
    "site": {"address": "某路 1 号"},
}
BODIES: dict[str, tuple[bytes, int]] = {
    "empty": (b"", 422),
    "cut": (b'{"kind": "rep', 400),
    "wrong root": (b"[]", 422),
    "NaN": (b'{"kind": NaN}', 400),
    "1e999": (b'{"minutes": 1e999}', 400),
    "lone surrogate": (b'{"kind": "\\ud800"}', 400),
    "NUL": (json.dumps({**ORDER, "customer": {"name": f"a\0{SECRET}", "phone": "13800000001"}}).encode(), 422),
    "CR LF in a name": (
        json.dumps({**ORDER, "customer": {"name": f"a\r\n{SECRET}", "phone": "13800000001"}}).encode(),
        422,
    ),
    "bidi override": (
        json.dumps({**ORDER, "customer": {"name": f"a\u202e{SECRET}", "phone": "13800000001"}}).encode(),
        422,
    ),
    "deep": (b"[" * 20_000 + b"]" * 20_000, 400),
    "duplicate keys": (b'{"kind": "repair", "kind": "install"}', 400),
    "unknown field": (json.dumps({**ORDER, SECRET: 1}).encode(), 422),
    "text for a number": (json.dumps({**ORDER, "minutes": "60"}).encode(), 422),
    "not UTF-8": (b'{"kind": "\xff\xfe"}', 400),
    "a foreign number": (json.dumps({**ORDER, "customer": {"name": "a", "phone": "+1 202 555 0123"}}).encode(), 422),
    "12 MB": (b'{"note": "' + b"x" * 12_000_000 + b'"}', 413),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_bad_body_is_refused_and_nothing_is_stored(product: Product, name: str) -> None:
    body, wanted = BODIES[name]
    answer = product.as_("dispatcher").post(
        "/api/v1/work-orders", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == wanted, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert SECRET not in answer.text or name == "unknown field"
    assert {"type", "title", "status", "detail"} <= answer.json().keys()
    with product.house.database.reading() as session:
        assert session.execute(sa.text("SELECT count(*) FROM work_orders")).scalar_one() == 0


def test_the_wrong_content_type_is_refused(product: Product) -> None:
    answer = product.as_("dispatcher").post(
        "/api/v1/work-orders", content=json.dumps(ORDER), headers={"Content-Type": "text/plain"}
    )
    assert answer.status_code == 422


def test_a_wrong_host_is_refused(product: Product) -> None:
    assert product.as_("dispatcher").get("/api/v1/visits", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "", "Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
    ],
)
def test_a_forged_post_is_refused(product: Product, headers: dict[str, str], wanted: int) -> None:
    browser = product.browser("dispatcher")
    if not headers["Sec-Fetch-Site"]:
        del browser.headers["Sec-Fetch-Site"]
        headers = {"Origin": headers["Origin"]}
    assert browser.post("/sign-out", headers=headers).status_code == wanted


def test_a_post_that_says_nothing_of_where_it_comes_from_is_refused(product: Product) -> None:
    browser = product.browser("dispatcher")
    del browser.headers["Sec-Fetch-Site"]
    assert browser.post("/sign-out").status_code == 403


def test_ten_wrong_passwords_are_enough(product: Product) -> None:
    browser = product.browser()
    answers = [browser.post("/sign-in", data={"login": "admin", "password": f"guess-{n}"}) for n in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    right = browser.post("/sign-in", data={"login": "admin", "password": "correct-horse-battery"})
    assert right.status_code == 429


def test_an_unknown_account_and_a_wrong_password_look_alike(product: Product) -> None:
    browser = product.browser()

    def said(login: str) -> str:
        page = browser.post("/sign-in", data={"login": login, "password": "wrong-password"}).text
        return page.split("<main")[1].split("</main>")[0].replace(login, "…")

    assert said("admin") == said("nobody-at-all")


def hostile_pictures() -> dict[str, bytes]:
    small = io.BytesIO()
    Image.new("RGB", (8, 8)).save(small, "GIF")
    frames = io.BytesIO()
    Image.new("RGB", (8, 8)).save(frames, "WEBP", save_all=True, append_images=[Image.new("RGB", (8, 8), "red")])
    bomb = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(bomb, "PNG")
    whole = io.BytesIO()
    Image.effect_noise((200, 200), 50).convert("RGB").save(whole, "JPEG")
    return {
        "text": b"hello",
        "html": b"<html><script>alert(1)</script>",
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "gif": small.getvalue(),
        "animated": frames.getvalue(),
        "bomb": bomb.getvalue(),
        "cut": whole.getvalue()[: len(whole.getvalue()) // 2],
        "pdf": b"%PDF-1.7\n",
        "empty": b"",
    }


@pytest.mark.parametrize("name", hostile_pictures())
def test_a_hostile_picture_is_refused(product: Product, name: str) -> None:
    content = hostile_pictures()[name]
    sha256 = hashlib.sha256(content).hexdigest()
    answer = product.as_("technician").put(f"/api/v1/blobs/{sha256}", content=content)
    assert answer.status_code == 422, answer.text
    assert answer.json()["type"] == "/problems/unfit-picture"


def test_a_picture_loses_where_it_was_taken_and_what_was_hidden_behind_it(product: Product) -> None:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (31.0, 12.0, 14.0)}
    out = io.BytesIO()
    Image.effect_noise((64, 48), 50).convert("RGB").save(out, "JPEG", exif=exif)
    content = out.getvalue() + b"<?php evil(); ?>"
    sha256 = hashlib.sha256(content).hexdigest()
    phone = product.as_("technician")
    ids = book(product.as_("dispatcher"), product, "repair")
    entry = {
        "id": str(uuid4()),
        "step": "leave",
        "key": "after_photos",
        "value": [sha256],
        "at": utc_now().isoformat(),
        "blobs": [sha256],
    }
    receipt = phone.put(
        f"/api/v1/parcels/{uuid4()}", json={"visit_id": ids["visit"], "device_id": "d", "entries": [entry]}
    ).json()
    assert receipt["missing_blobs"] == [sha256]
    assert phone.put(f"/api/v1/blobs/{sha256}", content=content).status_code == 201
    kept = phone.get(f"/api/v1/blobs/{sha256}").content
    assert b"evil" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


def parcel(visit: str, *entries: dict[str, Any]) -> dict[str, Any]:
    made = [
        {
            "id": str(uuid4()),
            "step": "appointment",
            "key": "background_read",
            "value": True,
            "at": utc_now().isoformat(),
            **entry,
        }
        for entry in entries
    ]
    return {"visit_id": visit, "device_id": "d", "entries": made}


def test_one_bad_entry_of_fifty_is_kept_and_flagged_and_the_others_are_in(product: Product) -> None:
    ids = book(product.as_("dispatcher"), product, "repair")
    body = parcel(ids["visit"], *[{} for _ in range(49)], {"key": "call_outcome", "value": {"deep": [["nonsense"]]}})
    receipt = product.as_("technician").put(f"/api/v1/parcels/{uuid4()}", json=body).json()
    assert [entry["state"] for entry in receipt["entries"]] == ["kept"] * 49 + ["flagged"]
    with product.house.database.reading() as session:
        assert session.execute(sa.text("SELECT count(*) FROM entries")).scalar_one() == 50


def test_a_phone_clock_years_off_is_accepted_and_flagged(product: Product) -> None:
    ids = book(product.as_("dispatcher"), product, "repair")
    for at, flag in (
        (utc_now() + timedelta(days=900), "clock_ahead"),
        (utc_now() - timedelta(days=9000), "clock_behind"),
    ):
        answer = product.as_("technician").put(
            f"/api/v1/parcels/{uuid4()}", json=parcel(ids["visit"], {"at": at.isoformat()})
        )
        assert answer.status_code == 200
        assert [one["code"] for one in answer.json()["entries"][0]["flags"]] == [flag]


def test_the_same_parcel_again_gets_the_first_receipt_and_other_content_is_kept_for_a_person(product: Product) -> None:
    ids = book(product.as_("dispatcher"), product, "repair")
    phone, url, body = product.as_("technician"), f"/api/v1/parcels/{uuid4()}", parcel(ids["visit"], {})
    first = phone.put(url, json=body)
    again = phone.put(url, json=body)
    assert (again.status_code, again.json()) == (200, first.json())
    assert first.json()["sha256"] == hashlib.sha256(first.request.content).hexdigest()
    other = phone.put(url, json=parcel(ids["visit"], {"value": False}))
    assert (other.status_code, other.json()["type"]) == (409, "/problems/parcel-differs")
    assert phone.put(url, json=parcel(ids["visit"], {"value": None})).status_code == 409
    with product.house.database.reading() as session:
        kept = [
            session.execute(sa.text(f"SELECT count(*) FROM {t}")).scalar_one()
            for t in ("parcels", "entries", "parcel_conflicts")
        ]
    assert kept == [1, 1, 2]
    stranger = product.as_("technician2").put(url, json=body)
    assert stranger.status_code == 404


def test_entries_for_a_visit_that_went_to_somebody_else_are_kept_and_flagged(product: Product) -> None:
    desk = product.as_("dispatcher")
    ids = book(desk, product, "repair")
    visit = desk.get(f"/api/v1/visits/{ids['visit']}").json()
    moved = {"window": visit["window"], "asked_by": "company", "technician_id": str(product.cast.other_technician_id)}
    assert desk.post(f"/api/v1/visits/{ids['visit']}/reschedule", json=moved).status_code == 200
    answer = product.as_("technician").put(f"/api/v1/parcels/{uuid4()}", json=parcel(ids["visit"], {}))
    assert answer.status_code == 200
    assert [one["code"] for one in answer.json()["entries"][0]["flags"]] == ["reassigned"]


def test_an_entry_before_its_step_is_flagged_and_the_seal_names_what_is_missing(product: Product) -> None:
    ids = book(product.as_("dispatcher"), product, "repair")
    phone = product.as_("technician")
    entry = {"step": "guide", "key": "experience", "value": "expert"}
    answer = phone.put(f"/api/v1/parcels/{uuid4()}", json=parcel(ids["visit"], entry))
    assert "out_of_order" in [one["code"] for one in answer.json()["entries"][0]["flags"]]
    for verb in ("depart", "arrive"):
        phone.post(f"/api/v1/visits/{ids['visit']}/{verb}")
    refused = phone.post(f"/api/v1/visits/{ids['visit']}/seal")
    assert refused.json()["type"] == "/problems/visit-not-complete"
    assert refused.json()["missing"][0] == {"step": "appointment", "key": "background_read", "why": "unanswered"}


def test_a_record_waits_for_its_photos(product: Product) -> None:
    from tests.journeys.test_whole_visit import a_photo

    ids = book(product.as_("dispatcher"), product, "install")
    phone = product.as_("technician")
    photo = a_photo(3)
    sha256 = hashlib.sha256(photo).hexdigest()
    from checklists.published import current
    from dispatch.demo.visit_story import Story, play

    story = Story(arrived=utc_now(), customer="王𬭎", technician="赵", photos=[sha256])
    entries = [
        {
            "id": str(e.id),
            "step": e.step,
            "key": e.key,
            "value": e.value,
            "at": min(e.at, utc_now()).isoformat(),
            "blobs": list(e.blobs),
        }
        for e in play(current("install"), story)
    ]
    assert (
        phone.put(
            f"/api/v1/parcels/{uuid4()}", json={"visit_id": ids["visit"], "device_id": "d", "entries": entries}
        ).status_code
        == 200
    )
    refused = phone.post(f"/api/v1/visits/{ids['visit']}/seal")
    assert (refused.json()["type"], refused.json()["missing_blobs"]) == ("/problems/photos-missing", [sha256])
    assert phone.put(f"/api/v1/blobs/{sha256}", content=photo).status_code == 201
    assert phone.post(f"/api/v1/visits/{ids['visit']}/seal").status_code == 201
