"""Records that prove themselves: a ledger of all seals, documents that wait for a time-stamp, sealed columns."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from dispatch.database import UtcDateTime
from dispatch.sealed_columns import SealedJson, SealedText

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

AT_ONCE = 500
APPEND_ONLY = ("ledger", "ledger_heads")


def upgrade() -> None:
    _documents()
    _ledger()
    _write_down_what_is_sealed()
    _append_only()
    _seal_columns()


def _documents() -> None:
    op.add_column("documents", sa.Column("level", sa.String(length=5), nullable=False, server_default="B-B"))
    op.create_table(
        "document_tries",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("trouble", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name=op.f("fk_document_tries_record_id")),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_document_tries")),
    )


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("kind IN ('record', 'document')", name=op.f("ck_ledger_kind")),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_ledger_seq")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_ledger")),
        sa.UniqueConstraint("hash", name=op.f("uq_ledger_hash")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_ledger_kind_number")),
        sa.UniqueConstraint("previous", name=op.f("uq_ledger_previous")),
    )
    op.create_table(
        "ledger_heads",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("places", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_ledger_heads")),
    )


def _write_down_what_is_sealed() -> None:
    """Records and documents from before the ledger, in the order in which they were made."""
    bind = op.get_bind()
    records = sa.table(
        "records",
        sa.column("id", sa.Uuid()),
        sa.column("number", sa.String()),
        sa.column("revision", sa.Integer()),
        sa.column("sha256", sa.String()),
        sa.column("sealed_at", UtcDateTime()),
    )
    documents = sa.table(
        "documents",
        sa.column("record_id", sa.Uuid()),
        sa.column("sha256", sa.String()),
        sa.column("drawn_at", UtcDateTime()),
    )
    found: list[tuple[datetime, str, str, int, str]] = []
    for row in bind.execute(sa.select(records).order_by(records.c.sealed_at, records.c.number)):
        found.append((row.sealed_at, "record", row.number, row.revision, row.sha256))
    joined = sa.select(documents.c.drawn_at, records.c.number, records.c.revision, documents.c.sha256).where(
        documents.c.record_id == records.c.id
    )
    for row in bind.execute(joined):
        found.append((row.drawn_at, "document", row.number, row.revision, row.sha256))
    ledger = sa.table(
        "ledger",
        *(sa.column(name) for name in ("seq", "kind", "number", "revision", "sha256", "previous", "hash")),
        sa.column("at", UtcDateTime()),
    )
    previous = "0" * 64
    found.sort(key=lambda one: (one[0], one[1] != "record", one[2]))
    for seq, (at, kind, number, revision_, sha256) in enumerate(found, 1):
        at = at.replace(microsecond=0)
        hashed = _hash(seq, at, kind, number, revision_, sha256, previous)
        bind.execute(
            sa.insert(ledger).values(
                seq=seq, at=at, kind=kind, number=number, revision=revision_, sha256=sha256, previous=previous,
                hash=hashed,
            )
        )  # fmt: skip
        previous = hashed


def _hash(seq: int, at: datetime, kind: str, number: str, revision_: int, sha256: str, previous: str) -> str:
    told = {
        "at": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "kind": kind,
        "number": number,
        "previous": previous,
        "revision": revision_,
        "seq": seq,
        "sha256": sha256,
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _append_only() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"""
                CREATE TRIGGER {table}_is_immutable BEFORE UPDATE OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION refuse_change()
            """)
            op.execute(f"""
                CREATE TRIGGER {table}_is_not_emptied BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
            """)
            op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM PUBLIC")
        op.execute("""
            CREATE FUNCTION ledger_follows() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM ledger)
                   OR NEW.previous <> coalesce((SELECT hash FROM ledger ORDER BY seq DESC LIMIT 1), repeat('0', 64))
                THEN
                    RAISE EXCEPTION 'ledger_follows' USING ERRCODE = 'integrity_constraint_violation';
                END IF;
                RETURN NEW;
            END $$
        """)
        op.execute(
            "CREATE TRIGGER ledger_follows BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION ledger_follows()"
        )
        return
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(f"""
                CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
                BEGIN SELECT RAISE(ABORT, 'row_is_immutable'); END
            """)
    op.execute("""
        CREATE TRIGGER ledger_follows BEFORE INSERT ON ledger
        WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM ledger)
          OR NEW.previous <> coalesce(
               (SELECT hash FROM ledger ORDER BY seq DESC LIMIT 1),
               '0000000000000000000000000000000000000000000000000000000000000000')
        BEGIN SELECT RAISE(ABORT, 'ledger_follows'); END
    """)


SEALED = (
    ("lines", "account_name", "text"),
    ("records", "strokes", "json"),
    ("entries", "value", "json"),
    ("parcels", "body", "json"),
    ("parcel_conflicts", "body", "json"),
)


def _seal_columns() -> None:
    bind = op.get_bind()
    is_postgres = bind.dialect.name == "postgresql"
    if is_postgres:
        op.alter_column("lines", "account_name", type_=sa.String(length=500), existing_nullable=True)
    for table, column, kind in SEALED:
        if table != "lines":
            _allow_change(table, is_postgres)
        _seal_one(bind, table, column, kind)
        if table != "lines":
            _forbid_change(table, is_postgres)


def _seal_one(bind: sa.Connection, table: str, column: str, kind: str) -> None:
    """Row by row in batches: what was readable becomes sealed."""
    label = f"{table}.{column}"
    key_type: Any = sa.Integer() if table == "parcel_conflicts" else sa.Uuid()
    plain = sa.table(table, sa.column("id", key_type), sa.column(column, sa.JSON() if kind == "json" else sa.String()))
    sealed = sa.table(
        table, sa.column("id", key_type), sa.column(column, SealedJson(label) if kind == "json" else SealedText(label))
    )
    last: Any = None
    while True:
        query = sa.select(plain.c.id, plain.c[column]).order_by(plain.c.id).limit(AT_ONCE)
        if last is not None:
            query = query.where(plain.c.id > last)
        rows = bind.execute(query).all()
        if not rows:
            return
        for identity, value in rows:
            if value is not None or kind == "json":
                bind.execute(sa.update(sealed).where(sealed.c.id == identity).values({column: value}))
        last = rows[-1][0]


def _allow_change(table: str, is_postgres: bool) -> None:
    if is_postgres:
        op.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_are_immutable")
    else:
        op.execute(f"DROP TRIGGER {table}_no_update")


def _forbid_change(table: str, is_postgres: bool) -> None:
    if is_postgres:
        op.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_are_immutable")
    else:
        op.execute(f"""
            CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
            BEGIN SELECT RAISE(ABORT, 'row_is_immutable'); END
        """)


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
