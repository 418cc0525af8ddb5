"""Conflicts are kept, not hidden: both versions at the desk, one rule, and a person who looks after each."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from fastapi.testclient import TestClient
from sqlalchemy import func, select

from checklists.published import by_key
from dispatch.accounts.viewer import SYSTEM
from dispatch.clock import utc_now
from dispatch.records.draft import draft_of
from dispatch.records.tables import Conflict, EntryRow
from dispatch.visits.tables import Visit
from tests.journeys.conftest import Product
from tests.journeys.desk_hand import follow, forms_of, send, text_of
from tests.journeys.test_whole_visit import a_photo, book, go_through
from tests.makers import a_turn

STEP, KEY = "guide", "experience"  # a choice: beginner, everyday, expert
MINUTE = timedelta(minutes=1)
BEGAN = utc_now()


def hand_in(
    phone: TestClient, visit: str, value: Any, *, device: str = "one", minutes: int = 0, entry_id: str | None = None,
    parcel_id: str | None = None, at: datetime | None = None,
) -> dict[str, Any]:  # fmt: skip
    said = (at or BEGAN - MINUTE * (10 - minutes)).isoformat()
    entry = {"id": entry_id or str(uuid4()), "step": STEP, "key": KEY, "value": value, "at": said}
    parcel = {"visit_id": visit, "device_id": device, "entries": [entry]}
    answer = phone.put(f"/api/v1/parcels/{parcel_id or uuid4()}", json=parcel)
    assert answer.status_code in (200, 409), answer.text
    return dict(answer.json())


def conflicts(product: Product) -> list[tuple[str, int]]:
    """Open conflicts: their kind, and how many versions they name."""
    with product.house.database.reading() as session:
        rows = session.scalars(select(Conflict).where(Conflict.looked_after_at.is_(None)).order_by(Conflict.kind))
        return [(row.kind, len(row.items)) for row in rows]


def shown(product: Product, visit: str) -> str:
    return text_of(product.browser("dispatcher").get(f"/desk/visits/{visit}"))


def counts(product: Product, visit: str) -> list[str]:
    """What the visit's own page says that the field holds."""
    with product.house.database.reading() as session:
        draft = draft_of(a_turn(session, product.settings, utc_now(), SYSTEM), UUID(visit))
    (step,) = [step for step in draft.account["steps"] if step["key"] == STEP]
    return [entry["text"]["en"] for entry in step["entries"] if entry["key"] == KEY]


def on_phone(product: Product, who: str, visit: str) -> list[str]:
    """What the pack brings to a technician's phone for the field."""
    pack = product.browser(who).get("/t/pack.json", params={"visit": visit}).json()
    return [entry["value"] for entry in pack["changed"][f"visit:{visit}"]["entries"] if entry["key"] == KEY]


def give_to(product: Product, visit: str, technician: UUID) -> None:
    desk = product.as_("dispatcher")
    window = desk.get(f"/api/v1/visits/{visit}").json()["window"]
    moved = {"window": window, "asked_by": "company", "technician_id": str(technician)}
    assert desk.post(f"/api/v1/visits/{visit}/reschedule", json=moved).status_code == 200


def test_two_phones_on_one_visit_the_later_answer_counts_and_the_other_stays_visible(product: Product) -> None:
    visit = book(product.as_("dispatcher"), product, "repair")["visit"]
    phone = product.as_("technician")
    hand_in(phone, visit, "expert", device="one", minutes=5)
    hand_in(phone, visit, "expert", device="two", minutes=6)
    assert conflicts(product) == []  # they agree
    hand_in(phone, visit, "beginner", device="one", minutes=4)
    assert conflicts(product) == [("two_phones", 1)]
    assert "两部手机填写不一致" in shown(product, visit)
    before = counts(product, visit)
    hand_in(phone, visit, "beginner", device="one", minutes=8)
    after = counts(product, visit)
    assert len(before) == len(after) == 1
    assert before != after
    page = shown(product, visit)
    for text in (before[0], after[0]):
        assert text in text_of(product.browser("dispatcher").get(f"/desk/visits/{visit}?lang=en")), page
    assert conflicts(product) == [("two_phones", 2)]
    hand_in(phone, visit, "everyday", device="one", minutes=9)
    assert conflicts(product) == [("two_phones", 2)]  # a phone that corrects itself disagrees with nobody


def test_a_visit_taken_away_counts_for_its_new_technician_and_again_for_the_first_when_given_back(
    product: Product,
) -> None:
    visit = book(product.as_("dispatcher"), product, "repair")["visit"]
    first, second = product.as_("technician"), product.as_("technician2")
    hand_in(first, visit, "beginner", minutes=1)
    give_to(product, visit, product.cast.other_technician_id)
    (told_before,) = counts(product, visit)
    hand_in(first, visit, "expert", minutes=5)
    assert counts(product, visit) == [told_before]
    hand_in(second, visit, "everyday", device="two", minutes=3)
    (told_now,) = counts(product, visit)
    assert told_now != told_before
    hand_in(first, visit, "expert", minutes=9)
    assert counts(product, visit) == [told_now]
    assert on_phone(product, "technician2", visit) == ["everyday"]
    kinds = conflicts(product)
    assert ("reassigned", 2) in kinds
    assert "已改派他人" in shown(product, visit)
    give_to(product, visit, product.cast.technician_id)
    (again,) = counts(product, visit)
    assert again not in (told_before, told_now)
    assert on_phone(product, "technician", visit) == ["expert"]


def test_what_comes_for_a_cancelled_visit_is_kept_and_shown(product: Product) -> None:
    desk, phone = product.as_("dispatcher"), product.as_("technician")
    visit = book(desk, product, "repair")["visit"]
    assert desk.post(f"/api/v1/visits/{visit}/cancel", json={"asked_by": "customer"}).status_code == 200
    assert hand_in(phone, visit, "expert")["entries"][0]["state"] == "flagged"
    hand_in(phone, visit, "expert", minutes=2)
    assert conflicts(product) == [("cancelled", 2)]
    assert "取消有效" in shown(product, visit)
    assert desk.get(f"/api/v1/visits/{visit}").json()["status"] == "cancelled"


def test_after_sealing_the_record_stays_and_the_correction_is_kept_beside(product: Product) -> None:
    desk, phone = product.as_("dispatcher"), product.as_("technician")
    visit = book(desk, product, "install")["visit"]
    go_through(phone, visit, "install", [a_photo(1)])
    record = phone.post(f"/api/v1/visits/{visit}/seal").json()
    sealed = desk.get(f"/api/v1/records/{record['id']}.json").content
    with product.house.database.reading() as session:
        last = session.scalars(
            select(EntryRow).where(EntryRow.visit_id == UUID(visit), EntryRow.step == STEP, EntryRow.key == KEY)
        ).one()
    (before,) = counts(product, visit)
    hand_in(phone, visit, last.value, at=utc_now())
    assert conflicts(product) == []  # it says what the record says
    other = "expert" if last.value != "expert" else "beginner"
    hand_in(phone, visit, other, at=utc_now())
    assert conflicts(product) == [("after_sealing", 1)]
    assert counts(product, visit) == [before]
    assert desk.get(f"/api/v1/records/{record['id']}.json").content == sealed
    assert phone.post(f"/api/v1/visits/{visit}/seal").json() == record
    page = shown(product, visit)
    assert "以已封存的服务记录为准" in page


def test_one_id_with_other_content_keeps_both_and_shows_both(product: Product) -> None:
    visit = book(product.as_("dispatcher"), product, "repair")["visit"]
    phone = product.as_("technician")
    parcel_id, entry_id = str(uuid4()), str(uuid4())
    hand_in(phone, visit, "expert", parcel_id=parcel_id, entry_id=entry_id)
    for _ in range(2):  # the phone tries again: one conflict, not two
        hand_in(phone, visit, "beginner", parcel_id=parcel_id, entry_id=entry_id)
    assert conflicts(product) == [("same_id", 1)]
    hand_in(phone, visit, "everyday", entry_id=entry_id)  # the entry's id once more in a parcel of its own
    assert conflicts(product) == [("same_id", 2)]
    page = text_of(product.browser("dispatcher").get(f"/desk/visits/{visit}?lang=en"))
    assert "One id, other content" in page
    (counting,) = counts(product, visit)
    with product.house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(EntryRow)) == 1
    assert counting in page
    with product.house.database.reading() as session:
        field = by_key(session.get_one(Visit, UUID(visit)).checklist).field(STEP, KEY)
    for option in field.options:
        assert option.label.en in page, option.value


def test_a_person_looks_after_a_conflict_once_with_a_note_and_the_next_one_opens_anew(product: Product) -> None:
    desk, phone = product.as_("dispatcher"), product.as_("technician")
    visit = book(desk, product, "repair")["visit"]
    desk.post(f"/api/v1/visits/{visit}/cancel", json={"asked_by": "customer"})
    hand_in(phone, visit, "expert")
    browser = product.browser("dispatcher")
    listed = browser.get("/desk/conflicts")
    assert "王𬭎 · 上门已取消" in text_of(listed)
    action = listed.text.split('href="/desk/conflicts/', 1)[1].split('"', 1)[0]
    action = f"/desk/conflicts/{action}"
    assert action not in forms_of(product.browser("care_agent").get(action))
    care = product.browser("care_agent").post(action, data={"key": "x" * 12, "note": "我来"})
    assert care.status_code == 403
    empty = send(browser, browser.get(action), action)
    assert empty.status_code == 422
    stale = browser.get(action)
    done = follow(browser, send(browser, browser.get(action), action, note="已与师傅核实，未施工"))
    assert "没有待处理的冲突" in text_of(done)
    assert "已与师傅核实，未施工" in text_of(done)
    late = send(browser, stale, action, note="另一说明")
    assert late.status_code == 409
    assert "已有人处理" in text_of(late)
    assert "已与师傅核实，未施工" in shown(product, visit)
    hand_in(phone, visit, "beginner")
    assert conflicts(product) == [("cancelled", 1)]
