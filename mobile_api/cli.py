"""The `doorstep` command: everything that an operator does, one command each."""

import sys
from importlib import import_module

import typer

# Where each command is. Only the one that is called is loaded: all of them together take a second.
COMMANDS = {
    "serve": "serving.serve",
    "jobs": "serving.jobs",
    "migrate": "serving.migrate_database",
    "import": "orders.import_file",
    "verify": "records.verify",
    "ledger": "ledger.ledger",
    "export": "exporting.export",
    "user": "accounts.users",
    "token": "accounts.tokens",
    "notices": "notices.notices",
    "backup": "safekeeping.backup",
    "restore": "safekeeping.restore",
    "demo": "demo.demo",
    "tour": "tour.tour",
    "plan": "planning.plan",
}


def command_line(called: str | None = None) -> typer.Typer:
    """The command `called`, or all of them (for the list, and for what is no command)."""
    app = typer.Typer(
        name="doorstep",
        help="装维上门 Doorstep：家庭宽带上门服务。 Field service for home broadband.\n\n"
        "退出码 Exit codes: 0 成功 fine, 1 被拒绝或未通过 refused or not genuine, 2 用法错误 wrong usage, "
        "3 无法启动 cannot start.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback()(_nothing)  # a single command would otherwise be taken for the whole
    for name, place in COMMANDS.items():
        if called in (None, name):
            module, attribute = place.split(".")
            found = getattr(import_module(f"mobile_api.commands.{module}"), attribute)
            if isinstance(found, typer.Typer):
                app.add_typer(found, name=name)
            else:
                app.command(name)(found)
    return app


def _nothing() -> None:
    pass


def main() -> None:
    """The console command's entry."""
    called = sys.argv[1] if len(sys.argv) > 1 else None
    try:
        command_line(called if called in COMMANDS else None)()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
