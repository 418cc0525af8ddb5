"""What is signed on the customer's own phone: one hash for one content, and codes that tell nothing else."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from checklists.progress import Entry, fold
from checklists.published import by_key
from dispatch.records.own_phone.content import (
    Scanned,
    confirmation_code,
    content_hash,
    read_fragment,
    signed_content,
    summary_of,
    write_fragment,
)

VISIT = UUID("12345678-1234-4234-8234-123456789abc")
AT = datetime(2026, 11, 22, 4, tzinfo=UTC)
REPAIR = by_key("visit_repair@1")
STEPS = ("proof", "file")


def hashed(*said: tuple[str, str, Any], steps: tuple[str, ...] = STEPS) -> str:
    entries = [Entry(str(n), step, key, value, AT) for n, (step, key, value) in enumerate(said)]
    return content_hash(signed_content(VISIT, REPAIR, fold(entries), steps))


CAUSE = ("file", "fault_cause", "connector")
OUTCOME = ("proof", "outcome", "fixed")


def test_the_hash_is_that_of_the_written_out_example() -> None:
    """The phone's own code is checked against this value: see docs/signing-on-own-phone.md."""
    rx = ("file", "rx_power", {"value": -19.0, "unit": "dBm"})
    assert hashed(CAUSE, OUTCOME, rx) == hashed(rx, OUTCOME, CAUSE)
    assert hashed(CAUSE, OUTCOME, rx) == hashed(CAUSE, OUTCOME, ("file", "rx_power", {"unit": "dBm", "value": -19}))
    written = (
        '{"checklist":"visit_repair@1","format":"doorstep-signing/1","said":[["file","fault_cause","connector"],'
        '["file","rx_power",{"unit":"dBm","value":-19}],["proof","outcome","fixed"]],"steps":["proof","file"],'
        '"visit":"12345678-1234-4234-8234-123456789abc"}'
    )
    import hashlib

    assert hashed(CAUSE, OUTCOME, rx) == hashlib.sha256(written.encode()).hexdigest()


def test_any_other_answer_is_another_content() -> None:
    assert hashed(CAUSE) != hashed(("file", "fault_cause", "power"))
    assert hashed(CAUSE) != hashed(CAUSE, OUTCOME)


def test_what_comes_in_other_steps_or_the_last_one_changes_nothing() -> None:
    later = ("leave", "left_at", "2026-11-22T05:00:00Z")
    assert hashed(CAUSE) == hashed(CAUSE, ("work", "requests", "x"), later)
    assert hashed(CAUSE, steps=(*STEPS, "leave")) == hashed(CAUSE, later, steps=(*STEPS, "leave"))


def test_an_answer_that_was_taken_back_is_none() -> None:
    assert hashed(CAUSE, ("file", "repair_note", None)) == hashed(CAUSE)


def test_the_summary_is_part_of_what_is_signed() -> None:
    content = signed_content(VISIT, REPAIR, fold([Entry("1", *CAUSE, AT), Entry("2", *OUTCOME, AT)]), STEPS)
    assert summary_of(content) == [list(OUTCOME), list(CAUSE)]


def test_a_fragment_says_again_what_was_written_and_fits_a_code() -> None:
    summary = [["work", "open_questions", [{"text": "能否加装一个子路由，待主管答复" * 3}]], list(CAUSE)]
    scanned = Scanned(VISIT, "k" * 32, "a" * 64, "visit_repair@1", STEPS, "赵翀 T-001", summary)
    fragment = write_fragment(scanned)
    assert read_fragment(fragment) == scanned
    assert len(fragment) < 900  # a code of this size is read off a phone's screen


@pytest.mark.parametrize("fragment", ["", "1", "0e30", "1AAAA", "2e30", "1" + "A" * 50, "0bnVsbA", "0W10"])
def test_what_is_no_fragment_is_refused(fragment: str) -> None:
    with pytest.raises(ValueError):
        read_fragment(fragment)


def test_the_code_depends_on_key_content_and_decision() -> None:
    code = confirmation_code("key", "a" * 64, "sign")
    assert len(code) == 6
    assert code.isdigit()
    others = [("key", "a" * 64, "refuse"), ("key", "b" * 64, "sign"), ("kez", "a" * 64, "sign")]
    assert code not in {confirmation_code(*one) for one in others}
