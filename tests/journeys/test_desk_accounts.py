"""Accounts: opened, disabled and given passwords by an administrator; one's own password and language by oneself."""

import pytest
from sqlalchemy import select

from dispatch.accounts.tables import Account
from tests.journeys.conftest import Product
from tests.journeys.desk_hand import follow, forms_of, send, text_of
from tests.makers import PASSWORD

ACCOUNTS = "/desk/accounts"
NEW = {"login": "new.agent", "name": "小陈", "role": "care_agent", "password": "a-long-password"}


def account_of(product: Product, login: str) -> Account:
    with product.house.database.reading() as session:
        return session.scalars(select(Account).where(Account.login == login)).one()


def enter(product: Product, login: str, password: str) -> int:
    return product.browser().post("/sign-in", data={"login": login, "password": password}).status_code


def test_an_administrator_opens_an_account_that_can_sign_in(product: Product) -> None:
    admin = product.browser("admin")
    done = send(admin, admin.get(ACCOUNTS), ACCOUNTS, **NEW)
    assert "账号已开通" in text_of(follow(admin, done))
    assert enter(product, NEW["login"], NEW["password"]) == 303


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"password": "short"}, "password"), ({"login": "dispatcher"}, "login"), ({"login": "有空格 的"}, "login"),
        ({"role": "king"}, "role"), ({"role": "technician"}, "technician"), ({"name": ""}, "name"),
    ],
    ids=str,
)  # fmt: skip
def test_a_wrong_account_is_refused_beside_its_field_and_no_password_comes_back(
    product: Product, wrong: dict[str, str], field: str
) -> None:
    admin = product.browser("admin")
    refused = send(admin, admin.get(ACCOUNTS), ACCOUNTS, **{**NEW, **wrong})
    assert refused.status_code in (409, 422)
    assert f"f-{field}-error" in refused.text
    assert "a-long-password" not in refused.text


def test_a_supervisor_sees_accounts_and_changes_none(product: Product) -> None:
    supervisor, admin = product.browser("supervisor"), product.browser("admin")
    page = supervisor.get(ACCOUNTS)
    assert "technician2" in text_of(page)
    assert set(forms_of(page)) == {"/sign-out"}
    assert supervisor.post(ACCOUNTS, data={**forms_of(admin.get(ACCOUNTS))[ACCOUNTS], **NEW}).status_code == 403
    assert supervisor.get(f"{ACCOUNTS}/{account_of(product, 'dispatcher').id}").status_code == 403


@pytest.mark.parametrize("login", ["dispatcher", "care_agent"])
def test_others_do_not_see_accounts(product: Product, login: str) -> None:
    desk = product.browser(login)
    assert desk.get(ACCOUNTS).status_code == 403
    assert "/desk/accounts" not in desk.get("/desk/me").text


def test_a_disabled_account_is_out_on_the_next_request(product: Product) -> None:
    dispatcher, admin = product.browser("dispatcher"), product.browser("admin")
    assert dispatcher.get("/desk/orders").status_code == 200
    address = f"{ACCOUNTS}/{account_of(product, 'dispatcher').id}"
    done = send(admin, admin.get(address), f"{address}/disable")
    assert "账号已停用" in text_of(follow(admin, done))
    assert dispatcher.get("/desk/orders").headers["location"] == "/sign-in"
    assert enter(product, "dispatcher", PASSWORD) == 401


def test_an_administrator_cannot_lock_themselves_out(product: Product) -> None:
    admin = product.browser("admin")
    address = f"{ACCOUNTS}/{account_of(product, 'admin').id}"
    page = admin.get(address)
    assert f"{address}/disable" not in forms_of(page)
    key = forms_of(page)[f"{address}/password"]["key"]
    assert admin.post(f"{address}/disable", data={"key": key}).status_code == 409
    assert admin.get(address).status_code == 200


def test_a_password_that_an_administrator_sets_ends_the_old_sign_ins(product: Product) -> None:
    dispatcher, admin = product.browser("dispatcher"), product.browser("admin")
    address = f"{ACCOUNTS}/{account_of(product, 'dispatcher').id}"
    short = send(admin, admin.get(address), f"{address}/password", password="short")
    assert short.status_code == 422
    done = send(admin, short, f"{address}/password", password=" new password ")
    assert done.status_code == 303
    assert dispatcher.get("/desk/orders").status_code == 303
    assert enter(product, "dispatcher", PASSWORD) == 401
    assert enter(product, "dispatcher", " new password ") == 303


def test_ones_own_password_needs_the_present_one(product: Product) -> None:
    desk = product.browser("dispatcher")
    action = "/desk/me/password"
    given = {"old": "not-the-password", "new": "another-password", "again": "another-password"}
    wrong = send(desk, desk.get("/desk/me"), action, **given)
    assert wrong.status_code == 422
    assert "当前密码不正确" in text_of(wrong)
    differ = send(desk, wrong, action, **{**given, "old": PASSWORD, "again": "yet-another-one"})
    assert "两次输入的新密码不一致" in text_of(differ)
    short = send(desk, differ, action, old=PASSWORD, new="short", again="short")
    assert short.status_code == 422
    assert "f-new-error" in short.text
    done = send(desk, short, action, **{**given, "old": PASSWORD})
    assert done.headers["location"] == "/sign-in"
    assert desk.get("/desk/me").headers["location"] == "/sign-in"
    assert enter(product, "dispatcher", "another-password") == 303


def test_the_present_password_cannot_be_guessed_through_ones_own_page(product: Product) -> None:
    desk = product.browser("dispatcher")
    given = {"old": "not-the-password", "new": "another-password", "again": "another-password"}
    tried = [send(desk, desk.get("/desk/me"), "/desk/me/password", **given).status_code for _ in range(11)]
    assert tried == [422] * 10 + [429]
    right = send(desk, desk.get("/desk/me"), "/desk/me/password", **{**given, "old": PASSWORD})
    assert right.status_code == 429


def test_ones_language_is_kept(product: Product) -> None:
    desk = product.browser("dispatcher")
    done = send(desk, desk.get("/desk/me"), "/desk/me/language", language="en")
    assert "The language is kept." in text_of(follow(desk, done))
    assert account_of(product, "dispatcher").language == "en"
