"""Draw the design system with the product's real templates, to look at it and to have axe judge it.

    python tools/show_style.py FOLDER            writes desk, technician and customer pages, in both languages
    python tools/show_style.py FOLDER --shots    also pictures (390, 1280 and 320 wide, light and dark), what axe
                                                 finds, and what the content security policy refused; 1 if anything

The pages are samples: names, numbers and events in them are invented.
"""

import argparse
import os
import shutil
import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal
from zoneinfo import ZoneInfo

from jinja2 import ChoiceLoader, FileSystemLoader

from checklists.words import LANGUAGES, Language, Words
from dispatch.notices.tables import STATES
from mobile_api.gates import content_security_policy
from mobile_api.pages import STATIC, TEMPLATES, Reader, environment

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = os.environ.get("DOORSTEP_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
PAGES = ("desk", "technician", "step", "customer")
LOOKS: list[tuple[int, Literal["light", "dark"]]]
LOOKS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark"), (320, "light")]
NONCE = "c3R5bGU"
SHANGHAI = ZoneInfo("Asia/Shanghai")
NINE = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def facts(language: Language) -> dict[str, Any]:
    """What the edge hands to every template, and the sample data of these pages."""

    reader = Reader(language, SHANGHAI)
    say = reader.say
    names = [("上门之前需预约", "Appointment first"), ("入室之后需沟通", "Talk after entering")]
    names += [("现场实施需谨慎", "Careful work"), ("实施完毕需认证", "Prove that it works")]
    names += [("准确无误建档案", "File it"), ("指导用户很关键", "Guide the customer")]
    names += [("结束莫忘再提醒", "Remind at the end"), ("清理现场显素质", "Leave it clean")]
    states = ["done", "done", "blocked", "now", "todo", "todo", "todo", "todo"]
    steps = [{"words": Words(*name), "state": state, "href": "#s"} for name, state in zip(names, states, strict=True)]
    steps[2]["note"] = say("缺 1 项", "1 missing")
    statuses = ["booked", "en_route", "on_site", "no_access", "sealed", "cancelled"]
    homes = [
        ("王女士", "幸福路 12 号 3 单元 502", "12 Xingfu Road, 502"),
        ("李先生", "滨江大道 188 号", "188 Binjiang Avenue"),
    ]
    rows = []
    for number, status in enumerate(statuses):
        name, zh, en = homes[number % 2]
        order = say("宽带修障", "Repair") if number % 3 else say("宽带新装", "Installation")
        rows.append((status, name, say(zh, en), order, say("陈师傅", "Chen"), 45 + 15 * number))
    booked = {"text": say("已预约", "Booked"), "who": say("调度 刘", "Desk, Liu"), "tone": "plan", "icon": "clock"}
    undelivered = {"text": say("改约通知未送达", "Move notice undelivered"), "tone": "bad", "icon": "cross"}
    undelivered["detail"] = say("号码为空号，不再重试", "Dead number: not tried again")
    arrived = {"text": say("到达，早 7 分钟", "Arrived, 7 minutes early"), "tone": "good", "icon": "check"}
    return {
        **{name: getattr(reader, name) for name in ("language", "say", "words", "local_time", "local_day")},
        "asset": lambda path: f"/static/{path}",
        "csp_nonce": NONCE,
        "viewer": SimpleNamespace(name=say("刘调度", "Liu"), role="dispatcher"),
        "request_path": "/desk",
        "company": Words("装维上门", "Doorstep Broadband"),
        "company_phone": "10000",
        "flashes": [],
        "nine": NINE,
        "ten": NINE + timedelta(hours=1),
        "rows": rows,
        "steps": steps,
        "events": [
            booked | {"at": NINE - timedelta(days=1)},
            undelivered | {"at": NINE - timedelta(hours=3)},
            arrived | {"at": NINE},
        ],
        "notice_states": STATES,
    }


def write_pages(folder: Path) -> None:
    """Every sample page in both languages, with the static files beside them."""
    loader = ChoiceLoader([FileSystemLoader(TEMPLATES), FileSystemLoader(ROOT / "tools/style_pages")])
    templates = environment().overlay(loader=loader)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(STATIC, folder / "static", dirs_exist_ok=True)
    for page in PAGES:
        for language in LANGUAGES:
            html = templates.get_template(f"{page}.html").render(facts(language))
            (folder / f"{page}-{language}.html").write_text(html)


class Server(SimpleHTTPRequestHandler):
    """Loopback only, with the product's own content security policy."""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", content_security_policy(NONCE))
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the pictures are the result."""


def note_errors(where: str, wrong: list[str], said: Any) -> None:
    """A console error is something wrong: the policy reports its refusals there."""
    if said.type == "error":
        wrong.append(f"{where}: {said.text}")


def note_crash(where: str, wrong: list[str], error: Any) -> None:
    """A script that threw is something wrong, too."""
    wrong.append(f"{where}: {error}")


def take_pictures(folder: Path) -> list[str]:
    """Pictures of every page, and everything that axe or the policy had against it."""
    from playwright.sync_api import sync_playwright

    axe = (ROOT / "tests/browser/vendor/axe-core/axe.min.js").read_text()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Server, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name in [f"{page}-{language}" for page in PAGES for language in ("zh", "en")]:
            for width, scheme in LOOKS:
                page = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)
                seen = f"{name} {width} {scheme}"
                listen = partial(note_errors, seen, wrong)
                page.on("console", listen)
                page.on("pageerror", partial(note_crash, seen, wrong))
                page.goto(f"http://127.0.0.1:{server.server_port}/{name}.html")
                page.wait_for_load_state("networkidle")
                page.remove_listener("console", listen)  # taking pictures puts in styles of its own
                page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
                page.set_viewport_size({"width": width, "height": page.evaluate("document.body.scrollHeight")})
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    wrong.append(f"{seen}: wider than the screen")
                page.evaluate(axe)
                found = page.evaluate(
                    "axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21aa','wcag22aa','best-practice']})"
                )
                for rule in found["violations"]:
                    wrong += [
                        f"{seen}: {rule['id']}: {node['html'][:140]} {node['failureSummary'][:200]}"
                        for node in rule["nodes"][:3]
                    ]
                page.close()
        browser.close()
    server.shutdown()
    return wrong


def main() -> int:
    """Write the pages; with --shots, look at them too."""
    options = argparse.ArgumentParser(description="Draw the design system.")
    options.add_argument("folder", type=Path)
    options.add_argument("--shots", action="store_true")
    chosen = options.parse_args()
    write_pages(chosen.folder)
    wrong = take_pictures(chosen.folder) if chosen.shots else []
    print("\n".join(wrong) or "nothing found")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
