"""What complaints have in common: the same customer again, and many from one area, device or technician. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

Kind = Literal["customer", "area", "device", "technician"]
AGAIN_WITHIN, AGAIN = timedelta(days=90), 2
CLUSTER_WITHIN, CLUSTER = timedelta(days=14), 3
"""Two from one customer in 90 days are repeated; three from one place in 14 days are a cluster (our proposal)."""


@dataclass(frozen=True)
class Seen:
    """A complaint as far as patterns go; `None` for what is not known of it."""

    id: UUID
    at: datetime
    customer: UUID
    area: UUID | None = None
    device: str | None = None
    technician: UUID | None = None


@dataclass(frozen=True)
class Pattern:
    """Complaints that belong together: what they share, and which they are, the oldest first."""

    kind: Kind
    key: str
    ids: tuple[UUID, ...]


def patterns(seen: Iterable[Seen], *, now: datetime) -> list[Pattern]:
    """Every pattern at `now`: repeated complaints first, then clusters, the largest first."""
    listed = sorted((one for one in seen if one.at <= now), key=lambda one: (one.at, str(one.id)))
    found: list[Pattern] = []
    for kind, within, fewest in (
        ("customer", AGAIN_WITHIN, AGAIN),
        ("area", CLUSTER_WITHIN, CLUSTER),
        ("device", CLUSTER_WITHIN, CLUSTER),
        ("technician", CLUSTER_WITHIN, CLUSTER),
    ):
        shared: dict[str, list[UUID]] = defaultdict(list)
        for one in listed:
            key = getattr(one, kind)
            if key is not None and one.at > now - within:
                shared[str(key)].append(one.id)
        made = [Pattern(kind, key, tuple(ids)) for key, ids in shared.items() if len(ids) >= fewest]  # type: ignore[arg-type]
        found += sorted(made, key=lambda one: (-len(one.ids), one.key))
    return found


def of_one(found: Iterable[Pattern], complaint_id: UUID) -> list[Pattern]:
    """The patterns that a complaint belongs to."""
    return [one for one in found if complaint_id in one.ids]
