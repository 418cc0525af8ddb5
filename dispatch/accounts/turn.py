"""One turn of work: what every action is given."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.accounts.audit import audit
from dispatch.accounts.viewer import Viewer
from dispatch.settings import Settings


@dataclass(frozen=True)
class Turn:
    """The session that an action writes in, who asks, what time it is, and the settings.

    The edge makes one for each request and commits; nobody inside does.
    """

    session: Session
    viewer: Viewer
    now: datetime
    settings: Settings

    def audit(self, action: str, subject: str, subject_id: object, **facts: object) -> None:
        """Write down what this turn does."""
        audit(self.session, self.viewer, action, subject, subject_id, self.now, **facts)

    @property
    def by(self) -> str:
        """Who asks, as written into timelines."""
        return f"{self.viewer.role}:{self.viewer.name}"[:120]
