"""`doorstep serve`, `jobs` and `migrate`: the product's processes and its schema."""

import http.client
import logging.config
import os
import ssl
import time
from typing import Annotated
from urllib.parse import urlsplit

import typer

from checklists.words import Words
from dispatch.house import open_house
from dispatch.migrating import migrate, must_be_sound
from dispatch.settings import Settings
from mobile_api.commands.demo import fill_if_empty, how_to_begin
from mobile_api.commands.lan import address_of, invite, prepare
from mobile_api.commands.processes import CannotStart, Child, Supervisor
from mobile_api.commands.speaking import CANNOT_START, plainly, refuse, say
from mobile_api.commands.starting import Listening, listen, opened_house, remarks
from mobile_api.logs import log_config

READY_WITHIN_SECONDS = 60.0


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; else DOORSTEP_HOST.")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port, 0 for any free one; else DOORSTEP_PORT.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="How many web processes.")] = 1,
    no_jobs: Annotated[bool, typer.Option("--no-jobs", help="Web only; run `doorstep jobs` elsewhere.")] = False,
    lan: Annotated[
        bool, typer.Option("--lan", help="For trials: reach it from phones on the office network, over https.")
    ] = False,
    lan_address: Annotated[
        str | None, typer.Option(help="With --lan: this machine's address, if it has several.")
    ] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Fill an empty database with the demo city first.")] = False,
) -> None:
    """启动网页服务和后台任务。 Serve the web pages and run the jobs, until Ctrl-C or SIGTERM."""
    with plainly():
        settings = _settings(host, port)
        office = prepare(settings, lan_address) if lan else None
        settings = Settings()
        house = opened_house(settings, to_serve=True)
        listening = listen(settings)
        if office is not None:
            os.environ["DOORSTEP_PUBLIC_URL"] = address_of(office, listening.port)
        elif "public_url" not in settings.model_fields_set:
            os.environ["DOORSTEP_PUBLIC_URL"] = listening.address
        settings = Settings()
        house = open_house(settings)
        if demo:
            fill_if_empty(house)
        for words in remarks(settings, with_jobs=not no_jobs):
            say(words)
        logging.config.dictConfig(log_config(settings.log_level))
        supervisor = Supervisor(_children(listening, workers, with_jobs=not no_jobs))
        supervisor.heed_signals()
        began = how_to_begin(house)
        house.database.dispose()
        try:
            _wait_until_ready(supervisor, listening)
            if not supervisor.stopping:
                say(Words(f"已就绪：{settings.public_url}", f"Ready: {settings.public_url}"))
                if settings.public_url.rstrip("/") != listening.address:
                    say(Words(f"本机监听：{listening.address}", f"Listening on {listening.address}"))
                for line in began:
                    typer.echo(line)
                if office is not None:
                    invite(office, settings.host, settings.public_url, listening.port)
            supervisor.run()
        except CannotStart as problem:
            refuse(
                Words(
                    f"进程 {problem} 反复退出，已停止。原因见上方日志。",
                    f"Process {problem} keeps ending; the log above says why.",
                ),
                CANNOT_START,
            )
        say(Words("已停止。", "Stopped."))


def _settings(host: str | None, port: int | None) -> Settings:
    """The settings with what the command line says; child processes read the same from the environment."""
    if host is not None:
        os.environ["DOORSTEP_HOST"] = host
    if port is not None:
        os.environ["DOORSTEP_PORT"] = str(port)
    return Settings()


def _children(listening: Listening, workers: int, *, with_jobs: bool) -> list[Child]:
    number = listening.socket.fileno()
    web = [Child(f"web {n + 1}", ("web", "--socket", str(number)), (number,)) for n in range(workers)]
    return [*web, *([Child("jobs", ("jobs",))] if with_jobs else [])]


def _wait_until_ready(supervisor: Supervisor, listening: Listening) -> None:
    """Until a web process answers: an address that is printed can be opened."""
    until = time.monotonic() + READY_WITHIN_SECONDS
    where = urlsplit(listening.address)
    while not supervisor.stopping and time.monotonic() < until:
        supervisor.look()
        try:
            asked = _connection(where.scheme, where.hostname or "", listening.port)
            asked.request("GET", "/healthz", headers={"Host": "localhost"})
            if asked.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)


def _connection(scheme: str, host: str, port: int) -> http.client.HTTPConnection:
    if scheme != "https":
        return http.client.HTTPConnection(host, port, timeout=2)
    ours = ssl.create_default_context()  # our own socket is asked whether it answers; nothing is told to it
    ours.check_hostname, ours.verify_mode = False, ssl.CERT_NONE
    return http.client.HTTPSConnection(host, port, timeout=2, context=ours)


def jobs() -> None:
    """只运行后台任务（发送通知、生成记录文件）。 Run only the jobs: send notices, draw documents."""
    from mobile_api.commands.jobs_worker import work  # slow to load, so only where it is needed

    with plainly():
        house = opened_house(to_serve=False)
        for words in remarks(house.settings, with_jobs=True)[-1:]:
            say(words)
        logging.config.dictConfig(log_config(house.settings.log_level))
        work(house)


def migrate_database() -> None:
    """把数据库结构更新到本版本。 Bring the database to the schema of this version. Back up first."""
    with plainly():
        house = open_house(Settings())
        must_be_sound(house.database)
        before, after = migrate(house.database)
        if before == after:
            say(Words(f"数据库结构已是 {after}，无需更新。", f"The schema is {after} already; nothing to do."))
        else:
            say(
                Words(
                    f"数据库结构已从 {before or '空'} 更新到 {after}。",
                    f"Schema brought from {before or 'none'} to {after}.",
                )
            )
