"""What stands behind each text at the desk: the newest draft, and recent notices to look at it with."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from checklists.words import LANGUAGES
from dispatch.accounts.viewer import OVERRIDERS, Viewer
from dispatch.errors import NotFound
from dispatch.notices.tables import Notice, OwnText
from dispatch.notices.texts import NAMES, kind_of, name_of

LOOKED_AT = 100
OFFERED = 8


def must_be_a_text(name: str, language: str) -> None:
    """Refuse with NotFound what is no text of ours."""
    if name not in NAMES or language not in LANGUAGES:
        raise NotFound


def newest_drafts(session: Session) -> dict[tuple[str, str], OwnText]:
    """By (name, language) the newest revision, where it never went live."""
    newest = (
        select(OwnText.name, OwnText.language, func.max(OwnText.revision).label("revision"))
        .group_by(OwnText.name, OwnText.language)
        .subquery()
    )
    rows = session.scalars(
        select(OwnText).join(
            newest,
            (OwnText.name == newest.c.name)
            & (OwnText.language == newest.c.language)
            & (OwnText.revision == newest.c.revision),
        )
    )
    return {(own.name, own.language): own for own in rows if own.live_at is None}


def notices_said_by(session: Session, viewer: Viewer, name: str, language: str) -> list[Notice]:
    """The newest notices that are said by this text, to preview it with."""
    viewer.must_be(OVERRIDERS)
    query = select(Notice).where(Notice.kind == kind_of(name), Notice.language == language)
    rows = session.scalars(query.order_by(Notice.owed_at.desc(), Notice.id).limit(LOOKED_AT))
    return [notice for notice in rows if name_of(notice.kind, notice.facts) == name][:OFFERED]


def own_text_seen_by(session: Session, viewer: Viewer, own_id: UUID) -> OwnText:
    """One revision of an own text. Refuses with NotFound."""
    viewer.must_be(OVERRIDERS)
    own = session.get(OwnText, own_id)
    if own is None:
        raise NotFound
    return own
