"""Arrival windows: values that check themselves."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from checklists.words import Words
from dispatch.errors import Invalid

SHORTEST = timedelta(minutes=15)
LONGEST = timedelta(hours=12)  # "up to half a day" (DOMAIN §5)
FARTHEST = timedelta(days=366)
EXACT = timedelta(minutes=30)  # an exact appointment is kept as a window of this length


@dataclass(frozen=True)
class Window:
    """A half-open stretch of time, `start` to `end`, aware and in UTC. It cannot end before it starts."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a window needs aware instants")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.end <= self.start:
            raise Invalid(
                Words(
                    "时段的结束必须晚于开始，请重新选择。",
                    "The window must end after it starts. Choose again.",
                ),
                name="window-ends-before-it-starts",
            )

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.start

    @property
    def is_exact(self) -> bool:
        """Whether it stands for an exact time."""
        return self.length <= EXACT

    def overlaps(self, other: "Window") -> bool:
        """Whether the two share an instant; touching ends do not."""
        return self.start < other.end and other.start < self.end


def window_to_promise(start: datetime, end: datetime, *, now: datetime) -> Window:
    """A window that may be promised to a customer at `now`. Refuses the absurd with `Invalid`."""
    window = Window(start, end)
    if window.length < SHORTEST or window.length > LONGEST:
        raise Invalid(
            Words(
                "预约时段应在 15 分钟到半天（12 小时）之间。",
                "A window lasts between 15 minutes and half a day (12 h).",
            ),
            name="window-length",
        )
    if window.end <= now:
        raise Invalid(
            Words("该时段已经过去，请选择将来的时间。", "That window has passed. Choose one in the future."),
            name="window-in-the-past",
        )
    if window.start > now + FARTHEST:
        raise Invalid(
            Words("预约不能超过一年，请选择更近的时间。", "That is more than a year away. Choose a nearer time."),
            name="window-too-far",
        )
    return window
