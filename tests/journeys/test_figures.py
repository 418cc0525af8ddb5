"""Figures over HTTP: what each role sees of them, rows behind, files to take away, the star, the supervisor's page."""

import io
from datetime import date, timedelta
from typing import get_args
from uuid import UUID

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from dispatch.accounts.batches import until_none_is_left
from dispatch.clock import day_bounds, local_day, utc_now
from dispatch.customers.tables import Site
from dispatch.kpis.definitions import BY_KEY, FIGURES
from dispatch.kpis.filing import file_waiting
from dispatch.kpis.tables import figure_rows
from dispatch.technicians.tables import Area, Technician
from dispatch.visits.tables import Visit, WorkOrder
from mobile_api.api.figures import FigureKey
from mobile_api.desk.figures import files, month, one, stars, supervising
from mobile_api.technician import own_figures
from tests.journeys.conftest import Product
from tests.journeys.test_whole_visit import a_photo, book, go_through
from tests.makers import a_booking, a_turn, a_window

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PAGES = [
    "/desk/figures", "/desk/figures/on_time", "/desk/figures/on_time/rows", "/desk/figures.xlsx", "/desk/figures.pdf",
    "/desk/figures/on_time/rows.xlsx", "/desk/star", "/desk/star/rules",
    *(f"/desk/figures/{figure.key}" for figure in FIGURES),
]  # fmt: skip


@pytest.fixture
def worked(product: Product) -> dict[str, str]:
    """Yesterday: one arrival in time and one late by the first technician, one in time by the second; all counted."""
    now, yesterday = utc_now(), local_day(utc_now(), product.settings.zone) - DAY
    noon = day_bounds(yesterday, product.settings.zone)[0] + 12 * HOUR
    with product.house.database.writing() as session:
        before = a_turn(session, product.settings, now - 3 * DAY)
        first, second = (
            session.get(Technician, id) for id in (product.cast.technician_id, product.cast.other_technician_id)
        )
        area = session.scalars(select(Area)).one()
        made = []
        for technician, hours, late in ((first, 0, False), (first, 3, True), (second, 0, False)):
            visit = a_booking(before, technician, a_window(noon + hours * HOUR, 1)).visit
            visit.status, visit.departed_at = "on_site", visit.window_start
            visit.arrived_at = visit.window_end + HOUR if late else visit.window_start
            made.append(visit)
        session.flush()
        session.execute(update(Site).values(area_id=area.id))
        ids = {"area": str(area.id), "first": str(made[0].id), "late": str(made[1].id), "other": str(made[2].id)}
    count(product)
    return ids


def count(product: Product) -> None:
    until_none_is_left(product.house.database, product.settings, file_waiting)


def a_month(product: Product) -> dict[str, str]:
    return {"month": f"{local_day(utc_now(), product.settings.zone) - DAY:%Y-%m}"}


def days(product: Product) -> dict[str, str]:
    today = local_day(utc_now(), product.settings.zone)
    return {"first": f"{today - timedelta(days=3)}", "last": f"{today}"}


def on_time(answer: dict) -> dict:  # type: ignore[type-arg]
    return next(one for one in answer["figures"] if one["figure"] == "on_time")


def test_the_desk_sees_the_house_and_supervisors_see_who(product: Product, worked: dict[str, str]) -> None:
    asked = days(product)
    for role in ("dispatcher", "care_agent", "supervisor", "admin"):
        answer = product.as_(role).get("/api/v1/figures", params=asked).json()
        assert on_time(answer["items"][0])["hits"] == 2
        assert on_time(answer["items"][0])["cases"] == 3
        by = product.as_(role).get("/api/v1/figures", params=asked | {"by": "technician"})
        assert by.status_code == (200 if role in ("supervisor", "admin") else 403), role
    groups = product.as_("supervisor").get("/api/v1/figures", params=asked | {"by": "technician"}).json()["items"]
    assert {one["group"]: (on_time(one)["hits"], on_time(one)["cases"]) for one in groups} == {
        str(product.cast.technician_id): (1, 2),
        str(product.cast.other_technician_id): (1, 1),
    }


def test_a_technician_sees_their_own_and_nothing_of_others(product: Product, worked: dict[str, str]) -> None:
    asked = days(product)
    own = product.as_("technician").get(f"/api/v1/technicians/{product.cast.technician_id}/figures", params=asked)
    assert (on_time(own.json()["items"][0])["hits"], on_time(own.json()["items"][0])["cases"]) == (1, 2)
    other = product.as_("technician2").get(f"/api/v1/technicians/{product.cast.technician_id}/figures", params=asked)
    assert other.status_code == 404
    page = product.browser("technician").get("/own/figures", params=a_month(product))
    assert page.status_code == 200
    assert "钱进" not in page.text
    rows = product.browser("technician").get("/own/figures/on_time", params=a_month(product)).text
    assert rows.count("<li><p>") == 2  # their own, and none of the other's
    assert product.browser("technician").get("/own/figures/complaints").status_code == 404
    for role in ("dispatcher", "supervisor"):
        assert product.browser(role).get("/own/figures").status_code == 403


def test_the_api_names_every_figure() -> None:
    assert set(get_args(FigureKey)) == set(BY_KEY)


def test_every_page_of_figures_has_a_case_here() -> None:
    routes = {route.path for room in (month, files, one, stars, supervising) for route in room.router.routes}
    assert routes == {
        "/desk/figures", "/desk/figures.xlsx", "/desk/figures.pdf", "/desk/figures/{key}", "/desk/figures/{key}/rows",
        "/desk/figures/{key}/rows.xlsx", "/desk/star", "/desk/star/rules", "/desk/supervisor",
    }  # fmt: skip
    assert {route.path for route in own_figures.router.routes} == {"/own/figures", "/own/figures/{key}"}


def test_pages_of_figures_are_the_desks(product: Product, worked: dict[str, str]) -> None:
    for address in PAGES:
        for role in ("dispatcher", "care_agent", "supervisor", "admin"):
            assert product.browser(role).get(address).status_code == 200, (address, role)
        assert product.browser("technician").get(address).status_code == 404, address
    assert product.browser("supervisor").get("/desk/supervisor").status_code == 200
    for role, status in (("dispatcher", 403), ("care_agent", 403), ("technician", 404)):
        assert product.browser(role).get("/desk/supervisor").status_code == status, role


def test_rows_about_complaints_and_people_are_for_supervisors(product: Product, worked: dict[str, str]) -> None:
    for address in (
        "/desk/figures/complaints/rows",
        "/desk/figures/escalations/rows.xlsx",
        "/desk/figures/on_time?by=technician",
    ):
        assert product.browser("care_agent").get(address).status_code == 403, address
        assert product.browser("supervisor").get(address).status_code == 200, address
    mine = f"/desk/figures?technician={product.cast.technician_id}"
    assert product.browser("dispatcher").get(mine).status_code == 404
    assert product.browser("supervisor").get(mine).status_code == 200


def test_a_figure_opens_the_rows_behind_it(product: Product, worked: dict[str, str]) -> None:
    asked = days(product)
    desk = product.as_("dispatcher")
    rows = desk.get("/api/v1/figures/on_time/rows", params=asked).json()
    assert {(one["id"], one["value"]) for one in rows["items"]} == {
        (worked["first"], 1),
        (worked["late"], 0),
        (worked["other"], 1),
    }
    missed = desk.get("/api/v1/figures/on_time/rows", params=asked | {"which": "no"}).json()
    assert [one["id"] for one in missed["items"]] == [worked["late"]]
    page = product.browser("dispatcher").get("/desk/figures/on_time/rows", params=asked | {"which": "no"}).text
    assert f"/desk/visits/{worked['late']}" in page
    assert f"/desk/visits/{worked['first']}" not in page


def test_what_changes_is_counted_anew(product: Product, worked: dict[str, str]) -> None:
    asked = days(product)
    with product.house.database.writing() as session:
        visit = session.scalars(
            select(Visit).where(Visit.status == "on_site").order_by(Visit.arrived_at.desc())
        ).first()
        assert visit is not None
        visit.arrived_at = visit.window_start
    count(product)
    answer = product.as_("dispatcher").get("/api/v1/figures", params=asked).json()
    assert on_time(answer["items"][0])["hits"] == 3
    assert answer["waiting"] == 0


def test_a_spreadsheet_holds_numbers_and_no_formula(product: Product, worked: dict[str, str]) -> None:
    with product.house.database.writing() as session:
        session.scalars(select(Area)).one().name = "=1+1"
        session.scalars(select(WorkOrder)).first().external_id = "=HYPERLINK(1)"  # type: ignore[union-attr]
    answer = product.browser("supervisor").get("/desk/figures.xlsx", params=days(product))
    book = load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    line = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "准时到达")
    assert line[1] == pytest.approx(2 / 3, abs=1e-6)
    assert line[5:7] == (2, 3)
    rows = product.browser("supervisor").get("/desk/figures/on_time/rows.xlsx", params=days(product))
    books = (book, load_workbook(io.BytesIO(rows.content)))
    cells = [cell for one in books for sheet in one.worksheets for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert {"=1+1", "=HYPERLINK(1)"} <= {cell.value for cell in cells}


def test_the_monthly_report_is_a_tagged_document(product: Product, worked: dict[str, str]) -> None:
    for language in ("zh", "en"):
        answer = product.browser("dispatcher").get(f"/desk/figures.pdf?lang={language}")
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-1.7")
        assert b"/StructTreeRoot" in answer.content


@pytest.mark.parametrize(
    "address",
    [
        "/desk/figures?month=2026-13", "/desk/figures?month=9999-99&area=x&kind=y&technician=z",
        "/desk/figures?first=2026-01-02&last=2026-01-01", "/desk/figures/on_time?by=nonsense",
        "/desk/figures/on_time/rows?at=-5&which=%27", "/desk/star?month=3000-01", "/desk/figures?month=0001-01",
        "/desk/outages?area=x&surge=yes",
    ],
)  # fmt: skip
def test_an_address_that_says_nonsense_shows_this_month(product: Product, address: str) -> None:
    assert product.browser("supervisor").get(address).status_code == 200


def test_what_is_no_figure_is_not_there(product: Product) -> None:
    assert product.browser("supervisor").get("/desk/figures/nothing").status_code == 404
    assert product.as_("supervisor").get("/api/v1/figures/nothing/rows").status_code == 422
    asked = {"first": "2026-02-01", "last": "2026-01-01"}
    assert product.as_("supervisor").get("/api/v1/figures", params=asked).status_code == 422


def test_a_surge_is_one_click_from_telling_the_area(product: Product, worked: dict[str, str]) -> None:
    now = utc_now()
    with product.house.database.writing() as session:
        orders = list(session.scalars(select(WorkOrder)))
        for order in orders:
            order.reported_at = now - 20 * HOUR
    quiet = product.browser("supervisor").get("/desk/supervisor").text
    assert "报障突增" not in quiet
    with product.house.database.writing() as session:
        turn = a_turn(session, product.settings, now)
        session.info["n"] = 100
        for _ in range(6):
            a_booking(turn, None, a_window(now + DAY, 2))
        session.execute(update(Site).values(area_id=UUID(worked["area"])))
    busy = product.browser("supervisor").get("/desk/supervisor").text
    assert "报障突增" in busy
    assert f"/desk/outages?area={worked['area']}&amp;surge=yes" in busy
    form = product.browser("supervisor").get(f"/desk/outages?area={worked['area']}&surge=yes").text
    assert '<input type="hidden" name="kind" value="fault">' in form
    assert f'<option value="{worked["area"]}" selected>' in form


def test_the_star_is_published_to_everybody_and_standings_to_supervisors(
    product: Product, worked: dict[str, str]
) -> None:
    today: date = local_day(utc_now(), product.settings.zone)
    month = a_month(product)
    assert "到达不足 30 次" in product.browser("supervisor").get("/desk/star", params=month).text
    seen = product.browser("dispatcher").get("/desk/star", params=month).text
    assert "钱进" not in seen
    assert "尚未揭晓" in seen
    answer = product.as_("technician").get("/api/v1/star").json()
    assert answer["final"] is (today.day >= 9)
    assert sum(answer["rules"]["weights"].values()) == 100


def test_a_real_visit_is_whole_in_every_figure_of_order_on_site(product: Product) -> None:
    made = book(product.as_("dispatcher"), product, "repair")
    phone = product.as_("technician")
    go_through(phone, made["visit"], "repair", [a_photo(1)])
    assert phone.post(f"/api/v1/visits/{made['visit']}/seal").is_success
    count(product)
    with product.house.database.reading() as session:
        row = session.execute(select(figure_rows).where(figure_rows.c.of == "visit")).one()
    body = phone.get(f"/api/v1/visits/{made['visit']}").json()
    assert body["status"] == "sealed"
    assert (row.checklist, row.kit, row.record) == (1, 1, 1)
    assert row.overall is not None
    assert row.conduct is not None
