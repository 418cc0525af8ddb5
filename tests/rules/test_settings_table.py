"""The page of settings says what the settings are."""

import runpy
from pathlib import Path

from dispatch.board.map_settings import MapSettings
from dispatch.settings import Settings

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_page_of_settings_is_current() -> None:
    written = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert written == runpy.run_path(str(ROOT / "tools" / "write_settings_table.py"))["table"](), "run `make settings`"


def test_the_page_names_every_setting_and_says_what_it_does() -> None:
    lines = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8").splitlines()
    channels = runpy.run_path(str(ROOT / "tools" / "write_settings_table.py"))["channel_settings"]()
    names = [name for kind in (Settings, MapSettings, *channels) for name in kind.model_fields]
    assert {"aliyun_access_key_id", "tencent_secret_id", "mail_host", "sms_templates"} <= set(names)
    assert len(set(names)) == len(names), "two settings of one name"
    for name in names:
        line = next(line for line in lines if line.startswith(f"| `DOORSTEP_{name.upper()}` |"))
        assert len(line.rsplit("|", 2)[1].strip()) > 10, line
