"""`doorstep backup` and `restore`: everything in one file, and back."""

from pathlib import Path
from typing import Annotated

import typer

from checklists.words import Words
from dispatch.backups import make_backup, restore_backup
from dispatch.clock import utc_now
from dispatch.database import Database
from dispatch.migrating import must_be_known, must_be_sound, present_and_wanted
from dispatch.settings import Settings
from mobile_api.commands.speaking import CANNOT_START, REFUSED, complain, plainly, refuse, say


def backup(
    out: Annotated[Path, typer.Argument(help="备份文件，例如 doorstep-0901.tar.gz the file to write")],
) -> None:
    """备份数据库、照片、记录和密钥，服务无需停止。 Back up database, objects and keys; the server may go on running."""
    with plainly():
        settings = Settings()
        database = _opened(settings)
        schema, _ = present_and_wanted(database)
        must_be_known(schema)
        if schema is None:
            refuse(Words("这里还没有数据库。", "There is no database here yet."), CANNOT_START)
        made = make_backup(database, settings, out, utc_now())
        say(
            Words(
                f"已备份到 {out}：{made.rows} 行数据，{made.objects} 个文件，{made.size:,} 字节。"
                "内含密钥，请妥善保管。",
                f"Backed up to {out}: {made.rows} rows, {made.objects} objects, {made.size:,} bytes. "
                "It holds keys: keep it safe.",
            )
        )
        if settings.secret or settings.data_key or settings.seal_pkcs12 or settings.issuer_pkcs12:
            say(
                Words(
                    "DOORSTEP_SECRET、DOORSTEP_DATA_KEY 和企业密钥文件由您自行保管，不在备份中。"
                    "没有同一数据密钥，备份中的签名与账号无法读出。",
                    "DOORSTEP_SECRET, DOORSTEP_DATA_KEY and the files of company keys are yours to keep, not in it. "
                    "Without the same data key nobody can read signatures and account names in it.",
                )
            )
        if made.damaged:
            complain(
                Words(
                    f"警告：{len(made.damaged)} 个文件内容与编号不符，已原样备份：{'、'.join(made.damaged[:5])}",
                    f"Warning: {len(made.damaged)} objects are not what their names say, "
                    f"backed up as they are: {', '.join(made.damaged[:5])}",
                )
            )
            raise typer.Exit(REFUSED)


def restore(
    file: Annotated[Path, typer.Argument(help="备份文件 the backup", exists=True, dir_okay=False)],
) -> None:
    """从备份恢复到空的数据目录和数据库。 Restore a backup into an empty data folder and database."""
    with plainly():
        settings = Settings()
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        restored = restore_backup(_opened(settings), settings, file)
        say(
            Words(
                f"已恢复 {restored.rows} 行数据、{restored.objects} 个文件，逐一校验无误。"
                f"数据库结构 {restored.schema}。",
                f"Restored {restored.rows} rows and {restored.objects} objects, every part checked. "
                f"Schema {restored.schema}.",
            )
        )


def _opened(settings: Settings) -> Database:
    """The database as it is: neither a missing schema nor a secret is made on the way."""
    database = Database(settings.database, pool_size=2)
    must_be_sound(database)
    return database
