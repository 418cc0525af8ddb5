"""A made-up year of visits in bulk rows, with what can happen to them: the ground that figures are held against.

Every case that a definition names occurs: each arrival, moves told in time, late, never, replaced and overridden,
faults again around 7 and 30 days, second visits, faulty records, points by three ways, complaints and appeals.
"""

import json
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from checklists.kit_v1 import KIT_V1
from dispatch.accounts.tables import Account
from dispatch.care.complaints.tables import Complaint, ComplaintRound
from dispatch.care.return_calls.tables import ReturnCall
from dispatch.customers.tables import Customer, Line, Site
from dispatch.database import Database
from dispatch.kpis.record_rules import always_asked
from dispatch.notices.tables import Notice
from dispatch.records.tables import RatingRow, Record
from dispatch.technicians.tables import Area, Technician
from dispatch.visits.tables import Visit, VisitChange, WorkOrder

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SLOTS = (0, 90, 180, 330, 420, 510)  # minutes after half past eight; none overlaps the next
CHECKLIST = {"install": "visit_install@2", "repair": "visit_repair@2"}
ORDER_OF_TABLES = (
    Area, Technician, Account, Customer, Site, Line, WorkOrder, Visit, VisitChange, Notice, Record, RatingRow,
    ReturnCall, Complaint, ComplaintRound,
)  # fmt: skip
BATCH = 4_000


@dataclass
class Year:
    """What was made: counts of what the maker meant, which the figures must find again."""

    visits: int = 0
    meant: Counter[str] = field(default_factory=Counter)
    technicians: list[UUID] = field(default_factory=list)
    areas: list[UUID] = field(default_factory=list)


class Maker:
    """Makes rows with one chance, and writes them in batches."""

    def __init__(self, database: Database, visits: int, days: int, seed: int) -> None:
        self.database, self.chance, self.wanted, self.days = database, random.Random(seed), visits, days
        self.rows: dict[type, list[dict[str, Any]]] = defaultdict(list)
        self.year = Year()
        self.lines: dict[UUID, list[tuple[UUID, UUID, UUID]]] = defaultdict(list)
        self.again: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
        self.number = 0

    def id(self) -> UUID:
        """An id; the same ones for the same seed."""
        return UUID(int=self.chance.getrandbits(128), version=4)

    def hits(self, share: float) -> bool:
        """Whether it happens."""
        return self.chance.random() < share

    def add(self, table: type, **values: Any) -> UUID:
        """A row, with an id if it has one."""
        made = self.id()
        self.rows[table].append(values if table in (RatingRow, ComplaintRound) else {"id": made} | values)
        return made

    def write(self) -> None:
        """Everything made so far, in one transaction."""
        with self.database.writing() as session:
            for table in ORDER_OF_TABLES:
                listed = self.rows.pop(table, [])
                by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
                for row in listed:
                    by_columns[tuple(sorted(row))].append(row)
                for alike in by_columns.values():
                    session.execute(insert(table), alike)

    def make(self) -> Year:
        """The whole year, the last days of it still to come."""
        per_day = max(1, round(self.wanted / self.days / 5))  # five of six slots are taken
        for number in range(max(2, per_day // 8)):
            where = {"latitude": 31.2, "longitude": 121.5 + number / 100}
            self.year.areas.append(self.add(Area, name=f"片区{number}", name_en=f"Area {number}", **where))
        for number in range(per_day):
            area = self.year.areas[number % len(self.year.areas)]
            told = {"code": f"T{number:03d}", "name": f"人员{number}", "phone": "+8613900000001", "area_id": area}
            self.year.technicians.append(self.add(Technician, active=True, language="zh", **told))
        self.owner = self.add(
            Account, login="owner", name="owner", role="supervisor", language="zh", created_at=NOW - 400 * DAY
        )
        first = (NOW - (self.days - 3) * DAY).replace(hour=0, minute=30)  # half past eight in Shanghai
        for day in range(self.days):
            for number, technician in enumerate(self.year.technicians):
                area = self.year.areas[number % len(self.year.areas)]
                for minutes in SLOTS:
                    if self.year.visits < self.wanted and self.hits(0.84):
                        self.slot(first + day * DAY + minutes * MINUTE, technician, area)
            if len(self.rows[Visit]) > BATCH:
                self.write()
        self.write()
        return self.year

    def slot(self, start: datetime, technician: UUID, area: UUID) -> None:
        """One visit in a technician's day: of a new order, or of one that waits for another."""
        waiting = self.again[technician]
        order = waiting.pop(0) if waiting and waiting[0]["ready"] <= start else None
        order = order or self.order(start, technician, area)
        self.visit(order, start, technician)

    def order(self, start: datetime, technician: UUID, area: UUID) -> dict[str, Any]:
        """A work order: an installation on a new line, or a repair on one that may have been repaired lately."""
        known = self.lines[technician]
        is_new = len(known) < 5 or self.hits(0.4)
        if is_new:
            customer = self.add(
                Customer, name="客户", phone="+8613800000001", channel="sms", language="zh", created_at=NOW - 400 * DAY
            )
            place = area if self.hits(0.97) else None
            site = self.add(Site, customer_id=customer, address="某路 1 号", area_id=place)
            known.append((customer, site, self.add(Line, site_id=site, access="gpon")))
        recent = self.hits(0.3)
        chosen = known[-1] if is_new else self.chance.choice(known[-40:] if recent else known)
        kind = "install" if is_new and self.hits(0.6) else "repair"
        reported = start - self.chance.randrange(2 * 60, 80 * 60) * MINUTE
        if self.hits(0.01):  # exactly where a limit lies
            reported = start - 48 * HOUR + self.chance.randrange(20, 90) * MINUTE
        state = "cancelled" if self.hits(0.02) else "open"
        deadline = reported + 5 * DAY if kind == "install" and self.hits(0.8) else None
        self.number += 1
        row = {
            "external_id": f"GD-{self.number:07d}", "customer_id": chosen[0], "site_id": chosen[1],
            "line_id": chosen[2], "kind": kind, "symptoms": [], "note": "", "reported_at": reported,
            "deadline": deadline, "minutes": 60, "skills": [], "state": state, "created_at": reported, "id": self.id(),
        }  # fmt: skip
        self.rows[WorkOrder].append(row)
        return {"row": row, "ready": start}

    def visit(self, order: dict[str, Any], start: datetime, technician: UUID) -> None:
        """A visit with everything that happened to it until now."""
        row, chance, self.year.visits = order["row"], self.chance, self.year.visits + 1
        length = 30 if self.hits(0.4) else 120
        window = (start, start + length * MINUTE)
        visit = {
            "id": self.id(), "work_order_id": row["id"], "technician_id": technician, "window_start": window[0],
            "window_end": window[1], "planned_start": start + chance.choice((0, 0, 10)) * MINUTE,
            "planned_end": start + 75 * MINUTE, "version": 1, "told_version": 1, "checklist": CHECKLIST[row["kind"]],
            "confirmed_at": start - 9 * HOUR if self.hits(0.55) else None, "arrived_at": None, "ended_at": None,
            "created_at": start - chance.randrange(3, 60) * HOUR,
        }  # fmt: skip
        self.rows[Visit].append(visit)
        self.told(visit, row)
        roll = chance.random()
        if roll < 0.04 or row["state"] == "cancelled":
            visit["status"] = "cancelled"
            self.changed(visit, row, "cancelled")
            return
        if self.hits(0.08):
            self.changed(visit, row, "moved")
        if start > NOW - 2 * HOUR:
            visit["status"] = "booked"
            self.year.meant["missed"] += (start if length == 30 else window[1]) < NOW
            return
        self.arrive(visit, row, length)
        if visit["status"] != "sealed":
            if visit["status"] == "no_access":
                self.again[technician].append({"row": row, "ready": start + DAY})
            return
        row["state"] = "done"
        visit["ended_at"] = visit["arrived_at"] + chance.randrange(15, 140) * MINUTE
        if self.hits(0.02):  # a fault of the same line again, close to the borders of 7 and 30 days
            close = chance.choice((6, 7, 8, 29, 30, 31)) * DAY + chance.choice((-1, 0, 1)) * MINUTE
            self.rows[WorkOrder].append(
                row | {"id": self.id(), "external_id": None, "kind": "repair", "deadline": None,
                       "reported_at": visit["ended_at"] + close, "state": chance.choice(("open", "cancelled"))}
            )  # fmt: skip
        self.handed_in(visit, row)

    def arrive(self, visit: dict[str, Any], row: dict[str, Any], length: int) -> None:
        """How the technician came, if at all."""
        chance, (start, end) = self.chance, (visit["window_start"], visit["window_end"])
        how = chance.choices(
            ("too_early", "five_to_ten", "in_window", "late", "missed", "nobody"), (3, 40, 40, 10, 1, 3)
        )[0]
        if length > 30 and how == "five_to_ten":
            how = "in_window"
        visit["status"] = "sealed"
        if how == "missed":
            visit["status"] = chance.choice(("booked", "en_route"))
        elif how == "nobody":
            visit["status"], visit["ended_at"] = "no_access", start + 20 * MINUTE
        elif how == "too_early":
            before = 10 * MINUTE if length == 30 else timedelta(0)
            visit["arrived_at"] = start - before - chance.randrange(1, 900) * timedelta(seconds=1)
        elif how == "five_to_ten":
            visit["arrived_at"] = start - chance.randrange(300, 601) * timedelta(seconds=1)
        elif how == "in_window":
            seconds = -chance.randrange(0, 300) if length == 30 else chance.randrange(0, length * 60 + 1)
            visit["arrived_at"] = start + seconds * timedelta(seconds=1)
        else:
            latest = start if length == 30 else end
            visit["arrived_at"] = latest + chance.randrange(1, 5400) * timedelta(seconds=1)
        if how in ("late", "missed") and self.hits(0.6):
            latest = start if length == 30 else end
            at = latest + chance.choice((-20 * MINUTE, timedelta(0), 5 * MINUTE))
            self.notice(visit, row, "running_late", 7, accepted_at=at)
        if how != "nobody":
            self.year.meant[how] += 1

    def notice(self, visit: dict[str, Any], row: dict[str, Any], kind: str, version: int, **more: Any) -> UUID:
        """A notice about the visit."""
        self.number += 1
        told = {
            "dedupe_key": f"n{self.number}", "kind": kind, "customer_id": row["customer_id"], "visit_id": visit["id"],
            "visit_version": version, "to": "+8613800000001", "language": "zh", "facts": {}, "urgent": False,
            "owed_at": visit["created_at"], "not_before": visit["created_at"], "state": "accepted", "attempts": 1,
            "accepted_at": None, "phoned_at": None, "resend_of": None,
        }  # fmt: skip
        return self.add(Notice, **(told | more))

    def told(self, visit: dict[str, Any], row: dict[str, Any]) -> None:
        """The confirmation: taken by a gateway, said by phone, never told, or told too late; some sent again."""
        made, start = visit["created_at"], visit["window_start"]
        how = self.chance.choices(("gateway", "phone", "never", "late"), (90, 5, 4, 1))[0]
        moments = {"gateway": {"accepted_at": made + MINUTE}, "phone": {"phoned_at": made + HOUR, "state": "phoned"},
                   "never": {"state": "failed"}, "late": {"accepted_at": start + MINUTE}}[how]  # fmt: skip
        first = self.notice(visit, row, "booked", 1, **moments)
        if self.hits(0.03):
            self.notice(visit, row, "booked", 1, accepted_at=made + 2 * MINUTE, resend_of=first)

    def changed(self, visit: dict[str, Any], row: dict[str, Any], what: str) -> None:
        """A move or a cancellation: told in time, too late, never, replaced, overridden, or asked for by them."""
        how = self.chance.choices(
            ("kept", "by_phone", "late", "never", "replaced", "breach", "theirs"), (60, 8, 6, 4, 5, 5, 12)
        )[0]
        until = visit["window_start"] - 2 * HOUR
        at = visit["created_at"] + 30 * MINUTE
        self.add(
            VisitChange, visit_id=visit["id"], version=5, at=at, what=what, by="desk:x",
            asked_by="customer" if how == "theirs" else "company", reason="x", breach=how == "breach", facts={},
            tell_until=None if how == "theirs" else until,
        )  # fmt: skip
        moments: dict[str, Any] = {
            "kept": {"accepted_at": until}, "by_phone": {"phoned_at": until - MINUTE, "accepted_at": until + MINUTE},
            "late": {"accepted_at": until + timedelta(seconds=1)}, "never": {"state": "failed"},
            "replaced": {"state": "superseded"}, "breach": {"accepted_at": at}, "theirs": {"accepted_at": at},
        }[how]  # fmt: skip
        self.notice(visit, row, what, 5, **moments)
        if how in ("kept", "by_phone"):
            self.year.meant["notices_kept"] += 1
        if how == "breach":
            self.year.meant["breach"] += 1

    def handed_in(self, visit: dict[str, Any], row: dict[str, Any]) -> None:
        """The sealed record, what the customer said, and what became of it."""
        chance, ended = self.chance, visit["ended_at"]
        kit = {item.key: True for item in KIT_V1}
        if self.hits(0.05):
            kit[chance.choice(KIT_V1).key] = False
        self.year.meant["kit"] += all(kit.values())
        asked = sorted(always_asked(visit["checklist"]))
        if self.hits(0.04):
            asked.pop()
        flagged = self.hits(0.02)
        steps: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for number, (step, key) in enumerate(asked):
            steps[step].append({"key": key, "flags": [{"zh": "x", "en": "x"}] if flagged and number == 3 else []})
        points = {"overall": chance.choice((5, 5, 4, 3, None)), "conduct": chance.choice((5, 5, 5, 4, 2, None))}
        body = {
            "outcome": "completed", "visit": {"checklist": visit["checklist"]},
            "steps": [{"key": step, "entries": entries} for step, entries in steps.items()],
            "kit": [{"key": key, "carried": carried} for key, carried in kit.items()],
            "signatures": [{"who": "customer", "strokes_sha256": None if self.hits(0.05) else "a" * 64},
                           {"who": "technician", "strokes_sha256": "b" * 64}],
            "measurements": [] if self.hits(0.02) else [{"name": "onu_rx_power"}],
            "repair": None if row["kind"] == "install" else {
                "fault_type": "line", "fault_cause": None if self.hits(0.05) else "bend", "actions": ["splice"]},
            "rating": points | {"recommend": None, "comment": ""},
        }  # fmt: skip
        self.number += 1
        record = {
            "visit_id": visit["id"], "line_id": row["line_id"], "strokes": {}, "sha256": "c" * 64,
            "corrects": None, "sealed_at": ended,
        }  # fmt: skip
        self.add(Record, number=f"SR-{self.number}", revision=1, body=json.dumps(body), **record)
        if self.hits(0.01):
            better = body | {"rating": {"overall": 1, "conduct": 1}}
            self.add(Record, number=f"SR-{self.number}-2", revision=2, body=json.dumps(better), **record)
        if self.hits(0.15):
            said = {"overall": chance.choice((5, 4, 2, None)), "conduct": chance.choice((5, 3, None))}
            at = ended + chance.randrange(1, 90) * HOUR
            self.add(
                RatingRow, visit_id=visit["id"], recommend=chance.choice((10, 8, 3, None)), comment="", at=at, **said
            )
        if self.hits(0.2):
            self.return_call(visit, row)
        if self.hits(0.012):
            self.complaint(visit, row)

    def return_call(self, visit: dict[str, Any], row: dict[str, Any]) -> None:
        """A return call, or one that reached nobody."""
        chance, at = self.chance, visit["ended_at"] + self.chance.randrange(18 * 60, 60 * 60) * MINUTE
        reached = self.hits(0.8)
        fixed = chance.choice(("yes",) * 18 + ("partly", "no"))
        answers = {"fixed": fixed, "overall": chance.choice((5, 5, 4, 1, None)),
                   "conduct": chance.choice((5, 4, None)), "recommend": chance.randrange(0, 11), "demanded": False,
                   "done_at": at}  # fmt: skip
        self.add(
            ReturnCall, visit_id=visit["id"], customer_id=row["customer_id"], technician_id=visit["technician_id"],
            state="done" if reached else "unreached", made_at=visit["ended_at"], next_at=at, due_at=at + DAY, tries=[],
            demanded_what="", comment="", **(answers if reached else {}),
        )  # fmt: skip

    def complaint(self, visit: dict[str, Any], row: dict[str, Any]) -> None:
        """A complaint with its clocks: kept, missed or running; appealed, withdrawn, or at the regulator's."""
        chance, at = self.chance, visit["ended_at"] + 3 * HOUR
        self.number += 1
        state = chance.choices(("closed", "withdrawn", "regulator", "answered"), (80, 8, 3, 9))[0]
        appeals = int(state == "regulator" or (state == "closed" and self.hits(0.1)))
        kept = self.hits(0.8)
        ended = at + 9 * DAY if state in ("closed", "withdrawn") else None
        due = {"answer_by": at + 2 * DAY, "investigate_by": at + 5 * DAY, "solve_by": at + 7 * DAY}
        open_ended = state == "answered"
        done = {
            "answered_at": at + DAY, "found_at": None if open_ended else at + 4 * DAY,
            "offered_at": None if open_ended else at + (7 if kept else 8) * DAY,
        }  # fmt: skip
        complaint = self.add(
            Complaint, number=f"T-{self.number}", customer_id=row["customer_id"],
            visit_id=visit["id"] if self.hits(0.9) else None, line_id=row["line_id"],
            technician_id=visit["technician_id"], area_id=None, channel="phone", subject="quality", severity=2,
            matter="x", wish="", state=state, version=1, appeals=appeals, owner_id=self.owner, registered_at=at,
            final_by=at + 15 * DAY, told_at=None if open_ended or state == "withdrawn" else at + 8 * DAY,
            ended_at=ended, link_id=f"l{self.number}", token_hash=f"t{self.number}",
        )  # fmt: skip
        for number in range(appeals + 1):
            shifted = {key: moment + number * 9 * DAY for key, moment in due.items()}
            when = {key: moment + number * 9 * DAY if moment else None for key, moment in done.items()}
            self.add(
                ComplaintRound, complaint_id=complaint, round=number + 1, owner_id=self.owner, began_at=at,
                provisional=False, finding="", result="", satisfied_note="", **shifted, **when,
            )  # fmt: skip


def simulate(database: Database, visits: int, *, days: int = 366, seed: int = 7) -> Year:
    """Fill an empty, migrated database with a year that ends a few days after NOW."""
    return Maker(database, visits, days, seed).make()
