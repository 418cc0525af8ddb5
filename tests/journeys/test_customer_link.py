"""The customer's link: it opens one visit, reading it changes nothing, and every closed link looks the same."""

import logging
import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from starlette.routing import Route

from dispatch.accounts.secrets_kept import derived_token
from mobile_api.app import create_app
from mobile_api.customer import rooms
from tests.journeys.conftest import Product
from tests.journeys.customer_stages import a_guest, expire, mark_of, revoke, without_site
from tests.journeys.scanner import everything, let_everybody_knock, scan
from tests.makers import some_settings

STAGES = ("booked", "en_route", "begun", "worked", "sealed", "no_access", "cancelled")


@pytest.fixture(autouse=True)
def _quiet_doors(product: Product) -> None:
    """Scanning knocks often; how often one may knock is a test of its own."""
    let_everybody_knock(product)


@pytest.mark.parametrize("stage", STAGES)
def test_reading_and_scanning_change_nothing(product: Product, stage: str) -> None:
    guest = a_guest(product.house, product.cast.technician_id, stage)
    before = everything(product.house)
    assert sum(map(len, before.values())) > 30
    assert scan(product, guest.path) > 3
    after = everything(product.house)
    assert {name for name in before if before[name] != after[name]} == set()


def test_every_page_behind_the_link_is_read_by_the_scan(product: Product) -> None:
    """So that a page that is linked from nowhere cannot hide a change: each GET route is asked here by name."""
    guest = a_guest(product.house, product.cast.technician_id, "sealed")
    browser = guest.enters(product.browser())
    before = everything(product.house)
    routes = [route for route in all_routes() if "GET" in (route.methods or set())]
    assert len(routes) >= 8
    for route in routes:
        path = route.path_format.format(
            link_id=guest.link_id, number="SR-20261122-ABCDEF", token="x", key="x", outage_id=guest.visit_id,
            name="guide",
        )  # fmt: skip
        assert browser.get(path).status_code in (200, 303, 404, 503), path
        assert route.methods is not None
        assert "HEAD" in route.methods, path
    assert everything(product.house) == before


def all_routes() -> list[Route]:
    """The customer's routes, whatever router they hang on."""
    found: list[Route] = []
    for module in rooms.ROOMS:
        found += [route for route in module.router.routes if isinstance(route, Route)]
    return found


def test_the_link_is_swapped_for_a_cookie_and_an_address_without_the_secret(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id)
    browser = product.browser()
    answer = browser.get(guest.path)
    assert (answer.status_code, answer.headers["location"]) == (303, guest.home)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"doorstep-c-{guest.link_id}={guest.token};")
    assert {part.strip().split("=")[0].lower() for part in cookie.split(";")[1:]} == {
        "httponly", "max-age", "path", "samesite",
    }  # fmt: skip
    assert "samesite=lax" in cookie.lower()
    assert 0 < int(re.search(r"Max-Age=(\d+)", cookie)[1]) <= 7 * 86400  # type: ignore[index]
    page = browser.get(guest.home)
    assert page.status_code == 200
    assert guest.token not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in page.headers["x-robots-tag"]
    again = product.browser().get(guest.path)
    assert again.status_code == 303, "a scanner came first, and the customer still gets in"


def test_on_https_the_cookie_is_secure_and_bound_to_the_host(product: Product, tmp_path: Any) -> None:
    settings = some_settings(
        product.settings.data_dir, product.settings.database_url, public_url="https://doorstep.example"
    )
    guest = a_guest(product.house, product.cast.technician_id)
    with TestClient(create_app(settings), base_url="https://doorstep.example", follow_redirects=False) as browser:
        cookie = browser.get(guest.path).headers["set-cookie"]
        assert cookie.startswith(f"__Host-doorstep-c-{guest.link_id}=")
        assert "Secure" in cookie
        assert "Path=/;" in cookie + ";"
        assert "domain" not in cookie.lower()
        assert browser.get(guest.home).status_code == 200


def _plain(answer: Response) -> tuple[int, list[tuple[str, str]], str]:
    nonce = re.search(r"nonce-([\w-]+)", answer.headers["content-security-policy"])
    assert nonce
    headers = [(name, value.replace(nonce[1], "N")) for name, value in answer.headers.items()]
    return answer.status_code, headers, answer.text.replace(nonce[1], "N")


def test_unknown_cut_expired_and_revoked_links_look_alike(product: Product) -> None:
    expired, revoked, cut = (
        a_guest(product.house, product.cast.technician_id, hours_ahead=26 + 3 * n, language="en") for n in range(3)
    )
    expire(product.house, expired, product.settings)
    revoke(product.house, revoked)
    paths = [expired.path, revoked.path, cut.path[:-3], "/c/" + "A" * 32, "/c/", "/c/" + "中" * 9, "/c/" + "z" * 500]
    looks = {path: _plain(product.browser().get(path)) for path in paths}
    first = looks[expired.path]
    assert first[0] == 404
    assert "链接无法打开" in first[2]
    assert "10000" in first[2], "it says whom to call"
    assert all(look == first for look in looks.values()), [path for path in paths if looks[path] != first]
    behind = {_plain(product.browser().get(f"/v/{link}"))[2] for link in (expired.link_id, cut.link_id, "nobody")}
    assert behind == {first[2]}


def test_a_link_that_was_open_closes_at_once_when_it_is_revoked(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id)
    browser = guest.enters(product.browser())
    assert browser.get(guest.home).status_code == 200
    revoke(product.house, guest)
    assert browser.get(guest.home).status_code == 404


def test_the_cookie_of_one_visit_opens_no_other(product: Product) -> None:
    mine = a_guest(product.house, product.cast.technician_id)
    other = a_guest(product.house, product.cast.technician_id, hours_ahead=30)
    browser = mine.enters(product.browser())
    assert browser.get(mine.home).status_code == 200
    pages = ("", "/another-time", "/sign", "/record", "/record.pdf")
    assert {browser.get(other.home + page).status_code for page in pages} == {404}
    browser.cookies.set(f"doorstep-c-{other.link_id}", mine.token)
    assert {browser.get(other.home + page).status_code for page in pages} == {404}


def test_a_staff_sign_in_does_not_open_a_customers_page(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id)
    assert product.browser("admin").get(guest.home).status_code == 404


def test_who_guesses_is_slowed_down_and_told_when_to_come_back(product: Product) -> None:
    product.app.state.knocks = {}  # type: ignore[attr-defined]
    browser = product.browser()
    answers = [browser.get(f"/c/{derived_token(b'guess', str(n))}") for n in range(40)]
    assert answers[0].status_code == 404
    assert answers[-1].status_code == 429
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert "频繁" in answers[-1].text


def test_forged_posts_are_refused(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id, "sealed")
    posts = [
        route for route in all_routes() if "POST" in (route.methods or set()) and route.path.startswith("/v/{link_id}")
    ]
    assert len(posts) >= 5
    mark = mark_of(guest.enters(product.browser()), guest.home + "/record")
    before = everything(product.house)
    for route in posts:
        path = route.path.format(link_id=guest.link_id)
        for site, key in ((("Sec-Fetch-Site", "cross-site"), mark), (("Origin", "https://evil.example"), mark)):
            browser = without_site(guest.enters(product.browser()))
            answer = browser.post(path, data={"form": key}, headers=dict([site]))
            assert answer.status_code == 403, path
        for key in ("", "x", "0" * 32 + ".abc", mark[:-2] + "AA"):
            browser = guest.enters(product.browser())
            ours = browser.post(path, data={"form": key})
            assert (ours.status_code, "页面已过期" in ours.text) == (409, True), "our own site, but not our form"
            nobody = without_site(guest.enters(product.browser()))
            answer = nobody.post(path, data={"form": key}, headers={"Origin": "null"})
            assert (answer.status_code, "页面已过期" in answer.text) == (409, True), "an old browser, and not our form"
    assert everything(product.house) == before


def test_an_old_phone_that_says_only_origin_null_can_still_confirm(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id)
    browser = without_site(guest.enters(product.browser()))
    answer = browser.post(
        guest.home + "/confirm", data={"form": mark_of(browser, guest.home)}, headers={"Origin": "null"}
    )
    assert answer.status_code == 303


def test_a_form_of_another_link_is_not_ours(product: Product) -> None:
    mine = a_guest(product.house, product.cast.technician_id)
    other = a_guest(product.house, product.cast.technician_id, hours_ahead=30)
    browser = mine.enters(other.enters(product.browser()))
    key = mark_of(browser, other.home)
    assert browser.post(mine.home + "/confirm", data={"form": key}).status_code == 409


def test_the_customers_language_comes_first_and_their_choice_before_it(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id, language="en")
    browser = guest.enters(product.browser())  # a browser that asks for Chinese
    assert '<html lang="en"' in browser.get(guest.home).text
    assert '<html lang="zh-CN"' in browser.get(guest.home + "?lang=zh").text
    assert '<html lang="zh-CN"' in browser.get(guest.home).text, "remembered"
    chosen = product.browser().get(guest.path + "?lang=zh").headers["location"]
    assert chosen == guest.home + "?lang=zh"


def test_a_page_shows_no_more_than_it_needs(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id)
    page = guest.enters(product.browser()).get(guest.home).text
    assert "138****0001" in page
    assert "13800000001" not in page
    assert "13900000001" not in page, "the technician's own number"
    assert str(guest.visit_id) not in page


def test_no_log_line_of_ours_holds_the_secret(product: Product, caplog: pytest.LogCaptureFixture) -> None:
    guest = a_guest(product.house, product.cast.technician_id)
    with caplog.at_level(logging.DEBUG):
        browser = guest.enters(product.browser())
        browser.get(guest.home)
        product.browser().get(guest.path + "x")
        browser.post(guest.home + "/confirm", data={"form": mark_of(browser, guest.home)})
    ours = [
        record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))
    ]  # the client's own
    assert [record.getMessage() for record in ours if guest.token[:20] in record.getMessage()] == []


def test_a_customer_gets_the_guide_at_once_and_the_technicians_card_only_once_they_have_met(product: Product) -> None:
    def papers(stage: str) -> dict[str, int]:
        guest = a_guest(product.house, product.cast.technician_id, stage)
        browser = guest.enters(product.browser())
        names = ("guide", "card", "sticky", "note", "etc")
        return {name: browser.get(f"{guest.home}/papers/{name}").status_code for name in names}

    assert papers("booked") == {"guide": 200, "card": 404, "sticky": 404, "note": 404, "etc": 404}
    assert papers("sealed") == {"guide": 200, "card": 200, "sticky": 200, "note": 404, "etc": 404}
    assert papers("no_access") == {"guide": 200, "card": 200, "sticky": 404, "note": 200, "etc": 404}
