"""The customer signs on their own phone while the technician's has no network: kept, joined, refused, never lost."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from fastapi.testclient import TestClient

from checklists.progress import Entry, fold
from checklists.published import current
from dispatch.clock import utc_now
from dispatch.demo.visit_story import Story, play, scribble
from dispatch.records.own_phone.content import (
    Scanned,
    confirmation_code,
    content_hash,
    read_fragment,
    signed_content,
    summary_of,
    write_fragment,
)
from dispatch.records.own_phone.tables import OwnPhoneSignature
from dispatch.records.reading import SentEntry
from tests.journeys.conftest import Product
from tests.journeys.test_whole_visit import NAME, book

STEPS = ("appointment", "talk", "work", "proof", "file", "guide", "remind")


class Phone:
    """The technician's phone: it has made every entry and can do all that needs no network."""

    def __init__(self, product: Product, visit_id: str, kind: str = "repair") -> None:
        self.client, self.visit_id, self.checklist = product.as_("technician"), visit_id, current(kind)  # type: ignore[arg-type]
        story = Story(arrived=utc_now(), customer=NAME, technician="赵翀㛃", symptoms=["晚高峰卡顿"])
        made = play(self.checklist, story)
        theirs = {"customer_signature", "conduct_rating", "overall_rating", "comment"}
        self.entries = [one for one in made if one.key not in theirs]
        data = product.browser("technician").get(f"/t/visits/{visit_id}/data.json").json()
        self.key = data["own_phone"]["key"]

    def shows(self, steps: tuple[str, ...] = STEPS) -> Scanned:
        """The code on its screen, by what it knows itself."""
        folded = fold([Entry(str(one.id), one.step, one.key, one.value, one.at) for one in self.entries])
        content = signed_content(UUID(self.visit_id), self.checklist, folded, steps)
        scanned = Scanned(
            UUID(self.visit_id), self.key, content_hash(content), self.checklist.key, tuple(content["steps"]),
            "赵翀㛃 T-001", summary_of(content),
        )  # fmt: skip
        assert read_fragment(write_fragment(scanned)) == scanned
        return scanned

    def hands_in(self, entries: list[SentEntry] | None = None) -> None:
        """The network is back."""
        for first in range(0, len(entries or self.entries), 10):
            parcel = {
                "visit_id": self.visit_id,
                "device_id": "phone",
                "entries": [
                    {"id": str(e.id), "step": e.step, "key": e.key, "value": e.value,
                     "at": min(e.at, utc_now()).isoformat()}
                    for e in (entries or self.entries)[first : first + 10]
                ],
            }  # fmt: skip
            assert self.client.put(f"/api/v1/parcels/{uuid4()}", json=parcel).status_code == 200


def sent(scanned: Scanned, **more: Any) -> dict[str, Any]:
    """What the page sends after the customer has signed."""
    answers = {"conduct_rating": 5, "overall_rating": 4, "customer_signature": {**scribble(3), "name": NAME}}
    return {
        "id": str(uuid4()),
        "visit_id": str(scanned.visit_id),
        "key": scanned.key,
        "content_sha256": scanned.content_sha256,
        "checklist": scanned.checklist,
        "steps": list(scanned.steps),
        "summary": scanned.summary,
        "answers": answers,
    } | more


def refusing(reason: str) -> dict[str, Any]:
    return {"conduct_rating": 2, "overall_rating": 1, "customer_signature": {"refused": True, "reason": reason}}


def states(product: Product, visit_id: str) -> list[str]:
    answer = product.as_("dispatcher").get(f"/api/v1/visits/{visit_id}/own-phone-signatures")
    return [one["state"] for one in answer.json()["items"]]


def stranger(product: Product) -> TestClient:
    client = product.browser()
    client.headers["Accept"] = "application/json"
    return client


def test_a_signature_that_comes_before_its_content_waits_and_is_joined_when_it_arrives(product: Product) -> None:
    ids = book(product.as_("dispatcher"), product, "repair")
    phone = Phone(product, ids["visit"])
    scanned = phone.shows()
    answer = stranger(product).post("/own/signatures", json=sent(scanned))
    assert (answer.status_code, answer.json()["state"]) == (200, "waiting"), answer.text
    assert answer.json()["code"] == confirmation_code(phone.key, scanned.content_sha256, "sign")
    assert states(product, ids["visit"]) == ["waiting"]
    phone.hands_in()
    assert states(product, ids["visit"]) == ["joined"]
    sealed = phone.client.post(f"/api/v1/visits/{ids['visit']}/seal")
    assert sealed.status_code == 201, sealed.text
    record = product.as_("dispatcher").get(f"/api/v1/records/{sealed.json()['id']}.json").json()
    theirs = next(one for one in record["signatures"] if one["who"] == "customer")
    assert theirs["name"] == NAME
    assert theirs["strokes_sha256"]
    assert (record["rating"]["conduct"], record["rating"]["overall"]) == (5, 4)
    assert product.as_("dispatcher").get(f"/api/v1/records/{sealed.json()['id']}.pdf").status_code == 200


def test_a_signature_about_content_that_is_here_already_is_joined_at_once(product: Product) -> None:
    ids = book(product.as_("dispatcher"), product, "repair")
    phone = Phone(product, ids["visit"])
    phone.hands_in()
    assert stranger(product).post("/own/signatures", json=sent(phone.shows())).json()["state"] == "joined"


def test_what_was_changed_after_signing_is_not_joined_and_the_desk_is_asked_to_call(product: Product) -> None:
    ids = book(product.as_("dispatcher"), product, "repair")
    phone = Phone(product, ids["visit"])
    assert stranger(product).post("/own/signatures", json=sent(phone.shows())).status_code == 200
    at = next(i for i, one in enumerate(phone.entries) if (one.step, one.key) == ("file", "fault_cause"))
    phone.entries[at] = replace(phone.entries[at], value="customer_device")
    phone.hands_in()
    assert states(product, ids["visit"]) == ["waiting"]
    refused = phone.client.post(f"/api/v1/visits/{ids['visit']}/seal")
    assert refused.json()["missing"][0]["key"] == "conduct_rating"
    again = sent(phone.shows())
    assert stranger(product).post("/own/signatures", json=again).json()["state"] == "joined"
    assert states(product, ids["visit"]) == ["joined", "replaced"]


def test_a_summary_that_shows_other_values_than_were_entered_is_not_joined(product: Product) -> None:
    ids = book(product.as_("dispatcher"), product, "repair")
    phone = Phone(product, ids["visit"])
    phone.hands_in()
    scanned = phone.shows()
    bent = [[s, k, "connector" if k == "fault_cause" else v] for s, k, v in scanned.summary]
    bent = [[s, k, "nothing was done" if k == "outcome" else v] for s, k, v in bent]
    assert stranger(product).post("/own/signatures", json=sent(scanned, summary=bent)).json()["state"] == "waiting"


def test_sent_twice_is_one_signature_and_other_content_under_its_id_is_refused(product: Product) -> None:
    ids = book(product.as_("dispatcher"), product, "repair")
    scanned = Phone(product, ids["visit"]).shows()
    body, page = sent(scanned), stranger(product)
    first = page.post("/own/signatures", json=body)
    assert page.post("/own/signatures", json=body).json() == first.json()
    other = page.post("/own/signatures", json=body | {"answers": refusing("不同意")})
    assert other.status_code == 409
    assert states(product, ids["visit"]) == ["waiting"]


def test_a_refusal_with_its_reason_opens_a_call_and_is_part_of_the_record(product: Product) -> None:
    ids = book(product.as_("dispatcher"), product, "repair")
    phone = Phone(product, ids["visit"])
    answer = stranger(product).post("/own/signatures", json=sent(phone.shows(), answers=refusing("网速没有改善")))
    assert answer.json()["decision"] == "refuse"
    calls = product.as_("dispatcher").get("/api/v1/call-tasks").json()["items"]
    assert [(one["kind"], one["visit_id"]) for one in calls] == [("refused", ids["visit"])]
    phone.hands_in()
    sealed = phone.client.post(f"/api/v1/visits/{ids['visit']}/seal").json()
    record = product.as_("dispatcher").get(f"/api/v1/records/{sealed['id']}.json").json()
    theirs = next(one for one in record["signatures"] if one["who"] == "customer")
    assert theirs["refused_reason"] == "网速没有改善"
    assert len(product.as_("dispatcher").get("/api/v1/call-tasks").json()["items"]) == 1
    page = product.browser("dispatcher").get(f"/desk/calls/{calls[0]['id']}")
    assert "网速没有改善" in page.text


def test_a_reservation_is_kept_word_for_word(product: Product) -> None:
    ids = book(product.as_("dispatcher"), product, "repair")
    phone = Phone(product, ids["visit"])
    phone.hands_in()
    answers = {"conduct_rating": "declined", "overall_rating": "declined"}
    answers["customer_signature"] = {**scribble(5), "name": NAME, "reservation": "书房信号仍弱，请再来看"}  # type: ignore[assignment]
    assert stranger(product).post("/own/signatures", json=sent(phone.shows(), answers=answers)).status_code == 200
    sealed = phone.client.post(f"/api/v1/visits/{ids['visit']}/seal").json()
    record = product.as_("dispatcher").get(f"/api/v1/records/{sealed['id']}.json").json()
    assert "书房信号仍弱，请再来看" in [one["reservation"] for one in record["signatures"]]


def test_strokes_lie_encrypted_until_they_are_joined(product: Product) -> None:
    ids = book(product.as_("dispatcher"), product, "repair")
    scanned = Phone(product, ids["visit"]).shows()
    body = sent(scanned)
    assert stranger(product).post("/own/signatures", json=body).status_code == 200
    with product.house.database.reading() as session:
        row = session.execute(sa.text("SELECT kept FROM own_phone_signatures")).scalar_one()
        parcels = session.execute(sa.text("SELECT count(*) FROM parcels")).scalar_one()
    assert "strokes" not in row
    assert NAME not in row
    assert parcels == 0


def test_answers_that_belong_to_another_signature_are_not_joined(product: Product) -> None:
    """Whoever can write to the database still cannot give one customer's signature to another visit."""
    ids = book(product.as_("dispatcher"), product, "repair")
    phone = Phone(product, ids["visit"])
    body = sent(phone.shows())
    assert stranger(product).post("/own/signatures", json=body).status_code == 200
    with product.house.database.writing() as session:
        row = session.scalars(sa.select(OwnPhoneSignature)).one()
        row.kept = row.kept | {"answers": row.kept["answers"] | {"comment": "另一位客户的话"}}
    phone.hands_in()
    with product.house.database.reading() as session:
        assert session.scalars(sa.select(OwnPhoneSignature.state)).all() == ["differs"]


def test_another_visits_key_a_cut_key_and_an_unknown_visit_all_look_alike(product: Product) -> None:
    desk = product.as_("dispatcher")
    ids, other = book(desk, product, "repair"), book(desk, product, "install")
    scanned = Phone(product, ids["visit"]).shows()
    answers = [
        stranger(product).post("/own/signatures", json=sent(scanned, **change))
        for change in ({"visit_id": other["visit"]}, {"key": scanned.key[:-1]}, {"visit_id": str(uuid4())})
    ]
    assert {one.status_code for one in answers} == {404}
    assert len({one.text for one in answers}) == 1


def test_a_key_is_good_from_twelve_hours_before_the_window_until_three_days_after_it(product: Product) -> None:
    ids = book(product.as_("dispatcher"), product, "repair")
    scanned = Phone(product, ids["visit"]).shows()

    def move(start: timedelta) -> int:
        with product.house.database.writing() as session:
            begin = utc_now() + start
            session.execute(
                sa.text("UPDATE visits SET window_start = :a, window_end = :b").bindparams(
                    sa.bindparam("a", begin, type_=sa.DateTime(timezone=True)),
                    sa.bindparam("b", begin + timedelta(hours=1), type_=sa.DateTime(timezone=True)),
                )
            )
        return stranger(product).post("/own/signatures", json=sent(scanned)).status_code

    assert move(timedelta(hours=12, minutes=5)) == 404
    assert move(timedelta(hours=11, minutes=55)) == 200
    assert move(-timedelta(days=3, hours=1, minutes=-5)) == 200
    assert move(-timedelta(days=3, hours=1, minutes=5)) == 404


def test_what_is_no_signature_is_refused_with_a_sentence(product: Product) -> None:
    ids = book(product.as_("dispatcher"), product, "repair")
    scanned, page = Phone(product, ids["visit"]).shows(), stranger(product)
    for answers in (
        {},
        {"customer_signature": {"strokes": [], "width": 10, "height": 10, "name": "x"}},
        {"customer_signature": {"refused": True, "reason": ""}},
        {"customer_signature": {**scribble(1), "name": NAME}, "conduct_rating": 9},
        {"customer_signature": {**scribble(1), "name": NAME}, "technician_signature": {**scribble(1), "name": "x"}},
    ):
        answer = page.post("/own/signatures", json=sent(scanned, answers=answers))
        assert answer.status_code == 422, (answers, answer.text)
        assert answer.json()["detail"]


def test_the_page_and_its_form_tell_nothing_of_anybody(product: Product) -> None:
    page = stranger(product)
    assert page.get("/own").status_code == 200
    assert page.get("/own").headers["referrer-policy"] == "no-referrer"
    assert page.get("/own/forms/visit_repair@1").json()["key"] == "visit_repair@1"
    assert page.get("/own/forms/nothing@1").status_code == 404
