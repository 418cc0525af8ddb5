"""Promise 15: no input crashes it. Schemathesis plays all its phases against the running server's own OpenAPI.

DOORSTEP_FUZZ is the number of examples an operation (100 in full).
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dispatch.accounts.actions import give_token, open_account
from dispatch.accounts.viewer import SYSTEM
from dispatch.clock import utc_now
from dispatch.database import Database
from tests.proofs.serving import RunningProduct

EXAMPLES = {"sqlite": "6", "postgresql": "3"}  # by engine, where DOORSTEP_FUZZ says nothing
SCHEMATHESIS = str(Path(sys.executable).parent / "schemathesis")
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.heavy
@pytest.mark.timeout(900)
def test_no_generated_request_finds_a_failure(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "var"
    folder.mkdir()
    url = database.url.render_as_string(hide_password=False)
    with database.writing() as session:
        account = open_account(session, SYSTEM, login="a", name="a", role="admin", password=None, now=utc_now())
        token = give_token(session, SYSTEM, account, "fuzz", utc_now())
    product = RunningProduct(folder, url, workers=1)
    product.start()
    examples = os.environ.get("DOORSTEP_FUZZ") or EXAMPLES["sqlite" if database.is_sqlite else "postgresql"]
    command = [SCHEMATHESIS, "run", f"{product.address}/api/v1/openapi.json", "--no-color", "--seed", "7"]
    command += ["--max-examples", examples, "--header", f"Authorization: Bearer {token}"]
    try:
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    finally:
        product.kill()
    assert ran.returncode == 0, ran.stdout.partition("= WARNINGS =")[0][-6000:] + ran.stderr[-1000:]
    assert "Test cases:" in ran.stdout
    log = (folder.parent / "serve.log").read_text()
    assert "Traceback" not in log, log[-3000:]
