"""Who works in the demo city: areas, technicians with skills, shifts and kit, and an account for everybody."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from ipaddress import ip_address
from uuid import UUID

from sqlalchemy.orm import Session

from checklists.kit_v1 import KIT_V1
from dispatch.accounts.actions import open_account, viewer_of
from dispatch.accounts.viewer import SYSTEM, Viewer
from dispatch.demo.city import QUARTERS
from dispatch.demo.people import CREW, OFFICE
from dispatch.settings import Settings
from dispatch.technicians.tables import Area, KitStock, Shift, Technician, TechnicianSkill

TRIAL_PASSWORD = "doorstep-trial"  # noqa: S105 - written in the README, for loopback trials only
DAYS_OF_SHIFTS = 8
DAYS_OF_PAST_SHIFTS = 3


@dataclass(frozen=True)
class Login:
    """Somebody who may sign in to the demo city; the password is told once, when it is made."""

    login: str
    name: str
    role: str
    password: str


@dataclass(frozen=True)
class Crew:
    """The crew as written: technicians by area, viewers to act as, and how to sign in."""

    by_area: dict[str, list[Technician]]
    viewers: dict[str, Viewer]
    logins: tuple[Login, ...]

    def viewer_of_technician(self, technician_id: UUID) -> Viewer:
        """The technician's own viewer."""
        return next(viewer for viewer in self.viewers.values() if viewer.technician_id == technician_id)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens on `host`."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def password_for(settings: Settings) -> str:
    """The known trial password where only this machine can reach us, else a random one."""
    if settings.environment == "trial" and is_loopback(settings.host):
        return TRIAL_PASSWORD
    return secrets.token_urlsafe(9)


def hire(session: Session, settings: Settings, hired_at: datetime, now: datetime) -> Crew:
    """Write the areas, the technicians and everybody's account, long ago; shifts lie around `now`."""
    areas = [
        Area(name=quarter.zh, name_en=quarter.en, latitude=quarter.latitude, longitude=quarter.longitude)
        for quarter in QUARTERS
    ]
    session.add_all(areas)
    session.flush()
    by_area: dict[str, list[Technician]] = {area.name: [] for area in areas}
    viewers: dict[str, Viewer] = {}
    logins: list[Login] = []

    def let_in(login: str, name: str, role: str, technician_id: UUID | None = None) -> None:
        password = password_for(settings)
        account = open_account(
            session,
            SYSTEM,
            login=login,
            name=name,
            role=role,
            password=password,
            now=hired_at,
            technician_id=technician_id,
        )
        viewers[login] = viewer_of(account)
        logins.append(Login(login, name, role, password))

    for login, role, name in OFFICE:
        let_in(login, name, role)
    today = now.astimezone(settings.zone).date()
    for number, one in enumerate(CREW):
        area = areas[one.quarter]
        technician = Technician(
            code=one.code,
            name=one.name,
            phone=f"+861390000{1000 + number:04d}",
            area_id=area.id,
            start_latitude=area.latitude,
            start_longitude=area.longitude,
        )
        session.add(technician)
        session.flush()
        by_area[area.name].append(technician)
        session.add_all(
            TechnicianSkill(technician_id=technician.id, skill=name, level=level) for name, level in one.skills
        )
        _give_shifts(session, settings, technician, today, late=one.late_shift)
        _fill_van(session, technician, number)
        let_in(one.login, one.name, "technician", technician.id)
    session.flush()
    return Crew(by_area, viewers, tuple(logins))


def _give_shifts(session: Session, settings: Settings, technician: Technician, today: date, *, late: bool) -> None:
    first, last = (time(9, 30), time(18, 30)) if late else (time(8, 30), time(17, 30))
    for offset in range(-DAYS_OF_PAST_SHIFTS, DAYS_OF_SHIFTS):
        day = today + timedelta(days=offset)

        def at(clock: time, on: date = day) -> datetime:
            return datetime.combine(on, clock, settings.zone)

        session.add(
            Shift(
                technician_id=technician.id,
                starts_at=at(first),
                ends_at=at(last),
                lunch_from=at(time(11, 30)),
                lunch_until=at(time(13, 30)),
                lunch_minutes=45,
            )
        )


def _fill_van(session: Session, technician: Technician, number: int) -> None:
    """Enough for about two days; every fifth van will run out of shoe covers tomorrow."""
    for item in KIT_V1:
        usual = 3 if item.use == "reusable" else 14
        short = number % 5 == 4 and item.key == "shoe_covers"
        session.add(KitStock(technician_id=technician.id, item=item.key, quantity=3 if short else usual))
