"""Whole files: what is good is read, what is bad is told by its line, and nothing is guessed."""

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.errors import Invalid
from dispatch.visits.order_files import OrderFile
from tests.rules.order_files.makers import an_order, as_csv, as_xlsx, read, read_one

ENCODINGS = {"utf-8": "utf-8", "utf-8-sig": "utf-8-sig", "gb18030": "gb18030", "gbk": "gb18030", "utf-16": "utf-16"}


def fatal(orders: OrderFile) -> list[tuple[int, str | None]]:
    return [(problem.line, problem.column) for problem in orders.problems if problem.fatal]


def notes(orders: OrderFile) -> list[int]:
    return [problem.line for problem in orders.problems if not problem.fatal]


def a_thousand(bad: int = 617) -> list[dict[str, str]]:
    rows = [an_order(number) for number in range(1000)]
    rows[bad]["联系电话"] = "1380000"
    return rows


@pytest.mark.parametrize(("encoding", "told"), ENCODINGS.items())
def test_of_a_thousand_rows_in_a_text_file_only_the_bad_one_is_refused(encoding: str, told: str) -> None:
    orders = read(as_csv(a_thousand(), encoding=encoding))
    assert len(orders.rows) == 999
    assert fatal(orders) == [(619, "联系电话")]
    assert orders.encoding == told
    assert orders.rows[0].customer_name == "张伟"
    assert [row.line for row in orders.rows] == [*range(2, 619), *range(620, 1002)]


def test_of_a_thousand_rows_in_a_workbook_only_the_bad_one_is_refused() -> None:
    orders = read(as_xlsx(a_thousand(), title="装维工单 2026-11-20"), "orders.xlsx")
    assert len(orders.rows) == 999
    assert fatal(orders) == [(620, "联系电话")]
    assert (orders.encoding, orders.sheet, orders.header_row) == ("xlsx", "Sheet", 2)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    orders = read(as_csv([an_order(装机地址="上海市, 静安区; 南京西路|1号")], delimiter=delimiter))
    assert orders.rows[0].address == "上海市, 静安区; 南京西路|1号"


def test_a_delimiter_that_the_file_says_itself_is_believed_and_counts_as_a_line() -> None:
    orders = read(b"sep=;\r\n" + as_csv([an_order()], delimiter=";"))
    assert orders.header_row == 2
    assert orders.rows[0].line == 3


def test_every_field_comes_out() -> None:
    full = an_order(
        客户编号="C-1", 语种="English", 经度="121.4737", 纬度="31.2304", 片区="静安", 宽带账号="ａｄ００１",
        套餐="融合套餐", 带宽="1000/100", 接入方式="XGS-PON", 故障现象="断网、网速慢", 时长="90", 技能="光纤，组网",
        备注="家有宠物", 报障时间="2026-11-19 09:30", 类型="故障", 班组="一班",
    )  # fmt: skip
    orders = read(as_csv([full]))
    [row] = orders.rows
    assert (row.line, row.external_id, row.kind, row.customer_external_id) == (2, "SH2026000001", "repair", "C-1")
    assert (row.customer_name, row.phone, row.language) == ("张伟", "+8613800000001", "en")
    assert (row.address, row.latitude, row.longitude) == ("上海市静安区南京西路1号", 31.2304, 121.4737)
    assert (row.area, row.account, row.product, row.access) == ("静安", "ad001", "融合套餐", "xgspon")
    assert (row.subscribed_down_mbps, row.subscribed_up_mbps) == (1000, 100)
    assert (row.symptoms, row.skills, row.minutes) == (("断网", "网速慢"), ("fibre", "wifi"), 90)
    assert (row.note, row.reported_at) == ("家有宠物", datetime(2026, 11, 19, 1, 30, tzinfo=UTC))
    assert row.deadline == datetime(2026, 11, 25, 10, tzinfo=UTC)
    assert row.wanted_window == (datetime(2026, 11, 22, 0, tzinfo=UTC), datetime(2026, 11, 22, 4, tzinfo=UTC))
    assert dict(row.raw) == full
    assert orders.columns_ignored == ("班组",)
    assert ("宽带账号", "account") in orders.columns_understood
    assert len(orders.columns_understood) == len(full) - 1


def test_english_headings_are_understood_whatever_their_case_and_marks() -> None:
    row = {
        "Order No.": "A1", "ORDER TYPE": "repair", "Customer_Name *": "Ann Lee", "Mobile Phone": "+86 138 0000 0000",
        "Service address": "1 Road", "Latitude": "31.2", "Longitude": "121.4", "Due date": "Nov 25, 2026",
        "Symptoms": "no internet; slow", "Duration (hours)": "1.5", "Bandwidth (Gbps)": "1", "Skill": "fibre",
    }  # fmt: skip
    [order] = read(as_csv([row])).rows
    assert (order.external_id, order.kind, order.customer_name) == ("A1", "repair", "Ann Lee")
    assert (order.phone, order.minutes, order.subscribed_down_mbps) == ("+8613800000000", 90, 1000)
    assert order.symptoms == ("no internet", "slow")


@pytest.mark.parametrize(
    "heading", ["姓名", "客户名称", "用户名称", "联系人", "customer name", "Name", "客户姓名（必填）"]
)
def test_synonyms_of_a_heading_mean_the_same(heading: str) -> None:
    row = an_order()
    row[heading] = row.pop("客户姓名")
    assert read(as_csv([row])).rows[0].customer_name == "张伟"


def test_the_better_of_two_headings_is_taken_and_the_other_told() -> None:
    orders = read_one(客户地址="上海市别处")
    assert orders.rows[0].address == "上海市静安区南京西路1号"
    assert orders.columns_ignored == ("客户地址",)


def test_two_columns_of_one_name_are_refused() -> None:
    data = as_csv([an_order(地址甲="上海市别处")]).replace("地址甲".encode(), "装机地址".encode())
    with pytest.raises(Invalid) as refused:
        read(data)
    assert refused.value.name == "order-file-columns"


def test_a_missing_column_is_named() -> None:
    row = an_order()
    del row["联系电话"]
    with pytest.raises(Invalid) as refused:
        read(as_csv([row]))
    assert "联系电话" in refused.value.words.zh
    assert "phone" in refused.value.words.en


def test_a_file_without_kinds_needs_to_be_told_one() -> None:
    row = an_order()
    del row["类型"]
    with pytest.raises(Invalid):
        read(as_csv([row]))
    assert read(as_csv([row]), kind="repair").rows[0].kind == "repair"


def test_five_spellings_of_a_phone_are_one_number_in_a_file() -> None:
    spellings = ["138 0000 0000", "138-0000-0000", "+86 13800000000", "１３８００００００００", "'13800000000"]
    rows = [an_order(n, 联系电话=spelling) for n, spelling in enumerate(spellings)]
    assert {row.phone for row in read(as_csv(rows, encoding="gb18030")).rows} == {"+8613800000000"}


def test_a_number_kept_as_text_by_a_formula_is_read() -> None:
    assert read_one(联系电话='="13800000000"').rows[0].phone == "+8613800000000"


def test_a_second_phone_column_helps_only_where_the_first_is_blank() -> None:
    rows = [an_order(1, 联系电话="", 手机="13900000000"), an_order(2, 手机="13900000000")]
    assert [row.phone for row in read(as_csv(rows)).rows] == ["+8613900000000", "+8613800000002"]


def test_of_two_numbers_in_a_cell_the_first_is_taken_and_told() -> None:
    orders = read_one(联系电话="13800000000/021-58881234")
    assert orders.rows[0].phone == "+8613800000000"
    assert notes(orders) == [2]


def test_foreign_numbers_need_to_be_enabled() -> None:
    data = as_csv([an_order(联系电话="+1 415 555 0123")])
    assert fatal(read(data)) == [(2, "联系电话")]
    assert read(data, allow_foreign=True).rows[0].phone == "+14155550123"


def test_mixed_forms_of_dates_in_one_file_are_one_day() -> None:
    forms = ["2026/11/25", "2026.11.25", "2026年11月25日", "20261125", "11月25日", "46351", "25/11/2026"]
    rows = [an_order(n, 要求完成时间=form) for n, form in enumerate(forms)]
    assert {row.deadline for row in read(as_csv(rows)).rows} == {datetime(2026, 11, 25, 15, 59, tzinfo=UTC)}


def test_a_time_of_day_may_stand_in_its_own_column_beside_the_date() -> None:
    row = an_order()
    del row["预约时段"]
    [order] = read(as_csv([row | {"预约时间": "14：00-16：00"}])).rows
    assert order.wanted_window == (datetime(2026, 11, 22, 6, tzinfo=UTC), datetime(2026, 11, 22, 8, tzinfo=UTC))


def test_start_and_end_may_stand_in_two_columns() -> None:
    row = an_order()
    del row["预约时段"], row["预约日期"]
    ends = [("2026-11-22 14:00", "2026-11-22 16:00"), ("2026-11-22 14:00", "16:00"), ("2026-11-22 14:00", "")]
    rows = [row | {"工单号": str(n), "预约开始时间": start, "预约结束时间": end} for n, (start, end) in enumerate(ends)]
    hours = [
        (one.wanted_window[0].hour, one.wanted_window[1].hour) for one in read(as_csv(rows)).rows if one.wanted_window
    ]
    assert hours == [(6, 8), (6, 8), (6, 6)]


def test_a_report_without_a_time_was_made_as_the_day_began_and_none_is_made_tomorrow() -> None:
    assert read_one(受理时间="2026-11-20").rows[0].reported_at == datetime(2026, 11, 19, 16, tzinfo=UTC)
    assert fatal(read_one(受理时间="2026-11-21")) == [(2, "受理时间")]


def test_a_heading_that_says_utc_is_believed() -> None:
    row = an_order() | {"deadline (UTC)": "2026-11-25 18:00"}
    del row["要求完成时间"]
    assert read(as_csv([row])).rows[0].deadline == datetime(2026, 11, 25, 18, tzinfo=UTC)


def test_a_heading_or_a_cell_names_the_datum() -> None:
    plain = an_order() | {"经度": "116.4136423", "纬度": "39.9056033"}
    said = an_order() | {"经度(GCJ-02)": "116.4136423", "纬度(GCJ-02)": "39.9056033"}
    by_row = plain | {"坐标系": "高德"}
    assert read(as_csv([plain])).rows[0].latitude == 39.9056033
    for rows in ([said], [by_row]):
        assert read(as_csv(rows)).rows[0].latitude == pytest.approx(39.9042, abs=1e-6)


def test_two_datums_for_one_place_are_refused() -> None:
    with pytest.raises(Invalid):
        read(as_csv([an_order() | {"经度(GCJ-02)": "116.4", "纬度": "39.9"}]))


def test_zero_coordinates_are_unknown_and_told() -> None:
    orders = read(as_csv([an_order() | {"经纬度": "0,0"}]))
    assert orders.rows[0].latitude is None
    assert notes(orders) == [2]


def test_the_same_order_twice_is_one_order_with_a_note() -> None:
    orders = read(as_csv([an_order(1), an_order(2), an_order(1)]))
    assert [row.line for row in orders.rows] == [2, 3]
    assert (fatal(orders), notes(orders)) == ([], [4])


def test_the_same_order_in_another_spelling_is_the_same_order() -> None:
    again = an_order(1, 联系电话="+86 138-0000-0001", 要求完成时间="2026/11/25 18:00", 类型="新装")
    orders = read(as_csv([an_order(1), again]))
    assert (len(orders.rows), fatal(orders), notes(orders)) == (1, [], [3])


def test_one_number_with_two_contents_refuses_the_later_and_names_the_earlier() -> None:
    orders = read(as_csv([an_order(2), an_order(1), an_order(1, 装机地址="上海市别处")]))
    assert [row.line for row in orders.rows] == [2, 3]
    assert fatal(orders) == [(4, None)]
    assert "第 3 行" in orders.problems[0].words.zh
    assert "line 3" in orders.problems[0].words.en


def test_a_number_whose_first_row_was_refused_is_not_taken_from_a_later_row() -> None:
    orders = read(as_csv([an_order(1, 联系电话="1"), an_order(1)]))
    assert orders.rows == ()
    assert fatal(orders) == [(2, "联系电话"), (3, None)]


def test_blank_lines_are_counted_and_lines_keep_their_numbers() -> None:
    lines = as_csv([an_order(1), an_order(2), an_order(3)]).split(b"\r\n")
    data = b"\r\n".join([lines[0], b"", lines[1], b",,,,,,,", b"", lines[2], lines[3], b"", b""])
    orders = read(data)
    assert [row.line for row in orders.rows] == [3, 6, 7]
    assert orders.blank_lines == 3


def test_a_row_with_line_breaks_in_quotes_counts_as_many_lines_as_it_has() -> None:
    orders = read(as_csv([an_order(1, 装机地址="南京西路1266号\n501室\r\n左"), an_order(2)]))
    assert [row.line for row in orders.rows] == [2, 5]
    assert orders.rows[0].address == "南京西路1266号 501室 左"


def test_titles_above_repeated_headings_and_totals_are_no_orders() -> None:
    lines = as_csv([an_order(1), an_order(2)]).split(b"\r\n")
    title, total = "装维工单导出\r\n导出时间：2026-11-20".encode(), "合计,2".encode()
    data = b"\r\n".join([title, lines[0], lines[1], lines[0], lines[2], total])
    orders = read(data)
    assert orders.header_row == 3
    assert [row.line for row in orders.rows] == [4, 6]
    assert (fatal(orders), notes(orders)) == ([], [5, 7])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("工单号", ""), ("类型", " "), ("客户姓名", "无"), ("联系电话", ""), ("装机地址", "-"),
        ("类型", "拆机"), ("客户姓名", "张\x00伟"), ("客户姓名", "张\u202e伟"), ("客户姓名", "张\n伟"),
        ("客户姓名", "张\ufffd"), ("工单号", "2.02611E+16"), ("工单号", "工" * 81), ("装机地址", "长" * 301),
        ("装机地址", "长" * 2001), ("要求完成时间", "03/04/2026"), ("要求完成时间", "尽快"), ("预约日期", "2026-11-31"),
    ],
)  # fmt: skip
def test_one_bad_cell_refuses_its_row_by_line_and_column_and_no_other(column: str, value: str) -> None:
    orders = read(as_csv([an_order(1), an_order(2, **{column: value}), an_order(3)]))
    assert [row.external_id for row in orders.rows] == ["SH2026000001", "SH2026000003"]
    assert fatal(orders) == [(3, column)]
    assert [row.line for row in orders.refused] == [3]


def test_all_that_is_wrong_with_a_row_is_told_at_once() -> None:
    orders = read_one(类型="拆机", 联系电话="1", 要求完成时间="x", 预约时段="x")
    assert fatal(orders) == [(2, "类型"), (2, "联系电话"), (2, "要求完成时间"), (2, "预约日期")]


def test_past_times_masked_names_and_unknown_languages_are_notes() -> None:
    orders = read_one(要求完成时间="2026-11-19", 预约日期="2026-11-19", 客户姓名="张*", 语言="日语")
    assert len(orders.rows) == 1
    assert len(notes(orders)) == 4
    assert read_one(要求完成时间="2026-11-20", 预约日期="2026-11-20").problems == ()


def test_a_quote_that_never_closes_spoils_its_own_line_only() -> None:
    lines = as_csv([an_order(n) for n in range(30)]).split(b"\r\n")
    lines[3] = lines[3].replace("张伟".encode(), '"张伟'.encode())
    orders = read(b"\r\n".join(lines))
    assert len(orders.rows) == 29
    assert fatal(orders) == [(4, None)]


@pytest.mark.parametrize("closed_in", [3, 4, 5])
@pytest.mark.parametrize("closed_after", ["张伟", "上午"])
def test_a_quote_that_closes_by_chance_further_down_swallows_nothing(closed_in: int, closed_after: str) -> None:
    lines = as_csv([an_order(n) for n in range(6)]).split(b"\r\n")
    lines[2] = lines[2].replace("张伟".encode(), '"张伟'.encode())
    lines[closed_in] = lines[closed_in].replace(closed_after.encode(), f'{closed_after}"'.encode())
    orders = read(b"\r\n".join(lines))
    assert {row.line for row in (*orders.rows, *orders.refused)} == {2, 3, 4, 5, 6, 7}
    assert fatal(orders)[0] == (3, None)
    assert {line for line, _ in fatal(orders)} <= {3, closed_in + 1}


def test_a_line_with_more_cells_than_headings_is_refused() -> None:
    lines = as_csv([an_order(1), an_order(2)]).split(b"\r\n")
    lines[1] += b",oops"
    lines[2] += b",,,"
    orders = read(b"\r\n".join(lines))
    assert [row.line for row in orders.rows] == [3]
    assert fatal(orders) == [(2, None)]


def test_rows_keep_personal_data_out_of_their_repr_and_problems() -> None:
    orders = read(as_csv([an_order(1), an_order(2, 联系电话="138123456789"), an_order(3, 类型="13812345678")]))
    everything = repr(orders)
    for secret in ("张伟", "南京西路", "13800000001", "138123456789", "13812345678"):
        assert secret not in everything


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="gb18030", categories=("Lo", "Lu", "Ll")), min_size=1, max_size=8).filter(
                lambda name: name.strip() == name and "锟" not in name
            ),
            st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
            st.text("上海市静安区南京西路0123456789号室,;\"'|\t ", min_size=3, max_size=30),
        ),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["utf-8-sig", "utf-16", "xlsx"]),
)
def test_what_was_written_is_read_back(people: list[tuple[str, str, str]], kind: str) -> None:
    rows = [
        an_order(n, 客户姓名=f"王{name}", 联系电话=phone, 装机地址=f"沪{address}号")
        for n, (name, phone, address) in enumerate(people)
    ]
    orders = read(as_xlsx(rows), "a.xlsx") if kind == "xlsx" else read(as_csv(rows, encoding=kind))
    assert fatal(orders) == []
    for row, (name, phone, address) in zip(orders.rows, people, strict=True):
        assert row.customer_name == unicodedata.normalize("NFC", f"王{name}")
        assert row.phone == f"+86{phone}"
        assert row.address == f"沪{address}号"


def test_a_thin_row_with_a_name_is_a_bad_order_and_no_remark() -> None:
    blank = dict.fromkeys(an_order(), "")
    orders = read(as_csv([an_order(), blank | {"工单号": "备注1", "客户姓名": "张伟"}]))
    assert {line for line, _ in fatal(orders)} == {3}


def test_an_absurdly_long_cell_is_refused_before_anything_reads_it() -> None:
    assert "2000" in read_one(装机地址="长" * 2001).problems[0].words.zh
    assert "300" in read_one(装机地址="长" * 2000).problems[0].words.zh


@pytest.mark.parametrize("column", ["客户姓名", "装机地址", "宽带账号", "客户编号", "备注", "纬度", "联系电话"])
def test_no_problem_shows_a_personal_value_in_full(column: str) -> None:
    secret = "13812345678\x00欧阳娜娜"
    [problem] = read_one(**{column: secret} | ({"经度": "121.4"} if column == "纬度" else {})).problems
    assert (problem.line, problem.column) == (2, column)
    assert problem.value_shown
    for part in ("138123", "12345678", "娜娜"):
        assert part not in problem.value_shown


def test_of_two_pairs_of_coordinates_the_one_that_needs_no_shift_is_taken() -> None:
    both = an_order() | {"经度(GCJ-02)": "116.4136", "纬度(GCJ-02)": "39.9056", "经度(WGS84)": "116.4074"}
    orders = read(as_csv([both | {"纬度(WGS84)": "39.9042"}]))
    assert (orders.rows[0].latitude, orders.rows[0].longitude) == (39.9042, 116.4074)
    assert orders.columns_ignored == ("经度(GCJ-02)", "纬度(GCJ-02)")


def test_a_symptom_is_as_long_as_the_checklist_lets_it_be() -> None:
    assert read_one(故障现象="长" * 60).rows[0].symptoms == ("长" * 60,)
    assert fatal(read_one(故障现象="长" * 61)) == [(2, "故障现象")]
