"""`doorstep ledger`: the chain over all seals."""

from pathlib import Path
from typing import Annotated

import typer

from checklists.words import Words
from dispatch.clock import utc_now
from mobile_api.commands.speaking import REFUSED, complain, plainly, refuse, say
from mobile_api.commands.starting import opened_house

ledger = typer.Typer(help="全部封存记录的账本。 The ledger of all seals.", no_args_is_help=True)


@ledger.command("verify")
def verify(
    heads: Annotated[
        list[Path] | None,
        typer.Option(
            "--heads", help="已公布的账本首部文件，可多次给出 a file of published heads", exists=True, dir_okay=False
        ),
    ] = None,
) -> None:
    """核验账本：逐行相接，与记录、PDF 和已公布的首部一致。 Check chain, records, PDFs and published heads."""
    from dispatch.records.ledger import check_ledger
    from dispatch.records.publishing import heads_file, heads_in

    with plainly():
        house = opened_house()
        own = heads_file(house.settings)
        files = [*(heads or []), *([own] if own.exists() else [])]
        try:
            published = [head for file in files for head in heads_in(file)]
        except (ValueError, OSError) as problem:
            refuse(Words(f"无法读取已公布的首部：{problem}", f"Published heads cannot be read: {problem}"), REFUSED)
        with house.database.reading() as session:
            checked = check_ledger(session, house.objects, published)
        for words in checked.problems:
            complain(words)
        if checked.problems:
            raise typer.Exit(REFUSED)
        say(
            Words(
                f"账本完好：{checked.rows} 行，与 {len(published)} 个已公布的首部一致。首部 {checked.head or '（空）'}",
                f"The ledger is sound: {checked.rows} rows, as {len(published)} published heads say. "
                f"Head {checked.head or '(empty)'}",
            )
        )


@ledger.command("publish")
def publish() -> None:
    """立即公布今天的首部（后台任务每天自动公布）。 Publish today's head now; the jobs do so every day."""
    from dispatch.records.publishing import NotPublished, publish_head

    with plainly():
        house = opened_house()
        try:
            head = publish_head(house, utc_now())
        except NotPublished as problem:
            refuse(Words(f"未能公布：{problem}", f"Not published: {problem}"), REFUSED)
        if head is None:
            say(Words("今天的首部已公布。", "Today's head was published already."))
        else:
            say(Words(f"已公布第 {head.seq} 行：{head.hash}", f"Published row {head.seq}: {head.hash}"))
