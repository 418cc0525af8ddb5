"""`doorstep tour`: a whole day over HTTP, one line a step, with everything left in a folder to look at."""

import os
import shutil
import time
from pathlib import Path
from typing import Annotated

import typer

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.clock import local_day, utc_now
from dispatch.house import House
from dispatch.settings import Settings
from dispatch.visits.importing import import_orders
from dispatch.visits.order_files import read_orders
from mobile_api.commands.accounts import CONSOLE
from mobile_api.commands.speaking import REFUSED, complain, plainly
from mobile_api.commands.starting import opened_house
from mobile_api.tour.acts import (
    Say,
    leave_proofs,
    move_in_time,
    override_late_move,
    seal,
    sign_as_customer,
    work_on_site,
)
from mobile_api.tour.stage import Stage, TourFailed, free_port, running

OUR_ORDERS = (
    "工单号,工单类型,客户姓名,联系电话,装机地址,经度,纬度,宽带账号,产品,带宽,故障现象\n"
    "TOUR-{mark}-1,装机,王𬭎,138 0000 0001,上海市浦东新区张江镇龘园路88弄3号楼1202室（㛃湾小区）,"
    "121.5937,31.2041,t{mark}a,千兆宽带,1000M/100M,\n"
    "TOUR-{mark}-2,维修,李䶮,+86 139-0000-0002,上海市徐汇区漕溪北路18号5楼,"
    "121.4365,31.1926,t{mark}b,500兆宽带,500M/50M,晚高峰卡顿\n"
)


def tour(
    out: Annotated[Path, typer.Option("--out", help="放结果的文件夹 folder for what the day leaves", file_okay=False)],
    orders: Annotated[
        Path | None, typer.Option("--orders", help="要导入的工单文件 order file to import", exists=True, dir_okay=False)
    ] = None,
) -> None:
    """演示完整的一天，从导入工单到核验记录。 Play a whole day over HTTP, from import to a verified record."""
    began = time.monotonic()
    number = 0

    def say(text: str) -> None:
        nonlocal number
        number += 1
        typer.echo(f"{number:2d}. {text}")

    with plainly():
        house = _own_house(out, port := free_port())
        try:
            _import(house, orders, say)
            with running(house, port) as stage:
                _play(stage, out, say)
        except TourFailed as problem:
            complain(Words(f"演示中断：{problem}", f"The tour stopped: {problem}"))
            raise typer.Exit(REFUSED) from None
        say(f"完成 done in {time.monotonic() - began:.1f} s: {out / 'record.pdf'}")


def _own_house(out: Path, port: int) -> House:
    """A data folder of the tour's own; the database too, unless the settings name one."""
    out.mkdir(parents=True, exist_ok=True)
    data = out / "var"
    shutil.rmtree(data, ignore_errors=True)
    os.environ |= {
        "DOORSTEP_DATA_DIR": str(data.resolve()),
        "DOORSTEP_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "DOORSTEP_SMS_URL": "",
        "DOORSTEP_QUIET_FROM": "0",  # a tour at night still shows its messages
        "DOORSTEP_QUIET_UNTIL": "0",
    }
    return opened_house(Settings())


def _import(house: House, orders: Path | None, say: Say) -> None:
    """Orders from the file, or two of our own; bad rows are left out and named."""
    now, zone = utc_now(), house.settings.zone
    mark = now.strftime("%H%M%S%f")[:9]
    content = orders.read_bytes() if orders else OUR_ORDERS.format(mark=mark).encode("gb18030")
    read = read_orders(content, orders.name if orders else "orders.csv", zone=zone, today=local_day(now, zone))
    with house.database.writing() as session:
        outcome = import_orders(Turn(session, CONSOLE, now, house.settings), read, skip_bad=True)
    with house.database.writing() as session:
        again = import_orders(Turn(session, CONSOLE, now, house.settings), read, skip_bad=True)
    if again.new:
        raise TourFailed("importing the same file again made new orders")
    bad = len({problem.line for problem in read.problems if problem.fatal})
    say(f"导入工单 imported: {outcome.new} new, {outcome.known} known, {bad} bad rows, {read.encoding or 'xlsx'}")


def _play(stage: Stage, out: Path, say: Say) -> None:
    waiting = stage.expect(stage.desk.get("/api/v1/work-orders", params={"state": "open"}), 200)["items"]
    if not waiting:
        raise TourFailed("no work order to book: the file has no usable row")
    first, other = waiting[0], waiting[-1]
    say(f"工单 work orders: {len(waiting)} open; playing {first['external_id'] or first['id']}")
    move_in_time(stage, other, say)
    visit = override_late_move(stage, first, say)
    rest = work_on_site(stage, visit, first, say)
    sign_as_customer(stage, visit, first, say)
    record = seal(stage, visit, rest, say)
    leave_proofs(stage, record, out, say)
