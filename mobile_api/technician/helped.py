"""What helped before, for the phone: reckoned once in a while, because packs are asked for every few minutes."""

import time
from collections import OrderedDict
from threading import Lock
from typing import Any
from uuid import UUID

from dispatch.accounts.turn import Turn
from dispatch.health_files.asking import helped_on_visit
from dispatch.visits.life import OPEN, Status
from dispatch.visits.tables import Visit

KEPT_SECONDS = 600.0
MOST_KEPT = 2_000
_kept: OrderedDict[tuple[str, UUID, int], tuple[float, dict[str, Any]]] = OrderedDict()
_lock = Lock()


def helped_for(turn: Turn, visit: Visit) -> dict[str, Any] | None:
    """The answer for an open repair, at most ten minutes old while the visit stands as it is; None for others."""
    if visit.work_order.kind != "repair" or Status(visit.status) not in OPEN:
        return None
    key = (str(turn.session.get_bind().engine.url), visit.id, visit.version)
    with _lock:
        known = _kept.get(key)
    if known is not None and time.monotonic() - known[0] < KEPT_SECONDS:
        return known[1]
    answer = helped_on_visit(turn, visit.id)
    with _lock:
        _kept[key] = (time.monotonic(), answer)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return answer
