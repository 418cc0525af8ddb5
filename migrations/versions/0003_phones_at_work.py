"""Phones at work: what each phone tells of itself, what visits take from a van's kit, and conflicts."""

import sqlalchemy as sa
from alembic import op

from dispatch.database import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _phones()
    _kit()
    _conflicts()


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


def _kit() -> None:
    op.create_table(
        "kit_draws",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("technician_id", sa.Uuid(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("taken >= 0 AND used >= taken", name=op.f("ck_kit_draws_taken")),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_kit_draws_technician_id")),
        sa.PrimaryKeyConstraint("visit_id", "item", name=op.f("pk_kit_draws")),
    )
    op.create_index(op.f("ix_kit_draws_technician_id"), "kit_draws", ["technician_id"], unique=False)
    op.create_table(
        "kit_top_ups",
        sa.Column("technician_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('added', 'counted')", name=op.f("ck_kit_top_ups_kind")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_kit_top_ups_quantity")),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_kit_top_ups_technician_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kit_top_ups")),
    )
    op.create_index(op.f("ix_kit_top_ups_technician_id"), "kit_top_ups", ["technician_id"], unique=False)


def _conflicts() -> None:
    op.create_table(
        "conflicts",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=13), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("device_id", sa.String(length=80), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("looked_after_at", UtcDateTime(), nullable=True),
        sa.Column("looked_after_by", sa.String(length=120), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('same_id', 'after_sealing', 'cancelled', 'reassigned', 'two_phones')",
            name=op.f("ck_conflicts_kind"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_conflicts_account_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_conflicts_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflicts")),
    )
    op.create_index("ix_conflicts_open", "conflicts", ["looked_after_at", "opened_at"], unique=False)
    op.create_index(op.f("ix_conflicts_visit_id"), "conflicts", ["visit_id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
