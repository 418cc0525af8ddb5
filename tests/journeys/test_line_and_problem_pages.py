"""The line's health file as a page, and the page that a refusal's type leads to."""

from uuid import uuid4

from tests.journeys.conftest import Product
from tests.journeys.test_whole_visit import book, go_through


def test_the_health_file_page_shows_the_baseline_and_what_moved(product: Product) -> None:
    desk, phone = product.as_("dispatcher"), product.as_("technician")
    for kind in ("install", "repair"):
        ids = book(desk, product, kind)
        go_through(phone, ids["visit"], kind, [])
        assert phone.post(f"/api/v1/visits/{ids['visit']}/seal").status_code == 201
    page = product.browser("dispatcher").get(f"/desk/lines/{ids['line']}")
    assert page.status_code == 200
    assert "与健康时的基准对照" in page.text
    assert page.text.count("<article") == 2
    english = product.browser("dispatcher").get(f"/desk/lines/{ids['line']}?lang=en").text
    assert "Beside the baseline of the healthy line" in english
    health = desk.get(f"/api/v1/lines/{ids['line']}/health-file").json()
    moved = {one["name"]: one for one in health["comparison"]}
    rx = moved["onu_rx_power"]
    assert rx["change"] == round(rx["latest"] - rx["baseline"], 3)


def test_a_line_is_for_the_desk_and_who_looked_is_known(product: Product) -> None:
    import sqlalchemy as sa

    ids = book(product.as_("dispatcher"), product, "repair")
    assert product.browser("technician").get(f"/desk/lines/{ids['line']}").status_code == 404
    assert product.browser("dispatcher").get(f"/desk/lines/{uuid4()}").status_code == 404
    assert product.browser("care_agent").get(f"/desk/lines/{ids['line']}").status_code == 200
    with product.house.database.reading() as session:
        looks = (
            session.execute(sa.text("SELECT actor FROM audit WHERE action = 'look' AND subject = 'line'"))
            .scalars()
            .all()
        )
    assert looks == ["care_agent:care_agent"]


def test_every_type_of_refusal_has_its_page(product: Product) -> None:
    from mobile_api.problems import known_problems

    browser = product.browser()
    assert {"too-late-to-move", "technician-busy", "stale-version", "not-found"} <= set(known_problems())
    for name in known_problems():
        assert browser.get(f"/problems/{name}").status_code == 200
    assert browser.get("/problems/nonsense").status_code == 404
