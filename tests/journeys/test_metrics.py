"""The figures for a monitoring system: there for who has the token, nothing there for anybody else."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from dispatch.clock import utc_now
from dispatch.notices.figures import figures
from dispatch.notices.watching import watch
from mobile_api.app import create_app
from tests.journeys.conftest import Product
from tests.makers import a_reader, a_turn, an_owed_notice, some_settings

TOKEN = "m" * 40


def scrape(product: Product, token: str | None, given: str) -> "TestClient":
    settings = some_settings(
        product.settings.data_dir,
        product.settings.database_url,
        public_url="http://localhost",
        metrics_token=token or "",
    )
    client = TestClient(create_app(settings), base_url="http://localhost")
    return client.get("/metrics", headers={"Authorization": given})  # type: ignore[return-value]


def numbers(text: str) -> dict[tuple[str, str], float]:
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_figures_are_those_of_the_rows(product: Product) -> None:
    now = utc_now()
    with product.house.database.writing() as session:
        turn = a_turn(session, product.settings, now - timedelta(minutes=5))
        reader = a_reader(turn)
        an_owed_notice(turn, "moved", reader, deadline=now - timedelta(minutes=1))
        told = an_owed_notice(turn, "no_access", reader)
        told.state, told.accepted_at, told.channel = "accepted", now, "http"
    watch(product.house.database, now)
    answer = scrape(product, TOKEN, f"Bearer {TOKEN}")
    assert answer.status_code == 200  # type: ignore[attr-defined]
    found = numbers(answer.text)  # type: ignore[attr-defined]
    assert found["doorstep_notices", "expired"] == 1
    assert found["doorstep_notices", "accepted"] == 1
    assert found["doorstep_notices_sent", "http"] == 1
    assert found["doorstep_notices_breaches", ""] == 1
    assert found["doorstep_calls_open", ""] == found["doorstep_calls_overdue", ""] == 1
    assert "13800000001" not in answer.text  # type: ignore[attr-defined]


def test_what_waits_is_counted_with_its_age(product: Product) -> None:
    now = utc_now()
    with product.house.database.writing() as session:
        turn = a_turn(session, product.settings, now)
        an_owed_notice(turn, "no_access", a_reader(turn))
    with product.house.database.reading() as session:
        later = figures(session, now + timedelta(seconds=90))
    assert (later.due, later.owed, later.oldest_due_seconds) == (1, 1, 90.0)


@pytest.mark.parametrize("given", ["", "Bearer wrong", f"Bearer {TOKEN}x", TOKEN])
def test_strangers_find_nothing_there(product: Product, given: str) -> None:
    assert scrape(product, TOKEN, given).status_code == 404  # type: ignore[attr-defined]


def test_without_a_token_it_is_off(product: Product) -> None:
    assert scrape(product, None, "Bearer ").status_code == 404  # type: ignore[attr-defined]
