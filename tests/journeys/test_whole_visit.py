"""A visit from booking to the signed record, over the API, on both engines and for both kinds."""

import hashlib
import io
import subprocess
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from checklists.published import current
from dispatch.clock import utc_now
from dispatch.demo.visit_story import Story, play
from tests.journeys.conftest import Product

ADDRESS = "上海市浦东新区张江镇龘园路88弄3号楼1202室（㛃湾小区）"
NAME = "王𬭎"


def a_photo(shade: int) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((640, 480), 40 + shade).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def book(desk: TestClient, product: Product, kind: str) -> dict[str, str]:
    told = {
        "kind": kind,
        "customer": {"name": NAME, "phone": "138 0000 0001"},
        "site": {"address": ADDRESS, "latitude": 31.2041, "longitude": 121.5937},
        "line": {"account_name": "sh0215888", "subscribed_down": 1000, "subscribed_up": 100, "product": "千兆宽带"},
        "symptoms": ["晚高峰卡顿"] if kind == "repair" else [],
        "external_id": f"WO-{kind}",
    }
    order = desk.post("/api/v1/work-orders", json=told).json()
    start = utc_now() + timedelta(hours=1 if kind == "install" else 5)
    window = {"start": start.isoformat(), "end": (start + timedelta(hours=1)).isoformat()}
    booking = {"work_order_id": order["id"], "window": window, "technician_id": str(product.cast.technician_id)}
    visit = desk.post("/api/v1/visits", json=booking, headers={"Idempotency-Key": uuid4().hex})
    assert visit.status_code == 201, visit.text
    return {"visit": visit.json()["id"], "line": order["line_id"]}


def go_through(phone: TestClient, visit_id: str, kind: str, photos: list[bytes]) -> dict[str, object]:
    """Entries leave in parcels of ten, photos after the parcel that speaks of them."""
    shas = [hashlib.sha256(photo).hexdigest() for photo in photos]
    story = Story(
        seed=UUID(visit_id).int % 2**31,
        arrived=utc_now(),
        customer=NAME,
        technician="赵翀㛃",
        photos=shas,
        symptoms=["晚高峰卡顿"] if kind == "repair" else [],
    )
    entries = play(current(kind), story)  # type: ignore[arg-type]
    receipt: dict[str, object] = {}
    for first in range(0, len(entries), 10):
        parcel = {
            "visit_id": visit_id,
            "device_id": "test-phone",
            "entries": [
                {
                    "id": str(e.id), "step": e.step, "key": e.key, "value": e.value,
                    "at": min(e.at, utc_now()).isoformat(), "blobs": list(e.blobs),
                }
                for e in entries[first : first + 10]
            ],
        }  # fmt: skip
        answer = phone.put(f"/api/v1/parcels/{uuid4()}", json=parcel)
        assert answer.status_code == 200, answer.text
        receipt = answer.json()
        assert all(entry["state"] == "kept" for entry in receipt["entries"]), receipt["entries"]  # type: ignore[attr-defined]
    for sha, photo in zip(shas, photos, strict=True):
        assert phone.put(f"/api/v1/blobs/{sha}", content=photo).status_code == 201
    return receipt


@pytest.mark.parametrize("kind", ["install", "repair"])
def test_a_visit_ends_in_a_record_that_proves_itself(product: Product, kind: str, tmp_path: Path) -> None:
    desk, phone = product.as_("dispatcher"), product.as_("technician")
    ids = book(desk, product, kind)
    early = phone.post(f"/api/v1/visits/{ids['visit']}/seal")
    assert early.status_code == 409
    receipt = go_through(phone, ids["visit"], kind, [a_photo(1), a_photo(2)])
    assert receipt["progress"]["complete"], receipt["progress"]  # type: ignore[index]
    sealed = phone.post(f"/api/v1/visits/{ids['visit']}/seal", json={"language": "zh"})
    assert sealed.status_code == 201, sealed.text
    record = sealed.json()
    assert phone.post(f"/api/v1/visits/{ids['visit']}/seal").json() == record
    pdf = desk.get(f"/api/v1/records/{record['id']}.pdf").content
    assert desk.get(f"/api/v1/records/{record['id']}.pdf").content == pdf
    file = tmp_path / "record.pdf"
    file.write_bytes(pdf)
    text = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
    assert NAME in text
    assert ADDRESS in "".join(text.split())
    assert desk.post("/api/v1/records/verify", content=pdf).json()["state"] == "genuine"
    changed = bytearray(pdf)
    changed[len(pdf) // 2] ^= 1
    assert desk.post("/api/v1/records/verify", content=bytes(changed)).json()["state"] == "altered"
    assert desk.post("/api/v1/records/verify", content=pdf + b"\n% more").json()["state"] == "altered"
    sealed_json = desk.get(f"/api/v1/records/{record['id']}.json")
    assert hashlib.sha256(sealed_json.content).hexdigest() == record["sha256"]
    health = desk.get(f"/api/v1/lines/{ids['line']}/health-file").json()
    assert (health["baseline"] is not None) == (kind == "install")
    assert [visit["record"] for visit in health["visits"]] == [record["number"]]
    shown = desk.get(f"/api/v1/visits/{ids['visit']}").json()
    assert shown["status"] == "sealed"
