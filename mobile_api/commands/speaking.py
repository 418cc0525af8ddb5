"""How commands speak to an operator: both languages, one line each, and never a traceback for an operator's mistake."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import NoReturn

import typer
from pydantic import ValidationError
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from checklists.words import Words
from dispatch.errors import Refusal
from dispatch.migrating import SchemaMismatch, Unsound
from dispatch.settings import UnusableSettings

REFUSED = 1
WRONG_USAGE = 2
CANNOT_START = 3


class LanguageName(StrEnum):
    """The languages that we speak."""

    zh = "zh"
    en = "en"


def say(words: Words) -> None:
    """Tell something, Chinese first."""
    typer.echo(words.zh)
    typer.echo(words.en)


def complain(words: Words) -> None:
    """Tell what is wrong, on standard error."""
    typer.echo(words.zh, err=True)
    typer.echo(words.en, err=True)


def refuse(words: Words, code: int = REFUSED) -> NoReturn:
    """Tell what is wrong and end with `code`."""
    complain(words)
    raise typer.Exit(code)


@contextmanager
def plainly() -> Iterator[None]:
    """Turn what an operator can cause into two lines and an exit code; bugs stay loud."""
    try:
        yield
    except Refusal as refusal:
        refuse(refusal.words)
    except UnusableSettings as problem:
        refuse(Words(f"设置不可用，无法启动：{problem}", f"Cannot start with these settings: {problem}"), CANNOT_START)
    except ValidationError as problem:
        if problem.title != "Settings":
            raise
        refuse(_about_settings(problem), CANNOT_START)
    except (SchemaMismatch, Unsound) as problem:
        refuse(Words(f"数据库无法使用：{problem}", f"The database cannot be used: {problem}"), CANNOT_START)
    except SQLAlchemyError as problem:
        refuse(_about_database(problem), CANNOT_START)
    except FileNotFoundError as problem:
        refuse(Words(f"没有这个文件：{problem.filename}", f"There is no such file: {problem.filename}"), WRONG_USAGE)
    except PermissionError as problem:
        refuse(
            Words(
                f"没有权限读写 {problem.filename}，请检查目录权限。",
                f"No permission for {problem.filename}. Check who owns it.",
            ),
            CANNOT_START,
        )
    except BrokenPipeError:
        raise  # whoever read our output has gone: the console command ends quietly
    except OSError as problem:
        where = f" {problem.filename}" if problem.filename else ""
        refuse(Words(f"系统错误{where}：{problem.strerror}", f"System error{where}: {problem.strerror}"), CANNOT_START)


def _about_settings(problem: ValidationError) -> Words:
    """Which settings are wrong and why; never their values, which may be secret."""
    wrong = "; ".join(
        f"DOORSTEP_{'_'.join(str(part) for part in one['loc']).upper()}: {one['msg']}"
        for one in problem.errors(include_input=False, include_url=False)
    )
    return Words(f"设置有误，无法启动。{wrong}", f"Cannot start, settings are wrong. {wrong}")


def _about_database(problem: SQLAlchemyError) -> Words:
    reason = str(problem.orig if isinstance(problem, DatabaseError) and problem.orig else type(problem).__name__)
    reason = " ".join(reason.split())[:300]
    return Words(
        f"数据库无法使用：{reason}。请检查 DOORSTEP_DATABASE_URL、数据目录和数据库服务。",
        f"The database cannot be used: {reason}. Check DOORSTEP_DATABASE_URL, the data folder and the server.",
    )
