"""A made area with a crew on shift tomorrow, and visits to plan; for tests of planning on rows."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.accounts.turn import Turn
from dispatch.customers.actions import LineFacts, SiteFacts
from dispatch.database import Database
from dispatch.planning.actions import ask_for_plans
from dispatch.planning.asked import Asked
from dispatch.planning.claiming import claim
from dispatch.planning.proposal import Proposal
from dispatch.planning.rounds import plan_run
from dispatch.planning.tables import PlanRun
from dispatch.settings import Settings
from dispatch.technicians.tables import Area, Shift, Technician, TechnicianSkill
from dispatch.visits.booking import book_visit
from dispatch.visits.tables import Visit
from dispatch.visits.windows import Window
from tests.makers import a_technician, a_turn, an_order

MIDNIGHT = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)  # of Monday, in Shanghai
MONDAY = date(2026, 11, 23)
SUNDAY_NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def clock(hour: float) -> datetime:
    """An instant of Monday by the clock of Shanghai."""
    return MIDNIGHT + timedelta(hours=hour)


def between(start: float, end: float) -> Window:
    return Window(clock(start), clock(end))


@dataclass
class Town:
    """An area and its crew; homes lie so many kilometres east of the station."""

    database: Database
    settings: Settings
    area: UUID = field(init=False)
    crew: list[UUID] = field(default_factory=list)
    homes: int = 0

    def hire(self, count: int = 2, *, start: float = 8.5, hours: float = 9, lunch: bool = True) -> None:
        with self.database.writing() as session:
            area = Area(name="张江", name_en="Zhangjiang", latitude=31.2, longitude=121.5)
            session.add(area)
            session.flush()
            self.area = area.id
            for number in range(count):
                one = a_technician(session, f"T-{number + 1:03d}", f"技{number + 1}", area_id=area.id)
                session.add(TechnicianSkill(technician_id=one.id, skill="fibre", level=2))
                self._shift(session, one, start, hours, lunch)
                self.crew.append(one.id)

    def _shift(self, session: Session, one: Technician, start: float, hours: float, lunch: bool) -> None:
        session.add(
            Shift(
                technician_id=one.id,
                starts_at=clock(start),
                ends_at=clock(start + hours),
                lunch_from=clock(11.5) if lunch else None,
                lunch_until=clock(13.5) if lunch else None,
                lunch_minutes=45 if lunch else 0,
            )
        )

    def order(self, turn: Turn, east: float = 1.0, **more: object) -> UUID:
        self.homes += 1
        site = SiteFacts(f"测试路{self.homes}号", 31.2, 121.5 + east / 95.1)
        return an_order(turn, line=LineFacts(None), site=site, **more).id

    def visit(
        self, who: int | None, window: Window, start: float | None = None, *, east: float = 1.0, **more: object
    ) -> UUID:
        """A booked visit of an hour, planned with crew member `who` at `start`."""
        with self.database.writing() as session:
            turn = a_turn(session, self.settings, SUNDAY_NOON)
            order = self.order(turn, east, **more)
            return book_visit(
                turn,
                order,
                window,
                technician_id=None if who is None else self.crew[who],
                planned_start=None if start is None else clock(start),
            ).visit.id

    def read(self, visit: UUID) -> Visit:
        with self.database.reading() as session:
            return session.get_one(Visit, visit)

    def plan(self, kind: str = "plan", asked: Asked | None = None, now: datetime = SUNDAY_NOON) -> UUID:
        """A run of a few rounds, planned to its end."""
        with self.database.writing() as session:
            turn = a_turn(session, self.settings, now)
            run = ask_for_plans(turn, [self.area], MONDAY, kind, [asked or Asked()])[0].id  # type: ignore[arg-type]
        self.work(now)
        return run

    def work(self, now: datetime = SUNDAY_NOON) -> None:
        with self.database.writing() as session:
            held = claim(session, now, 10)
        self.database.now = lambda: now  # type: ignore[method-assign]
        for one in held:
            plan_run(self.database, self.settings, one)

    def run(self, run_id: UUID) -> PlanRun:
        with self.database.reading() as session:
            return session.get_one(PlanRun, run_id)

    def proposal(self, run_id: UUID) -> Proposal:
        run = self.run(run_id)
        assert run.state == "done", (run.state, run.trouble_en)
        assert run.proposal is not None
        return Proposal.kept(run.proposal)
