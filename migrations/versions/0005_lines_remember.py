"""Lines remember: where each hangs, past repairs and their signs, and signatures from the customer's own phone."""

import sqlalchemy as sa
from alembic import op

from dispatch.database import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CALL_KINDS = "'untold', 'call_me', 'reply', 'return_call', 'refused'"
OUTCOMES = "'reached_agreed', 'reached_disagreed', 'not_reached', 'wrong_number'"


def upgrade() -> None:
    _places()
    _repairs()
    _words()
    _own_phone()
    _refusals_are_called_about()


def _places() -> None:
    op.create_table(
        "line_places",
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("splitter", sa.String(length=80), nullable=True),
        sa.Column("building", sa.String(length=200), nullable=True),
        sa.Column("told_by", sa.String(length=120), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_line_places_line_id")),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_line_places")),
    )
    for name in ("splitter", "building"):
        op.create_index(op.f(f"ix_line_places_{name}"), "line_places", [name], unique=False)


def _repairs() -> None:
    op.create_table(
        "repair_cases",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("record", sa.String(length=40), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("splitter", sa.String(length=80), nullable=True),
        sa.Column("building", sa.String(length=200), nullable=True),
        sa.Column("device_model", sa.String(length=80), nullable=True),
        sa.Column("symptoms", sa.JSON(), nullable=False),
        sa.Column("dial_codes", sa.JSON(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("signs", sa.JSON(), nullable=False),
        sa.Column("fault_type", sa.String(length=40), nullable=True),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("actions", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("helped", sa.Boolean(), nullable=True),
        sa.Column("came_back_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_repair_cases")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_repair_cases_visit_id")),
    )
    op.create_index(op.f("ix_repair_cases_at"), "repair_cases", ["at"], unique=False)
    for name in ("line_id", "splitter", "building"):
        op.create_index(f"ix_repair_cases_{name}_at", "repair_cases", [name, "at"], unique=False)
    op.create_table(
        "fault_signs",
        sa.Column("sign", sa.String(length=80), nullable=False),
        sa.Column("cause", sa.String(length=40), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sign", "cause", name=op.f("pk_fault_signs")),
    )


def _words() -> None:
    """Made by hand, because its kind differs by engine; see `dispatch/health_files/words_index.py`."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE repair_words USING fts5(words, tokenize = 'unicode61 remove_diacritics 0')")
        return
    op.execute("CREATE TABLE repair_words (number integer PRIMARY KEY, words tsvector NOT NULL)")
    op.execute("CREATE INDEX ix_repair_words_words ON repair_words USING gin (words) WITH (fastupdate = off)")


def _own_phone() -> None:
    op.create_table(
        "own_phone_signatures",
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("decision", sa.String(length=7), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("decision IN ('sign', 'refuse')", name=op.f("ck_own_phone_signatures_decision")),
        sa.CheckConstraint(
            "state IN ('waiting', 'joined', 'differs', 'replaced')", name=op.f("ck_own_phone_signatures_state")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visits.id"], name=op.f("fk_own_phone_signatures_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_phone_signatures")),
    )
    op.create_index(op.f("ix_own_phone_signatures_visit_id"), "own_phone_signatures", ["visit_id"], unique=False)


def _refusals_are_called_about() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("call_tasks") as tasks:
        if not sqlite:  # there the table is made anew, without the old checks
            tasks.drop_constraint("kind", type_="check")
        else:
            tasks.create_check_constraint("state", "state IN ('open', 'done', 'void')")
            tasks.create_check_constraint("outcome", f"outcome IS NULL OR outcome IN ({OUTCOMES})")
        tasks.create_check_constraint("kind", f"kind IN ({CALL_KINDS})")


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
