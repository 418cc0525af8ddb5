"""A sealed record is never changed: a correction is a new one, both are kept, and verifying tells which one holds."""

import json
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
from sqlalchemy import func, select

from dispatch.accounts.viewer import SYSTEM
from dispatch.health_files.queries import health_file_seen_by
from dispatch.notices.tables import Notice
from dispatch.records.ledger import check_ledger
from dispatch.records.tables import EntryRow, Record
from tests.journeys.conftest import Product
from tests.journeys.customer_stages import a_guest
from tests.journeys.desk_hand import text_of

CAUSE = "弱电箱内光纤弯曲半径过小"


@pytest.fixture
def record(product: Product) -> Record:
    """A repair that was sealed."""
    guest = a_guest(product.house, product.cast.technician_id, "sealed")
    with product.house.database.reading() as session:
        return session.scalars(select(Record).where(Record.visit_id == guest.visit_id)).one()


CHANGE = {"step": "file", "key": "repair_note", "value": CAUSE}


def correct(product: Product, record: Record, login: str = "supervisor", **more: Any) -> Any:
    sent = {"reason": "抄录有误，与仪表存档核对后更正", "changes": [CHANGE]} | more
    return product.as_(login).post(f"/api/v1/records/{record.id}/correct", json=sent)


def test_a_correction_says_what_it_corrects_and_both_stay(product: Product, record: Record) -> None:
    client = product.as_("supervisor")
    first_pdf = client.get(f"/api/v1/records/{record.id}.pdf").content
    made = correct(product, record)
    assert made.status_code == 201, made.text
    told = made.json()
    assert (told["corrects"], told["revision"]) == (record.number, 2)
    with product.house.database.reading() as session:
        kept, newer = session.get_one(Record, record.id), session.get_one(Record, UUID(told["id"]))
        assert kept.body == record.body
        body = json.loads(newer.body)
    assert body["correction"]["changes"][0]["after"]["zh"] == CAUSE
    assert body["correction"]["reason"].startswith("抄录有误")
    assert body["signatures"] == []
    assert [one["who"] for one in body["correction"]["signed_earlier"]] == ["customer", "technician"]
    assert client.get(f"/api/v1/records/{record.id}.pdf").content == first_pdf
    old = client.post("/api/v1/records/verify", content=first_pdf).json()
    assert (old["state"], old["superseded_by"]) == ("superseded", told["number"])
    new_pdf = client.get(f"/api/v1/records/{told['id']}.pdf").content
    new = client.post("/api/v1/records/verify", content=new_pdf).json()
    assert (new["state"], new["superseded_by"]) == ("genuine", None)
    assert [one["field"] for one in new["signatures"]] == ["CompanySeal"]
    page = product.browser().get(f"/verify/{record.number}")
    assert told["number"] in text_of(page)
    with product.house.database.reading() as session:
        assert check_ledger(session, product.house.objects).problems == ()


def test_the_line_remembers_what_holds_and_the_customer_is_told(product: Product, record: Record) -> None:
    told = correct(product, record).json()
    with product.house.database.reading() as session:
        file = health_file_seen_by(session, SYSTEM, record.line_id)
        listed = {one["number"]: (one["corrected"], one["corrects"]) for one in file["records"]}
        assert listed == {record.number: (True, None), told["number"]: (False, record.number)}
        assert len(file["visits"]) == 1
    whole = product.as_("supervisor").post(f"/api/v1/lines/{record.line_id}/export")
    with ZipFile(BytesIO(whole.content)) as files:
        names = " ".join(files.namelist())
    assert f"{record.number}.pdf" in names, "nothing that was sealed is left out of the whole file"
    assert f"{told['number']}.pdf" in names
    with product.house.database.reading() as session:
        notices = select(func.count(Notice.id)).where(Notice.visit_id == record.visit_id, Notice.kind == "record_ready")
        assert session.scalar(notices) == 2
        entries = select(func.count(EntryRow.id)).where(EntryRow.visit_id == record.visit_id, EntryRow.by == "desk")
        assert session.scalar(entries) == 1


def test_only_the_newest_is_corrected_and_a_chain_leads_to_the_one_that_holds(product: Product, record: Record) -> None:
    second = correct(product, record).json()
    again = correct(product, record)
    assert again.status_code == 409
    assert again.json()["type"].endswith("record-corrected-already")
    with product.house.database.reading() as session:
        kept = session.get_one(Record, UUID(second["id"]))
    change = CHANGE | {"value": "第二次更正"}
    third = correct(product, kept, changes=[change]).json()
    assert (third["revision"], third["corrects"]) == (3, second["number"])
    client = product.as_("supervisor")
    for one in (str(record.id), second["id"]):
        judged = client.post("/api/v1/records/verify", content=client.get(f"/api/v1/records/{one}.pdf").content).json()
        assert (judged["state"], judged["superseded_by"]) == ("superseded", third["number"])


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ({"reason": "  "}, None),
        ({"changes": []}, None),
        ({"changes": [{"step": "leave", "key": "customer_signature", "value": {}}]}, "not-correctable"),
        ({"changes": [{"step": "leave", "key": "conduct_rating", "value": 5}]}, "not-correctable"),
        ({"changes": [{"step": "nowhere", "key": "x", "value": 1}]}, "unknown-field"),
    ],
)
def test_what_cannot_be_corrected_is_refused(
    product: Product, record: Record, sent: dict[str, Any], name: str | None
) -> None:
    answer = correct(product, record, **sent)
    assert answer.status_code == 422, answer.text
    assert name is None or answer.json()["type"].endswith(name)
    with product.house.database.reading() as session:
        assert session.scalar(select(func.count(Record.id))) == 1


def test_the_same_value_corrects_nothing_and_only_supervisors_correct(product: Product, record: Record) -> None:
    assert correct(product, record, "technician").status_code == 403
    assert correct(product, record, "dispatcher").status_code == 403
    second = correct(product, record).json()
    with product.house.database.reading() as session:
        kept = session.get_one(Record, UUID(second["id"]))
    assert correct(product, kept, changes=[CHANGE]).json()["type"].endswith("no-change")
