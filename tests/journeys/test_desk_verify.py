"""A record's verification at the desk, and the notices."""

from sqlalchemy import select, update

from dispatch.notices.tables import STATES, Notice
from dispatch.records.tables import Record
from tests.journeys.conftest import Product
from tests.journeys.customer_stages import a_guest
from tests.journeys.desk_hand import booked, forms_of, looks, send, text_of


def test_a_sealed_record_is_downloaded_and_proves_genuine_and_a_changed_byte_shows(product: Product) -> None:
    guest = a_guest(product.house, product.cast.technician_id, "sealed")
    desk = product.browser("care_agent")
    page = desk.get(f"/desk/visits/{guest.visit_id}")
    with product.house.database.reading() as session:
        record = session.scalars(select(Record)).one()
    assert record.number in text_of(page)
    kept = send(desk, page, f"/desk/records/{record.id}/verify")
    assert "真实有效" in text_of(kept)
    pdf = desk.get(f"/api/v1/records/{record.id}.pdf").content
    judged = desk.post("/desk/verify", files={"file": ("r.pdf", pdf)})
    assert "真实有效" in text_of(judged)
    assert record.number in text_of(judged)
    at = len(pdf) // 2
    changed = desk.post("/desk/verify", files={"file": ("r.pdf", pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :])})
    assert "真实有效" not in text_of(changed)
    assert looks(product, "record")


def test_what_is_no_record_is_called_not_ours(product: Product) -> None:
    desk = product.browser("dispatcher")
    for content in (b"hello", b"%PDF-1.7\n%%EOF"):
        answer = desk.post("/desk/verify", files={"file": ("x.pdf", content)})
        assert answer.status_code == 200
        assert "不是本系统签发的记录" in text_of(answer)
    assert desk.post("/desk/verify", files={"file": ("x.pdf", b"")}).status_code == 422


def test_notices_are_listed_by_state_with_the_number_masked(product: Product) -> None:
    visit_id = booked(product)
    desk = product.browser("dispatcher")
    page = desk.get("/desk/notices")
    assert f"/desk/visits/{visit_id}" in page.text
    assert "138****0001" in page.text
    assert "13800000001" not in page.text
    assert "messages" in page.text  # no gateway is set: where the files are
    assert str(visit_id) not in desk.get("/desk/notices?state=failed").text
    with product.house.database.writing() as session:
        session.execute(update(Notice).values(state="failed", text="【装维上门】<b>您好</b>", last_problem="HTTP 422"))
    for state in ("failed", "trouble"):
        told = desk.get(f"/desk/notices?state={state}")
        assert str(visit_id) in told.text
        assert "<b>您好</b>" not in told.text
    assert "通知未送达" in text_of(desk.get(f"/desk/visits/{visit_id}"))
    for state in (*STATES, "nonsense", ""):
        assert desk.get("/desk/notices", params={"state": state, "at": "99999999999"}).status_code == 200


def test_the_desk_offers_no_room_that_is_not_there(product: Product) -> None:
    for login in ("dispatcher", "care_agent", "supervisor", "admin"):
        desk = product.browser(login)
        page = desk.get("/desk/me")
        assert forms_of(page)
        tabs = page.text.split('class="tabs"', 1)[1].split("</nav>", 1)[0]
        for address in [part.split('"', 1)[0] for part in tabs.split('href="')[1:]]:
            assert desk.get(address).status_code in (200, 303), (login, address)
