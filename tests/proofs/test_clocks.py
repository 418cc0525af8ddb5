"""Timers are rows: over a leap day, with restarts between all wakes and a jumping clock, nothing is missed or doubled.

Small by default: a wake every three hours. Full size: DOORSTEP_HEAVY=1, every hour (about 200 restarts).
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from dispatch.database import Database
from dispatch.notices.channels.files import FilesChannel
from dispatch.notices.channels.protocol import Message, Outcome
from dispatch.notices.rounds import Sender
from dispatch.notices.tables import Notice
from dispatch.notices.watching import watch
from dispatch.settings import Settings
from dispatch.visits.booking import reschedule_visit
from dispatch.visits.reminding import owe_reminders
from dispatch.visits.tables import Visit
from dispatch.visits.told_check import check_period
from tests.full import FULL
from tests.makers import a_booking, a_turn, a_window, some_settings

SHANGHAI = ZoneInfo("Asia/Shanghai")
BEGIN = datetime(2028, 2, 26, 9, tzinfo=SHANGHAI).astimezone(UTC)  # 2028 has a 29 February
END = datetime(2028, 3, 5, 9, tzinfo=SHANGHAI).astimezone(UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STEP = HOUR if FULL else 3 * HOUR
VISITS = 24


class CountingFiles(FilesChannel):
    """The default channel, which also counts: a file that is written over would hide a doubled message."""

    sent: Counter[str] = Counter()

    def send(self, message: Message) -> Outcome:
        """Count and write."""
        self.sent[message.notice_id] += 1
        return super().send(message)


def clock_steps() -> list[datetime]:
    """The clock as the jobs see it: on and on, two days ahead for two wakes, an hour back once, and right again."""
    steps, now = [], BEGIN
    while now < END:
        steps.append(now)
        now += STEP
    ahead = len(steps) // 3
    steps[ahead : ahead + 2] = [moment + 2 * DAY for moment in steps[ahead : ahead + 2]]
    back = len(steps) * 2 // 3
    steps.insert(back, steps[back] - HOUR)
    return steps


def wake(settings: Settings, now: datetime, folder: Path) -> None:
    """One life of the jobs process: started, woken once, and gone."""
    database = Database(settings.database, data_key=settings.data_key_bytes())
    try:
        with database.writing() as session:
            owe_reminders(a_turn(session, settings, now))
        sender = Sender(database, settings, {"sms": CountingFiles(folder)}, lambda notice: "https://example.net/c/x")
        sender.round(lambda: now)
        sender.close()
        watch(database, now)
    finally:
        database.dispose()


@pytest.mark.heavy
@pytest.mark.timeout(600)
def test_a_leap_day_restarts_and_a_jumping_clock_miss_and_double_nothing(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    settings = some_settings(tmp_path / "var", database_url)
    CountingFiles.sent = Counter()
    with database.writing() as session:
        turn = a_turn(session, settings, BEGIN)
        for number in range(VISITS):
            a_booking(turn, None, a_window(BEGIN + (2 + number % 6) * DAY + (number % 5) * HOUR))
    steps = clock_steps()
    for number, now in enumerate(steps):
        wake(settings, now, tmp_path / "messages")
        if number == len(steps) // 4:
            move_some(database, settings, now)
    with database.reading() as session:
        notices = list(session.scalars(select(Notice)))
        visits = list(session.scalars(select(Visit.id)))
        checked = check_period(session, BEGIN - DAY, END, END)
    reminded = Counter(
        one.visit_id for one in notices if one.kind == "reminder" and one.state in ("accepted", "delivered")
    )
    print(
        f"\n{database.engine.dialect.name}: {len(steps)} restarts, {len(visits)} visits, "
        f"{sum(reminded.values())} reminders, {sum(CountingFiles.sent.values())} messages"
    )
    assert [one for one in visits if reminded[one] == 0] == [], "nobody is forgotten"
    assert [one for one in visits if reminded[one] > 1] == [], "nobody is told twice"
    assert max(CountingFiles.sent.values()) == 1
    assert checked.is_proved, checked.findings[:3]


def move_some(database: Database, settings: Settings, now: datetime) -> None:
    """Every fourth visit that is still days away is moved by three hours: its reminder must be of the new time."""
    with database.reading() as session:
        found = session.scalars(select(Visit).where(Visit.window_start > now + 2 * DAY).order_by(Visit.window_start))
        some = [(visit.id, visit.window_start) for visit in found][::4]
    assert some, "nothing was moved: this run proved less"
    for visit_id, start in some:
        with database.writing() as session:
            turn = a_turn(session, settings, now)
            window = a_window(start + 3 * HOUR)
            reschedule_visit(turn, visit_id, window, asked_by="company", reason="线路抢修", technician_id=None)
