"""What the customer says of a visit afterwards, through their link. One rating a visit; the last word counts.

What they said on site, beside their signature, is in the sealed record and stays there.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from checklists.words import Words
from dispatch.accounts.turn import Turn
from dispatch.accounts.viewer import Viewer
from dispatch.errors import Forbidden, Invalid, NotAllowed
from dispatch.records.queries import record_of_visit
from dispatch.records.tables import RatingRow
from dispatch.visits.life import Status
from dispatch.visits.queries import visit_seen_by


@dataclass(frozen=True)
class Rating:
    """Points from 1 to 5 for conduct and overall, 0 to 10 for recommending us; None where nothing is said."""

    conduct: int | None
    overall: int | None
    recommend: int | None
    comment: str = ""

    def __post_init__(self) -> None:
        bounds = ((self.conduct, 1, 5), (self.overall, 1, 5), (self.recommend, 0, 10))
        if any(points is not None and not low <= points <= high for points, low, high in bounds):
            raise Invalid(
                Words("评分超出范围，请重新选择。", "The rating is out of range. Choose again."), name="rating-range"
            )
        if len(self.comment) > 1000:
            raise Invalid(Words("最多 1000 个字。", "At most 1000 characters."), name="rating-comment")

    @property
    def says_nothing(self) -> bool:
        """Whether there is neither a point nor a word in it."""
        return self.conduct is None and self.overall is None and self.recommend is None and not self.comment


def rating_of_visit(session: Session, viewer: Viewer, visit_id: UUID) -> RatingRow | None:
    """What was said of a visit that the viewer may see; NotFound for another's."""
    visit_seen_by(session, viewer, visit_id)
    return session.get(RatingRow, visit_id)


def rate_visit(turn: Turn, visit_id: UUID, rating: Rating) -> RatingRow:
    """Keep the customer's rating of a sealed visit. Saying it again replaces what was said before."""
    if turn.viewer.role != "customer":
        raise Forbidden
    visit = visit_seen_by(turn.session, turn.viewer, visit_id, to_change=True)
    if visit.status != Status.SEALED or record_of_visit(turn.session, turn.viewer, visit_id) is None:
        raise NotAllowed(
            Words("服务完成后才能评价，请稍后再来。", "A visit is rated once it is completed. Please come back then."),
            name="visit-state",
        )
    if rating.says_nothing:
        raise Invalid(
            Words("请至少选择一项评分或写一句话。", "Choose at least one rating, or write a word."),
            name="rating-missing",
        )
    said = turn.session.get(RatingRow, visit_id)
    if said is None:
        said = RatingRow(visit_id=visit_id)
        turn.session.add(said)
    said.conduct, said.overall, said.recommend = rating.conduct, rating.overall, rating.recommend
    said.comment, said.at = rating.comment, turn.now
    turn.audit("rate", "visit", visit_id)
    return said
