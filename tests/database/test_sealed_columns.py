"""What the database keeps sealed: strokes, entries and account names are nowhere in its files. Both engines."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from dispatch.clock import utc_now
from dispatch.customers.actions import LineFacts
from dispatch.customers.tables import Line
from dispatch.database import Database
from dispatch.house import open_house
from dispatch.records.tables import EntryRow, Parcel, Record
from dispatch.sealed_columns import CannotUnseal
from tests.journeys.customer_stages import a_guest
from tests.makers import a_turn, an_order, some_settings, the_cast

ACCOUNT = "sh02158880042"


def raw(database: Database, statement: str) -> list[str]:
    with database.engine.connect() as connection:
        return [str(row[0]) for row in connection.execute(sa.text(statement))]


def test_a_line_is_found_by_its_account_name_which_the_database_does_not_know(
    database: Database, tmp_path: Path
) -> None:
    for _ in range(2):  # the second order is for the same line
        with database.writing() as session:
            an_order(a_turn(session, some_settings(tmp_path, "")), line=LineFacts(ACCOUNT), external_id=None)
    with database.reading() as session:
        assert [line.account_name for line in session.scalars(sa.select(Line))] == [ACCOUNT]
        assert session.scalar(sa.select(Line.id).where(Line.account_name.in_([ACCOUNT, "other"])))
    kept = raw(database, "SELECT account_name FROM lines")
    assert kept[0].startswith("s1:")
    assert ACCOUNT not in kept[0]
    with database.reading() as session:
        site_id = session.scalars(sa.select(Line.site_id)).one()
    with pytest.raises(IntegrityError), database.writing() as session:
        session.add(Line(site_id=site_id, account_name=ACCOUNT, access="gpon"))


def test_strokes_and_entries_are_sealed_and_the_record_holds_only_their_hash(database_url: str, tmp_path: Path) -> None:
    house = open_house(some_settings(tmp_path / "var", database_url))
    with house.database.writing() as session:
        technician = the_cast(session, house.settings, utc_now()).technician_id
    a_guest(house, technician, "sealed")
    with house.database.reading() as session:
        record = session.scalars(sa.select(Record)).one()
        assert len(record.strokes["customer"]["strokes"]) >= 1
        assert '"strokes":' not in record.body
        assert '"strokes_sha256":"' in record.body
        signature = session.scalars(sa.select(EntryRow).where(EntryRow.key == "customer_signature")).one()
        assert signature.value["strokes"]
        assert session.scalars(sa.select(Parcel)).first().body["entries"]  # type: ignore[union-attr]
    for table, column in (("records", "strokes"), ("entries", "value"), ("parcels", "body")):
        for kept in raw(house.database, f"SELECT {column} FROM {table}"):
            assert "sealed" in kept
            assert "stroke" not in kept
            assert "赵翀" not in kept
    house.database.dispose()


def test_another_key_opens_nothing_and_a_seal_fits_only_its_own_column(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    with database.writing() as session:
        an_order(a_turn(session, some_settings(tmp_path, "")), line=LineFacts(ACCOUNT))
    stranger = Database(database_url, data_key=b"another key of at least 32 characters")
    with stranger.reading() as session, pytest.raises(CannotUnseal):
        session.scalars(sa.select(Line.account_name)).all()
    stranger.dispose()
    keyless = Database(database_url)
    with keyless.reading() as session, pytest.raises(RuntimeError, match="data key"):
        session.scalars(sa.select(Line.account_name)).all()
    keyless.dispose()
    with database.engine.begin() as connection:
        connection.execute(sa.text("UPDATE lines SET account_name = replace(account_name, 's1:', 's1:AAAA')"))
    with database.reading() as session, pytest.raises(CannotUnseal):
        session.scalars(sa.select(Line.account_name)).all()
