"""The ledger over all seals: nothing in it can be changed, and what somebody forces is found. Both engines."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from dispatch.clock import utc_now
from dispatch.database import Database
from dispatch.house import House, open_house
from dispatch.objects import FolderStore
from dispatch.records.documents import document_of
from dispatch.records.ledger import Checked, check_ledger, head_of
from dispatch.records.ledger_rules import Head, following
from dispatch.records.publishing import NotPublished, heads_in, publish_head
from dispatch.records.tables import LedgerHead, LedgerRow, Record
from dispatch.records.verifying import verify_document
from tests.conftest import ENGINES, Original, a_copy
from tests.gateways.loopback import Asked, Server, running
from tests.journeys.customer_stages import a_guest
from tests.makers import some_settings, the_cast

EVERY_CASE_ON_BOTH = "what is forbidden and kept differs by engine"
pytestmark = pytest.mark.xdist_group("ledger")


@pytest.fixture(scope="module", params=ENGINES)
def original(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Original]:
    """Three sealed visits, the first two with their documents."""
    folder = tmp_path_factory.mktemp("original")
    with a_copy(request, request.param, folder) as address:
        opened = open_house(some_settings(folder / "var", address))
        with opened.database.writing() as session:
            technician = the_cast(session, opened.settings, utc_now()).technician_id
        for _ in range(3):
            a_guest(opened, technician, "sealed")
        with opened.database.reading() as session:
            records = list(session.scalars(sa.select(Record.id).order_by(Record.sealed_at, Record.id).limit(2)))
        for record_id in records:
            document_of(opened, record_id)
        opened.database.dispose()
        yield Original(request.param, address, folder / "var")


def checked(house: House, heads: tuple[Head, ...] = ()) -> Checked:
    with house.database.reading() as session:
        return check_ledger(session, house.objects, heads)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET number = 'SR-2'",
        "DELETE FROM ledger WHERE seq = 2",
        "DELETE FROM ledger",
        "UPDATE ledger_heads SET hash = 'x'",
        "DELETE FROM ledger_heads",
    ],
)
def test_the_database_lets_nobody_edit_the_ledger(house: House, statement: str) -> None:
    publish_head(house, utc_now())
    with pytest.raises(DatabaseError, match="row_is_immutable"), house.database.engine.begin() as connection:
        connection.execute(sa.text(statement))
    assert checked(house).problems == ()


def test_rows_follow_each_other_or_are_refused(house: House) -> None:
    with house.database.reading() as session:
        last = head_of(session)
    assert last is not None
    right = vars(following(last, utc_now(), "record", "SR-X", 1, "0" * 64))
    for wrong in ({"seq": last.seq + 2}, {"previous": "1" * 64}):
        with pytest.raises(DatabaseError, match="ledger_follows"), house.database.writing() as session:
            session.add(LedgerRow(**(right | wrong)))
    with house.database.writing() as session:
        session.add(LedgerRow(**right))


def test_every_seal_and_every_document_is_in_it(house: House) -> None:
    found = checked(house)
    assert (found.rows, found.problems) == (5, ())
    with house.database.reading() as session:
        kinds = list(session.scalars(sa.select(LedgerRow.kind).order_by(LedgerRow.seq)))
    assert kinds == ["record", "record", "record", "document", "document"]


def forced(database: Database, *statements: str) -> None:
    """What somebody with all rights may do who first takes the guards away."""
    with database.engine.begin() as connection:
        for table in ("ledger", "records", "documents"):
            if database.is_sqlite:
                for verb in ("update", "delete"):
                    connection.execute(sa.text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))
            else:
                connection.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        for statement in statements:
            connection.execute(sa.text(statement))


SWAP = (
    "UPDATE ledger SET seq = 100 WHERE seq = 2",
    "UPDATE ledger SET seq = 2 WHERE seq = 3",
    "UPDATE ledger SET seq = 3 WHERE seq = 100",
)
FORCED = {
    "one row taken out": ("DELETE FROM ledger WHERE seq = 2",),
    "the last row taken out": ("DELETE FROM ledger WHERE seq = 5",),
    "two rows swapped": SWAP,
    "another number": ("UPDATE ledger SET number = 'SR-20260101-AAAAAA' WHERE seq = 1",),
    "another hash of the content": ("UPDATE ledger SET sha256 = previous WHERE seq = 2",),
    "another time": ("UPDATE ledger SET at = '2020-01-01 00:00:00' WHERE seq = 2",),
    "a record taken out": (
        "DELETE FROM documents",
        "DELETE FROM records WHERE number = (SELECT number FROM ledger WHERE seq = 3)",
    ),
    "a record's body changed": ("UPDATE records SET body = '{}'",),
    "a record's body changed with its hash": (
        "UPDATE records SET body = '{}', "
        "sha256 = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'",
    ),
    "a document's hash changed": ("UPDATE documents SET sha256 = (SELECT sha256 FROM records LIMIT 1) WHERE size > 0 "
        "AND record_id = (SELECT id FROM records ORDER BY sealed_at LIMIT 1)",),
}  # fmt: skip


@pytest.mark.parametrize("what", FORCED)
def test_what_is_forced_is_found(house: House, what: str) -> None:
    assert checked(house).problems == ()
    forced(house.database, *FORCED[what])
    assert checked(house).problems != ()


def test_a_document_that_rotted_is_found(house: House) -> None:
    assert isinstance(house.objects, FolderStore)
    path = next(path for kind, _, path in house.objects.all() if kind == "documents")
    content = path.read_bytes()
    path.write_bytes(content[:-1] + b"x")
    assert any("PDF" in problem.en for problem in checked(house).problems)
    path.write_bytes(content)
    assert checked(house).problems == ()


def test_a_document_row_that_is_not_what_the_ledger_holds_makes_no_file_genuine(house: House) -> None:
    with house.database.reading() as session:
        record_id = session.scalar(sa.select(Record.id).order_by(Record.sealed_at, Record.id).limit(1))
    assert record_id is not None
    content = document_of(house, record_id)
    assert verify_document(house, content).state == "genuine"
    forced(house.database, "UPDATE ledger SET sha256 = previous WHERE kind = 'document'")
    assert verify_document(house, content).state == "altered"


def test_the_head_is_published_once_a_day_and_a_rewritten_ledger_does_not_fit_it(house: House) -> None:
    now = utc_now()
    first = publish_head(house, now)
    assert first is not None
    assert publish_head(house, now) is None
    assert publish_head(house, now + timedelta(days=1)) is not None
    published = list(heads_in(house.settings.data_dir / "ledger-heads.jsonl"))
    assert [head.seq for head in published] == [5, 5]
    assert checked(house, tuple(published)).problems == ()
    # Everything after row 1 is made anew, with sound hashes and no database guard: only the published head tells.
    with house.database.reading() as session:
        rows = list(session.scalars(sa.select(LedgerRow).order_by(LedgerRow.seq)))
        documents = {row.number: row for row in rows if row.kind == "document"}
    forced(house.database, "DELETE FROM ledger")
    with house.database.writing() as session:
        last = None
        for row in rows:
            at = row.at - timedelta(days=1) if row.number in documents else row.at
            last = following(last, at, row.kind, row.number, row.revision, row.sha256)
            session.add(LedgerRow(**vars(last)))
            session.flush()
    told = checked(house, tuple(published)).problems
    assert any("rewritten" in problem.en for problem in told)
    with house.database.reading() as session:
        rewritten = check_ledger(session, house.objects)
        assert len(rewritten.problems) == session.scalar(sa.select(sa.func.count(LedgerHead.day)))


class Webhook(Server):
    """Takes heads; `answers` are used up one a post."""

    status = 204

    def answer(self, asked: Asked) -> tuple[int, bytes]:
        return self.status, b""


def test_a_webhook_gets_the_head_signed_and_what_it_does_not_take_is_tried_again(
    tmp_path: Path, database: Database
) -> None:
    import hashlib
    import hmac

    with running(Webhook()) as hook:
        settings = some_settings(
            tmp_path / "var",
            str(database.url.render_as_string(hide_password=False)),
            ledger_webhook=hook.url,
            ledger_webhook_secret="k" * 32,
            ledger_file=tmp_path / "elsewhere" / "heads.jsonl",
        )
        house = open_house(settings)
        hook.status = 503
        with pytest.raises(NotPublished, match="503"):
            publish_head(house, utc_now())
        hook.status = 204
        head = publish_head(house, utc_now())
        assert head is not None
        second = hook.asked[1]
        assert json.loads(second.body)["hash"] == head.hash == "0" * 64
        signed = hmac.new(b"k" * 32, second.body, hashlib.sha256).hexdigest()
        assert second.headers["x-doorstep-signature"] == f"sha256={signed}"
        assert len(settings.ledger_file.read_text().splitlines()) == 1
        house.database.dispose()
