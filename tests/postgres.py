"""One real PostgreSQL for a test run: DOORSTEP_TEST_POSTGRES, else the system's own binaries in a temporary folder."""

import glob
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _binaries() -> Path:
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(path.split("/")[4]))
    if not found:
        raise RuntimeError("No PostgreSQL server found: `make system` installs it (Debian package postgresql).")
    return Path(found[-1]).parent


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[str]:
    """Address of an empty server. `durable` keeps fsync on, for tests that kill it."""
    if given := os.environ.get("DOORSTEP_TEST_POSTGRES"):
        yield given
        return
    binaries = _binaries()
    folder = tempfile.mkdtemp(prefix="ds_pg_", dir="/tmp")  # short: socket names are limited to 107 bytes
    as_postgres: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "postgres", "postgres")
        as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]

    def run(program: str, *arguments: str) -> None:
        command = [*as_postgres, str(binaries / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder)

    data, log = f"{folder}/data", f"{folder}/log"
    run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c max_connections=200"
    if not durable:
        options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    run("pg_ctl", "-D", data, "-w", "-l", log, "-o", options, "start")
    try:
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)
