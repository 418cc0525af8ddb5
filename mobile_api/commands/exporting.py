"""`doorstep export`: everything about one line or one customer, in one ZIP."""

from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

import typer

from checklists.words import Words
from mobile_api.commands.speaking import plainly, refuse
from mobile_api.commands.starting import opened_house


def export(
    what: Annotated[Literal["line", "customer"], typer.Argument(help="line 线路 / customer 客户")],
    id: Annotated[UUID, typer.Argument(help="编号 its id")],
    out: Annotated[Path, typer.Option("--out", help="写入的文件 file to write")],
) -> None:
    """导出一条线路或一位客户的全部档案（ZIP）。 Export one line's or one customer's whole file as a ZIP."""
    from dispatch.accounts.turn import Turn
    from dispatch.accounts.viewer import SYSTEM
    from dispatch.clock import utc_now
    from dispatch.health_files.exporting import export_customer, export_line, zipped

    with plainly():
        if out.exists():
            refuse(Words(f"{out} 已存在，请换一个文件名。", f"{out} is there already. Choose another name."))
        house = opened_house()
        with house.database.writing() as session:
            turn = Turn(session, SYSTEM, utc_now(), house.settings)
            made = (export_line if what == "line" else export_customer)(turn, id)
        with out.open("xb") as file:
            out.chmod(0o600)
            for piece in zipped(house, made):
                file.write(piece)
        typer.echo(f"{len(made.files)} 个文件 files: {out}")
