"""Rows of accounts: who may sign in, what they hold, and what was done and looked at."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from dispatch.database import Base, Identified

ROLES = ("technician", "dispatcher", "care_agent", "supervisor", "admin")


class Account(Identified, Base):
    """Someone, or some system, that may ask us for something."""

    __tablename__ = "accounts"
    __table_args__ = (CheckConstraint(f"role IN {ROLES}", name="role"),)

    login: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2), default="zh")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    technician_id: Mapped[UUID | None] = mapped_column(ForeignKey("technicians.id"), index=True)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class SignIn(Identified, Base):
    """One browser that signed in. Only the hash of its cookie is kept."""

    __tablename__ = "sign_ins"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ApiToken(Identified, Base):
    """A system's key. Shown once, kept as a hash."""

    __tablename__ = "api_tokens"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    label: Mapped[str] = mapped_column(String(120))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """One try to sign in, for the limits per account and address."""

    __tablename__ = "sign_in_attempts"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    login: Mapped[str] = mapped_column(String(80), index=True)
    address: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime]
    succeeded: Mapped[bool]


class AnsweredRequest(Base):
    """What we answered to a request that carried an Idempotency-Key, kept as long as its effect."""

    __tablename__ = "answered_requests"
    __table_args__ = (UniqueConstraint("account_id", "key"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    key: Mapped[str] = mapped_column(String(200))
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class AuditRow(Base):
    """What was done or looked at, by whom. The database refuses to change or delete one."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    account_id: Mapped[UUID | None] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(64), index=True)
    facts: Mapped[dict[str, Any]]
