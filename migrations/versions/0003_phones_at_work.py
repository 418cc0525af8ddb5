"""Phones at work: what each phone tells of itself."""

import sqlalchemy as sa
from alembic import op

from dispatch.database import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _phones()


def _phones() -> None:
    op.create_table(
        "phones",
        sa.Column("technician_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.String(length=80), nullable=False),
        sa.Column("app_version", sa.String(length=80), nullable=True),
        sa.Column("waiting", sa.Integer(), nullable=True),
        sa.Column("oldest_at", UtcDateTime(), nullable=True),
        sa.Column("storage_used", sa.BigInteger(), nullable=True),
        sa.Column("storage_quota", sa.BigInteger(), nullable=True),
        sa.Column("storage_persisted", sa.Boolean(), nullable=True),
        sa.Column("told", sa.String(length=64), nullable=True),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.Column("first_seen_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("waiting IS NULL OR waiting >= 0", name=op.f("ck_phones_waiting")),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_phones_technician_id")),
        sa.PrimaryKeyConstraint("technician_id", "device_id", name=op.f("pk_phones")),
    )
    op.create_index(op.f("ix_phones_seen_at"), "phones", ["seen_at"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
