"""A line remembers: its file at the API and on paper, what helped before, and all of it in one ZIP. Both engines."""

import hashlib
import io
import json
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa

from dispatch.accounts.viewer import SYSTEM
from dispatch.clock import utc_now
from dispatch.health_files.sealed_repairs import file_sealed
from tests.conftest import ENGINES, a_copy
from tests.journeys.conftest import Product, Staged, running, settings_at
from tests.journeys.test_whole_visit import ADDRESS, NAME, a_photo, book, go_through
from tests.makers import a_turn

pytestmark = pytest.mark.xdist_group("lines remember")


@dataclass(frozen=True)
class Past(Staged):
    """A line that was installed, then repaired, with its repair filed as the jobs do."""

    line: dict[str, str]


@pytest.fixture(scope="module", params=ENGINES)
def original(
    request: pytest.FixtureRequest, with_cast: Callable[[str], Staged], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Past]:
    """Written once on each engine: two whole visits take seconds."""
    folder = tmp_path_factory.mktemp("past")
    cast = with_cast(request.param).cast
    with a_copy(request, request.param, folder, with_cast(request.param).address) as address:
        with running(settings_at(folder / "var", address), cast) as product:
            line = _installed_and_repaired(product)
        yield Past(request.param, address, folder / "var", cast, line)


@pytest.fixture
def line(original: Past) -> dict[str, str]:
    return original.line


def _installed_and_repaired(product: Product) -> dict[str, str]:
    desk, phone = product.as_("dispatcher"), product.as_("technician")
    made: dict[str, str] = {}
    for kind, photos in (("install", [a_photo(1)]), ("repair", [])):
        ids = book(desk, product, kind)
        go_through(phone, ids["visit"], kind, photos)
        sealed = phone.post(f"/api/v1/visits/{ids['visit']}/seal")
        assert sealed.status_code == 201, sealed.text
        made |= {"line": ids["line"], kind: ids["visit"], f"{kind}_record": sealed.json()["number"]}
    with product.house.database.writing() as session:
        assert file_sealed(a_turn(session, product.settings, utc_now(), SYSTEM)) == 1
    return made


def test_the_file_holds_baseline_course_repairs_devices_dates_and_records(
    product: Product, line: dict[str, str]
) -> None:
    file = product.as_("dispatcher").get(f"/api/v1/lines/{line['line']}/health-file").json()
    assert file["baseline"]["record"] == line["install_record"]
    assert [one["number"] for one in file["records"]] == [line["install_record"], line["repair_record"]]
    assert file["devices"][0]["model"] == "HG8245Q2"
    assert len(file["password_changes"]) == 2
    assert "password" not in json.dumps(file["password_changes"])
    rx = next(one for one in file["series"] if one["key"] == "onu_rx_power")
    assert [point["before_work"] for point in rx["points"]] == [False, True, False]
    assert (rx["good_from"], rx["good_to"], rx["usable_from"]) == (-24, -8, -27)
    repair = file["visits"][-1]["repair"]
    assert (repair["fault_type"], repair["fault_cause"]) == ("no_light", "connector")
    assert file["open_questions"][0]["record"] == line["install_record"]
    assert file["state"]["level"] in ("steady", "moved")
    assert file["headline"]["zh"]


def test_the_charts_are_drawn_with_the_same_in_words(product: Product, line: dict[str, str]) -> None:
    client = product.as_("technician")
    charts = client.get(f"/api/v1/lines/{line['line']}/charts").json()["items"]
    rx = next(one for one in charts if one["key"] == "onu_rx_power")
    assert rx["svg"].startswith("<figure")
    assert rx["svg"].count('class="chart-mark') == 3
    assert f'aria-label="{rx["alt"]}"' in rx["svg"]
    assert "style=" not in rx["svg"]
    english = client.get(f"/api/v1/lines/{line['line']}/charts?lang=en").json()["items"]
    assert english[0]["label"] != charts[0]["label"]


def test_the_file_on_paper_says_it_too_and_is_the_same_for_the_same_moment(
    product: Product, line: dict[str, str], tmp_path: Path
) -> None:
    for language, title in (("zh", "线路健康档案"), ("en", "health file")):
        answer = product.as_("dispatcher").get(f"/api/v1/lines/{line['line']}/health-file.pdf?lang={language}")
        assert answer.status_code == 200
        place = tmp_path / f"{language}.pdf"
        place.write_bytes(answer.content)
        text = subprocess.run(["pdftotext", "-layout", place, "-"], capture_output=True, text=True, check=True).stdout
        assert title in text
        assert ADDRESS in "".join(text.split())
        for number in (line["install_record"], line["repair_record"]):
            assert number in text
        assert NAME not in text  # a line's file is about the line


def test_a_repair_of_the_same_line_is_found_by_how_it_looks(product: Product, line: dict[str, str]) -> None:
    phone = product.as_("technician")
    asked = {"symptoms": ["晚高峰卡顿"], "found": {"onu_rx_power": -25.5}, "dial_codes": [691]}
    answer = phone.post(f"/api/v1/lines/{line['line']}/what-helped", json=asked).json()
    assert answer["repairs_known"] == 1
    assert answer["causes"][0]["cause"] == "connector"
    assert "cleaned" in {one["action"] for one in answer["causes"][0]["remedies"]}
    assert (answer["past"][0]["record"], answer["past"][0]["link"]) == (line["repair_record"], "line")
    told = answer["past"][0]["outcome"]
    assert told["zh"]


def test_asking_with_what_cannot_be_is_refused_with_a_sentence(product: Product, line: dict[str, str]) -> None:
    desk, address = product.as_("dispatcher"), f"/api/v1/lines/{line['line']}/what-helped"
    for body in (
        {"dial_codes": [1]},
        {"found": {"onu_rx_power": 250}},
        {"found": {"nothing": 1}},
        {"symptoms": ["x\u202e"]},
        {"cause": "connector"},
    ):
        answer = desk.post(address, json=body)
        assert answer.status_code == 422, (body, answer.text)
        assert answer.json()["detail"]


def test_repairs_are_found_by_two_chinese_characters(product: Product, line: dict[str, str]) -> None:
    desk = product.as_("care_agent")
    assert [one["record"] for one in desk.get("/api/v1/repairs?q=卡顿").json()["items"]] == [line["repair_record"]]
    assert desk.get("/api/v1/repairs?q=晚高峰 卡顿").json()["items"]
    assert desk.get("/api/v1/repairs?q=漏水").json()["items"] == []
    page = product.browser("care_agent").get("/desk/repairs?q=卡顿").text
    assert line["repair_record"] in page
    assert product.browser("care_agent").get("/desk/repairs?q='\"*()--").status_code == 200


def test_where_a_line_hangs_is_told_at_the_desk(product: Product, line: dict[str, str]) -> None:
    browser = product.browser("dispatcher")
    page = browser.get(f"/desk/lines/{line['line']}")
    assert "龘园路88弄3号楼" in page.text
    key = page.text.split('name="key" value="')[1].split('"')[0]
    told = browser.post(f"/desk/lines/{line['line']}/place", data={"key": key, "splitter": "odn-7/2", "building": ""})
    assert told.status_code == 303
    again = product.as_("dispatcher").get(f"/api/v1/lines/{line['line']}/health-file").json()["line"]
    assert (again["splitter"], again["building"]) == ("ODN-7/2", "上海市浦东新区张江镇龘园路88弄3号楼")
    bad = browser.post(f"/desk/lines/{line['line']}/place", data={"key": "k" * 12, "splitter": "a\u202eb"})
    assert bad.status_code == 422


def test_the_desk_asks_by_what_the_caller_tells(product: Product, line: dict[str, str]) -> None:
    browser = product.browser("care_agent")
    address = f"/desk/lines/{line['line']}/helped"
    page = browser.get(f"{address}?symptom=drops&rx=−25,5")
    assert page.status_code == 422
    page = browser.get(f"{address}?symptom=drops&rx=−25.5")
    assert page.status_code == 200
    assert "接头脏污或松动" in page.text
    assert browser.get(address).status_code == 200


def a_second_repair(product: Product) -> str:
    """Another repair of the same line, booked for the same technician; the visit's id."""
    desk = product.as_("dispatcher")
    told = {
        "kind": "repair",
        "customer": {"name": NAME, "phone": "138 0000 0001"},
        "site": {"address": ADDRESS},
        "line": {"account_name": "sh0215888", "subscribed_down": 1000, "subscribed_up": 100},
        "symptoms": ["晚高峰卡顿"],
        "external_id": "WO-again",
    }
    order = desk.post("/api/v1/work-orders", json=told).json()
    start = utc_now() + timedelta(hours=9)
    window = {"start": start.isoformat(), "end": (start + timedelta(hours=1)).isoformat()}
    booking = {"work_order_id": order["id"], "window": window, "technician_id": str(product.cast.technician_id)}
    visit = desk.post("/api/v1/visits", json=booking)
    assert visit.status_code == 201, visit.text
    return str(visit.json()["id"])


def test_the_phone_gets_the_file_and_what_helped_with_its_pack(product: Product, line: dict[str, str]) -> None:
    visit, phone = a_second_repair(product), product.browser("technician")
    assert phone.get(f"/t/visits/{visit}/line").status_code == 200
    assert product.browser("technician2").get(f"/t/visits/{visit}/line").status_code == 404
    part = phone.get("/t/pack.json").json()["changed"][f"visit:{visit}"]
    assert set(part["pages"]) >= {"note", "card", "sticky", "line"}
    for shown in (part["pages"]["line"]["zh"], part["background"]["zh"]):
        assert "<svg" in shown
        assert "接头脏污或松动" in shown
    assert part["own_phone"]["address"].endswith("/own")
    asked = product.as_("technician").get(f"/api/v1/visits/{visit}/what-helped").json()
    assert asked["past"][0]["record"] == line["repair_record"]


def test_a_whole_file_leaves_as_a_zip_that_tells_what_it_holds(product: Product, line: dict[str, str]) -> None:
    answer = product.as_("supervisor").post(f"/api/v1/lines/{line['line']}/export")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    names = set(archive.namelist())
    for record in (line["install_record"], line["repair_record"]):
        assert {f"records/{record}.json", f"records/{record}.pdf"} <= names
    assert {"index.html", "manifest.json", "health-file.json", "health-file.pdf", "orders.json"} <= names
    assert sum(name.startswith("photos/") for name in names) == 1
    manifest = {one["path"]: one for one in json.loads(archive.read("manifest.json"))["files"]}
    for path, one in manifest.items():
        assert hashlib.sha256(archive.read(path)).hexdigest() == one["sha256"]
    index = archive.read("index.html").decode()
    assert all(path in index for path in manifest)
    assert archive.read(f"records/{line['install_record']}.pdf").startswith(b"%PDF")
    with product.house.database.reading() as session:
        kept = session.execute(sa.text("SELECT actor, subject FROM audit WHERE action = 'export'")).all()
    assert kept == [("supervisor:supervisor", "line")]


def test_a_customers_file_holds_what_they_were_told_and_every_line(product: Product, line: dict[str, str]) -> None:
    with product.house.database.reading() as session:
        customer = session.execute(sa.text("SELECT customer_id FROM sites LIMIT 1")).scalar_one()
    answer = product.browser("supervisor").post(f"/desk/customers/{customer}/export")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    folder = f"line-{line['line'][:8]}"
    assert f"{folder}/records/{line['repair_record']}.pdf" in archive.namelist()
    assert json.loads(archive.read("customer.json"))["customer"]["name"] == NAME
    assert json.loads(archive.read("notices.json"))
    assert product.as_("dispatcher").post(f"/api/v1/customers/{customer}/export").status_code == 403
    assert product.as_("admin").post(f"/api/v1/customers/{uuid4()}/export").status_code == 404


def test_a_photo_that_is_gone_is_named_and_holds_up_nothing(product: Product, line: dict[str, str]) -> None:
    for path in (product.settings.data_dir / "objects/pictures").rglob("*.bin"):
        path.unlink()
    answer = product.as_("admin").post(f"/api/v1/lines/{line['line']}/export")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    missing = [one for one in json.loads(archive.read("manifest.json"))["files"] if one["missing"]]
    assert missing
    assert "未能取得" in archive.read("index.html").decode()


def test_papers_reach_the_desk_and_anybody_may_read_the_guide(product: Product, line: dict[str, str]) -> None:
    browser = product.browser("dispatcher")
    for name in ("card", "sticky", "guide"):
        for size in ("a6", "a5", "a4", "x"):
            page = browser.get(f"/desk/visits/{line['repair']}/papers/{name}?size={size}")
            assert page.status_code == 200
            assert "13800000001" not in page.text
    card = browser.get(f"/desk/visits/{line['repair']}/papers/card").text
    assert "13900000001" in card
    assert browser.get(f"/desk/visits/{line['repair']}/papers/note").status_code == 404
    assert browser.get(f"/desk/visits/{line['repair']}/papers/etc").status_code == 404
    guide = product.browser().get("/guide?size=a4&lang=en")
    assert guide.status_code == 200
    assert "651 / 678 / 815" in guide.text


def test_the_account_stands_on_the_sticky_note_only_with_consent(product: Product, line: dict[str, str]) -> None:
    visit = a_second_repair(product)
    address, browser = f"/desk/visits/{visit}/papers/sticky", product.browser("dispatcher")

    def says(key: str, value: object) -> None:
        entry = {"id": str(uuid4()), "step": "guide", "key": key, "value": value, "at": utc_now().isoformat()}
        parcel = {"visit_id": visit, "device_id": "d", "entries": [entry]}
        assert product.as_("technician").put(f"/api/v1/parcels/{uuid4()}", json=parcel).status_code == 200

    assert "sh0215888" not in browser.get(address).text
    says("sticky_note", "with_account")
    assert "sh0215888" not in browser.get(address).text
    says("account_note_consent", True)
    assert "sh0215888" in browser.get(address).text
