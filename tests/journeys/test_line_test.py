"""The line test's other end: bytes that cannot be compressed, uploads counted and dropped, and never too many."""

import zlib

import pytest

from checklists.line_test import MOST_BYTES_DOWN, MOST_BYTES_UP
from mobile_api.api.line_test import PATIENCE, LineTestsBusy, Slots, slots
from tests.journeys.conftest import Product

DOWN, UP, PING = "/api/v1/line-test/down", "/api/v1/line-test/up", "/api/v1/line-test/ping"


@pytest.mark.parametrize("size", [1, 65_535, 65_536, 65_537, 3_000_000])
def test_as_many_bytes_come_down_as_were_asked_for_and_nothing_can_compress_them(product: Product, size: int) -> None:
    answer = product.as_("technician").get(f"{DOWN}?bytes={size}", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert len(answer.content) == int(answer.headers["Content-Length"]) == size
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "identity"
    piece = answer.content[:65_536]
    assert len(zlib.compress(piece, 9)) >= len(piece)


@pytest.mark.parametrize("size", [0, -1, MOST_BYTES_DOWN + 1, "x", "1e3"])
def test_what_cannot_be_asked_for_is_refused(product: Product, size: object) -> None:
    assert product.as_("technician").get(f"{DOWN}?bytes={size}").status_code == 422


def test_what_comes_up_is_counted_and_not_kept(product: Product) -> None:
    phone = product.as_("technician")
    for size in (0, 1, 2_500_000):  # more than a JSON body may have
        answer = phone.post(UP, content=b"\x00" * size, headers={"Content-Type": "application/octet-stream"})
        assert answer.status_code == 200, answer.text
        assert (answer.json()["bytes"], answer.json()["whole"]) == (size, True)
        assert answer.json()["seconds"] >= 0
    large = phone.post(UP, content=b"", headers={"Content-Length": str(MOST_BYTES_UP + 1)})
    assert large.status_code == 413
    streamed = phone.post(UP, content=(b"\x00" * 1_000_000 for _ in range(MOST_BYTES_UP // 1_000_000 + 1)))
    assert streamed.status_code == 413


def test_a_ping_says_what_the_server_took_of_it(product: Product) -> None:
    answer = product.as_("technician").get(PING)
    assert answer.status_code == 200
    assert answer.json()["server_ms"] > 0
    assert "no-store" in answer.headers["Cache-Control"]


def test_more_tests_than_may_run_wait_their_turn_and_every_end_frees_a_place(product: Product) -> None:
    phone = product.as_("technician")
    for _ in range(5):  # each gave its slot back, however it ended
        assert phone.get(f"{DOWN}?bytes=1000").status_code == 200
        assert phone.post(UP, content=b"x").status_code == 200
    held = [slots.take(2), slots.take(2)]
    try:
        for answer in (phone.get(f"{DOWN}?bytes=1"), phone.post(UP, content=b"x")):
            assert (answer.status_code, answer.json()["type"]) == (429, "/problems/line-tests-busy")
            assert answer.headers["Retry-After"] == "5"
        assert phone.get(PING).status_code == 200
        assert product.as_("dispatcher").get("/api/v1/visits").status_code == 200  # the product goes on
    finally:
        for slot in held:
            slots.give_back(slot)
    assert phone.get(f"{DOWN}?bytes=1").status_code == 200


def test_a_test_whose_end_is_never_told_frees_itself() -> None:
    own = Slots()
    slot = own.take(1)
    with pytest.raises(LineTestsBusy):
        own.take(1)
    own._until[slot] -= PATIENCE
    assert own.take(1) is not slot
