"""A bug is answered with a number, and the log tells where it happened without quoting anybody's data."""

import logging

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from dispatch.customers.tables import Customer
from mobile_api.dependencies import Writing
from tests.journeys.conftest import Product

SECRET = "a-name-that-must-not-be-logged"


@pytest.mark.parametrize("path", ["/api/v1/broken", "/broken"])
def test_a_bug_shows_a_number_and_nothing_else(product: Product, path: str, caplog: pytest.LogCaptureFixture) -> None:
    @product.app.get(path)  # type: ignore[attr-defined]
    def broken(turn: Writing) -> None:
        turn.session.add(Customer(name=SECRET, phone="+8613800000000", language="fr", created_at=turn.now))

    client = TestClient(product.app, base_url="http://localhost", headers=product.as_("admin").headers)  # type: ignore[arg-type]
    with caplog.at_level(logging.INFO):
        answer = client.get(path)  # would raise here, and so in the server's log, if the bug went further out
    assert answer.status_code == 500
    assert SECRET not in answer.text
    logged = "\n".join(record.getMessage() + (record.exc_text or "") for record in caplog.records)
    assert "IntegrityError" in logged
    assert SECRET not in logged
    number = logged.split("unexpected error ")[1][:8]
    assert number in answer.text
    with product.house.database.reading() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(Customer)).scalar_one() == 0


def test_every_refusal_has_one_status() -> None:
    from mobile_api.problems import known_problems

    assert all(400 <= status < 500 for status, _ in known_problems().values())
