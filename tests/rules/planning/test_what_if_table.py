"""“What if” side by side: differences are to the first line, in minutes, and a file holds no formulas."""

from io import BytesIO
from uuid import uuid4

import pytest
from openpyxl import load_workbook
from pydantic import ValidationError

from checklists.words import Words
from dispatch.planning.asked import Asked, Event, Otherwise
from dispatch.planning.comparing import Compared, as_csv, as_xlsx, label_of, table_of
from dispatch.planning.proposal import Figures


def figures(driving: int = 3_600, left_out: int = 2) -> Figures:
    return Figures(driving=driving, overtime=90, left_out=left_out, broken=0, served=10, price=5_000)


def a_line(label: str, one: Figures | None) -> Compared:
    return Compared(Words(label, label), one, "done" if one else "running")


def test_each_line_is_compared_with_the_first() -> None:
    rows = table_of([a_line("a", figures()), a_line("b", figures(5_430, 0)), a_line("c", None)], "en")
    assert rows[0][0] == "Line"
    assert rows[1] == ["a", 10, 2, 60, 2, 5_000, 0, 0]
    assert rows[2] == ["b", 10, 0, 90, 2, 5_000, -2, 30]
    assert rows[3] == ["c", None, None, None, None, None, None, None], "what is not known yet is not nought"


@pytest.mark.parametrize(
    ("otherwise", "zh", "en"),
    [
        (None, "现有安排条件", "The day as it is"),
        (Otherwise(technicians=1), "增加 1 人", "1 technician more"),
        (Otherwise(technicians=-2), "减少 2 人", "2 technicians fewer"),
        (Otherwise(shift_minutes=-30, widen_minutes=15), "班次提前 30 分钟，时段两端各放宽 15 分钟",
         "shifts 30 min earlier, windows 15 min wider at both ends"),
        (Otherwise(label="周末", technicians=1), "周末", "周末"),
    ],
)  # fmt: skip
def test_a_line_says_how_it_differs(otherwise: Otherwise | None, zh: str, en: str) -> None:
    assert label_of(otherwise) == Words(zh, en)


@pytest.mark.parametrize("label", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_a_label_is_no_formula_in_a_file(label: str) -> None:
    rows = table_of([a_line(label, figures())], "zh")
    assert f"'{label}".encode() in as_csv(rows)
    sheet = load_workbook(BytesIO(as_xlsx(rows))).active
    assert sheet is not None
    assert sheet["A2"].value == f"'{label}"
    assert sheet["C2"].value == 2, "a number stays a number"


def test_an_event_says_what_its_kind_needs() -> None:
    someone = uuid4()
    assert Event(kind="sick").lacks == "about"
    assert Event(kind="sick", about=someone).lacks is None
    assert Event(kind="late", about=someone).lacks == "minutes"
    assert Event(kind="late", about=someone, minutes=5).lacks is None
    assert Event(kind="slower").lacks == "percent"
    assert Event(kind="slower", percent=5).lacks is None
    for wrong in ({"minutes": 4}, {"minutes": 721}, {"percent": 4}, {"percent": 301}):
        with pytest.raises(ValidationError):
            Event(kind="late", about=someone, **wrong)  # type: ignore[arg-type]


def test_what_was_asked_comes_back_from_its_row() -> None:
    asked = Asked(events=(Event(kind="late", about=uuid4(), minutes=30),), otherwise=Otherwise(technicians=-1))
    assert Asked.model_validate(asked.model_dump(mode="json")) == asked
