"""`doorstep verify`: is this file one of our records, unchanged?"""

from pathlib import Path
from typing import Annotated

import typer

from mobile_api.commands.speaking import REFUSED, plainly
from mobile_api.commands.starting import opened_house


def verify(
    file: Annotated[Path, typer.Argument(help="服务记录 PDF 文件 a service record's PDF", exists=True, dir_okay=False)],
) -> None:
    """核验服务记录：签名、签发者、是否与存档一致。 Verify a service record: exit code 0 only when it is genuine."""
    from dispatch.records.verifying import verify_document  # slow to load, so only where it is needed

    with plainly():
        house = opened_house()
        verdict = verify_document(house, file.read_bytes())
        typer.echo(f"{verdict.title.zh}  {verdict.title.en}")
        typer.echo(f"SHA-256 {verdict.sha256}")
        if verdict.number:
            typer.echo(f"编号 Number {verdict.number}")
        for reason in verdict.reasons:
            typer.echo(f"- {reason.zh}")
            typer.echo(f"  {reason.en}")
        for signature in verdict.signatures:
            when = f"{signature.signed_at:%Y-%m-%d %H:%M:%SZ}" if signature.signed_at else "—"
            sound = "有效 valid" if signature.sound else "无效 not valid"
            typer.echo(f"  {signature.field}: {signature.signer}, {when}, {sound}")
        if not verdict.genuine:
            raise typer.Exit(REFUSED)
