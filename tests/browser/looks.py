"""In which looks every page is read by axe, and what is wrong with a page in one of them."""

from tests.browser.conftest import Eyes, findings_of_axe
from tests.full import FULL

LOOKS = [(1280, "light", "zh"), (390, "dark", "en"), (1280, "dark", "en"), (390, "light", "zh")]
"""Width, scheme, language."""
SMALL = """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary")]
  .filter((each) => !each.matches(".skip-link, .choice input, p > a:not(.row-link)") && each.getClientRects().length)
  .filter((each) => each.getBoundingClientRect().height < 43.5)
  .map((each) => each.outerHTML.slice(0, 120))"""


def seen_in(addresses: list[str], width: int, scheme: str) -> list[str]:
    """Which of these pages this look is for: they take turns, a page in one look; with DOORSTEP_HEAVY each in all."""
    turn = [look[:2] for look in LOOKS].index((width, scheme))
    return addresses if FULL else addresses[turn :: len(LOOKS)]


def wrong_with(eyes: Eyes, where: str) -> list[str]:
    """What somebody could not use on the page as it stands: too wide, too small to touch, or found by axe."""
    page, seen = eyes.page, len(eyes.wrong)
    wrong = [f"{where}: under 44 px: {each}" for each in page.evaluate(SMALL)]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        wrong.append(f"{where}: wider than the screen")
    wrong += [f"{where}: {each}" for each in findings_of_axe(page)]
    del eyes.wrong[seen:]  # axe itself tries styles that the policy refuses
    return wrong
