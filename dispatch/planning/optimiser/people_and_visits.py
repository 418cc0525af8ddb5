"""What a problem is made of: technicians, visits, what stands fast, what was promised, and what everything costs."""

from typing import Annotated, Literal

from pydantic import Field

from dispatch.planning.optimiser.values import LONGEST, Count, Length, Level, Name, Price, Seconds, Value, Window

Percent = Annotated[int, Field(ge=20, le=500)]


class Break(Value):
    """A rest that begins anywhere from `earliest` to `latest`, between two visits or on the way."""

    earliest: Seconds
    latest: Seconds
    length: Annotated[int, Field(ge=1, le=LONGEST)]


class Technician(Value):
    """Someone who drives to visits. `overtime` is how long after the shift they may be asked to stay."""

    id: Name
    shift: Window
    start: Name
    end: Name
    skills: dict[Name, Level] = {}
    breaks: Annotated[tuple[Break, ...], Field(max_length=4)] = ()
    areas: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    overtime: Length = 0
    overtime_price: Price | None = None
    stock: dict[Name, Count] | None = None  # None: carries whatever is needed
    speed: Percent = 100  # of the usual speed
    pace: dict[Name, Percent] = {}  # of the usual duration, by kind of visit


class Pin(Value):
    """What a dispatcher, or what has already happened, has settled about one visit.

    `start` is the second at which it begins. `order` is its place in the technician's day, 1 first: orders run 1, 2, 3
    without a gap. `begun` visits come first of all: the technician is on the way or on site, `start` is when they
    arrive or arrived; facts are not judged again.
    """

    technician: Name
    start: Seconds | None = None
    order: Annotated[int, Field(ge=1, le=200)] | None = None
    begun: Literal["en_route", "on_site"] | None = None


class Visit(Value):
    """One appointment at one home. `promised` is the window that the customer was told: a wall, whatever `windows` say.

    `told` is the technician that the customer was told of. `deadline` may lie before the day (already late).
    """

    id: Name
    place: Name
    duration: Length
    windows: Annotated[tuple[Window, ...], Field(min_length=1, max_length=8)]
    kind: Name = "visit"
    skills: dict[Name, Level] = {}
    priority: Annotated[int, Field(ge=1, le=5, description="1 is the most urgent")] = 3
    deadline: Annotated[int, Field(ge=-LONGEST, le=4 * LONGEST)] | None = None
    preferred: Name | None = None
    excluded: Annotated[tuple[Name, ...], Field(max_length=2_000)] = ()
    parts: dict[Name, Count] = {}
    area: Name | None = None
    promised: Window | None = None
    pin: Pin | None = None
    told: Name | None = None
    persons: Annotated[int, Field(ge=1, le=10)] = 1
    after: Name | None = None


class LateStep(Value):
    """From `late` seconds after the deadline on, every further second costs `price`."""

    late: Length
    price: Annotated[int, Field(ge=0, le=1_000)]


class Prices(Value):
    """What a day is judged by; every price is in seconds of driving. The defaults are the product's proposal.

    `left_out` is by priority, 1 first. `broken_word` is added when the visit left out had been promised or pinned.
    `unfairness` is paid for each technician's load above a fair share f: price x excess^2 / 3,600 seconds.
    """

    travel: Annotated[int, Field(ge=0, le=100)] = 1
    left_out: Annotated[tuple[Price, ...], Field(min_length=1, max_length=5)] = (36_000, 14_400, 7_200)
    broken_word: Price = 36_000
    not_area_owner: Price = 600
    not_preferred: Price = 1_800
    changed_technician: Price = 1_800
    overtime: Annotated[int, Field(ge=0, le=1_000)] = 2
    late: Annotated[tuple[LateStep, ...], Field(max_length=6)] = (
        LateStep(late=0, price=1),
        LateStep(late=3_600, price=2),
    )
    unfairness: Annotated[int, Field(ge=0, le=1_000)] = 0


def duration(technician: Technician, visit: Visit) -> int:
    """Seconds that this technician needs for this visit, by kind; rounded up."""
    return -(-visit.duration * technician.pace.get(visit.kind, 100) // 100)


def allowed_windows(visit: Visit, now: int = 0) -> tuple[Window, ...]:
    """When the visit may begin, in order, overlapping windows made one.

    A begun visit began when it did; a told window is a wall and the only one; a pinned start leaves one second of it.
    Empty when nothing is left.
    """
    pin = visit.pin
    if pin is not None and pin.begun is not None and pin.start is not None:
        return (Window(start=pin.start, end=pin.start),)
    windows = (visit.promised,) if visit.promised is not None else visit.windows
    spans: list[list[int]] = []
    for window in sorted(windows, key=lambda one: (one.start, one.end)):
        start, end = max(window.start, now), window.end
        if pin is not None and pin.start is not None:
            start, end = max(start, pin.start), min(end, pin.start)
        if end < start:
            continue
        if spans and start <= spans[-1][1] + 1:
            spans[-1][1] = max(spans[-1][1], end)
        else:
            spans.append([start, end])
    return tuple(Window(start=start, end=end) for start, end in spans)
