"""Figures as tables for a spreadsheet: the month, one cut, the rows behind one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from checklists.words import Language, Words
from dispatch.kpis.behind import Behind
from dispatch.kpis.definitions import ARRIVAL_WORDS, BY_KEY, Figure
from dispatch.kpis.queries import Measured
from dispatch.kpis.saying import KIND_WORDS, SECTIONS, SMALL_WORDS, VERDICT_WORDS
from dispatch.kpis.workbooks import Cell, Percent, Table

HEADS = (
    Words("指标", "Figure"), Words("数值", "Value"), Words("单位", "Unit"), Words("区间下限", "Interval from"),
    Words("区间上限", "Interval to"), Words("分子", "Hits"), Words("例数", "Cases"), Words("样本少", "Few cases"),
)  # fmt: skip
DEFINITION_HEADS = (Words("指标", "Figure"), Words("定义", "Definition"), Words("依据", "Source"))


def _said(language: Language, words: Sequence[Words]) -> list[str]:
    return [one.to(language) for one in words]


def cells_of(one: Measured, language: Language) -> list[Cell]:
    """A measured figure in a row, without its name: numbers as numbers."""
    found = one.interval

    def number(value: float | None) -> Cell:
        if value is None:
            return None
        return Percent(value) if one.figure.shape == "share" else round(value, 3)

    hits = one.total if one.figure.shape == "share" else None
    small = SMALL_WORDS.to(language) if one.is_small else ""
    unit = one.figure.unit.to(language)
    ends = [number(found.low), number(found.high)] if found else [None, None]
    return [number(one.value), unit, *ends, hits, one.cases, small]


def month_tables(
    now: Mapping[str, Measured],
    before: Mapping[str, Measured],
    cuts: Sequence[tuple[Words, Sequence[tuple[Words, Mapping[str, Measured]]]]],
    language: Language,
) -> list[Table]:
    """The figures with the stretch before beside them, each cut (a sheet a way), and the definitions."""
    keys = [key for _, section in SECTIONS for key in section]
    heads = [
        *_said(language, HEADS),
        Words("上期", "Before").to(language),
        Words("与上期相比", "Against before").to(language),
    ]
    rows: list[list[Cell]] = []
    for key in keys:
        one, was = now[key], before[key]
        verdict = VERDICT_WORDS[one.verdict(was)][2].to(language) if one.cases and was.cases else ""
        rows.append([one.figure.name.to(language), *cells_of(one, language), cells_of(was, language)[0], verdict])
    tables = [Table(Words("指标", "Figures").to(language), heads, rows)]
    for title, groups in cuts:
        lines: list[list[Cell]] = [
            [name.to(language), cells[key].figure.name.to(language), *cells_of(cells[key], language)]
            for name, cells in groups
            for key in keys
            if cells[key].cases
        ]
        tables.append(Table(title.to(language), [title.to(language), *_said(language, HEADS)], lines))
    told: list[list[Cell]] = [_row_of_definition(BY_KEY[key], language) for key in keys]
    tables.append(Table(Words("定义", "Definitions").to(language), _said(language, DEFINITION_HEADS), told))
    return tables


def _row_of_definition(figure: Figure, language: Language) -> list[Cell]:
    return [one.to(language) for one in (figure.name, figure.definition, figure.source)]


def rows_table(figure: Figure, rows: Sequence[Behind], language: Language, zone: ZoneInfo) -> Table:
    """The rows behind a figure, each with how it was counted."""
    heads = [
        Words("编号", "Number"), Words("内部编号", "Id"), Words("日期", "Day"), Words("时间", "When"),
        Words("类型", "Kind"), Words("片区", "Area"), Words("人员", "Technician"), Words("到达", "Arrival"),
        Words("计为", "Counted as"), Words("总数", "Of"),
    ]  # fmt: skip
    listed: list[list[Cell]] = []
    for row in rows:
        area = Words(row.area.name, row.area.name_en).to(language) if row.area else ""
        arrival = ARRIVAL_WORDS[row.arrival].to(language) if row.arrival else ""
        listed.append(
            [row.number or "", str(row.id), row.day, _at(row.at, zone), KIND_WORDS[row.kind].to(language), area,
             row.technician or "", arrival, row.value, row.of_value]
        )  # fmt: skip
    return Table(figure.name.to(language), _said(language, heads), listed)


def _at(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else ""
