"""After sealing: the record as a page, its document, what the customer says of it, and whether a file is genuine."""

import hashlib
import json

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import SYSTEM, Viewer
from dispatch.clock import utc_now
from dispatch.customers.tables import Customer
from dispatch.errors import Forbidden, Invalid, NotAllowed, NotFound
from dispatch.records.documents import draw_missing
from dispatch.records.rating import Rating, rate_visit, rating_of_visit
from dispatch.records.tables import Document, RatingRow, Record
from dispatch.technicians.tables import Technician
from tests.journeys.conftest import Product
from tests.journeys.customer_stages import ADDRESS, NAME, PHONE, Guest, a_guest, hand_in, mark_of, seal
from tests.journeys.scanner import everything


def record_of(product: Product, guest: Guest) -> Record:
    with product.house.database.reading() as session:
        return session.scalars(select(Record).where(Record.visit_id == guest.visit_id)).one()


def ratings(product: Product) -> list[RatingRow]:
    with product.house.database.reading() as session:
        return list(session.scalars(select(RatingRow)))


def finished(product: Product) -> tuple[Guest, TestClient]:
    guest = a_guest(product.house, product.cast.technician_id, "sealed")
    return guest, guest.enters(product.browser())


def test_the_record_page_is_drawn_from_the_sealed_account_alone(product: Product) -> None:
    guest, browser = finished(product)
    body = json.loads(record_of(product, guest).body)
    before = browser.get(guest.home + "/record").text
    for told in (body["number"], NAME, "138****0001", "赵翀㛃", "下行速率", "合格", "已签名", "准确无误建档案"):
        assert told in before, told
    assert PHONE not in before
    with product.house.database.writing() as session:
        session.scalars(select(Customer)).one().name = "改名"
        for technician in session.scalars(select(Technician)):
            technician.name = "换人"
        session.execute(text("UPDATE sites SET address = '搬家'"))
    after = browser.get(guest.home + "/record").text
    for told in (NAME, "赵翀㛃", body["site"]["address"]):
        assert told in after, told
    assert "换人" not in after
    assert "搬家" not in after


def test_there_is_no_record_page_before_there_is_a_record(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id, "worked")
    browser = guest.enters(product.browser())
    for page in ("/record", "/record.pdf"):
        answer = browser.get(guest.home + page)
        assert answer.status_code == 404
        assert f'href="{guest.home}"' in answer.text


def test_reading_never_draws_the_document_and_asking_for_it_does_once(product: Product) -> None:
    guest, browser = finished(product)
    before = everything(product.house)
    early = browser.get(guest.home + "/record.pdf")
    assert early.status_code == 503
    assert int(early.headers["retry-after"]) > 0
    assert "正在制作" in early.text
    assert everything(product.house) == before
    key = mark_of(browser, guest.home + "/record.pdf")
    for _ in range(2):
        assert browser.post(guest.home + "/record/prepare", data={"form": key}).status_code == 303
    got = browser.get(guest.home + "/record.pdf")
    assert (got.status_code, got.headers["content-type"]) == (200, "application/pdf")
    assert got.headers["cache-control"] == "no-store"
    number = record_of(product, guest).number
    assert got.headers["content-disposition"] == f'attachment; filename="{number}.pdf"'
    with product.house.database.reading() as session:
        kept = session.scalars(select(Document)).one()
    assert hashlib.sha256(got.content).hexdigest() == kept.sha256
    drawn = everything(product.house)
    assert browser.get(guest.home + "/record.pdf").content == got.content
    assert browser.head(guest.home + "/record.pdf").content == b""
    assert f'href="{guest.home}/record.pdf"' in browser.get(guest.home + "/record").text
    assert everything(product.house) == drawn


def test_the_last_word_of_a_rating_counts(product: Product) -> None:
    guest, browser = finished(product)
    path = guest.home + "/record"
    sent = {"overall": "4", "conduct": "5", "recommend": "10", "comment": "谢谢"}
    answer = browser.post(guest.home + "/rate", data={"form": mark_of(browser, path)} | sent)
    assert (answer.status_code, answer.headers["location"]) == (303, path + "#rating")
    again = {"overall": "2", "comment": "第二天又断了"}
    assert browser.post(guest.home + "/rate", data={"form": mark_of(browser, path)} | again).status_code == 303
    [kept] = ratings(product)
    assert (kept.overall, kept.conduct, kept.recommend, kept.comment) == (2, None, None, "第二天又断了")
    page = browser.get(path).text
    assert "评价已保存" in page
    assert "第二天又断了" in page
    assert json.loads(record_of(product, guest).body)["rating"]["overall"] != 2, "the sealed record stays as it was"


def test_an_empty_or_absurd_rating_is_refused_beside_the_field(product: Product) -> None:
    guest, browser = finished(product)
    wrong: list[tuple[dict[str, str], str]] = [
        ({}, "f-overall"), ({"overall": "6"}, "f-overall"), ({"conduct": "0"}, "f-conduct"),
        ({"recommend": "11"}, "f-recommend"), ({"overall": "5", "comment": "长" * 1001}, "f-comment"),
    ]  # fmt: skip
    for sent, field in wrong:
        key = mark_of(browser, guest.home + "/record")
        answer = browser.post(guest.home + "/rate", data={"form": key} | sent)
        assert answer.status_code == 422, sent
        assert f'id="{field}-error"' in answer.text, sent
    assert ratings(product) == []


def test_only_the_customer_of_a_sealed_visit_rates_it(product: Product) -> None:
    guest, _ = finished(product)
    worked = a_guest(product.house, product.cast.technician_id, "worked", hours_ahead=40)
    five = Rating(5, 5, None)
    tries: list[tuple[Viewer, Guest, type[Exception]]] = [
        (Viewer(role="customer", name="c", visit_id=worked.visit_id), worked, NotAllowed),
        (Viewer(role="customer", name="c", visit_id=worked.visit_id), guest, NotFound),
        (Viewer(role="technician", name="t", technician_id=product.cast.technician_id), guest, Forbidden),
        (SYSTEM, guest, Forbidden),
    ]
    for viewer, whose, refusal in tries:
        with product.house.database.writing() as session:
            turn = Turn(session, viewer, utc_now(), product.settings)
            with pytest.raises(refusal):
                rate_visit(turn, whose.visit_id, five)
    with product.house.database.reading() as session, pytest.raises(NotFound):
        rating_of_visit(session, Viewer(role="customer", name="c", visit_id=worked.visit_id), guest.visit_id)
    assert ratings(product) == []


def test_a_visit_that_met_nobody_has_its_record_and_is_not_rated(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id, "en_route")
    hand_in(product.house, guest, product.cast.technician_id, 8, answers={("talk", "access"): "nobody_home"})
    seal(product.house, guest)
    browser = guest.enters(product.browser())
    assert "没能与您见面" in browser.get(guest.home).text
    page = browser.get(guest.home + "/record").text
    assert "未能见面" in page
    assert "事后评价" not in page
    sent = {"form": mark_of(browser, guest.home + "/record"), "overall": "1"}
    assert browser.post(guest.home + "/rate", data=sent).status_code == 409
    assert ratings(product) == []


@pytest.mark.parametrize(
    "points", [(0, None, None), (6, None, None), (None, 0, None), (None, None, -1), (None, None, 11)]
)
def test_points_outside_their_range_are_no_rating(points: tuple[int | None, int | None, int | None]) -> None:
    with pytest.raises(Invalid):
        Rating(*points)
    assert Rating(1, 5, 0).recommend == 0


def drawn(product: Product) -> tuple[Record, bytes]:
    guest, browser = finished(product)
    assert draw_missing(product.house) == 1
    return record_of(product, guest), browser.get(guest.home + "/record.pdf").content


def test_by_its_number_a_record_shows_nothing_about_anybody(product: Product) -> None:
    record, pdf = drawn(product)
    before = everything(product.house)
    for number in (record.number, record.number.lower(), f" {record.number}"):
        page = product.browser().get(f"/verify/{number}")
        assert page.status_code == 200
        assert record.number in page.text
        assert hashlib.sha256(pdf).hexdigest() in page.text
        assert record.sealed_at.astimezone(product.settings.zone).date().isoformat() in page.text
        for personal in (NAME, "138****0001", ADDRESS[:8], "赵翀", record.sha256, str(record.visit_id), "宽带维修"):
            assert personal not in page.text, personal
    asked = product.browser().get("/verify", params={"number": record.number})
    assert asked.headers["location"] == f"/verify/{record.number}"
    assert everything(product.house) == before


def test_a_number_that_is_not_ours_is_said_not_to_be(product: Product) -> None:
    for number in ("SR-20261122-ABCDEF", "x", "SR-20261122-'--", "中" * 30, "9" * 500):
        answer = product.browser().get(f"/verify/{number}")
        assert answer.status_code == 404
        assert "没有这个编号" in answer.text
    assert (
        product.browser().get("/verify", params={"number": "//evil.example/x"}).headers["location"]
        == "/verify/EVILEXAMPLEX"
    )


def test_a_file_is_genuine_altered_or_not_ours(product: Product) -> None:
    record, pdf = drawn(product)
    changed = bytearray(pdf)
    changed[len(pdf) // 2] ^= 1
    files = {
        "真实有效": pdf,
        "内容已被改动或损坏": bytes(changed),
        "不是本系统签发的记录": b"%PDF-1.7\n%nothing",
    }
    before = everything(product.house)
    for title, content in files.items():
        page = product.browser().post("/verify", files={"file": ("r.pdf", content, "application/pdf")})
        assert page.status_code == 200
        assert f"<span>{title}</span>" in page.text
        assert (record.number in page.text) == (content == pdf)
        assert NAME not in page.text
        assert "CompanySeal" not in page.text
        assert ("企业电子签章" in page.text) == (title != "不是本系统签发的记录")
    none = product.browser().post("/verify", files={"file": ("", b"", "application/pdf")})
    assert none.status_code == 422
    assert "请先选择" in none.text
    assert product.browser().post("/verify", content=b"x", headers={"Content-Type": "text/plain"}).status_code == 422
    assert everything(product.house) == before


def test_guessing_numbers_is_slowed_down(product: Product) -> None:
    browser = product.browser()
    answers = [browser.get(f"/verify/SR-20261122-ABCD{n:02d}") for n in range(30)]
    assert answers[0].status_code == 404
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
