"""Whatever piece somebody knows finds the customer, the order or the record, on both engines, and nothing else."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, text

from dispatch.accounts.viewer import SYSTEM, Viewer
from dispatch.customers.actions import CustomerFacts, LineFacts, SiteFacts
from dispatch.customers.tables import Customer, Line, Site
from dispatch.database import Database
from dispatch.search.finding import Found, search
from dispatch.search.index import index_waiting, waiting
from dispatch.visits.tables import WorkOrder
from tests.makers import a_turn, an_order, some_settings

PEOPLE = {
    "jiang": ("蒋浩然", "13811112222", "上海市杨浦区国权路571弄临江新村18号楼1603室", "GD-2026-000123", "sh0211111"),
    "zeng": ("曾俊杰", "13933334444", "上海市徐汇区虹桥路531弄海棠花苑2号楼602室", "GD-2026-000456", "sh0222222"),
    "obrien": ("Daniel O'Brien", "13655556666", "上海市浦东新区科苑路715弄21号楼", "B9931", "sh0233333"),
    "rare": ("王𬭎", "13577772222", "上海市浦东新区张江镇龘园路88弄", "GD-2027-000123", "sh0244444"),
}


@pytest.fixture
def known(database: Database, tmp_path: Path) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    with database.writing() as session:
        turn = a_turn(session, some_settings(tmp_path, "sqlite://"))
        for key, (name, phone, address, number, account) in PEOPLE.items():
            found[key] = an_order(
                turn, customer=CustomerFacts(name, phone), site=SiteFacts(address), external_id=number,
                line=LineFacts(account, "千兆宽带", "gpon"),
            ).customer_id  # fmt: skip
    drain(database)
    return found


def drain(database: Database) -> None:
    done = 1
    while done:
        with database.writing() as session:
            done = index_waiting(session, 3)


def look(database: Database, text: str, viewer: Viewer = SYSTEM) -> Found:
    with database.reading() as session:
        return search(session, viewer, text)


def who(database: Database, text: str) -> set[UUID]:
    return {one.customer.id for one in look(database, text).customers}


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("蒋浩然", ["jiang"]),
        ("浩然", ["jiang"]),
        ("蒋", ["jiang"]),
        ("jhr", ["jiang"]),
        ("JHR", ["jiang"]),
        ("hr", ["jiang"]),
        ("jianghaoran", ["jiang"]),
        ("jiang hao ran", ["jiang"]),
        ("zjj", ["zeng"]),
        ("cjj", ["zeng"]),  # 曾 is read in two ways
        ("zeng", ["zeng"]),
        ("2222", ["jiang", "rare"]),
        ("12222", ["jiang"]),
        ("138 1111 2222", ["jiang"]),
        ("+8613811112222", ["jiang"]),
        ("国权路", ["jiang"]),
        ("国权路571", ["jiang"]),
        ("浦东新区", ["obrien", "rare"]),
        ("海棠花苑 602", ["zeng"]),
        ("brien", ["obrien"]),
        ("dani", ["obrien"]),
        ("龘园", ["rare"]),
        ("𬭎", ["rare"]),
        ("ｓｈ０２１１１１１", ["jiang"]),  # an account name as a Chinese keyboard types it
        ("sh0222222", ["zeng"]),
    ],
)
def test_a_customer_is_found_by_any_piece(
    database: Database, known: dict[str, UUID], typed: str, keys: list[str]
) -> None:
    assert who(database, typed) == {known[key] for key in keys}


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "%",
        "_",
        "''",
        '"',
        "路国权",
        "蒋然",
        "222",
        "9999",
        "sh02111",
        "a AND b",
        "NEAR(",
        "n*",
        "\u202e",
        "x" * 5000,
    ],
)
def test_what_is_not_there_is_not_found_and_nothing_breaks(
    database: Database, known: dict[str, UUID], typed: str
) -> None:
    assert who(database, typed) == set()


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("GD-2026-000123", {"GD-2026-000123"}),
        ("gd2026000123", {"GD-2026-000123"}),
        ("000123", {"GD-2026-000123", "GD-2027-000123"}),
        ("b993", {"B9931"}),
        ("26-0004", {"GD-2026-000456"}),
        ("12", set()),
        ("999", set()),
    ],
)
def test_an_order_is_found_by_any_piece_of_its_number(
    database: Database, known: dict[str, UUID], typed: str, numbers: set[str]
) -> None:
    assert {order.external_id for order in look(database, typed).orders} == numbers


def test_an_id_of_ours_finds_what_has_it(database: Database, known: dict[str, UUID]) -> None:
    with database.reading() as session:
        order = session.scalars(select(WorkOrder.id)).first()
    assert [one.id for one in look(database, str(order)).orders] == [order]
    assert who(database, str(known["zeng"])) == {known["zeng"]}


def test_what_changes_is_found_anew_and_no_longer_as_it_was(database: Database, known: dict[str, UUID]) -> None:
    with database.writing() as session:
        customer = session.get(Customer, known["jiang"])
        site = session.scalars(select(Site).where(Site.customer_id == known["jiang"])).one()
        assert customer is not None
        customer.name, site.address = "姜文秀", "上海市静安区南京西路1号"
    with database.reading() as session:
        assert waiting(session)
    assert who(database, "蒋浩然") == set()  # the row is asked, not only the index
    drain(database)
    assert who(database, "姜文秀") == who(database, "jwx") == who(database, "南京西路") == {known["jiang"]}
    assert who(database, "jhr") == who(database, "国权路") == set()


def test_only_the_desk_searches(database: Database, known: dict[str, UUID]) -> None:
    for viewer in (Viewer("technician", "t"), Viewer("customer", "c")):
        assert look(database, "蒋浩然", viewer).count == 0
    assert look(database, "蒋浩然", Viewer("care_agent", "a")).count == 1


def test_account_names_and_phone_numbers_stand_in_no_index(database: Database, known: dict[str, UUID]) -> None:
    with database.reading() as session:
        column = "words::text" if not database.is_sqlite else "thing"
        table = "search_words" if not database.is_sqlite else "search_things"
        kept = " ".join(session.scalars(text(f"SELECT {column} FROM {table}")).all())
        sealed = session.scalars(text("SELECT account_name FROM lines")).all()
        found = session.scalars(select(Line.account_name)).all()
    for _, phone, _, _, account in PEOPLE.values():
        assert account not in kept
        assert phone not in kept
        assert account in found
        assert account not in sealed
