"""Order files at the desk: told row by row first, taken in when the reader says so."""

import csv
import io
from pathlib import Path

from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import func, select

from dispatch.visits.tables import WorkOrder
from tests.journeys.conftest import Product
from tests.journeys.desk_hand import follow, forms_of, send, text_of

SAMPLES = Path(__file__).resolve().parents[2] / "docs/samples"
HEAD = "工单号,类型,客户姓名,联系电话,地址"
GOOD = ["GD-1,装机,王𬭎,138 0000 0001,龘园路1号", "GD-2,维修,李四,13800000002,龘园路2号"]
BAD = "GD-3,维修,赵六,1380000,龘园路3号"


def hand_in(desk: TestClient, *rows: str, name: str = "orders.csv") -> Response:
    content = "\n".join([HEAD, *rows]).encode()
    return desk.post("/desk/import", files={"file": (name, content, "text/csv")})


def orders(product: Product) -> int:
    with product.house.database.reading() as session:
        return session.scalar(select(func.count()).select_from(WorkOrder)) or 0


def test_checking_a_file_stores_no_order(product: Product) -> None:
    desk = product.browser("dispatcher")
    report = follow(desk, hand_in(desk, *GOOD))
    assert "可导入 2" in text_of(report)
    assert orders(product) == 0
    action = report.request.url.path
    came = follow(desk, send(desk, report, action))
    assert "新工单 2 条，此前已有 0 条" in text_of(came)
    assert orders(product) == 2


def test_a_bad_row_keeps_the_whole_file_out_unless_it_may_be_left_out(product: Product) -> None:
    desk = product.browser("dispatcher")
    report = follow(desk, hand_in(desk, *GOOD, BAD))
    told = text_of(report)
    assert "第 4 行" in told
    assert "全部导入；" not in told
    action = report.request.url.path
    form = forms_of(report)[action]
    assert form["rows"] == "good"
    refused = desk.post(action, data={**form, "rows": "all"})
    assert refused.status_code == 422
    assert "第 4 行有误" in text_of(refused)
    assert orders(product) == 0
    came = follow(desk, send(desk, refused, action))
    assert "新工单 2 条" in text_of(came)
    assert orders(product) == 2


def test_the_bad_rows_are_handed_back_with_their_reasons(product: Product) -> None:
    desk = product.browser("dispatcher")
    report = follow(desk, hand_in(desk, GOOD[0], '=HYPERLINK("http://x"),维修,赵六,1380000,龘园路3号'))
    answer = desk.get(report.request.url.path + "/refused.csv", params={"name": "orders.csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert not any(cell.startswith("=") for cell in rows[1])
    assert rows[1][-1]


def test_the_same_file_again_changes_nothing(product: Product) -> None:
    desk = product.browser("care_agent")
    for told in ("新工单 2 条，此前已有 0 条", "新工单 0 条，此前已有 2 条"):
        report = follow(desk, hand_in(desk, *GOOD))
        assert told in text_of(follow(desk, send(desk, report, report.request.url.path)))
    assert orders(product) == 2


def test_a_second_press_gets_the_first_answer(product: Product) -> None:
    desk = product.browser("dispatcher")
    report = follow(desk, hand_in(desk, *GOOD))
    answers = [send(desk, report, report.request.url.path) for _ in range(2)]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert "new=2" in answers[1].headers["location"]


def test_an_order_known_with_other_content_is_named_and_left_as_it_is(product: Product) -> None:
    desk = product.browser("dispatcher")
    report = follow(desk, hand_in(desk, *GOOD))
    send(desk, report, report.request.url.path)
    report = follow(
        desk, hand_in(desk, GOOD[0].replace("龘园路1号", "龘园路9号"), "GD-9,维修,钱七,13800000009,龘园路9号")
    )
    refused = send(desk, report, report.request.url.path)
    assert refused.status_code == 422
    assert "第 2 行的工单已存在但内容不同" in text_of(refused)
    assert orders(product) == 2
    came = follow(desk, send(desk, refused, report.request.url.path, rows="good"))
    assert "新工单 1 条" in text_of(came)
    assert "第 2 行的工单已存在" in text_of(came)


def test_the_report_is_in_the_readers_language(product: Product) -> None:
    desk = product.browser("dispatcher")
    desk.get("/desk/import?lang=en")
    report = follow(desk, hand_in(desk, *GOOD, BAD))
    assert "Line 4" in text_of(report)
    assert "Rows that cannot be imported" in text_of(report)


def test_what_is_no_order_file_is_refused_and_not_kept(product: Product) -> None:
    desk = product.browser("dispatcher")
    for name, content in (
        ("x.csv", b"\x89PNG\r\n\x1a\n"), ("x.csv", b"a,b\n1,2\n"), ("x.csv", b""), ("x.exe", b"MZ"),
        ("x.csv", b"<html>"),
    ):  # fmt: skip
        answer = desk.post("/desk/import", files={"file": (name, content)})
        assert answer.status_code == 422, content
    assert desk.post("/desk/import").status_code == 422
    assert not [kind for kind, _, _ in product.house.objects.all() if kind == "imports"]


def test_a_hostile_file_name_goes_no_further_than_the_page(product: Product) -> None:
    desk = product.browser("dispatcher")
    report = follow(desk, hand_in(desk, *GOOD, name="../../<b>etc</b>.csv"))
    assert "<b>etc</b>" not in report.text
    assert "../" not in text_of(report)


def test_an_unknown_file_is_not_found(product: Product) -> None:
    desk = product.browser("dispatcher")
    for sha256 in ("0" * 64, "../secret", "x"):
        assert desk.get(f"/desk/import/{sha256}").status_code == 404
    assert desk.post(f"/desk/import/{'0' * 64}", data={"key": "abcdefgh"}).status_code == 404


def test_the_sample_files_are_read(product: Product) -> None:
    desk = product.browser("dispatcher")
    for path in sorted(SAMPLES.glob("orders-*")):
        report = follow(desk, desk.post("/desk/import", files={"file": (path.name, path.read_bytes())}))
        assert send(desk, report, report.request.url.path).status_code == 303, path.name
