"""`doorstep notices …`: prove that customers were told, see how the telling goes, pause a channel."""

from datetime import date, datetime, time, timedelta
from typing import Annotated

import typer

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import SYSTEM
from dispatch.errors import Invalid
from dispatch.house import House
from dispatch.notices.actions import pause_channel, resume_channel
from dispatch.notices.channels.chosen import channels_of
from dispatch.notices.figures import Figures, figures
from dispatch.visits.told_check import Checked, check_period
from dispatch.visits.told_rules import VERDICT_WORDS
from mobile_api.commands.speaking import REFUSED, plainly
from mobile_api.commands.starting import opened_house

notices = typer.Typer(help="给客户的通知。 What customers are told.", no_args_is_help=True)
MOST_SHOWN = 200

FIGURE_WORDS: dict[str, Words] = {
    "due": Words("现在待发", "due now"),
    "oldest_due_seconds": Words("最久已等（秒）", "oldest of them, seconds"),
    "at_risk": Words("有逾时风险", "at risk"),
    "breaches": Words("违规累计", "breaches so far"),
    "calls_open": Words("待致电", "calls to make"),
    "calls_overdue": Words("其中已逾时", "of them overdue"),
}


@notices.command()
def check(
    since: Annotated[datetime | None, typer.Option(help="从哪天起 from this day on", formats=["%Y-%m-%d"])] = None,
    until: Annotated[
        datetime | None, typer.Option(help="到哪天为止（含） up to this day", formats=["%Y-%m-%d"])
    ] = None,
) -> None:
    """核对：每个预约都有确认，每次变更都按时通知、已致电或已记违规。 Exit code 0 only when nothing is missing."""
    with plainly():
        house = opened_house()
        now = house.database.now()
        today = now.astimezone(house.settings.zone).date()
        first = since.date() if since else today - timedelta(days=30)
        last = until.date() if until else today
        with house.database.reading() as session:
            checked = check_period(session, _midnight(house, first), _midnight(house, last + timedelta(days=1)), now)
        _say(checked, house, first, last)
        if not checked.is_proved:
            raise typer.Exit(REFUSED)


@notices.command()
def status() -> None:
    """现在有多少通知待发、失败、存疑、有风险。 How the telling goes right now."""
    with plainly():
        house = opened_house()
        with house.database.reading() as session:
            found = figures(session, house.database.now())
        for state, count in sorted(found.by_state.items()):
            typer.echo(f"{state:<12} {count}")
        for name, words in FIGURE_WORDS.items():
            typer.echo(f"{words.zh} {words.en}: {getattr(found, name):g}")
        _say_channels(house, found)


@notices.command()
def pause(
    channel: Annotated[str, typer.Argument(help="通道名 the channel's name")],
    reason: Annotated[str, typer.Option(help="原因 why")],
) -> None:
    """暂停一个通道：待发的改走其他方式或转人工致电。 Send nothing more by a channel until it is resumed."""
    with plainly():
        house = opened_house()
        _must_be_in_use(house, channel)
        with house.database.writing() as session:
            pause_channel(Turn(session, SYSTEM, house.database.now(), house.settings), channel, reason)
        typer.echo(f"{channel}: 已暂停 paused")


@notices.command()
def resume(channel: Annotated[str, typer.Argument(help="通道名 the channel's name")]) -> None:
    """恢复一个通道。 Send by a channel again."""
    with plainly():
        house = opened_house()
        _must_be_in_use(house, channel)
        with house.database.writing() as session:
            resume_channel(Turn(session, SYSTEM, house.database.now(), house.settings), channel)
        typer.echo(f"{channel}: 已恢复 resumed")


def _say(checked: Checked, house: House, first: date, last: date) -> None:
    typer.echo(f"{first} … {last}")
    for verdict, words in VERDICT_WORDS.items():
        if checked.verdicts[verdict]:
            typer.echo(f"{checked.verdicts[verdict]:>7}  {words.zh}  {words.en}")
    if not checked.verdicts:
        typer.echo("      0  该时段没有预约或变更  nothing was booked or changed in this time")
    for one in checked.findings[:MOST_SHOWN]:
        when = one.at.astimezone(house.settings.zone)
        words = VERDICT_WORDS[one.verdict]
        typer.echo(f"! {when:%Y-%m-%d %H:%M} {one.what} {one.visit_id} v{one.version}: {words.zh} {words.en}")
    if len(checked.findings) > MOST_SHOWN:
        typer.echo(f"! … {len(checked.findings) - MOST_SHOWN}")
    typer.echo("通过 proved" if checked.is_proved else f"未通过 not proved: {len(checked.findings)}")


def _say_channels(house: House, found: Figures) -> None:
    for medium, channel in channels_of(house.settings).items():
        paused = f"已暂停 paused: {found.paused[channel.name]}" if channel.name in found.paused else "在用 in use"
        typer.echo(f"{medium}: {channel.name}, {found.sent_by_channel.get(channel.name, 0)} 已发 sent, {paused}")


def _must_be_in_use(house: House, name: str) -> None:
    names = sorted({channel.name for channel in channels_of(house.settings).values()})
    if name not in names:
        raise Invalid(
            Words(
                f"没有通道 {name}，可选：{'、'.join(names)}。", f"No channel {name} is in use, only {', '.join(names)}."
            ),
            name="unknown-channel",
        )


def _midnight(house: House, day: date) -> datetime:
    return datetime.combine(day, time(), house.settings.zone)
