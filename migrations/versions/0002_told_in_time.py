"""Customers are told in time: more kinds of notice, ways to fall back on, call tasks, outages, and what was tried."""

import sqlalchemy as sa
from alembic import op

from dispatch.database import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KINDS = (
    "'booked', 'moved', 'cancelled', 'technician_changed', 'reminder', 'on_the_way', 'running_late', 'no_access', "
    "'record_ready', 'satisfaction', 'return_call', 'outage'"
)
STATES = "'owed', 'claimed', 'accepted', 'delivered', 'failed', 'in_doubt', 'superseded', 'expired', 'phoned'"
MEDIA = "'sms', 'mail', 'call'"


def upgrade() -> None:
    _notices()
    _customers_and_visits()
    _attempts_and_replies()
    _call_tasks()
    _channels_and_texts()
    _outages()


def _notices() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("notices") as notices:
        if not sqlite:  # there the table is made anew, without the old checks
            notices.drop_constraint("kind", type_="check")
            notices.drop_constraint("state", type_="check")
        notices.alter_column("text", type_=sa.Text(), existing_type=sa.String(length=1200), existing_nullable=True)
        notices.add_column(sa.Column("outage_id", sa.Uuid(), nullable=True))
        notices.add_column(sa.Column("mail", sa.String(length=200), nullable=True))
        notices.add_column(sa.Column("medium", sa.String(length=4), server_default="sms", nullable=False))
        notices.add_column(sa.Column("routes", sa.JSON(), server_default="[]", nullable=False))
        for name in ("call_by", "useful_until", "claimed_at", "first_sent_at", "read_at", "failed_at", "phoned_at"):
            notices.add_column(sa.Column(name, UtcDateTime(), nullable=True))
        notices.add_column(sa.Column("breached_at", UtcDateTime(), nullable=True))
        notices.add_column(sa.Column("reference", sa.String(length=120), nullable=True))
        notices.add_column(sa.Column("parts", sa.Integer(), nullable=True))
        notices.add_column(sa.Column("resend_of", sa.Uuid(), nullable=True))
        notices.add_column(sa.Column("resend_reason", sa.String(length=500), nullable=True))
        notices.create_check_constraint("kind", f"kind IN ({KINDS})")
        notices.create_check_constraint("state", f"state IN ({STATES})")
        notices.create_check_constraint("medium", f"medium IN ({MEDIA})")
    for name in ("outage_id", "deadline", "call_by", "breached_at", "reference"):
        op.create_index(op.f(f"ix_notices_{name}"), "notices", [name], unique=False)
    op.create_index("ix_notices_told", "notices", ["to", "accepted_at"], unique=False)


def _customers_and_visits() -> None:
    op.add_column("customers", sa.Column("mail", sa.String(length=200), nullable=True))
    op.execute(
        "ALTER TABLE customers ADD COLUMN channel VARCHAR(4) DEFAULT 'sms' NOT NULL "
        f"CONSTRAINT ck_customers_channel CHECK (channel IN ({MEDIA}))"
    )
    op.add_column("visits", sa.Column("predicted_at", UtcDateTime(), nullable=True))


def _attempts_and_replies() -> None:
    op.create_table(
        "notice_attempts",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("claimed_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=False),
        sa.Column("problem", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_notice_attempts_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_attempts")),
        sa.UniqueConstraint("notice_id", "attempt", name=op.f("uq_notice_attempts_notice_id_attempt")),
    )
    op.create_table(
        "replies",
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("gateway_id", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("meaning", sa.String(length=20), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replies")),
        sa.UniqueConstraint("channel", "gateway_id", name=op.f("uq_replies_channel_gateway_id")),
    )
    op.create_index(op.f("ix_replies_phone"), "replies", ["phone"], unique=False)
    op.create_index(op.f("ix_replies_visit_id"), "replies", ["visit_id"], unique=False)


def _call_tasks() -> None:
    op.create_table(
        "call_tasks",
        sa.Column("dedupe_key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=True),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=4), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("tries", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.String(length=120), nullable=True),
        sa.Column("breached_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('untold', 'call_me', 'reply', 'return_call')", name=op.f("ck_call_tasks_kind")),
        sa.CheckConstraint("state IN ('open', 'done', 'void')", name=op.f("ck_call_tasks_state")),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('reached_agreed', 'reached_disagreed', 'not_reached', 'wrong_number')",
            name=op.f("ck_call_tasks_outcome"),
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_call_tasks_customer_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_call_tasks_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_tasks")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_call_tasks_dedupe_key")),
    )
    op.create_index("ix_call_tasks_open", "call_tasks", ["state", "due_at"], unique=False)
    for name in ("notice_id", "visit_id", "customer_id"):
        op.create_index(op.f(f"ix_call_tasks_{name}"), "call_tasks", [name], unique=False)


def _channels_and_texts() -> None:
    op.create_table(
        "channel_states",
        sa.Column("name", sa.String(length=12), nullable=False),
        sa.Column("paused_at", UtcDateTime(), nullable=True),
        sa.Column("paused_by", sa.String(length=120), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("busy_until", UtcDateTime(), nullable=True),
        sa.Column("next_slot_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_channel_states")),
    )
    op.create_table(
        "own_texts",
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sms", sa.Text(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("mail", sa.Text(), nullable=False),
        sa.Column("call", sa.Text(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("written_by", sa.String(length=120), nullable=False),
        sa.Column("live_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_texts")),
        sa.UniqueConstraint("name", "language", "revision", name=op.f("uq_own_texts_name_language_revision")),
    )


def _outages() -> None:
    op.create_table(
        "outages",
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("reason_zh", sa.String(length=200), nullable=False),
        sa.Column("reason_en", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("approved_by", sa.String(length=120), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'telling', 'cancelled')", name=op.f("ck_outages_state")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_outages_ends_after_start")),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_outages_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outages")),
    )
    op.create_index(op.f("ix_outages_area_id"), "outages", ["area_id"], unique=False)
    op.create_index(op.f("ix_outages_starts_at"), "outages", ["starts_at"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
