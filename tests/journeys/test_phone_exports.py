"""A phone's export at the desk: the same intake as its own sync, once, for whose it is; hostile files get words."""

import base64
import hashlib
import json
from typing import Any
from uuid import uuid4

import pytest
from httpx import Response
from sqlalchemy import select

from dispatch.accounts.tables import Account, AuditRow
from dispatch.clock import utc_now
from dispatch.phones.tables import Phone
from dispatch.records.tables import Blob, EntryRow, Parcel
from tests.journeys.conftest import Product
from tests.journeys.desk_hand import booked, text_of
from tests.journeys.test_own_phone import Phone as OfflinePhone
from tests.journeys.test_own_phone import sent, states, stranger
from tests.journeys.test_whole_visit import a_photo, book

JSON = {"Content-Type": "application/json"}
IMPORT = "/desk/phones/import"


def an_entry(key: str = "experience", **more: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "step": "guide", "key": key, "value": "expert", "at": utc_now().isoformat()} | more


def a_parcel(visit: object, *entries: dict[str, Any]) -> dict[str, str]:
    body = {"visit_id": str(visit), "device_id": "phone-x", "entries": list(entries) or [an_entry()]}
    return {"id": str(uuid4()), "body": json.dumps(body, ensure_ascii=False)}


def a_blob(content: bytes) -> dict[str, str]:
    sha256 = hashlib.sha256(content).hexdigest()
    return {"sha256": sha256, "media_type": "image/jpeg", "base64": base64.b64encode(content).decode()}


def account(product: Product, login: str = "technician") -> Account:
    with product.house.database.reading() as session:
        return session.scalars(select(Account).where(Account.login == login)).one()


def an_export(product: Product, parcels: list[Any], blobs: list[Any] | None = None, **more: Any) -> dict[str, Any]:
    return {
        "format": 1, "account": str(account(product).id), "device": "phone-x", "made_at": utc_now().isoformat(),
        "parcels": parcels, "blobs": blobs or [],
    } | more  # fmt: skip


def hand_in(product: Product, content: Any, login: str = "dispatcher") -> Response:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return product.browser(login).post(IMPORT, files={"file": ("export.json", raw, "application/json")})


def rows(product: Product, kind: Any) -> list[Any]:
    with product.house.database.reading() as session:
        return list(session.scalars(select(kind)))


@pytest.mark.parametrize("named", ["id", "login"])
def test_an_export_is_the_technicians_own_sync_and_twice_changes_nothing(product: Product, named: str) -> None:
    visit = booked(product, technician=product.cast.technician_id)
    photo = a_photo(3)
    owner = account(product)
    spoken_of = an_entry("photo", blobs=[hashlib.sha256(photo).hexdigest()])
    export = an_export(product, [a_parcel(visit), a_parcel(visit, spoken_of)], [a_blob(photo)])
    export["account"] = str(owner.id) if named == "id" else owner.login
    told = text_of(hand_in(product, export))
    assert "新导入 2 份内容、1 张照片" in told
    parcels = rows(product, Parcel)
    assert {parcel.account_id for parcel in parcels} == {owner.id}
    assert {row.by for row in rows(product, EntryRow)} == {"technician"}
    assert [blob.account_id for blob in rows(product, Blob)] == [owner.id]
    again = text_of(hand_in(product, export))
    assert "新导入 0 份内容、0 张照片；此前已有 3；" in again
    assert len(rows(product, Parcel)) == len(rows(product, EntryRow)) == 2
    phone = product.as_("technician")  # the phone comes back to life and sends the same: its first receipt
    sent = export["parcels"][0]
    answer = phone.put(f"/api/v1/parcels/{sent['id']}", content=sent["body"].encode(), headers=JSON)
    assert answer.json()["sha256"] == hashlib.sha256(sent["body"].encode()).hexdigest()
    done = [row for row in rows(product, AuditRow) if row.action == "import_phone_export"]
    assert [row.actor for row in done] == ["dispatcher:dispatcher"] * 2
    assert done[0].facts["parcels"]["new"] == 2


def test_a_signature_from_the_customers_own_phone_is_joined_by_the_import_too(product: Product) -> None:
    ids = book(product.as_("dispatcher"), product, "repair")
    phone = OfflinePhone(product, ids["visit"])
    assert stranger(product).post("/own/signatures", json=sent(phone.shows())).status_code == 200
    body = {
        "visit_id": ids["visit"],
        "device_id": "phone",
        "entries": [
            {"id": str(e.id), "step": e.step, "key": e.key, "value": e.value, "at": min(e.at, utc_now()).isoformat()}
            for e in phone.entries
        ],
    }
    assert states(product, ids["visit"]) == ["waiting"]
    answer = hand_in(product, an_export(product, [{"id": str(uuid4()), "body": json.dumps(body, ensure_ascii=False)}]))
    assert answer.status_code == 200
    assert states(product, ids["visit"]) == ["joined"]


def test_the_desks_import_is_not_the_phone_being_heard_of(product: Product) -> None:
    visit = booked(product, technician=product.cast.technician_id)
    assert "新导入 1 份" in text_of(hand_in(product, an_export(product, [a_parcel(visit)])))
    assert rows(product, Phone) == []


def test_the_report_names_every_item_and_a_bad_one_stops_no_other(product: Product) -> None:
    visit = booked(product, technician=product.cast.technician_id)
    others = booked(product, technician=None)
    first, same = a_parcel(visit), a_parcel(visit)
    other = a_parcel(visit) | {"id": first["id"]}
    photo = a_photo(1)
    parcels = [
        first, other, a_parcel(others), {"id": "x", "body": "{}"}, {"id": str(uuid4()), "body": "{not json"},
        7, None, [], {"id": str(uuid4()), "body": same}, a_parcel(visit, an_entry("no_such_field")), same,
    ]  # fmt: skip
    blobs = [
        a_blob(b"no picture"), a_blob(photo) | {"sha256": "0" * 64}, {"sha256": "../../etc"},
        a_blob(photo) | {"base64": "!!!"}, a_blob(photo),
    ]  # fmt: skip
    page = hand_in(product, an_export(product, parcels, blobs))
    told = text_of(page)
    assert page.status_code == 200
    assert "新导入 3 份内容、1 张照片；此前已有 0；冲突 1；未导入 11。" in told
    assert "2 " + first["id"] + " 内容冲突" in told
    assert "3 " + parcels[2]["id"] + " 未导入 没有这次上门" in told  # type: ignore[index]
    assert "1 项，其中 1 项待核对" in told
    assert len(rows(product, Parcel)) == 3
    assert len(rows(product, Blob)) == 1


HOSTILE: list[Any] = [
    b"", b"[]", b"7", b'"x"', b"{", b"\xff\xfe", b"PK\x03\x04", b'{"format": NaN}', b"[" * 30_000,
    b'{"format": 1, "format": 1}', {"format": 2}, {"format": "1"}, {"format": True}, {"parcels": {}}, {"parcels": None},
    {"blobs": "x"}, {"extra": 1}, {"made_at": "yesterday"}, {"device": "a\u202eb"}, {"account": ""},
    {"account": "x" * 90},
]  # fmt: skip


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda one: str(one)[:20])
def test_a_hostile_file_is_refused_with_words_and_stores_nothing(product: Product, hostile: Any) -> None:
    visit = booked(product, technician=product.cast.technician_id)
    content = hostile if isinstance(hostile, bytes) else an_export(product, [a_parcel(visit)]) | hostile
    answer = hand_in(product, content)
    assert answer.status_code == 422, text_of(answer)[:300]
    assert "文件没有导入" in text_of(answer)
    assert rows(product, Parcel) == []


@pytest.mark.parametrize("named", ["nobody", "dispatcher", "6d77f0ec-b9cb-487d-a791-8a25f1d992ad", "00000000"])
def test_only_a_technicians_export_is_taken(product: Product, named: str) -> None:
    visit = booked(product, technician=product.cast.technician_id)
    answer = hand_in(product, an_export(product, [a_parcel(visit)], account=named))
    assert (answer.status_code, "不是本系统的装维人员账号" in text_of(answer)) == (422, True)
    assert rows(product, Parcel) == []


def test_an_export_cannot_speak_for_another_technician(product: Product) -> None:
    visit = booked(product, technician=product.cast.other_technician_id)
    told = text_of(hand_in(product, an_export(product, [a_parcel(visit)])))
    assert "没有这次上门，或从未派给此人" in told
    assert rows(product, Parcel) == []


def test_only_planners_import_and_the_size_is_limited(product: Product) -> None:
    export = an_export(product, [])
    assert hand_in(product, export, "care_agent").status_code == 403
    for login in ("supervisor", "admin"):
        assert hand_in(product, export, login).status_code == 200, login
    assert product.browser("dispatcher").post(IMPORT).status_code == 422
    large = product.browser("dispatcher").post(
        IMPORT, content=b"x", headers={"Content-Length": str(60_000_001), "Content-Type": "multipart/form-data"}
    )
    assert large.status_code == 413
