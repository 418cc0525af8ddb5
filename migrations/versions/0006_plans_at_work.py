"""Plans at work: runs of the planner with their proposals, times held for a choice, ways that a route service told."""

import sqlalchemy as sa
from alembic import op

from dispatch.database import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STATES = "('waiting', 'running', 'done', 'failed', 'cancelled', 'accepted', 'accepted_in_part')"


def upgrade() -> None:
    _runs()
    _holds()
    _ways()


def _runs() -> None:
    op.create_table(
        "plan_runs",
        sa.Column("batch", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("iterations", sa.Integer(), nullable=True),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("stop_asked", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(length=120), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("begun_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("problem_sha256", sa.String(length=64), nullable=True),
        sa.Column("proposal", sa.JSON(), nullable=True),
        sa.Column("trouble_zh", sa.String(length=500), nullable=False),
        sa.Column("trouble_en", sa.String(length=500), nullable=False),
        sa.Column("settled_by", sa.String(length=120), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("outcome", sa.JSON(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_plan_runs_state")),
        sa.CheckConstraint("kind IN ('plan', 'replan', 'what_if')", name=op.f("ck_plan_runs_kind")),
        sa.CheckConstraint("part BETWEEN 0 AND 100", name=op.f("ck_plan_runs_part")),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_plan_runs_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_runs")),
    )
    op.create_index(op.f("ix_plan_runs_batch"), "plan_runs", ["batch"], unique=False)
    op.create_index("ix_plan_runs_area_id_day", "plan_runs", ["area_id", "day"], unique=False)
    op.create_index("ix_plan_runs_state_asked_at", "plan_runs", ["state", "asked_at"], unique=False)


def _holds() -> None:
    op.create_table(
        "slot_holds",
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("technician_id", sa.Uuid(), nullable=False),
        sa.Column("window_start", UtcDateTime(), nullable=False),
        sa.Column("window_end", UtcDateTime(), nullable=False),
        sa.Column("planned_start", UtcDateTime(), nullable=False),
        sa.Column("planned_end", UtcDateTime(), nullable=False),
        sa.Column("held_until", UtcDateTime(), nullable=False),
        sa.CheckConstraint("planned_end > planned_start", name=op.f("ck_slot_holds_planned_ends_after_start")),
        sa.ForeignKeyConstraint(["order_id"], ["work_orders.id"], name=op.f("fk_slot_holds_order_id")),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name=op.f("fk_slot_holds_technician_id")),
        sa.PrimaryKeyConstraint("holder", name=op.f("pk_slot_holds")),
    )
    for name in ("order_id", "technician_id", "held_until"):
        op.create_index(op.f(f"ix_slot_holds_{name}"), "slot_holds", [name], unique=False)


def _ways() -> None:
    op.create_table(
        "known_ways",
        sa.Column("service", sa.String(length=10), nullable=False),
        sa.Column("band", sa.String(length=10), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("destination", sa.String(length=24), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("service", "band", "origin", "destination", name=op.f("pk_known_ways")),
    )
    op.create_index(op.f("ix_known_ways_asked_at"), "known_ways", ["asked_at"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
