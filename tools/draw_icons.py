"""Draw the home-screen icons (PNG) from the hand-drawn SVG marks, with the Chromium that the browser tests use."""

import os
from pathlib import Path

from playwright.sync_api import sync_playwright

ICONS = Path(__file__).resolve().parent.parent / "mobile_api/static/icons"
CHROMIUM = os.environ.get("DOORSTEP_CHROMIUM", "/usr/bin/chromium")
DRAWN = [("mark", "icon-192", 192), ("mark", "icon-512", 512), ("mark-maskable", "icon-maskable-512", 512)]


def main() -> None:
    """Each mark at its size, on a transparent ground."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-quic"])
        for mark, name, size in DRAWN:
            page = browser.new_page(viewport={"width": size, "height": size})
            svg = (ICONS / f"{mark}.svg").read_text()
            page.set_content(f"<style>*{{margin:0}}svg{{display:block;width:{size}px;height:{size}px}}</style>{svg}")
            page.screenshot(path=ICONS / f"{name}.png", omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
