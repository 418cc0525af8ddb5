"""Fetch the browser libraries that the product ships, exactly as `browser_libraries.lock.json` names them.

The lock holds package name, version, the package's sha512 integrity, and for each file that we keep its own
sha512. It holds no addresses: `npm pack` asks whichever registry the machine is set to. A package or a file
that does not match its hash stops the run before anything is written. Node is needed here only, never to run
the product.

    python tools/vendor_browser_libraries.py            fetch and check everything
    python tools/vendor_browser_libraries.py --relock   after changing a version: settle the hashes anew
"""

import argparse
import base64
import hashlib
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = Path(__file__).with_name("browser_libraries.lock.json")


def sha512(content: bytes) -> str:
    """The hash in npm's own notation (`sha512-` and base64), so that a lock reads the same everywhere."""
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


def pack(name: str, version: str, folder: Path) -> bytes:
    """The package's tarball, fetched by name and version."""
    said = subprocess.run(
        ["npm", "pack", "--json", "--loglevel=error", f"{name}@{version}"],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    answer = json.loads(said.stdout)
    entry = answer[0] if isinstance(answer, list) else next(iter(answer.values()))
    return (folder / str(entry["filename"])).read_bytes()


def vendor(library: dict[str, Any], folder: Path, *, relock: bool) -> list[tuple[Path, bytes]]:
    """The files of one library as (where to, content), checked against the lock (relocking: noted)."""
    tarball = pack(library["package"], library["version"], folder)
    if relock:
        library["integrity"] = sha512(tarball)
    elif sha512(tarball) != library["integrity"]:
        raise SystemExit(f"{library['package']}: the package is not the locked one. Nothing was written.")

    found: list[tuple[Path, bytes]] = []
    archive_path = folder / "package.tgz"
    archive_path.write_bytes(tarball)
    with tarfile.open(archive_path) as archive:
        for file in library["files"]:
            if file["from"] is None:  # a licence text that the package leaves out: we keep our own
                content = (ROOT / library["to"] / file["name"]).read_bytes()
            else:
                member = archive.extractfile(f"package/{file['from']}")
                if member is None:
                    raise SystemExit(f"{library['package']}: {file['from']} is no file in the package.")
                content = member.read()
            if relock:
                file["sha512"] = sha512(content)
            elif sha512(content) != file["sha512"]:
                raise SystemExit(f"{library['package']}: {file['name']} is not the locked one. Nothing was written.")
            found.append((ROOT / library["to"] / file["name"], content))
    return found


def main() -> None:
    """Fetch all, check all, and only then write."""
    options = argparse.ArgumentParser(description="Fetch the browser libraries named in the lock.")
    options.add_argument("--relock", action="store_true", help="settle the hashes anew")
    relock = options.parse_args().relock
    lock = json.loads(LOCK.read_text())
    kept: list[tuple[Path, bytes]] = []
    for library in lock["libraries"]:
        with tempfile.TemporaryDirectory() as folder:
            kept += vendor(library, Path(folder), relock=relock)
    for path, content in kept:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    if relock:
        LOCK.write_text(json.dumps(lock, indent=1, ensure_ascii=False) + "\n")
    print(f"{len(kept)} files of {len(lock['libraries'])} libraries are as the lock says.")


if __name__ == "__main__":
    main()
