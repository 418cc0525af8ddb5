"""The wording at the desk: drafted, held to the rules beside the field, previewed, and live only when it is good."""

from html import unescape

import pytest
from sqlalchemy import select

from dispatch.notices.own_texts import live_texts
from dispatch.notices.tables import Notice, OwnText
from dispatch.notices.texts import NAMES, texts_in_house
from tests.journeys.conftest import Product
from tests.journeys.desk_hand import booked, follow, looks, send, text_of
from tests.makers import RARE_NAME

HERE = "/desk/texts/booked/zh"
OURS = texts_in_house("booked", "zh")


def drafted(product: Product, **changed: str) -> OwnText:
    """A draft of the confirmation as a supervisor writes it; the row."""
    desk = product.browser("supervisor")
    assert send(desk, desk.get(HERE), HERE, do="keep", **changed).status_code == 303
    with product.house.database.reading() as session:
        return session.scalars(select(OwnText).order_by(OwnText.revision.desc())).first()  # type: ignore[return-value]


def live(product: Product) -> str | None:
    with product.house.database.reading() as session:
        texts = live_texts(session).get(("booked", "zh"))
        return texts.call if texts else None


def test_every_text_is_listed_in_both_languages_with_whose_it_is(product: Product) -> None:
    page = product.browser("supervisor").get("/desk/texts")
    for name in NAMES:
        for language in ("zh", "en"):
            assert f'href="/desk/texts/{name}/{language}"' in page.text
    assert text_of(page).count("系统文案") >= 2 * len(NAMES)


def test_a_draft_changes_nothing_until_it_goes_live_and_ours_come_back(product: Product) -> None:
    changed = OURS.call.replace("您好", "您好您好")
    own = drafted(product, call=changed)
    assert (own.call, live(product)) == (changed, None)
    desk = product.browser("supervisor")
    assert "第 1 版草稿" in text_of(desk.get("/desk/texts"))
    page = desk.get(HERE)
    assert "草稿已保存" not in text_of(page)
    told = text_of(follow(desk, send(desk, page, f"{HERE}/{own.id}/live")))
    assert "文案已启用" in told
    assert live(product) == changed
    assert "自拟文案 第 1 版" in text_of(desk.get("/desk/texts"))
    told = text_of(follow(desk, send(desk, desk.get(HERE), f"{HERE}/ours")))
    assert "已恢复系统文案" in told
    assert live(product) is None


def test_a_text_that_breaks_a_rule_says_so_beside_its_field_and_stays_a_draft(product: Product) -> None:
    own = drafted(product, sms="你好 {{ customer }}，{{ nonsense }}")
    desk = product.browser("supervisor")
    page = desk.get(HERE)
    told = text_of(page)
    assert "不能启用：" in told
    assert "不用“你”" in told
    refused = send(desk, page, f"{HERE}/{own.id}/live")
    assert refused.status_code == 409
    assert "文案未通过检查，不能启用" in text_of(refused)
    assert live(product) is None


def test_looking_keeps_nothing_and_shows_it_with_a_real_notice(product: Product) -> None:
    visit_id = booked(product)
    with product.house.database.reading() as session:
        notice = session.scalars(select(Notice).where(Notice.visit_id == visit_id)).one()
    desk = product.browser("admin")
    page = desk.get(HERE)
    looked = send(desk, page, HERE, do="look", sms=OURS.sms + "谢谢。", notice=str(notice.id))
    told = text_of(looked)
    assert looked.status_code == 200
    assert f"尊敬的{RARE_NAME}" in told
    assert "谢谢。" in told
    assert "计费 2 条" in told
    assert looks(product, "notice") == ["admin:admin"] * 2
    with product.house.database.reading() as session:
        assert session.scalars(select(OwnText)).all() == []


def test_without_a_notice_made_up_data_are_shown(product: Product) -> None:
    told = text_of(product.browser("admin").get("/desk/texts/outage/en"))
    assert "with made-up data" in told or "示例数据" in told
    assert "Zhangjiang" in told


def test_the_mail_stands_alone_and_nothing_in_it_runs_or_loads(product: Product) -> None:
    drafted(product, mail=OURS.mail + "\n\n<script>alert(1)</script> 尊敬的客户")
    answer = product.browser("supervisor").get(f"{HERE}/mail")
    policy = answer.headers["content-security-policy"]
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "<script" not in answer.text
    assert "<script>alert(1)</script>" in unescape(answer.text)


@pytest.mark.parametrize("role", ["dispatcher", "care_agent"])
def test_the_wording_is_for_supervisors(product: Product, role: str) -> None:
    desk = product.browser(role)
    for address in ("/desk/texts", HERE, f"{HERE}/mail"):
        assert desk.get(address).status_code == 403
    assert desk.post(HERE, data={"key": "k" * 12, "sms": "您好", "do": "keep"}).status_code == 403
    assert "/desk/texts" not in desk.get("/desk/notices").text


def test_what_is_no_text_is_not_there(product: Product) -> None:
    desk = product.browser("admin")
    for address in ("/desk/texts/nonsense/zh", "/desk/texts/booked/fr", "/desk/texts/booked/fr/mail"):
        assert desk.get(address).status_code == 404
    assert desk.post(f"{HERE}/0b9a1a52-0000-4000-8000-000000000000/live", data={"key": "k" * 12}).status_code == 404


def test_hostile_text_is_refused_and_never_breaks_the_page(product: Product) -> None:
    desk = product.browser("admin")
    for text in ("您好\u202e", "您好\x00", "{{", "}}{{ x", "<b>您好</b>", "你" * 1500):
        for do in ("look", "keep"):
            assert send(desk, desk.get(HERE), HERE, do=do, sms=text).status_code in (200, 303, 422)
    too_long = send(desk, desk.get(HERE), HERE, do="keep", sms="您" * 1500)
    assert "短信" in text_of(too_long)
    assert too_long.status_code == 422


def test_lines_of_a_text_area_come_as_browsers_send_them(product: Product) -> None:
    own = drafted(product, mail=OURS.mail.replace("\n", "\r\n"))
    assert own.mail == OURS.mail
