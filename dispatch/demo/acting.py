"""Acting as the people of the demo city: the same verbs that the pages call, at the times when they were done."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import Viewer
from dispatch.demo.crew import Crew
from dispatch.demo.on_site import HEALTHY, Light, a_parcel, entries_of
from dispatch.records.intake import take_parcel
from dispatch.records.sealing import seal_visit
from dispatch.settings import Settings
from dispatch.visits.booking import book_visit
from dispatch.visits.orders import OrderFacts, take_in_order
from dispatch.visits.queries import visit_seen_by
from dispatch.visits.tables import Visit, WorkOrder
from dispatch.visits.windows import Window

A_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True)
class Stage:
    """Where the demo's actions play: one session, its people, one source of chance."""

    session: Session
    settings: Settings
    crew: Crew
    chance: random.Random

    def turn(self, viewer: Viewer, at: datetime) -> Turn:
        """A turn of `viewer` at that time."""
        return Turn(self.session, viewer, at, self.settings)

    def desk(self, at: datetime) -> Turn:
        """A turn of the dispatcher."""
        return self.turn(self.crew.viewers["dispatcher"], at)

    def take_in(self, told: OrderFacts) -> WorkOrder:
        """The care agent takes the order in when it is reported."""
        assert told.reported_at is not None
        return take_in_order(self.turn(self.crew.viewers["care"], told.reported_at), told)[0]

    def book(
        self, order: WorkOrder, window: Window, at: datetime, technician_id: UUID | None, start: datetime | None
    ) -> Visit:
        """The dispatcher books it at `at`."""
        return book_visit(self.desk(at), order.id, window, technician_id=technician_id, planned_start=start).visit

    def technician(self, visit: Visit, at: datetime) -> Turn:
        """A turn of the visit's technician."""
        assert visit.technician_id is not None
        return self.turn(self.crew.viewer_of_technician(visit.technician_id), at)

    def visit(self, visit: Visit, arrived: datetime, until: datetime, light: Light = HEALTHY) -> None:
        """Be at the door at `arrived` and do the eight steps as far as there is time `until`; when done, seal."""
        asked = self.technician(visit, until)
        visit = visit_seen_by(self.session, asked.viewer, visit.id)
        entries = entries_of(self.chance, visit, arrived, light)
        left = entries[-1].at + A_MOMENT
        if left <= until:
            turn = self.technician(visit, left)
            take_parcel(turn, a_parcel(self.chance, visit, entries))
            seal_visit(turn, visit.id)
        else:
            take_parcel(asked, a_parcel(self.chance, visit, [entry for entry in entries if entry.at <= until]))
