"""Rows of the knowledge base: entries with versions, an owner and a review date; and whether they helped.

The index for searching is plain rows of words: a knowledge base has thousands of entries, not millions, and so both
engines find the same.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base

KINDS = ("article", "script", "dial_code", "case")
STATES = ("live", "retired")


class KnowledgeEntry(Base):
    """One thing to know. `key` names what it came from (a dial code, a complaint), so that it is filed once.

    `review_on` is a day (2026-11-22). What it says is in its newest version. `inner`: for the desk only (a case names
    no customer, but tells of one).
    """

    __tablename__ = "knowledge_entries"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"state IN {STATES}", name="state"),
    )

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str | None] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(10), index=True)
    state: Mapped[str] = mapped_column(String(8), default="live")
    version: Mapped[int] = mapped_column(default=1)
    inner: Mapped[bool] = mapped_column(default=False)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    review_on: Mapped[str | None] = mapped_column(String(10), index=True)
    helped: Mapped[int] = mapped_column(default=0)
    not_helped: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    facts: Mapped[dict[str, Any]]


class KnowledgeVersion(Base):
    """What an entry said from one time on, in both languages; earlier versions stay."""

    __tablename__ = "knowledge_versions"

    number: Mapped[int] = mapped_column(ForeignKey("knowledge_entries.number"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    title_zh: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200))
    body_zh: Mapped[str] = mapped_column(Text)
    body_en: Mapped[str] = mapped_column(Text)
    tags: Mapped[str] = mapped_column(String(300), default="")
    written_at: Mapped[datetime]
    written_by: Mapped[str] = mapped_column(String(120))
    why: Mapped[str] = mapped_column(String(300), default="")


class KnowledgeWord(Base):
    """A word by which an entry is found; `weight` 3 in its title, 2 in its tags, 1 in its body."""

    __tablename__ = "knowledge_words"

    word: Mapped[str] = mapped_column(String(60), primary_key=True)
    number: Mapped[int] = mapped_column(ForeignKey("knowledge_entries.number"), primary_key=True, index=True)
    weight: Mapped[int]


class KnowledgeVote(Base):
    """Did it help? The last word of each person counts."""

    __tablename__ = "knowledge_votes"
    __table_args__ = (UniqueConstraint("number", "account_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    number: Mapped[int] = mapped_column(ForeignKey("knowledge_entries.number"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    version: Mapped[int]
    helped: Mapped[bool]
    at: Mapped[datetime]
