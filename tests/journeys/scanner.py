"""What a mail scanner does with an address, and whether anything was changed by it."""

import re
from html.parser import HTMLParser
from typing import Any

import sqlalchemy as sa
from fastapi.testclient import TestClient

from dispatch.backups.portable import MADE_ANEW
from dispatch.house import House
from mobile_api.customer import opening, verifying
from mobile_api.customer.tries import Knocks
from tests.journeys.conftest import Product


def everything(house: House) -> dict[str, list[Any]]:
    """Every row of every table that a backup holds."""
    metadata = sa.MetaData()
    metadata.reflect(house.database.engine, only=lambda name, _: not name.startswith(MADE_ANEW))
    with house.database.engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(sa.select(table)).all()))
            for table in metadata.sorted_tables
        }


class Links(HTMLParser):
    """Every address in a page that a scanner could follow, the targets of its forms included."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        self.found += [value for name, value in attrs if name in ("href", "src", "action") and value]


def scan(product: Product, path: str) -> int:
    """What a mail scanner does: HEAD, then GET, then whatever the page links to, with and without the cookies."""
    seen: set[str] = set()
    waiting = [path]
    for _ in range(600):
        if not waiting:
            return len(seen)
        address = waiting.pop(0)
        if address in seen or not address.startswith("/") or address.startswith("/static/"):
            continue
        seen.add(address)
        for scanner in (product.browser(), scan_with(product, path)):
            head, got = scanner.head(address), scanner.get(address)
            assert (head.status_code, head.content) == (got.status_code, b""), address
            if "location" in got.headers:
                waiting.append(got.headers["location"])
            if got.headers.get("content-type", "").startswith("text/html"):
                waiting += [re.sub(r"^\?", address.partition("?")[0] + "?", link) for link in Links(got.text).found]
    raise AssertionError("the pages never end")


def scan_with(product: Product, path: str) -> TestClient:
    browser = product.browser()
    browser.get(path)
    return browser


def let_everybody_knock(product: Product) -> None:
    """Scanning knocks often; how often one may knock is a test of its own."""
    product.app.state.knocks = {  # type: ignore[attr-defined]
        "link": Knocks(10_000, opening.PER_SECOND),
        "verify": Knocks(10_000, verifying.PER_SECOND),
    }
