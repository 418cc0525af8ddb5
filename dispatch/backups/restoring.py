"""Restoring: read the whole file, believe nothing, then fill an empty place in one go."""

import hashlib
import os
import shutil
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import Connection

from checklists.words import Words
from dispatch.backups.manifest import DATA_KEY, MANIFEST, PART, SECRET, Manifest, NotOurs
from dispatch.backups.portable import count_rows, put_lines, set_counters, shapes_of
from dispatch.database import Database
from dispatch.errors import NotAllowed
from dispatch.migrating import migrate, must_be_known, present_and_wanted
from dispatch.sealed_columns import give_keys
from dispatch.settings import DEFAULT_DATA_KEY_FILE, DEFAULT_SECRET_FILE, Settings

LARGEST_MANIFEST = 200_000_000
PIECE = 1 << 20


class BackupRefused(NotAllowed):
    """The file or the place is not fit for restoring; nothing was changed."""

    name = "backup-refused"
    title = Words("无法恢复", "Cannot restore")


@dataclass(frozen=True)
class Restored:
    """What was put in place."""

    rows: int
    objects: int
    schema_before: str
    schema: str


def restore_backup(database: Database, settings: Settings, file: Path) -> Restored:
    """Fill an empty database and data folder from a backup. Raises BackupRefused before anything is changed.

    A backup of an older schema is put in as it was and then migrated.
    """
    _must_be_empty(database, settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    staging = settings.data_dir / f".restoring-{os.getpid()}"
    try:
        manifest = _unpack(file, staging)
        _must_fit(database, manifest)
        migrate(database, manifest.schema)
        with database.engine.execution_options(sqlite_begin="BEGIN IMMEDIATE").begin() as connection:
            rows = _put_database(connection, manifest, staging)
            objects = _put_files(settings, staging, manifest)
        give_keys(database.engine.dialect, settings.data_key_bytes())  # the restored one, or the settings' own
        _, schema = migrate(database)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Restored(rows, objects, manifest.schema, schema)


def _must_be_empty(database: Database, settings: Settings) -> None:
    """No row in any table, no object, no key."""
    with database.engine.connect() as connection:
        taken = [shape.name for shape in shapes_of(connection) if count_rows(connection, shape)]
    for folder in ("objects", "keys"):
        if any(path.is_file() for path in (settings.data_dir / folder).rglob("*")):
            taken.append(str(settings.data_dir / folder))
    if taken:
        raise BackupRefused(
            Words(
                f"目标不是空的（{'、'.join(taken[:4])}），不会覆盖。请使用新的数据目录和空数据库。",
                f"The target is not empty ({', '.join(taken[:4])}) and is not overwritten. "
                "Use a new data folder and an empty database.",
            )
        )


def _unpack(file: Path, staging: Path) -> Manifest:
    """Every part into the staging folder, each checked against the manifest."""
    staging.mkdir(mode=0o700)
    found: dict[str, tuple[int, str]] = {}
    manifest: Manifest | None = None
    try:
        with tarfile.open(file, "r:*") as tar:
            for entry in tar:
                content = tar.extractfile(entry) if entry.isreg() else None
                if content is None or (entry.name != MANIFEST and not PART.fullmatch(entry.name)):
                    raise _damaged(f"{entry.name[:80]} 不应出现", f"{entry.name[:80]} does not belong here")
                if entry.name == MANIFEST:
                    if entry.size > LARGEST_MANIFEST:
                        raise _damaged("清单过大", "the manifest is too large")
                    manifest = Manifest.from_json(content.read())
                elif entry.name in found:
                    raise _damaged(f"{entry.name} 重复", f"{entry.name} is there twice")
                else:
                    found[entry.name] = _write(content, staging / entry.name)
    except (tarfile.TarError, EOFError, zlib.error) as problem:
        raise _damaged("文件不是备份，或已损坏", "it is no backup, or it is cut") from problem
    except OSError as problem:
        if problem.errno is not None:
            raise
        raise _damaged("文件不是备份，或已损坏", "it is no backup, or it is cut") from problem
    except NotOurs as problem:
        raise _damaged(str(problem), str(problem)) from problem
    if manifest is None:
        raise _damaged("缺少清单，备份不完整", "its manifest is missing: it is not complete")
    for name in sorted(manifest.parts.keys() | found.keys()):
        if manifest.parts.get(name) != found.get(name):
            raise _damaged(f"{name} 缺失或校验不符", f"{name} is missing or does not match its SHA-256")
    return manifest


def _write(content: IO[bytes], place: Path) -> tuple[int, str]:
    place.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with place.open("xb") as out:
        while piece := content.read(PIECE):
            out.write(piece)
            digest.update(piece)
            size += len(piece)
        out.flush()
        os.fsync(out.fileno())
    place.chmod(0o600)
    return size, digest.hexdigest()


def _must_fit(database: Database, manifest: Manifest) -> None:
    must_be_known(manifest.schema)
    present, _ = present_and_wanted(database)
    if present is not None and present != manifest.schema:
        raise BackupRefused(
            Words(
                f"备份的数据库结构是 {manifest.schema}，目标库已是 {present}。请使用全新的空数据库。",
                f"The backup has schema {manifest.schema}, the target {present} already. Use a brand-new database.",
            )
        )


def _put_database(connection: Connection, manifest: Manifest, staging: Path) -> int:
    present = {shape.name: shape for shape in shapes_of(connection)}
    told = {shape.name: (shape, rows) for shape, rows in manifest.tables}
    if unknown := told.keys() - present.keys():
        raise _damaged(f"未知的表 {sorted(unknown)}", f"tables {sorted(unknown)} are not of schema {manifest.schema}")
    total = 0
    for name in present:  # in the order in which rows refer to each other
        if name not in told:
            continue
        shape, rows = told[name]
        if {column for column, _ in shape.columns} - {column for column, _ in present[name].columns}:
            raise _damaged(f"{name} 的列不符", f"{name} has columns that its schema does not")
        with (staging / "database" / f"{name}.jsonl").open("rb") as lines:
            put = put_lines(connection, shape, lines)
        if not put == rows == count_rows(connection, shape):
            raise _damaged(f"{name} 的行数不符", f"{name} has not the number of rows that the manifest says")
        total += rows
    set_counters(connection, [told[name][0] for name in present if name in told])
    return total


def _put_files(settings: Settings, staging: Path, manifest: Manifest) -> int:
    """Move objects and keys to their place, in the same file system and so at once."""
    for folder in ("objects", "keys"):
        if (staging / folder).exists():
            target = settings.data_dir / folder
            if target.exists():
                shutil.rmtree(target)  # only empty folders: see _must_be_empty
            (staging / folder).rename(target)
    if (settings.data_dir / "keys").exists():
        (settings.data_dir / "keys").chmod(0o700)
    if (staging / SECRET).exists():
        (staging / SECRET).replace(settings.data_dir / DEFAULT_SECRET_FILE)
    if (staging / DATA_KEY).exists():
        (staging / DATA_KEY).replace(settings.data_dir / DEFAULT_DATA_KEY_FILE)
    return sum(name.startswith("objects/") for name in manifest.parts)


def _damaged(zh: str, en: str) -> BackupRefused:
    return BackupRefused(
        Words(
            f"备份文件无法使用：{zh}。未作任何改动，请换一份备份。",
            f"The backup cannot be used: {en}. Nothing was changed; use another backup.",
        )
    )
