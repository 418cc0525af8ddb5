"""Outages are of two kinds: planned, or the fault of an area that is down already. All that there were are planned."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Plain SQL on both engines: a table that is made anew would lose the triggers that note its changes.
    op.execute(
        "ALTER TABLE outages ADD COLUMN kind VARCHAR(10) DEFAULT 'planned' NOT NULL"
        " CONSTRAINT ck_outages_kind CHECK (kind IN ('planned', 'fault'))"
    )


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
