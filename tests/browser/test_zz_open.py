import pytest
from tests.browser.conftest import *
from tests.browser.technicians_hand import *
pytestmark = pytest.mark.browser
def test_open(served, opened):
    visit_id = a_visit_today(served, "repair")
    w = opened("technician")
    p = w.page
    p.on("console", lambda m: print("CONSOLE", m.type, m.text[:300]))
    p.on("pageerror", lambda e: print("ERR", e.stack[:800]))
    p.on("requestfailed", lambda e: print("FAILED", e.url))
    p.goto("/t/"); p.wait_for_timeout(1500)
    print(p.inner_text("body"))
    p.goto(f"/t/visits/{visit_id}"); p.wait_for_timeout(1500)
    print(p.inner_text("body"))
    p.screenshot(path="/tmp/overview.png", full_page=True)
    for s in ("appointment","talk","work","proof","file","leave"):
        p.evaluate("(hash) => { location.hash = hash; }", f"#step-{s}"); p.wait_for_timeout(500)
        print("-----", s); print(p.inner_text("#screen")[:1500])
        p.screenshot(path=f"/tmp/step_{s}.png", full_page=True)
        if s == "appointment": break
    w.wrong.clear()
