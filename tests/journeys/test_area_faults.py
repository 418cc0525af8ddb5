"""The fault of an area through HTTP: from the supervisor's click to what customers read, and their page's stages."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from httpx import Response
from sqlalchemy import select, update

from dispatch.clock import utc_now
from dispatch.customers.actions import CustomerFacts, LineFacts, SiteFacts
from dispatch.jobs import sender_of
from dispatch.notices.tables import Notice
from dispatch.outages.tables import Outage
from dispatch.settings import Settings
from dispatch.technicians.tables import Area
from tests.journeys.conftest import Product
from tests.journeys.desk_hand import SHANGHAI, follow, forms_of, send, text_of
from tests.makers import a_turn, an_order

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LIST = "/desk/outages"
CUSTOMERS = ("zh", "zh", "en", "zh", "zh", "zh")


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """Without quiet hours: whoever runs this may do so at night. Asked for with `quiet`, they are now."""
    hour = utc_now().astimezone(SHANGHAI).hour
    begin, end = (hour, (hour + 2) % 24) if getattr(request, "param", "") == "quiet" else (0, 0)
    return settings.model_copy(update={"quiet_from": begin, "quiet_until": end})


def area_of(product: Product) -> UUID:
    with product.house.database.reading() as session:
        return session.scalars(select(Area.id)).one()


def a_surge(product: Product, first: timedelta = 50 * MINUTE) -> datetime:
    """Six customers of the area, one of whom reads English, reported a fault; when the first did."""
    now = utc_now()
    with product.house.database.writing() as session:
        name = session.scalars(select(Area.name)).one()
        for number, language in enumerate(CUSTOMERS):
            order = an_order(
                a_turn(session, product.settings, now),
                customer=CustomerFacts(f"客户{number}", f"1380000{number:04d}", language=language),
                site=SiteFacts(f"某路{number}号", area=name),
                line=LineFacts(f"line{number}"),
            )
            order.reported_at = now - first + number * MINUTE
    return now - first


def clicked(product: Product, role: str = "supervisor") -> Response:
    """The form that the supervisor's page leads to."""
    link = f"{LIST}?area={area_of(product)}&surge=yes"
    seen = product.browser("supervisor").get("/desk/supervisor").text
    assert f"{link}#plan".replace("&", "&amp;") in seen
    return product.browser(role).get(link)


def kept(product: Product, **changed: str) -> str:
    """The address of the page of a fault, as the click fills it in."""
    done = send(product.browser("dispatcher"), clicked(product, "dispatcher"), LIST, **changed)
    assert done.status_code == 303, text_of(done)
    return done.headers["location"].split("?")[0]


def texts_sent(product: Product) -> list[str]:
    """What the file channel wrote, after one round of sending."""
    sender = sender_of(product.house)
    sender.round(product.house.database.now)
    sender.close()
    files = (product.settings.data_dir / "messages").glob("*.json")
    return sorted(json.loads(file.read_text())["text"] for file in files)


def test_a_click_on_a_surge_fills_in_a_fault_and_says_so(product: Product) -> None:
    first = a_surge(product).astimezone(SHANGHAI)
    page = clicked(product)
    form = forms_of(page)[LIST]
    back = datetime.fromisoformat(f"{form['end_day']}T{form['end_time']}").replace(tzinfo=SHANGHAI)
    assert form["kind"] == "fault"
    assert form["area"] == str(area_of(product))
    assert (form["day"], form["begin"]) == (f"{first:%Y-%m-%d}", f"{first:%H:%M}")
    assert timedelta(0) <= back - (utc_now() + 4 * HOUR - MINUTE) <= 16 * MINUTE
    assert back.minute % 15 == 0
    assert (form["reason_zh"], form["reason_en"]) == ("网络故障", "a network fault")
    assert '<h2 id="plan">登记区域故障</h2>' in page.text
    assert "网络已经中断，正在抢修" in text_of(page)


def test_planned_work_has_its_own_form_a_click_away(product: Product) -> None:
    desk = product.browser("dispatcher")
    assert forms_of(desk.get(LIST))[LIST]["kind"] == "planned"
    assert f"{LIST}?kind=fault#plan" in desk.get(LIST).text
    assert forms_of(desk.get(f"{LIST}?kind=fault"))[LIST]["kind"] == "fault"
    assert forms_of(desk.get(f"{LIST}?kind=nonsense"))[LIST]["kind"] == "planned"


def test_from_the_click_to_what_customers_read(product: Product) -> None:
    a_surge(product)
    address, desk = kept(product), product.browser("supervisor")
    draft = text_of(desk.get(address))
    assert "只能通知" not in draft
    for said in ("区域故障", "待批准", "客户 6", "中断自", "预计恢复", "我们正在抢修", "under repair"):
        assert said in draft, said
    assert texts_sent(product) == []
    assert product.browser().get(f"/outages/{address.rsplit('/', 1)[1]}").status_code == 404
    told = text_of(follow(desk, send(desk, desk.get(address), f"{address}/approve")))
    assert "抢修中" in told
    read = texts_sent(product)
    assert len(read) == 6
    with product.house.database.reading() as session:
        outage = session.scalars(select(Outage)).one()
    back = outage.ends_at.astimezone(SHANGHAI)
    page = f"http://localhost/outages/{outage.id}"
    chinese, english = (next(one for one in read if part in one) for part in ("客户0", "客户2"))
    assert chinese.startswith("【装维上门】尊敬的客户0，您好！很抱歉，")
    for said in ("网络故障，我们正在抢修", f"{back.month}月{back.day}日", f"{back:%H:%M}前恢复", "您无需报障", page):
        assert said in chinese, said
    for said in ("Dear 客户2, we are sorry", "under repair", f"{back:%H:%M}", "No need to report it", page):
        assert said in english, said
    assert not any("暂停服务" in one or "will be off" in one for one in read)


def changed(product: Product, **columns: Any) -> None:
    with product.house.database.writing() as session:
        session.execute(update(Outage).values(**columns))


def test_the_customers_page_in_its_stages(product: Product) -> None:
    a_surge(product)
    address, desk, stranger = kept(product), product.browser("supervisor"), product.browser()
    page = f"/outages/{address.rsplit('/', 1)[1]}"
    send(desk, desk.get(address), f"{address}/approve")
    for said in ("网络故障抢修公告", "我们正在抢修", "预计恢复", "中断自", "您无需报障"):
        assert said in text_of(stranger.get(page)), said
    assert "计划停网" not in text_of(stranger.get(page))
    changed(product, ends_at=utc_now() - timedelta(seconds=1))
    over = text_of(stranger.get(page))
    assert "预计恢复的时间已过" in over
    assert "请致电我们" in over
    assert "预计时间已过" in text_of(desk.get(address))
    changed(product, ends_at=utc_now() + HOUR)
    done = send(desk, desk.get(address), f"{address}/cancel")
    told = text_of(follow(desk, done))
    assert "已标记为恢复" in told
    assert "已修复" in told
    repaired = stranger.get(page)
    assert "网络已恢复" in text_of(repaired)
    assert "正在抢修" not in text_of(repaired)
    assert "The network is back" in stranger.get(page, headers={"Accept-Language": "en"}).text
    for personal in ("客户0", "某路", "0001"):
        assert personal not in repaired.text


def test_repaired_before_all_are_told_the_others_are_not(product: Product) -> None:
    a_surge(product)
    address, desk = kept(product), product.browser("supervisor")
    send(desk, desk.get(address), f"{address}/approve")
    assert "已修复" in text_of(desk.get(address))
    assert f"{address}/cancel" not in forms_of(product.browser("dispatcher").get(address))
    send(desk, desk.get(address), f"{address}/cancel")
    assert texts_sent(product) == []
    with product.house.database.reading() as session:
        assert set(session.scalars(select(Notice.state))) == {"superseded"}


@pytest.mark.parametrize("settings", ["quiet"], indirect=True)
def test_who_cannot_be_told_before_the_repair_is_shown_before_and_after_the_approval(product: Product) -> None:
    a_surge(product)
    address, desk = kept(product), product.browser("supervisor")
    changed(product, ends_at=utc_now() + 20 * MINUTE)
    assert "只能通知 0 / 6 位" in text_of(desk.get(address))
    told = text_of(follow(desk, send(desk, desk.get(address), f"{address}/approve")))
    assert "已告知 0 / 6 位" in told
    assert "还有 6 位未列入通知" in told
    assert texts_sent(product) == []


def test_a_draft_that_was_a_false_alarm_is_taken_back_and_tells_nobody(product: Product) -> None:
    a_surge(product)
    address, desk = kept(product), product.browser("dispatcher")
    page = desk.get(address)
    assert "已修复或误报" in text_of(page)
    assert "已取消" in text_of(follow(desk, send(desk, page, f"{address}/cancel")))
    assert product.browser().get(f"/outages/{address.rsplit('/', 1)[1]}").status_code == 404


def test_the_list_tells_faults_from_planned_work(product: Product) -> None:
    a_surge(product)
    kept(product)
    desk = product.browser("dispatcher")
    day = (utc_now() + timedelta(days=3)).astimezone(SHANGHAI).date().isoformat()
    form = {"area": str(area_of(product)), "day": day, "begin": "01:00", "end_time": "05:00"}
    send(desk, desk.get(LIST), LIST, **form, reason_zh="光缆检修", reason_en="work on the cable")
    rows = desk.get(LIST).text.split("<tbody")[1].split("</tbody>")[0].split("<tr")[1:]
    assert ["区域故障" in row for row in rows] == [True, False]
    assert ["计划停网" in row for row in rows] == [False, True]


@pytest.mark.parametrize(
    ("changed", "said", "field"),
    [
        ({"day": "2020-01-01"}, "早于 48 小时前", "f-day"),
        ({"end_day": "2020-01-01"}, "预计恢复时间已过", "f-end_time"),
        ({"end_day": "2100-01-01"}, "48 小时之内", "f-end_time"),
        ({"day": "2100-01-01"}, "不能晚于现在", "f-begin"),
        ({"reason_en": ""}, "请填写此项", "f-reason_en"),
        ({"kind": "nonsense"}, "请选择列出的选项之一", "f-kind"),
    ],
)
def test_an_impossible_fault_is_refused_beside_its_field(
    product: Product, changed: dict[str, str], said: str, field: str
) -> None:
    desk = product.browser("dispatcher")
    a_surge(product)
    refused = send(desk, clicked(product, "dispatcher"), LIST, **changed)
    assert refused.status_code == 422
    assert said in text_of(refused)
    assert f'id="{field}-error"' in refused.text or f'href="#{field}"' in refused.text
    assert forms_of(refused)[LIST]["kind"] == ("planned" if "kind" in changed else "fault")


def test_several_values_of_one_field_never_break_the_page(product: Product) -> None:
    desk = product.browser("dispatcher")
    form = forms_of(desk.get(f"{LIST}?kind=fault"))[LIST] | {"area": ["a", "b"], "kind": ["fault", "planned"]}
    assert desk.post(LIST, data=form).status_code == 422


def a_fault(product: Product, **changed: str) -> dict[str, Any]:
    now = utc_now()
    return {
        "kind": "fault",
        "area_id": str(area_of(product)),
        "starts_at": (now - HOUR).isoformat(),
        "ends_at": (now + 4 * HOUR).isoformat(),
        "reason": {"zh": "光缆被挖断", "en": "a cable that was cut"},
    } | changed


def test_another_system_announces_a_fault_and_its_repair(product: Product) -> None:
    a_surge(product)
    client = product.as_("supervisor")
    made = client.post("/api/v1/outages", json=a_fault(product)).json()
    assert (made["kind"], made["customers"], made["told_in_time"], made["state"]) == ("fault", 6, 6, "draft")
    here = f"/api/v1/outages/{made['id']}"
    assert client.post(f"{here}/approve", headers={"If-Match": '"1"'}).json()["state"] == "telling"
    assert len(texts_sent(product)) == 6
    assert client.post(f"{here}/cancel").json()["told"] == 6


def test_the_rules_of_a_fault_hold_for_other_systems_too(product: Product) -> None:
    client, now = product.as_("dispatcher"), utc_now()
    planned = a_fault(product)
    del planned["kind"]
    for body, problem in (
        (a_fault(product, starts_at=(now + HOUR).isoformat()), "fault-not-begun"),
        (a_fault(product, starts_at=(now - 49 * HOUR).isoformat()), "fault-too-old"),
        (a_fault(product, ends_at=(now - MINUTE).isoformat()), "fault-over"),
        (a_fault(product, ends_at=(now + 49 * HOUR).isoformat()), "fault-too-long"),
        (planned, "outage-in-the-past"),
    ):
        refused = client.post("/api/v1/outages", json=body)
        assert (refused.status_code, refused.json()["type"]) == (422, f"/problems/{problem}")
    assert client.post("/api/v1/outages", json=a_fault(product, kind="nonsense")).status_code == 422
    shape = product.as_("admin").get("/api/v1/openapi.json").json()["components"]["schemas"]["OutageShape"]
    assert shape["properties"]["kind"]["enum"] == ["planned", "fault"]
    assert shape["properties"]["kind"]["default"] == "planned"
    assert "kind" not in shape["required"]
