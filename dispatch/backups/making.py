"""Making a backup while the product runs: one state of the database, then the objects, which never change."""

import hashlib
import io
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

from checklists.words import Words
from dispatch.backups.manifest import DATA_KEY, MANIFEST, PART, SECRET, Manifest
from dispatch.backups.portable import rows_as_lines, shapes_of
from dispatch.database import Database
from dispatch.errors import NotAllowed
from dispatch.migrating import present_and_wanted
from dispatch.objects import FolderStore
from dispatch.settings import DEFAULT_DATA_KEY_FILE, DEFAULT_SECRET_FILE, Settings


@dataclass(frozen=True)
class Made:
    """What is in a backup. `damaged` are objects whose content is not what their name says: kept, but told."""

    rows: int
    objects: int
    size: int
    damaged: tuple[str, ...]


def make_backup(database: Database, settings: Settings, out: Path, now: datetime) -> Made:
    """Write everything into `out` (gzip when it ends in .gz or .tgz), readable by its owner only.

    `out` appears whole or not at all; an existing file is refused.
    """
    if out.exists():
        raise NotAllowed(
            Words(
                f"{out} 已存在，不会覆盖。请换一个文件名。",
                f"{out} exists and is not overwritten. Choose another name.",
            )
        )
    schema, _ = present_and_wanted(database)
    manifest = Manifest(schema or "", now.isoformat(), database.engine.dialect.name)
    beside = out.with_name(f".{out.name}.{os.getpid()}")
    how = "w:gz" if out.suffix in (".gz", ".tgz") else "w"
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            with tarfile.open(fileobj=file, mode=how) as tar:  # type: ignore[call-overload]
                writer = _Writer(tar, manifest)
                rows = _put_database(database, writer, out.parent)
                objects, damaged = _put_objects(settings, writer)
                _put_keys(settings, writer)
                writer.put_bytes(MANIFEST, manifest.to_json())
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        beside.rename(out)
    finally:
        beside.unlink(missing_ok=True)
    return Made(rows, objects, size, tuple(damaged))


class _Writer:
    """Puts parts into the archive and notes them in the manifest."""

    def __init__(self, tar: tarfile.TarFile, manifest: Manifest) -> None:
        self.tar = tar
        self.manifest = manifest

    def put_bytes(self, name: str, content: bytes) -> str:
        """One part from memory; returns its SHA-256."""
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(content), 0o600
        self.tar.addfile(entry, io.BytesIO(content))
        sha256 = hashlib.sha256(content).hexdigest()
        if name != MANIFEST:
            assert PART.fullmatch(name), name
            self.manifest.parts[name] = (len(content), sha256)
        return sha256

    def put_file(self, name: str, path: Path, sha256: str) -> None:
        """One part from a file whose hash is known."""
        assert PART.fullmatch(name), name
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = path.stat().st_size, 0o600
        with path.open("rb") as file:
            self.tar.addfile(entry, file)
        self.manifest.parts[name] = (entry.size, sha256)


@contextmanager
def one_state(database: Database) -> Iterator[Connection]:
    """A connection that sees one state of the database however long it reads, and never blocks a writer."""
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            connection.execute(sa.text("SELECT count(*) FROM alembic_version"))  # the first look fixes the state
            yield connection


def _put_database(database: Database, writer: _Writer, folder: Path) -> int:
    total = 0
    with one_state(database) as connection:
        for shape in shapes_of(connection):
            digest, rows = hashlib.sha256(), 0
            with tempfile.NamedTemporaryFile(dir=folder, prefix=".backup-") as file:
                for line in rows_as_lines(connection, shape):
                    file.write(line)
                    digest.update(line)
                    rows += 1
                file.flush()
                writer.put_file(f"database/{shape.name}.jsonl", Path(file.name), digest.hexdigest())
            writer.manifest.tables.append((shape, rows))
            total += rows
    return total


def _put_objects(settings: Settings, writer: _Writer) -> tuple[int, list[str]]:
    """Objects after rows: what a row speaks of was on disk before the row was."""
    count, damaged = 0, []
    for kind, sha256, path in FolderStore(settings.data_dir / "objects").all():
        name = f"objects/{kind}/{sha256[:2]}/{sha256}.bin"
        if writer.put_bytes(name, path.read_bytes()) != sha256:
            damaged.append(name)
        count += 1
    return count, damaged


def _put_keys(settings: Settings, writer: _Writer) -> None:
    for path in sorted((settings.data_dir / "keys").rglob("*.pem")):
        name = f"keys/{path.relative_to(settings.data_dir / 'keys').as_posix()}"
        if PART.fullmatch(name):  # what another process is just making has another name
            writer.put_bytes(name, path.read_bytes())
    secret = settings.data_dir / DEFAULT_SECRET_FILE
    if secret.exists():
        writer.put_bytes(SECRET, secret.read_bytes())
    data_key = settings.data_dir / DEFAULT_DATA_KEY_FILE
    if data_key.exists():
        writer.put_bytes(DATA_KEY, data_key.read_bytes())
