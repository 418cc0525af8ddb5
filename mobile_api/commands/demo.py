"""`doorstep demo`: the demo city, and how to begin in it."""

from urllib.parse import urlsplit

import typer
from sqlalchemy import select

from checklists.words import Words
from dispatch.accounts.secrets_kept import password_matches
from dispatch.accounts.tables import Account
from dispatch.clock import utc_now
from dispatch.demo.crew import TRIAL_PASSWORD, Login, is_loopback
from dispatch.demo.people import CREW, OFFICE
from dispatch.house import House
from dispatch.visits.life import Status
from dispatch.visits.links import link_address
from dispatch.visits.tables import CustomerLink, Visit
from mobile_api.commands.speaking import plainly, refuse, say
from mobile_api.commands.starting import opened_house

ROLE_WORDS = {
    "admin": Words("管理员", "admin"),
    "supervisor": Words("班长/主管", "supervisor"),
    "dispatcher": Words("调度员", "dispatcher"),
    "care_agent": Words("客服", "care agent"),
    "technician": Words("装维人员", "technician"),
}


def demo() -> None:
    """在空数据库中写入演示城市。 Fill an empty database with a demo city: people, work orders, visits, records."""
    with plainly():
        house = opened_house()
        _fill(house)
        for line in how_to_begin(house):
            typer.echo(line)


def fill_if_empty(house: House) -> None:
    """Fill the database if nobody has worked with it yet."""
    from dispatch.demo.filling import is_empty  # slow to load, so only where it is needed

    with house.database.reading() as session:
        empty = is_empty(session)
    if empty:
        _fill(house)


def _fill(house: House) -> None:
    from dispatch.demo.filling import fill

    gateway = urlsplit(house.settings.sms_url).hostname
    if gateway and not is_loopback(gateway):
        refuse(
            Words(
                "已设置短信网关：演示客户的号码是编造的，可能属于他人，短信会真的发出。请先取消 DOORSTEP_SMS_URL。",
                "A message gateway is set. The demo customers' numbers are made up and may be somebody's: "
                "unset DOORSTEP_SMS_URL first.",
            )
        )
    say(Words("正在写入演示城市，请稍候……", "Writing the demo city, a moment …"))
    with house.database.writing() as session:
        filled = fill(session, house.settings, utc_now())
    say(
        Words(
            f"演示城市已写入：{filled.technicians} 名装维人员，{filled.orders} 张工单，{filled.visits} 次上门"
            f"（今日已完成 {filled.finished} 次）。",
            f"The demo city is there: {filled.technicians} technicians, {filled.orders} work orders, "
            f"{filled.visits} visits ({filled.finished} of them finished today).",
        )
    )
    if any(login.password != TRIAL_PASSWORD for login in filled.logins):
        _tell_once(filled.logins)


def _tell_once(logins: tuple[Login, ...]) -> None:
    say(Words("账号和密码只显示这一次，请保存：", "Accounts and passwords are shown this once; keep them:"))
    for login in logins:
        typer.echo(f"  {login.login:<12} {login.password:<16} {login.name} ({ROLE_WORDS[login.role].zh} {login.role})")


def how_to_begin(house: House) -> list[str]:
    """Lines for whoever opens the demo city: rooms, logins, one customer's link. Empty in any other database."""
    with house.database.reading() as session:
        dispatcher = session.scalar(select(Account).where(Account.login == "dispatcher"))
        technician = session.scalar(select(Account).where(Account.login == CREW[0].login))
        link = session.scalar(
            select(CustomerLink.id)
            .join(Visit, Visit.id == CustomerLink.visit_id)
            .where(
                Visit.status == Status.BOOKED, Visit.confirmed_at.is_(None), Visit.window_start > utc_now(),
                CustomerLink.revoked_at.is_(None),
            )
            .order_by(Visit.window_start, CustomerLink.id)
            .limit(1)
        )  # fmt: skip
    if dispatcher is None or technician is None or technician.name != CREW[0].name:
        return []
    known = dispatcher.password_hash is not None and password_matches(dispatcher.password_hash, TRIAL_PASSWORD)
    address = house.settings.public_url.rstrip("/")
    password = f"密码 password: {TRIAL_PASSWORD}" if known else "密码在首次写入时已显示 passwords were shown when made"
    lines = [
        "",
        f"  调度台 desk        {address}/desk",
        f"  手机端 phone       {address}/t",
        f"  登录   sign in     {', '.join(login for login, _, _ in OFFICE)}; t01 … t{len(CREW):02d}",
        f"                     {password}",
    ]
    if link is not None:
        lines.append(f"  客户链接 customer  {link_address(house.settings, link)}")
    return [*lines, ""]
