"""The `doorstep` command: everything that an operator does, one command each."""

import sys

import typer

from mobile_api.commands import (
    accounts,
    demo,
    exporting,
    ledger,
    notices,
    orders,
    planning,
    records,
    safekeeping,
    serving,
    tour,
)

app = typer.Typer(
    name="doorstep",
    help="装维上门 Doorstep：家庭宽带上门服务。 Field service for home broadband.\n\n"
    "退出码 Exit codes: 0 成功 fine, 1 被拒绝或未通过 refused or not genuine, 2 用法错误 wrong usage, "
    "3 无法启动 cannot start.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("serve")(serving.serve)
app.command("jobs")(serving.jobs)
app.command("migrate")(serving.migrate_database)
app.command("import")(orders.import_file)
app.command("verify")(records.verify)
app.add_typer(ledger.ledger, name="ledger")
app.command("export")(exporting.export)
app.add_typer(accounts.users, name="user")
app.add_typer(accounts.tokens, name="token")
app.add_typer(notices.notices, name="notices")
app.command("backup")(safekeeping.backup)
app.command("restore")(safekeeping.restore)
app.command("demo")(demo.demo)
app.command("tour")(tour.tour)
app.command("plan")(planning.plan)


def main() -> None:
    """The console command's entry."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
