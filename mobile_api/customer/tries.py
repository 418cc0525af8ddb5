"""How often one address may knock: buckets of tokens in this process's memory, refilled as time passes.

Each process counts for itself. That is enough here: a link's 192 bits cannot be guessed at any rate, and the buckets
only keep a flood from costing much.
"""

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from fastapi import Request

from checklists.words import Words
from dispatch.accounts.rules import TooManyTries
from dispatch.errors import Refusal

MOST_ADDRESSES = 20_000  # kept in memory; the one unheard of for longest is forgotten first


class TooOften(TooManyTries):
    """One address asks too often."""

    name = "too-often"
    title = Words("访问过于频繁", "Too often")

    def __init__(self, seconds: int) -> None:
        Refusal.__init__(
            self,
            Words(
                f"访问过于频繁，请 {seconds} 秒后再试。您的预约不受影响。",
                f"Too many requests from your network. Wait {seconds} seconds; your appointment is not affected.",
            ),
            facts={"retry_after": seconds},
        )


class Knocks:
    """Buckets by address, each of `size` tokens that refill at `per_second`."""

    def __init__(self, size: float, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.size, self.per_second, self.clock = size, per_second, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, address: str) -> None:
        """One knock from `address`. Refuses with TooOften when nothing is left."""
        left = self._spend(address, 1.0, whole=True)
        if left is not None:
            raise TooOften(math.ceil((1 - left) / self.per_second))

    def charge(self, address: str, cost: float) -> None:
        """Make the knock that was just let in cost more, because nothing was there."""
        self._spend(address, cost, whole=False)

    def _spend(self, address: str, cost: float, *, whole: bool) -> float | None:
        """Take `cost` out; None if that was possible, else what is left (`whole`: all or nothing)."""
        with self._lock:
            now = self.clock()
            left, since = self._left.pop(address, (self.size, now))
            left = min(self.size, left + (now - since) * self.per_second)
            short = left < cost
            self._left[address] = (left if short and whole else max(0.0, left - cost), now)
            while len(self._left) > MOST_ADDRESSES:
                self._left.popitem(last=False)
        return left if short else None


def knocks_of(request: Request, door: str, size: float, per_second: float) -> Knocks:
    """The buckets of one door of this application, made at the first knock."""
    state = request.app.state
    if not hasattr(state, "knocks"):
        state.knocks = {}
    doors: dict[str, Knocks] = state.knocks
    return doors.setdefault(door, Knocks(size, per_second))


def address_of(request: Request) -> str:
    """Where a request comes from. Of IPv6 the first 64 bits: everybody has the rest to themselves."""
    host = request.client.host if request.client else "unknown"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return host if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))
