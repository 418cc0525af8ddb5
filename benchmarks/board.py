"""The live board beside EventCalendar and vis-timeline on the same day: painted, one update, dragging; event to screen.

python -m benchmarks.board [technicians] [visits each] [watchers] [sqlite|postgresql]

Real Chromium, two web processes, a day of 200 technicians with 8 visits each. "Painted" is from the click on the address
to the frame with every block on it, fetching included; the peers get their data handed over and fetch nothing. "One
update" is from the change to the frame that shows it. "Event to screen" is from the commit in a process of its own to
the frame that shows it, while the other watchers hear the same. Peers are fetched by name with `npm pack`, for this only.
"""

# ruff: noqa: E501 - pieces of JavaScript, and rows of made-up data

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from checklists.published import current
from dispatch.accounts.viewer import SYSTEM
from dispatch.clock import utc_now
from dispatch.customers.tables import Customer, Line, Site
from dispatch.database import Database
from dispatch.house import House, open_house
from dispatch.migrating import migrate
from dispatch.technicians.tables import Area, Shift, Technician, TechnicianSkill
from dispatch.visits.booking import reschedule_visit
from dispatch.visits.tables import Visit, WorkOrder
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.journeys.desk_hand import SHANGHAI, tomorrow
from tests.makers import PASSWORD, a_turn, some_settings, the_cast
from tests.postgres import running_postgres
from tests.proofs.serving import free_port
from tools.vendor_browser_libraries import pack

DAY = tomorrow(9).start.astimezone(SHANGHAI).date()
PEERS = {"EventCalendar": ("@event-calendar/build", "5.10.1"), "vis-timeline": ("vis-timeline", "8.5.4")}
EVENTS = 60
UPDATES = 40


def city(house: House, technicians: int, each: int) -> None:
    """A day full of visits, in ten areas."""
    with house.database.writing() as session:
        areas = [
            Area(name=f"片区{n}", name_en=f"Area {n}", latitude=31.1 + n / 50, longitude=121.4 + n / 50)
            for n in range(10)
        ]
        session.add_all(areas)
        session.flush()
        now = utc_now()
        for number in range(technicians):
            area = areas[number % 10]
            person = Technician(
                code=f"B-{number:03d}", name=f"装维{number:03d}", phone="+8613900000000", area_id=area.id
            )
            session.add(person)
            session.flush()
            session.add(TechnicianSkill(technician_id=person.id, skill="fibre", level=2))
            session.add(Shift(technician_id=person.id, starts_at=at(8), ends_at=at(20)))
            for slot in range(each):
                customer = Customer(
                    name=f"客户{number:03d}{slot}", phone=f"+86138{number:04d}{slot:04d}", created_at=now
                )
                session.add(customer)
                session.flush()
                site = Site(
                    customer_id=customer.id, address=f"示例路{number}号{slot}室", area_id=area.id,
                    latitude=area.latitude + slot / 900, longitude=area.longitude + number / 9000,
                )  # fmt: skip
                session.add(site)
                session.flush()
                line = Line(site_id=site.id)
                session.add(line)
                session.flush()
                order = WorkOrder(
                    external_id=f"GD-{number:03d}-{slot}", customer_id=customer.id, site_id=site.id, line_id=line.id,
                    kind="repair" if slot % 2 else "install", symptoms=[], reported_at=now, minutes=60, skills=["fibre"],
                    created_at=now,
                )  # fmt: skip
                session.add(order)
                session.flush()
                begin = at(8) + timedelta(minutes=80 * slot)
                session.add(
                    Visit(
                        work_order_id=order.id,
                        technician_id=person.id,
                        window_start=begin,
                        checklist=current(order.kind).key,
                        window_end=begin + timedelta(hours=2),
                        planned_start=begin,
                        planned_end=begin + timedelta(hours=1),
                        created_at=now,
                    )
                )


def at(hour: int) -> datetime:
    """An hour of the day, tomorrow."""
    return tomorrow(hour).start


@contextmanager
def served(house: House, port: int) -> Iterator[str]:
    """Two web processes over the house."""
    settings = house.settings
    environment = {
        **os.environ,
        "DOORSTEP_DATA_DIR": str(settings.data_dir),
        "DOORSTEP_DATABASE_URL": settings.database_url,
        "DOORSTEP_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "DOORSTEP_LOG_LEVEL": "warning",
    }
    command = [
        str(Path(sys.executable).parent / "doorstep"),
        "serve",
        "--no-jobs",
        "--workers",
        "2",
        "--port",
        str(port),
    ]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                if httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def p95(values: list[float]) -> float:
    """The value that 95 in 100 keep under."""
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


PAINTED = """() => new Promise((done) => {
  const board = document.querySelector("doorstep-board");
  const shown = () => requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0));
  board.dataset.ready ? shown() : board.addEventListener("board:filled", shown, { once: true });
})"""
UPDATE = """async (times) => {
  const board = document.querySelector("doorstep-board");
  const taken = [];
  const visits = [...board.model.visits.values()].filter((one) => one.t);
  for (let n = 0; n < times; n += 1) {
    const visit = visits[(n * 37) % visits.length];
    const changed = { ...visit, v: visit.v + 1, p: [visit.p[0] + 5, visit.p[1] + 5] };
    const begun = performance.now();
    board.apply({ visits: [changed] });
    board.drawing.item(visit.id).getBoundingClientRect();
    await new Promise((done) => requestAnimationFrame(() => { const c = new MessageChannel(); c.port1.onmessage = done; c.port2.postMessage(0); }));
    taken.push(performance.now() - begun);
    board.apply({ visits: [{ ...visit, v: visit.v + 2 }] });
    visits[(n * 37) % visits.length] = { ...visit, v: visit.v + 2 };
    await new Promise((done) => setTimeout(done, 20));
  }
  return taken;
}"""
FRAMES = """() => { window.frames_ = []; let last = performance.now();
  const tick = (now) => { frames_.push(now - last); last = now; window.ticking = requestAnimationFrame(tick); };
  requestAnimationFrame((now) => { last = now; requestAnimationFrame(tick); }); }"""


def our_board(page: Page) -> dict[str, float]:
    """Painted, one update, and the frames of a drag across the board, in milliseconds."""
    painted = []
    for _ in range(5):
        page.goto(f"/desk/board?day={DAY}")
        painted.append(page.evaluate(PAINTED))
    updates = page.evaluate(UPDATE, UPDATES)
    box = page.locator(".lb-row .lb-visit button").first.bounding_box()
    assert box
    page.mouse.move(box["x"] + 8, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 30, box["y"] + 20)
    page.evaluate(FRAMES)
    for step in range(160):
        page.mouse.move(box["x"] + 30 + step * 4, box["y"] + 20 + (step * 9) % 500)
    frames = page.evaluate("(cancelAnimationFrame(ticking), frames_)")
    page.keyboard.press("Escape")
    page.mouse.up()
    return {"painted": statistics.median(painted), "update": p95(updates), "frame": p95(frames)}


def unpacked(name: str, version: str, folder: Path) -> Path:
    """A package from the registry that this machine is set to."""
    target = folder / name.replace("/", "_")
    target.mkdir()
    archive = target / "package.tgz"
    archive.write_bytes(pack(name, version, target))
    with tarfile.open(archive) as opened:
        opened.extractall(target, filter="data")
    return target / "package"


EVENT_CALENDAR = """async ({rows, visits, day}) => {
  const begun = performance.now();
  const calendar = EventCalendar.create(document.getElementById("place"), {
    view: "resourceTimelineDay", date: day, height: "860px", slotMinTime: "08:00", slotMaxTime: "20:00", editable: true,
    resources: rows.map((id) => ({ id, title: id })),
    events: visits.map(([id, row, from, to]) => ({ id, resourceIds: [row], start: from, end: to, title: id })),
  });
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
  await frame();
  const painted = performance.now() - begun, taken = [];
  for (let n = 0; n < 8; n += 1) {
    const [id, row, from, to] = visits[n * 37];
    const start = performance.now();
    calendar.updateEvent({ id, resourceIds: [rows[n]], start: from, end: to, title: id });
    await frame();
    taken.push(performance.now() - start);
  }
  return { painted, taken, drawn: document.querySelectorAll(".ec-event").length };
}"""
VIS_TIMELINE = """async ({rows, visits, day}) => {
  const begun = performance.now();
  const items = new vis.DataSet(visits.map(([id, group, start, end]) => ({ id, group, start, end, content: id })));
  const timeline = new vis.Timeline(document.getElementById("place"), items, new vis.DataSet(rows.map((id) => ({ id, content: id }))),
    { start: `${day}T08:00`, end: `${day}T20:00`, maxHeight: 860, editable: true, stack: false });
  await new Promise((done) => timeline.on("changed", () => requestAnimationFrame(() => setTimeout(done, 0))));
  const painted = performance.now() - begun, taken = [];
  for (let n = 0; n < 8; n += 1) {
    const [id, , start, end] = visits[n * 37];
    const at = performance.now();
    items.update({ id, group: rows[n], start, end, content: id });
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0))));
    taken.push(performance.now() - at);
  }
  return { painted, taken, drawn: document.querySelectorAll(".vis-item").length };
}"""


def peer(browser: Browser, name: str, folder: Path, data: dict[str, object]) -> dict[str, float] | None:
    """The same day drawn by a peer; None when it cannot be fetched."""
    package, version = PEERS[name]
    try:
        files = unpacked(package, version, folder)
    except (subprocess.CalledProcessError, OSError, KeyError) as error:
        print(f"{name}: could not be fetched ({type(error).__name__})")
        return None
    script, style = (
        ("dist/event-calendar.min.js", "dist/event-calendar.min.css")
        if name == "EventCalendar"
        else ("standalone/umd/vis-timeline-graph2d.min.cjs", "styles/vis-timeline-graph2d.min.css")
    )
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_content('<!doctype html><div id="place"></div>')
    page.add_style_tag(path=files / style)
    page.add_script_tag(path=files / script)
    found = page.evaluate(EVENT_CALENDAR if name == "EventCalendar" else VIS_TIMELINE, data)
    page.close()
    return {"painted": found["painted"], "update": statistics.median(found["taken"]), "drawn": found["drawn"]}


async def _watch(address: str, cookies: httpx.Cookies, place: str, stop: asyncio.Event, count: int) -> int:
    """Others who watch the same day; how many messages they heard."""
    heard = 0
    limits = httpx.Limits(max_connections=count + 2)

    async def one(client: httpx.AsyncClient) -> None:
        nonlocal heard
        path = f"{address}/desk/board/live?day={DAY}&after={place}"
        async with client.stream("GET", path, timeout=None) as answer:
            async for line in answer.aiter_lines():
                heard += line == "event: board"

    async with httpx.AsyncClient(cookies=cookies, limits=limits) as client:
        tasks = [asyncio.create_task(one(client)) for _ in range(count)]
        await stop.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return heard


def event_to_screen(house: House, page: Page, address: str, watchers: int) -> tuple[list[float], int]:
    """Milliseconds from each commit to the frame that shows it, and how many messages the others heard meanwhile."""
    page.goto(f"/desk/board?day={DAY}")
    page.wait_for_selector("doorstep-board[data-ready]")
    page.evaluate("""() => { window.seen_ = {}; document.querySelector("doorstep-board").addEventListener("board:applied",
      (event) => requestAnimationFrame(() => setTimeout(() => event.detail.forEach((id) => (seen_[id] = Date.now())), 0))); }""")
    cookies = httpx.Cookies({one["name"]: one["value"] for one in page.context.cookies()})
    place = httpx.get(f"{address}/desk/board/data?day={DAY}", cookies=cookies).json()["place"]
    stop, heard = asyncio.Event(), list[int]()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(
        target=lambda: heard.append(loop.run_until_complete(_watch(address, cookies, place, stop, watchers)))
    )
    thread.start()
    time.sleep(3)
    elsewhere = Database(house.settings.database, data_key=house.settings.data_key_bytes())
    with elsewhere.reading() as session:
        ids = [
            UUID(str(one)) for one in page.evaluate("[...document.querySelector('doorstep-board').model.visits.keys()]")
        ]
    committed: dict[str, float] = {}
    for number in range(EVENTS):
        visit_id = ids[number * 7 % len(ids)]
        with elsewhere.writing() as session:
            visit = session.get(Visit, visit_id)
            assert visit is not None
            assert visit.planned_start is not None
            turn = a_turn(session, house.settings, utc_now(), SYSTEM)
            reschedule_visit(
                turn, visit_id, visit.window, asked_by="company", reason="", technician_id=visit.technician_id,
                planned_start=visit.planned_start + timedelta(minutes=5),
            )  # fmt: skip
        committed[str(visit_id)] = time.time() * 1000
        page.wait_for_timeout(150)
    page.wait_for_timeout(1500)
    seen = page.evaluate("seen_")
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    elsewhere.dispose()
    missing = committed.keys() - seen.keys()
    assert not missing, f"never shown: {len(missing)}"
    return [seen[id] - moment for id, moment in committed.items()], heard[0]


def main() -> None:
    """Measure and print, ratios beside the figures."""
    given = sys.argv[1:]
    technicians, each, watchers = (int(one) for one in [*given, *["200", "8", "50"][len(given) :]][:3])
    engine = given[3] if len(given) > 3 else "sqlite"
    with ExitStack() as stack, tempfile.TemporaryDirectory() as temporary:
        folder, port = Path(temporary), free_port()
        url = stack.enter_context(running_postgres()) if engine == "postgresql" else f"sqlite:///{folder / 'd.db'}"
        settings = some_settings(folder, url, public_url=f"http://127.0.0.1:{port}", port=port)
        house = open_house(settings)
        migrate(house.database)
        with house.database.writing() as session:
            the_cast(session, settings, utc_now())
        city(house, technicians, each)
        address = stack.enter_context(served(house, port))
        browser = stack.enter_context(sync_playwright()).chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900}, locale="zh-CN")
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("[name=login]", "dispatcher")
        page.fill("[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url(lambda where: "/sign-in" not in where)
        ours = our_board(page)
        print(
            f"{technicians} technicians x {each} visits, {engine}, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
        )
        print(f"doorstep-board: painted {ours['painted']:.0f} ms (fetching included), update p95 {ours['update']:.1f} ms, "
              f"drag frame p95 {ours['frame']:.1f} ms")  # fmt: skip
        board = "document.querySelector('doorstep-board').model"
        data = {
            "day": DAY.isoformat(),
            "rows": page.evaluate(f"[...{board}.technicians.values()].map((one) => one.c)"),
            "visits": page.evaluate(
                f"[...{board}.visits.values()].map((one) => {{ const two = (n) => String(n).padStart(2, '0');"
                f" const said = (m) => '{DAY}T' + two(Math.floor(m / 60)) + ':' + two(m % 60);"
                f" return [one.n, {board}.technicians.get(one.t).c, said(one.p[0]), said(one.p[1])]; }})"
            ),
        }
        for name in PEERS:
            if theirs := peer(browser, name, folder, data):
                print(f"{name}: painted {theirs['painted']:.0f} ms ({theirs['painted'] / ours['painted']:.1f} x ours), "
                      f"update {theirs['update']:.1f} ms ({theirs['update'] / ours['update']:.1f} x), "
                      f"{theirs['drawn']:.0f} blocks drawn")  # fmt: skip
        taken, heard = event_to_screen(house, page, address, watchers)
        print(f"event to screen, {watchers} watchers on two processes: median {statistics.median(taken):.0f} ms, "
              f"p95 {p95(taken):.0f} ms over {len(taken)} events; the others heard {heard} messages")  # fmt: skip
        print(
            json.dumps({"engine": engine, "event_p95": round(p95(taken)), **{k: round(v, 1) for k, v in ours.items()}})
        )
        browser.close()
        house.database.dispose()


if __name__ == "__main__":
    main()
