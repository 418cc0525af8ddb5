"""Where photos and documents lie: write-once objects under their SHA-256, in a folder by default.

An object is on disk before anything in the database speaks of it: write, fsync, rename, fsync the folder.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol


class ObjectStore(Protocol):
    """Write-once bytes, each under a kind and the SHA-256 of its content."""

    def put(self, kind: str, content: bytes) -> str:
        """Keep `content`; returns its SHA-256 (hex). Keeping the same again changes nothing."""
        ...

    def get(self, kind: str, sha256: str) -> bytes | None:
        """The bytes, or None."""
        ...


class FolderStore:
    """Objects as files: `objects/pictures/ab/abcd….bin`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)

    def _path(self, kind: str, sha256: str) -> Path:
        return self.root / kind / sha256[:2] / f"{sha256}.bin"

    def put(self, kind: str, content: bytes) -> str:
        """Durable when this returns: the file and its folder are synced."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(kind, sha256)
        if path.exists():
            return sha256
        _make_folder(path.parent)
        fresh = path.with_name(f".{sha256}.{os.getpid()}.{os.urandom(4).hex()}")
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(path)
        _sync_folder(path.parent)
        return sha256

    def get(self, kind: str, sha256: str) -> bytes | None:
        """The bytes as they were kept, or None."""
        try:
            return self._path(kind, sha256).read_bytes()
        except FileNotFoundError:
            return None

    def all(self) -> Iterator[tuple[str, str, Path]]:
        """Every object: its kind, the SHA-256 that its name claims, its file (for backups and checks)."""
        for path in sorted(self.root.glob("*/??/*.bin")):
            yield path.parent.parent.name, path.stem, path


def _make_folder(folder: Path) -> None:
    if folder.exists():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
