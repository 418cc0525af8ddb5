"""The operator's own wording: a draft changes nothing, a good one goes live, a bad one never does."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import select

from dispatch.accounts.tables import AuditRow
from dispatch.accounts.viewer import Role, Viewer
from dispatch.database import Database
from dispatch.errors import Forbidden, Invalid, NotAllowed, NotFound, Stale
from dispatch.notices import language_rules
from dispatch.notices.actions import Reader, owe
from dispatch.notices.own_texts import (
    go_live,
    live_texts,
    preview,
    real_facts,
    sample_facts,
    texts_in_use,
    texts_of,
    withdraw,
    write_text,
)
from dispatch.notices.texts import NAMES, Texts, texts_in_house
from tests.makers import NOON, a_booking, a_technician, a_turn, some_settings

OURS = texts_in_house("booked", "zh")
THEIRS = replace(OURS, sms="尊敬的{{ customer }}，您好！{{ who }}将于{{ when }}上门{{ work }}。详情：{{ link }}")
SUPERVISOR = Viewer("supervisor", "王主管")
"""Two supervisors may write; neither may make a text live that breaks a rule."""


def test_a_draft_changes_nothing_until_it_goes_live(database: Database, tmp_path: Path) -> None:
    settings = some_settings(tmp_path, str(database.engine.url))
    with database.writing() as session:
        turn = a_turn(session, settings, viewer=SUPERVISOR)
        draft, found = write_text(turn, "booked", "zh", THEIRS)
        assert (draft.revision, draft.written_by, found) == (1, "supervisor:王主管", ())
        assert live_texts(session) == {}
        go_live(turn, draft.id)
        assert live_texts(session) == {("booked", "zh"): THEIRS}
    with database.writing() as session:
        turn = a_turn(session, settings, NOON + timedelta(hours=1), SUPERVISOR)
        better, _ = write_text(turn, "booked", "zh", replace(THEIRS, subject="您的上门预约"))
        assert better.revision == 2
        assert live_texts(session) == {("booked", "zh"): THEIRS}
        go_live(turn, better.id)
        assert live_texts(session)["booked", "zh"].subject == "您的上门预约"
        go_live(turn, better.id)  # twice is once
        first, second = reversed(texts_of(session, SUPERVISOR, "booked", "zh"))
        assert first.ended_at == second.live_at == turn.now
        assert second.ended_at is None
    with database.writing() as session:
        turn = a_turn(session, settings, NOON + timedelta(hours=2), SUPERVISOR)
        assert withdraw(turn, "booked", "zh")
        assert not withdraw(turn, "booked", "zh")
        assert live_texts(session) == {}
        go_live(turn, texts_of(session, SUPERVISOR, "booked", "zh")[1].id)  # an old one may come back
        assert live_texts(session) == {("booked", "zh"): THEIRS}
    with database.reading() as session:
        done = list(session.scalars(select(AuditRow.action).where(AuditRow.subject == "own_text")))
        assert sorted(done) == sorted(["write_text", "go_live", "write_text", "go_live", "withdraw_text", "go_live"])


def test_a_text_that_breaks_a_rule_never_goes_live(database: Database, tmp_path: Path) -> None:
    settings = some_settings(tmp_path, str(database.engine.url))
    with database.writing() as session:
        turn = a_turn(session, settings, viewer=SUPERVISOR)
        draft, found = write_text(turn, "booked", "zh", replace(THEIRS, call="喂，你自己看着办！"))
        rules = {one.rule for one in found}
        assert {"informal_you", "taboo", "salutation", "missing_when"} <= rules
        with pytest.raises(NotAllowed) as refused:
            go_live(turn, draft.id)
        assert refused.value.name == "text-breaks-rules"
        assert {one["rule"] for one in refused.value.facts["findings"]} <= rules
        assert "电话用语：请用“您”称呼客户" in refused.value.words.zh
        assert "The call says 你" in refused.value.words.en
        assert live_texts(session) == {}


def test_what_only_warns_may_go_live(database: Database, tmp_path: Path) -> None:
    settings = some_settings(tmp_path, str(database.engine.url))
    with database.writing() as session:
        turn = a_turn(session, settings, viewer=SUPERVISOR)
        draft, found = write_text(turn, "booked", "zh", replace(THEIRS, subject="预约成功！！"))
        assert [one.severity for one in found] == ["warn"]
        go_live(turn, draft.id)
        assert ("booked", "zh") in live_texts(session)


def test_when_the_rules_get_stricter_a_live_text_gives_way_to_ours(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = some_settings(tmp_path, str(database.engine.url))
    with database.writing() as session:
        turn = a_turn(session, settings, viewer=SUPERVISOR)
        go_live(turn, write_text(turn, "booked", "zh", THEIRS)[0].id)
        assert [use.name for use in texts_in_use(session) if use.own] == ["booked"]

        monkeypatch.setitem(language_rules.NEEDED, "booked", ("when", "company_phone"))
        language_rules.findings.cache_clear()
        try:
            assert live_texts(session) == {}
            use = next(use for use in texts_in_use(session) if (use.name, use.language) == ("booked", "zh"))
            assert (use.own, use.texts) == (None, OURS)
            assert "missing_company_phone" in {one.rule for one in use.refused}
        finally:
            language_rules.findings.cache_clear()


def test_everything_that_customers_read_is_listed(database: Database) -> None:
    with database.reading() as session:
        used = texts_in_use(session)
    assert [(use.name, use.language) for use in used] == [
        (name, language) for name in NAMES for language in ("zh", "en")
    ]
    assert all(use.own is None and use.refused == () for use in used)


@pytest.mark.parametrize("role", ["technician", "dispatcher", "care_agent", "customer"])
def test_only_supervisors_and_administrators_write(database: Database, tmp_path: Path, role: Role) -> None:
    settings = some_settings(tmp_path, str(database.engine.url))
    with database.writing() as session:
        draft, _ = write_text(a_turn(session, settings, viewer=Viewer("admin", "a")), "booked", "zh", THEIRS)
        turn = a_turn(session, settings, viewer=Viewer(role, "x"))
        with pytest.raises(Forbidden):
            write_text(turn, "booked", "zh", THEIRS)
        with pytest.raises(Forbidden):
            go_live(turn, draft.id)
        with pytest.raises(Forbidden):
            withdraw(turn, "booked", "zh")
        with pytest.raises(Forbidden):
            texts_of(session, turn.viewer, "booked", "zh")
        with pytest.raises(Forbidden):
            real_facts(session, turn.viewer, "booked", "zh")


@pytest.mark.parametrize(
    ("name", "language", "texts"),
    [
        ("nothing", "zh", THEIRS),
        ("booked", "fr", THEIRS),
        ("booked", "zh", replace(THEIRS, sms="您好\x00")),
        ("booked", "zh", replace(THEIRS, mail="您好\ud800")),
        ("booked", "zh", replace(THEIRS, call="您好\u202e")),
        ("booked", "zh", replace(THEIRS, subject="啊" * 201)),
        ("booked", "zh", replace(THEIRS, sms="啊" * 1001)),
        ("booked", "zh", replace(THEIRS, mail="啊" * 5001)),
        ("booked", "zh", replace(THEIRS, call="啊" * 2001)),
    ],
)
def test_what_cannot_be_kept_is_refused(
    database: Database, tmp_path: Path, name: str, language: str, texts: Texts
) -> None:
    settings = some_settings(tmp_path, str(database.engine.url))
    with database.writing() as session:
        turn = a_turn(session, settings, viewer=SUPERVISOR)
        with pytest.raises(Invalid):
            write_text(turn, name, language, texts)
        assert texts_in_use(session)[0].own is None


def test_two_who_write_at_once_never_share_a_revision(database: Database, tmp_path: Path) -> None:
    settings = some_settings(tmp_path, str(database.engine.url))
    both = Barrier(2)

    def write(_: int) -> int | None:
        both.wait()
        try:
            with database.writing() as session:
                return write_text(a_turn(session, settings, viewer=SUPERVISOR), "booked", "zh", THEIRS)[0].revision
        except Stale:
            return None

    with ThreadPoolExecutor(2) as pool:
        written = [revision for revision in pool.map(write, range(10)) if revision is not None]
    assert sorted(written) == list(range(1, len(written) + 1))
    assert len(written) >= 5


def test_a_form_with_line_breaks_is_tidied(database: Database, tmp_path: Path) -> None:
    settings = some_settings(tmp_path, str(database.engine.url))
    with database.writing() as session:
        turn = a_turn(session, settings, viewer=SUPERVISOR)
        typed = replace(THEIRS, sms=THEIRS.sms.replace("！", "！\r\n"), mail=OURS.mail.replace("\n", "\r\n"))
        draft, found = write_text(turn, "booked", "zh", typed)
        assert (draft.sms, draft.mail, found) == (THEIRS.sms, OURS.mail, ())


def test_a_text_that_is_not_there_cannot_go_live(database: Database, tmp_path: Path) -> None:
    settings = some_settings(tmp_path, str(database.engine.url))
    with database.writing() as session, pytest.raises(NotFound):
        go_live(a_turn(session, settings, viewer=SUPERVISOR), uuid4())


def test_a_preview_shows_real_facts_or_sample_ones(database: Database, tmp_path: Path) -> None:
    settings = some_settings(tmp_path, str(database.engine.url))
    link = "https://door.example.cn/c/x"
    with database.writing() as session:
        turn = a_turn(session, settings)
        assert real_facts(session, SUPERVISOR, "booked", "zh") is None
        shown = preview(THEIRS, "booked", "zh", sample_facts("booked", settings, NOON), settings, link)
        assert "赵翀师傅（T-001）将于11月23日（周一）09:00–10:00上门宽带维修" in shown.sms

        a_booking(turn, a_technician(session, "T-9", "钱进"))
        facts = real_facts(session, SUPERVISOR, "booked", "zh")
        assert facts is not None
        assert "钱进师傅（T-9）" in preview(THEIRS, "booked", "zh", facts, settings, link).sms
        assert real_facts(session, SUPERVISOR, "booked", "en") is None


def test_real_facts_are_those_of_the_text_and_not_of_its_sister(database: Database, tmp_path: Path) -> None:
    settings = some_settings(tmp_path, str(database.engine.url))
    with database.writing() as session:
        turn = a_turn(session, settings)
        booked = a_booking(turn, a_technician(session))
        customer = booked.visit.work_order.customer
        for version, name in ((5, "moved"), (6, "moved_asked")):
            owe(
                turn,
                "moved",
                Reader(customer.id, customer.phone, "zh"),
                sample_facts(name, settings, NOON),
                visit_id=booked.visit.id,
                visit_version=version,
            )
        for name, asker in (("moved", "company"), ("moved_asked", "customer")):
            facts = real_facts(session, SUPERVISOR, name, "zh")
            assert facts is not None
            assert facts["asked_by"] == asker


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_text_of_ours_can_be_previewed(tmp_path: Path, name: str, language: str) -> None:
    settings = some_settings(tmp_path, "sqlite://")
    facts = sample_facts(name, settings, NOON, language)
    assert preview(texts_in_house(name, language), name, language, facts, settings, "https://x/c/y").sms


def test_a_text_that_cannot_be_filled_says_why_in_the_preview(tmp_path: Path) -> None:
    settings = some_settings(tmp_path, "sqlite://")
    facts = sample_facts("booked", settings, NOON)
    with pytest.raises(Invalid) as refused:
        preview(replace(THEIRS, sms="您好{{ nobody }}"), "booked", "zh", facts, settings, "https://x/c/y")
    assert "nobody" in refused.value.words.zh
