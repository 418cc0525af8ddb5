"""Who is asking. Every query and action is given a viewer; there is no asking without one."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from dispatch.errors import Forbidden

Role = Literal["technician", "dispatcher", "care_agent", "supervisor", "admin", "customer", "system"]

DESK: frozenset[Role] = frozenset({"dispatcher", "care_agent", "supervisor", "admin"})
PLANNERS: frozenset[Role] = frozenset({"dispatcher", "supervisor", "admin"})
OVERRIDERS: frozenset[Role] = frozenset({"supervisor", "admin"})


@dataclass(frozen=True)
class Viewer:
    """Somebody with a role. A technician's viewer sees that technician's work, a customer's one visit, nothing else."""

    role: Role
    name: str
    language: str = "zh"
    account_id: UUID | None = None
    technician_id: UUID | None = None
    visit_id: UUID | None = None

    @property
    def at_desk(self) -> bool:
        """Whether they see every customer and visit."""
        return self.role in DESK or self.role == "system"

    def must_be(self, roles: frozenset[Role]) -> None:
        """Refuse with `Forbidden` whoever is not one of `roles`."""
        if self.role not in roles and self.role != "system":
            raise Forbidden()


SYSTEM = Viewer(role="system", name="system")
"""The product itself: jobs, imports at the console, demo data."""
