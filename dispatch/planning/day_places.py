"""Where a day's people and visits are, as named points; what has no coordinates stands at the area's centre. Pure."""

from dataclasses import dataclass, field

from dispatch.customers.tables import Site
from dispatch.planning.optimiser.travel import Point
from dispatch.technicians.tables import Area, Technician

FARTHEST_NORTH = 85.0  # beyond that no map projection, and no customer, is found
CENTRE = "area"


@dataclass
class Places:
    """The points of a day, gathered as they are asked for; `guessed` counts visits whose place nobody knows."""

    area: Area
    points: dict[str, Point] = field(default_factory=dict)
    guessed: int = 0

    def of_site(self, site: Site) -> str:
        """Name of a customer's place."""
        name = f"site:{site.id}"
        if name in self.points:
            return name
        if not usable(site.latitude, site.longitude):
            self.guessed += 1
            return self._centre()
        return self._put(name, site.latitude, site.longitude)

    def of_start(self, technician: Technician) -> str:
        """Name of the place where a technician's day begins and ends."""
        if not usable(technician.start_latitude, technician.start_longitude):
            return self._centre()
        return self._put(f"start:{technician.id}", technician.start_latitude, technician.start_longitude)

    def _centre(self) -> str:
        return self._put(CENTRE, self.area.latitude, self.area.longitude)

    def _put(self, name: str, latitude: float | None, longitude: float | None) -> str:
        assert latitude is not None
        assert longitude is not None
        self.points.setdefault(name, Point(place=name, latitude=float(latitude), longitude=float(longitude)))
        return name


def usable(latitude: float | None, longitude: float | None) -> bool:
    """Whether a place on the map can be planned with."""
    return latitude is not None and longitude is not None and abs(latitude) <= FARTHEST_NORTH and abs(longitude) <= 180
