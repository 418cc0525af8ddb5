"""WebKit on a screen of its own, driven through its own driver: what an iPhone's browser is made of."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from selenium.common.exceptions import ElementNotInteractableException, StaleElementReferenceException
from selenium.webdriver import ActionChains, WebKitGTK
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from tests.browser.conftest import Served
from tests.browser.technicians_hand import HANDED_IN
from tests.makers import PASSWORD

DRIVER = shutil.which("WebKitWebDriver")
BROWSER = next(Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser"), None)
PATIENCE = 20
SHOWN = "return [...document.querySelectorAll(arguments[0])].find((one) => one.checkVisibility()) ?? null"


@contextmanager
def a_screen() -> Iterator[str]:
    """A display that nobody sees; its number is found by the server itself."""
    reading, writing = os.pipe()
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "800x1200x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
    finally:
        process.kill()
        process.wait()


@contextmanager
def a_webkit() -> Iterator[WebKitGTK]:
    """A browser of its own, with nothing remembered."""
    options = Options()
    options.binary_location = str(BROWSER)
    options.add_argument("--automation")
    options.set_capability("acceptInsecureCerts", True)  # it knows no authority but the system's
    with a_screen() as display, tempfile.TemporaryDirectory() as home:
        surroundings = {
            **os.environ, "DISPLAY": display, "GDK_BACKEND": "x11", "HOME": home, "XDG_RUNTIME_DIR": home,
            "LC_ALL": "C.UTF-8", "TZ": "Asia/Shanghai", "NO_AT_BRIDGE": "1", "GTK_A11Y": "none",
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",  # no user namespaces in a container; only our own pages
        }  # fmt: skip
        driver = WebKitGTK(options=options, service=Service(DRIVER, env=surroundings))
        try:
            driver.set_window_size(420, 900)
            yield driver
        finally:
            driver.quit()


class WebKitHand:
    """Does in WebKit what `technicians_hand.Hand` does in Chromium, field by field."""

    def __init__(self, driver: WebKitGTK, served: Served, visit_id: UUID) -> None:
        self.driver, self.address, self.visit_id, self.step = driver, served.address, visit_id, ""

    def until(self, holds: Callable[[], Any], what: str) -> Any:
        """Wait for something; says what it was that did not come."""
        return WebDriverWait(self.driver, PATIENCE, 0.05).until(
            lambda _: holds(), f"{what}; the page says: {self.text()[:600]}"
        )

    def text(self) -> str:
        """What the page says."""
        return str(self.driver.execute_script("return document.body.innerText"))

    def see(self, selector: str) -> WebElement:
        """The first of these that is visible."""
        found: WebElement = self.until(lambda: self.driver.execute_script(SHOWN, selector), f"no {selector}")
        return found

    def sign_in(self) -> None:
        """As a person would."""
        self.driver.get(f"{self.address}/sign-in?lang=zh")
        self.fill("[name=login]", "technician")
        self.fill("[name=password]", PASSWORD)
        self.press("button[type=submit]")
        self.until(lambda: "/sign-in" not in self.driver.current_url, "not signed in")

    def ready(self) -> None:
        """The day page says that the app and its visits are kept."""
        self.driver.get(f"{self.address}/t/")
        self.until(lambda: "已备好" in self.text(), "not ready to leave")

    def open(self, place: str = "") -> None:
        """The visit's overview, or one of its screens."""
        time.sleep(0.3)  # the last answer is on the disk, as it is before any thumb can leave the page
        self.driver.get("about:blank")
        self.driver.get(f"{self.address}/t/visits/{self.visit_id}#{place}")
        self.see("#screen .slip, #screen .panel")

    def go(self, step: str) -> None:
        """On to a step."""
        self.step = step
        self.driver.execute_script("location.hash = arguments[0]", f"#step-{step}")
        self.see(f"#screen [id^='f-{step}-']")

    def within(self, field: str, selector: str) -> str:
        """A selector inside a field of the step."""
        return f"[id='f-{self.step}-{field}-field'] {selector}"

    def press(self, key: str) -> None:
        """Press any key or link."""
        found = self.see(key)
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", found)
        found.click()

    def press_in(self, field: str, key: str) -> None:
        """Press the first such key of a field."""
        self.press(self.within(field, key))

    def tick(self, box: str) -> None:
        """Tick a box or choose a radio, as a thumb does: on its words."""
        found = self.until(lambda: self.driver.find_elements(By.CSS_SELECTOR, box), f"no {box}")[0]
        if not found.is_selected():
            label = found.find_element(By.XPATH, "./ancestor::label[1]")
            self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", label)
            label.click()
        self.until(lambda: self.driver.find_elements(By.CSS_SELECTOR, box)[0].is_selected(), f"{box} is not ticked")

    def pick(self, key: str, *values: str) -> None:
        """Choices, by their value."""
        for value in values:
            self.tick(self.within(key, f"input[value='{value}']"))

    def pick_in(self, field: str, box: str) -> None:
        """Tick one box of a field."""
        self.tick(self.within(field, box))

    def fill(self, box: str, text: str) -> None:
        """Write into any box."""

        def typed() -> bool:
            found = self.see(box)
            try:
                self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", found)
                found.clear()
                found.send_keys(text)
            except (ElementNotInteractableException, StaleElementReferenceException):
                return False  # it was just being drawn: a thumb taps again
            return True

        self.until(typed, f"{box} takes no text")

    def write(self, key: str, text: str) -> None:
        """A text."""
        self.fill(f"[id='f-{self.step}-{key}']", text)

    def now(self, key: str) -> None:
        """The time, by the key that says now."""
        self.press_in(key, "button")

    def measure(self, key: str, *runs: float) -> None:
        """A measured value, or the single results of an average."""
        for n, run in enumerate(runs):
            self.fill(f"[id='f-{self.step}-{key}{f'-{n}' if n else ''}']", f"{run:g}")

    def suggested(self, key: str) -> None:
        """Take over what the order suggests."""
        self.press(f"[data-suggestion='{key}']")

    def photograph(self, key: str, photo: dict[str, Any]) -> None:
        """Take one picture, and wait until it is shown."""
        pictures = self.within(key, "img")
        before = len(self.driver.find_elements(By.CSS_SELECTOR, pictures))
        with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
            file.write(photo["buffer"])
            file.flush()
            self.driver.find_element(By.CSS_SELECTOR, self.within(key, "input[type=file]")).send_keys(file.name)
            self.until(lambda: len(self.driver.find_elements(By.CSS_SELECTOR, pictures)) > before, "no picture shown")

    def sign(self, key: str, name: str | None = None) -> None:
        """Three strokes and the key that confirms them."""
        if name is not None:
            self.fill(f"[id='f-{self.step}-{key}-name']", name)
        canvas = self.see(self.within(key, "canvas"))
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", canvas)
        width = canvas.size["width"]
        for n in range(3):
            strokes = ActionChains(self.driver, duration=20)
            strokes.move_to_element_with_offset(canvas, int(-width / 2) + 20 + 60 * n, -40).click_and_hold()
            for _ in range(5):
                strokes.move_by_offset(8, 12)
            strokes.release().perform()
        self.press_in(key, ".signing .actions .primary")

    def all_handed_in(self) -> None:
        """Wait until the bar says that nothing waits."""
        time.sleep(0.1)
        self.until(lambda: self.driver.find_elements(By.CSS_SELECTOR, HANDED_IN), "not handed in")

    def done(self) -> None:
        """The step says that nothing is missing."""
        self.until(lambda: not self.driver.find_elements(By.CSS_SELECTOR, "#missing .problem"), "something is missing")
