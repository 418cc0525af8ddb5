"""A database error that reaches a log shows the statement and never what was in it."""

import pytest
from sqlalchemy.exc import DBAPIError

from dispatch.customers.tables import Customer
from dispatch.database import Database
from tests.makers import NOON

SECRET = "a-name-that-must-not-be-logged"


def test_an_error_does_not_show_its_parameters(database: Database) -> None:
    with pytest.raises(DBAPIError) as failed, database.writing() as session:
        session.add(Customer(name=SECRET, phone="+8613800000000", language="fr", created_at=NOON))
    assert "INSERT INTO customers" in str(failed.value)
    told = str(failed.value).split("DETAIL:")[0]  # the detail is PostgreSQL's own; the log leaves messages out
    assert SECRET not in told
