"""The one door to numba: functions marked `compiled` run as machine code, kept on disk between runs.

Never with fast maths: sums of whole numbers are the same everywhere, and the same seed must give the same plan. What
is compiled allocates nothing and so counts no references (`_nrt`): counting took two thirds of the time. The kept code
is filed under a digest of all compiled sources, because numba looks only at the file of a function, not at the
files of what it calls, and would run yesterday's code after an upgrade.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numba

Given = ParamSpec("Given")
Answer = TypeVar("Answer")
HOW: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}


def _folder() -> Path:
    digest = hashlib.sha256(numba.__version__.encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        written = source.read_bytes()
        if b"@compiled" in written:
            digest.update(written)
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    for parent in (Path(home), Path(tempfile.gettempdir()) / f"doorstep-{os.getuid()}"):
        folder = parent / "doorstep" / f"planner-{digest.hexdigest()[:16]}"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK) and folder.stat().st_uid == os.getuid():
            return folder
    return Path(tempfile.mkdtemp(prefix="doorstep-planner-"))


if not os.environ.get("NUMBA_CACHE_DIR"):
    numba.config.CACHE_DIR = str(_folder())  # type: ignore[attr-defined]


def compiled(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Run as machine code; the lock of the interpreter is let go meanwhile, so two searches use two cores."""
    done: Callable[Given, Answer] = numba.njit(**HOW)(function)
    return done
