"""`doorstep serve --lan`: https that a phone on the office network can come to trust, in one command."""

import re
import ssl
import stat
from pathlib import Path

import httpx
import pytest

from tests.journeys.console import doorstep, eventually, serving

HERE = "10.11.12.13"
LAN = ("--host", "127.0.0.1", "--lan", "--lan-address", HERE)  # only this machine is asked, whatever network it is on


def test_a_phone_that_trusts_the_certificate_signs_in_over_https(tmp_path: Path) -> None:
    with serving(tmp_path, *LAN) as running:
        assert running.address.startswith(f"https://{HERE}:")
        port = running.address.rsplit(":", 1)[1]
        assert eventually(lambda: "/t\n" in "".join(running.out))
        told = "".join(running.out)
        first = re.search(rf"http://{re.escape(HERE)}:(\d+)", told)
        assert first is not None
        for said in ("安卓", "iPhone", "证书信任设置", "CA certificate", "█", "SHA-256"):
            assert said in told, said
        trust = httpx.get(f"http://127.0.0.1:{first[1]}/")
        assert "下载证书" in trust.text
        authority = httpx.get(f"http://127.0.0.1:{first[1]}/doorstep-office.crt")
        assert authority.headers["content-type"] == "application/x-x509-ca-cert"
        assert b"PRIVATE" not in authority.content
        for path in ("/server.key", "/../authority.key", "/var/office/server.key"):
            assert httpx.get(f"http://127.0.0.1:{first[1]}{path}").status_code == 404
        trusting = ssl.create_default_context(cadata=authority.content.decode())
        here = f"https://127.0.0.1:{port}"
        page = httpx.get(f"{here}/sign-in", verify=trusting, headers={"Host": f"{HERE}:{port}"})
        assert page.status_code == 200
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.get(f"{here}/sign-in", verify=ssl.create_default_context())
        assert httpx.get(f"{here}/sign-in", verify=trusting, headers={"Host": "evil.example"}).status_code == 400
        for key in ("authority.key", "server.key"):
            assert stat.S_IMODE((tmp_path / "var/office" / key).stat().st_mode) == 0o600
        assert running.stop() == 0


def test_it_is_for_trials_and_for_private_addresses(tmp_path: Path) -> None:
    public = doorstep(tmp_path, "serve", "--lan", "--lan-address", "8.8.8.8")
    assert (public.code, "private" in public.err) == (2, True)
    real = doorstep(tmp_path, "serve", *LAN, environment="production", secret="k" * 48)
    assert (real.code, "正式证书" in real.err) == (3, True)
