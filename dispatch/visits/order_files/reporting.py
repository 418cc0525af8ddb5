"""Telling people what reading a file gave: row by row, in their language, and the refused rows to hand back."""

import csv
import io
from dataclasses import dataclass

from dispatch.visits.order_files.cells import defused
from dispatch.visits.order_files.shapes import WHOLE_FILE, OrderFile, RowProblem

MOST_LINES = 200
REASON = "原因 Reason"


@dataclass(frozen=True)
class ReportLine:
    """One thing to tell. `line` is `WHOLE_FILE` for the file itself; a fatal one kept its row out."""

    line: int
    fatal: bool
    text: str


def report_lines(order_file: OrderFile, language: str) -> tuple[ReportLine, ...]:
    """Every problem and note as a sentence in `language`, in the order of the file."""
    return tuple(
        ReportLine(problem.line, problem.fatal, _sentence(problem, language)) for problem in order_file.problems
    )


def report(order_file: OrderFile, language: str) -> str:
    """The whole account as plain text: what was read, then each problem; a long list ends with how many more."""
    english = language == "en"
    lines = report_lines(order_file, language)
    notes = sum(not line.fatal for line in lines)
    good, bad = len(order_file.rows), len(order_file.refused)
    understood = [heading.strip() for heading, _ in order_file.columns_understood]
    ignored = [heading.strip() for heading in order_file.columns_ignored]
    where = f"{order_file.sheet}, " if english and order_file.sheet else ""
    where = f"{order_file.sheet}，" if order_file.sheet and not english else where
    if english:
        head = [
            f"Orders read: {good}. Rows refused: {bad}. Notes: {notes}. Blank lines: {order_file.blank_lines}.",
            f"Read as {where}{order_file.encoding}, headings in line {order_file.header_row}.",
            f"Columns understood: {', '.join(understood)}.",
            f"Columns ignored: {', '.join(ignored) or 'none'}.",
        ]
        more = f"… and {len(lines) - MOST_LINES} more."
    else:
        head = [
            f"读取工单 {good} 条，退回 {bad} 行，提示 {notes} 条，空行 {order_file.blank_lines} 行。",
            f"读取方式：{where}{order_file.encoding}，表头在第 {order_file.header_row} 行。",
            f"识别的列：{'、'.join(understood)}。",
            f"忽略的列：{'、'.join(ignored) or '无'}。",
        ]
        more = f"……另有 {len(lines) - MOST_LINES} 条。"
    told = [line.text for line in lines[:MOST_LINES]]
    return "\n".join([*head, *told, *([more] if len(lines) > MOST_LINES else [])])


def refused_rows_csv(order_file: OrderFile, language: str | None = None) -> bytes:
    """The refused rows as the file had them, with a column of reasons, to correct and import again.

    UTF-8 with its mark, so that a spreadsheet shows Chinese; every cell `defused`. Without `language` the reasons
    stand in both.
    """
    reasons: dict[int, list[RowProblem]] = {}
    for problem in order_file.problems:
        if problem.fatal:
            reasons.setdefault(problem.line, []).append(problem)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*(defused(heading) for heading in order_file.headings), REASON])
    width = len(order_file.headings)
    for row in order_file.refused:
        cells = (*row.cells, *[""] * (width - len(row.cells)))[:width]
        languages = [language] if language else ["zh", "en"]
        why = " / ".join(" ".join(_reason(one, to) for one in reasons.get(row.line, [])) for to in languages)
        writer.writerow([*(defused(cell) for cell in cells), defused(why)])
    return text.getvalue().encode("utf-8-sig")


def _reason(problem: RowProblem, language: str) -> str:
    colon = ": " if language == "en" else "："
    column = problem.column.strip() if problem.column else ""
    return (f"{column}{colon}" if column else "") + problem.words.to(language)


def _sentence(problem: RowProblem, language: str) -> str:
    english = language == "en"
    column = problem.column.strip() if problem.column else ""
    value = problem.value_shown
    if english:
        place = "File" if problem.line == WHOLE_FILE else f"Line {problem.line}"
        return f"{place}{f', {column}' if column else ''}{f' ({value})' if value else ''}: {problem.words.en}"
    place = "文件" if problem.line == WHOLE_FILE else f"第 {problem.line} 行"
    return f"{place}{f'，{column}' if column else ''}{f'（{value}）' if value else ''}：{problem.words.zh}"
