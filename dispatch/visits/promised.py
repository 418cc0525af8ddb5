"""What the customer believes: the windows that they may hold for the appointment, whatever stands in our rows. Pure.

A visit that is moved twice before the first notice has left was never at the middle time for the customer; one whose
notice may or may not have arrived is, for them, at either. The two-hour rule counts from what they believe.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dispatch.visits.windows import Window

TOLD = frozenset({"accepted", "delivered", "phoned"})


@dataclass(frozen=True)
class Saying:
    """A notice that named a window: `booked` or `moved`.

    `state`, `attempts` and `accepted` (a gateway once took it) are the notice's; `agreed` says that the customer knew
    the window without it: they chose it, or heard it on the phone before it was changed.
    """

    kind: str
    window: Window
    state: str
    attempts: int
    accepted: bool = False
    agreed: bool = False

    @property
    def surely_told(self) -> bool:
        """Whether a gateway took it or a person said it."""
        return self.accepted or self.state in TOLD

    @property
    def may_have_left(self) -> bool:
        """Whether it may be on its way to the customer, or with them."""
        return self.state in ("claimed", "in_doubt") or self.attempts > 0


@dataclass(frozen=True)
class Believed:
    """The windows that the customer may believe, the newest first; `told` is the last that they surely know.

    `in_writing`: a message with that window was taken by a gateway, or said by phone.
    """

    windows: tuple[Window, ...]
    told: Window
    in_writing: bool

    def is_only(self, window: Window) -> bool:
        """Whether they believe this window and no other."""
        return set(self.windows) == {window}

    def instead_of(self, new: Window | None) -> Window:
        """What a notice names as the former time: the last told, or one that they may hold if that is the new one."""
        if self.told != new:
            return self.told
        return next((window for window in self.windows if window != new), self.told)


def believed_windows(sayings: Sequence[Saying], present: Window) -> Believed:
    """What the customer may believe after these sayings, the newest first; `present` when nothing was ever said.

    Collects windows back to the first that they surely know. One that has not left is none of them; one that is under
    way or in doubt is, and so are those before it.
    """
    found: list[Window] = []
    for saying in sayings:
        if saying.surely_told or saying.agreed or saying.kind == "booked":  # a booking was agreed when it was made
            found.append(saying.window)
            return Believed(tuple(dict.fromkeys(found)), saying.window, in_writing=saying.surely_told)
        if saying.may_have_left:
            found.append(saying.window)
    found.append(present)
    return Believed(tuple(dict.fromkeys(found)), present, in_writing=False)
