"""`doorstep import`: work orders from the files that order systems export."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.clock import local_day, utc_now
from dispatch.house import House
from dispatch.visits.importing import ImportOutcome, RowsRefused, import_orders
from dispatch.visits.order_files import OrderFile, read_orders, refused_rows_csv, report
from mobile_api.commands.accounts import CONSOLE
from mobile_api.commands.speaking import REFUSED, LanguageName, complain, plainly, say
from mobile_api.commands.starting import opened_house


class OrderKind(StrEnum):
    """What every row is, when the file does not say."""

    install = "install"
    repair = "repair"


class _OnlyTried(Exception):
    """Leaves the transaction of a dry run, so that nothing stays."""

    def __init__(self, outcome: ImportOutcome) -> None:
        self.outcome = outcome


def import_file(
    file: Annotated[Path, typer.Argument(help="CSV 或 .xlsx 文件 a CSV or .xlsx file", exists=True, dir_okay=False)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不写入 only check, store nothing")] = False,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="跳过有误的行，导入其余 leave bad rows out, import the others")
    ] = False,
    language: Annotated[LanguageName, typer.Option(help="报告语言 language of the report")] = LanguageName.zh,
    kind: Annotated[
        OrderKind | None, typer.Option(help="文件中没有工单类型列时 for a file without a column for it")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="工作表名 one sheet of a workbook")] = None,
    refused_rows: Annotated[
        Path | None, typer.Option(help="把退回的行连同原因写入此 CSV write refused rows with reasons to this CSV")
    ] = None,
) -> None:
    """导入工单，全部成功才写入，可重复导入。 Import work orders, all or nothing; again changes nothing."""
    with plainly():
        house = opened_house()
        now = utc_now()
        order_file = read_orders(
            file.read_bytes(),
            file.name,
            zone=house.settings.zone,
            today=local_day(now, house.settings.zone),
            sheet=sheet,
            kind=kind.value if kind else None,
            allow_foreign=house.settings.foreign_phones,
        )
        typer.echo(report(order_file, language.value))
        if refused_rows is not None and order_file.refused:
            refused_rows.write_bytes(refused_rows_csv(order_file, language.value))
        try:
            outcome = _store(house, order_file, file.name, skip_bad=skip_bad, dry_run=dry_run)
        except RowsRefused as refusal:
            complain(refusal.words)
            raise typer.Exit(REFUSED) from None
        say(_told(outcome, dry_run=dry_run))


def _store(house: House, order_file: OrderFile, name: str, *, skip_bad: bool, dry_run: bool) -> ImportOutcome:
    try:
        with house.database.writing() as session:
            turn = Turn(session, CONSOLE, utc_now(), house.settings)
            outcome = import_orders(turn, order_file, skip_bad=skip_bad, name=name)
            if dry_run:
                raise _OnlyTried(outcome)
            return outcome
    except _OnlyTried as tried:
        return tried.outcome


def _told(outcome: ImportOutcome, *, dry_run: bool) -> Words:
    zh = (
        f"新增 {outcome.new} 张，已有 {outcome.known} 张，"
        f"内容不同未动 {len(outcome.changed)} 张，跳过 {len(outcome.bad)} 行。"
    )
    en = (
        f"New: {outcome.new}. Known already: {outcome.known}. "
        f"Known with other content, left as they are: {len(outcome.changed)}. Left out: {len(outcome.bad)}."
    )
    if dry_run:
        return Words(f"仅检查，未写入。{zh}", f"Only checked, nothing stored. {en}")
    return Words(f"导入完成。{zh}", f"Imported. {en}")
