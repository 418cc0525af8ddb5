"""Rows of customers: who they are, where we go, and the broadband service there."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.database import Base, Identified
from dispatch.sealed_columns import SealedText

CHANNELS = ("sms", "mail", "call")
ACCESS = ("gpon", "xgspon", "dsl", "ethernet")


class Customer(Identified, Base):
    """A person or company that we serve. `phone` is E.164; `channel` is how they like to be told."""

    __tablename__ = "customers"
    __table_args__ = (
        CheckConstraint("language IN ('zh', 'en')", name="language"),
        CheckConstraint(f"channel IN {CHANNELS}", name="channel"),
    )

    external_id: Mapped[str | None] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    phone: Mapped[str] = mapped_column(String(20), index=True)
    mail: Mapped[str | None] = mapped_column(String(200))
    channel: Mapped[str] = mapped_column(String(4), default="sms", server_default="sms")
    language: Mapped[str] = mapped_column(String(2), default="zh")
    created_at: Mapped[datetime]


class Site(Identified, Base):
    """Where we go. Coordinates are WGS-84 degrees."""

    __tablename__ = "sites"
    __table_args__ = (
        CheckConstraint("latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name="on_earth"),
    )

    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"), index=True)
    address: Mapped[str] = mapped_column(String(300))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    area_id: Mapped[UUID | None] = mapped_column(ForeignKey("areas.id"), index=True)

    customer: Mapped[Customer] = relationship(lazy="raise")


class Line(Identified, Base):
    """The broadband service at a site. Rates are Mbit/s as subscribed."""

    __tablename__ = "lines"
    __table_args__ = (CheckConstraint(f"access IN {ACCESS}", name="access"),)

    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), index=True)
    account_name: Mapped[str | None] = mapped_column(SealedText("lines.account_name"), unique=True)
    product: Mapped[str | None] = mapped_column(String(120))
    access: Mapped[str] = mapped_column(String(10), default="gpon")
    subscribed_down: Mapped[float | None]
    subscribed_up: Mapped[float | None]

    site: Mapped[Site] = relationship(lazy="raise")
