"""The map beside the board, over HTTP: its ground, and where its pictures may come from."""

import pytest
from sqlalchemy import update

from dispatch.board.map_settings import MapSettings
from dispatch.customers.tables import Site
from dispatch.technicians.tables import Area
from tests.journeys.conftest import Product
from tests.journeys.desk_hand import booked

TILES = "https://tiles.example.cn/{z}/{x}/{y}.png"


def test_the_ground_is_areas_and_neighbourhoods_and_no_home(product: Product) -> None:
    booked(product)
    booked(product)
    with product.house.database.writing() as session:
        session.add(Area(name="金桥", name_en="Jinqiao", latitude=31.26, longitude=121.6))
        session.execute(update(Site).values(latitude=31.204123, longitude=121.593789))
    answer = product.browser("care_agent").get("/desk/board/ground")
    ground = answer.json()
    assert ground["homes"] == [[31.204, 121.594]]
    assert {one["en"] for one in ground["areas"]} == {"Zhangjiang", "Jinqiao"}
    assert all(len(one["cell"]) >= 4 for one in ground["areas"])
    assert answer.headers["cache-control"] == "private, max-age=600"
    assert "测试路" not in answer.text


def test_the_boards_page_alone_may_load_tiles_and_only_when_they_are_set(product: Product) -> None:
    desk = product.browser("dispatcher")
    assert "https:" not in desk.get("/desk/board").headers["content-security-policy"]
    product.app.state.map_settings = MapSettings(_env_file=None, map_tiles=TILES, map_tiles_notice="© 某图商")  # type: ignore
    page = desk.get("/desk/board")
    assert "img-src 'self' data: blob: https://tiles.example.cn;" in page.headers["content-security-policy"]
    assert "© 某图商" in page.text
    assert "example.cn" not in desk.get("/desk/day").headers["content-security-policy"]


@pytest.mark.parametrize("login", ["technician", "technician2"])
def test_nobody_outside_the_desk_sees_the_ground(product: Product, login: str) -> None:
    assert product.browser(login).get("/desk/board/ground").status_code == 404
    assert product.browser().get("/desk/board/ground").status_code in (303, 401)


def test_from_a_wall_nobody_plans(product: Product) -> None:
    desk = product.browser("supervisor")
    assert '"plan": true' in desk.get("/desk/board").text
    wall = desk.get("/desk/board?wall=1").text
    assert '"plan": false' in wall
    assert '"wall": true' in wall
    assert '"wall": false' in desk.get("/desk/board?wall=nonsense").text
