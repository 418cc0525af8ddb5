"""What changed, for whoever watches: rows that triggers write in the transaction of the change itself.

Not declared as tables of ours: their kind differs by engine, and backups leave them out (see `dispatch/live/feed.py`).
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TROUBLED = "('failed', 'in_doubt', 'expired')"
NOTED: tuple[tuple[str, str, str, str], ...] = (
    # table, what kind of thing changed, the column that names it, which columns matter (empty: any)
    ("visits", "visit", "id", ""),
    ("work_orders", "order", "id", ""),
    ("shifts", "technician", "technician_id", ""),
    ("technicians", "technician", "id", ""),
    ("technician_skills", "technician", "technician_id", ""),
    ("call_tasks", "visit", "visit_id", "state, due_at"),
    ("notices", "visit", "visit_id", "state"),
    ("customers", "customer", "id", "name"),
    ("sites", "site", "id", "address, latitude, longitude, area_id"),
    ("phones", "phone", "technician_id", "seen_at"),
)
VERBS = ("INSERT", "UPDATE", "DELETE")


def _only_if(table: str, verb: str, sqlite: bool) -> str:
    """A phone is heard of all day and a notice takes many steps: only what the desk sees of it is a change."""
    row = "OLD" if verb == "DELETE" else "NEW"
    if table in ("call_tasks", "notices"):
        told = f"{row}.visit_id IS NOT NULL"
        if table == "notices" and verb == "UPDATE":
            told += f" AND (OLD.state IN {TROUBLED}) <> (NEW.state IN {TROUBLED})"
        return told
    if table == "phones" and verb == "UPDATE":  # silent for 45 minutes is said of it: see visits.silent_phones
        if sqlite:
            return "julianday(NEW.seen_at) - julianday(OLD.seen_at) > 40.0 / 1440"
        return "NEW.seen_at - OLD.seen_at > interval '40 minutes'"
    return ""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _in_sqlite()
    else:
        _in_postgresql()
    _search()


def _in_postgresql() -> None:
    op.execute("CREATE TABLE live_epoch (epoch text NOT NULL)")
    op.execute("INSERT INTO live_epoch VALUES (replace(gen_random_uuid()::text, '-', ''))")
    op.execute("""
        CREATE TABLE live_changes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
            at timestamptz NOT NULL DEFAULT clock_timestamp(),
            kind text NOT NULL,
            thing uuid NOT NULL)
    """)
    op.execute("CREATE INDEX ix_live_changes_xid ON live_changes (xid)")
    op.execute("CREATE INDEX ix_live_changes_at ON live_changes (at)")
    for table, kind, column, matters in NOTED:
        op.execute(f"""
            CREATE FUNCTION live_note_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO live_changes (kind, thing)
                VALUES ('{kind}', CASE WHEN TG_OP = 'DELETE' THEN OLD.{column} ELSE NEW.{column} END);
                PERFORM pg_notify('doorstep_live', '');
                RETURN NULL;
            END $$
        """)
        for verb in VERBS:
            of = f" OF {matters}" if verb == "UPDATE" and matters else ""
            only = _only_if(table, verb, sqlite=False)
            op.execute(f"""
                CREATE TRIGGER {table}_live_{verb.lower()} AFTER {verb}{of} ON {table}
                FOR EACH ROW {f"WHEN ({only})" if only else ""} EXECUTE FUNCTION live_note_{table}()
            """)


def _in_sqlite() -> None:
    op.execute("CREATE TABLE live_epoch (epoch TEXT NOT NULL)")
    op.execute("INSERT INTO live_epoch VALUES (lower(hex(randomblob(16))))")
    op.execute("""
        CREATE TABLE live_changes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
            kind TEXT NOT NULL,
            thing CHAR(32) NOT NULL)
    """)
    op.execute("CREATE INDEX ix_live_changes_at ON live_changes (at)")
    for table, kind, column, matters in NOTED:
        for verb in VERBS:
            of = f" OF {matters}" if verb == "UPDATE" and matters else ""
            only = _only_if(table, verb, sqlite=True)
            row = "OLD" if verb == "DELETE" else "NEW"
            op.execute(f"""
                CREATE TRIGGER {table}_live_{verb.lower()} AFTER {verb}{of} ON {table}
                {f"WHEN {only}" if only else ""}
                BEGIN INSERT INTO live_changes (kind, thing) VALUES ('{kind}', {row}.{column}); END
            """)


# ---- What is to be indexed for the desk's search: see `dispatch/search/index.py` ----

INDEXED: tuple[tuple[str, str, str, str], ...] = (
    ("customers", "customer", "id", "name, phone"),
    ("sites", "customer", "customer_id", "address, customer_id"),
    ("work_orders", "order", "id", "external_id"),
    ("records", "record", "id", "number"),
)


def _search() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        thing = "kind TEXT NOT NULL, thing CHAR(32) NOT NULL"
        op.execute(f"CREATE TABLE search_todo (id INTEGER PRIMARY KEY AUTOINCREMENT, {thing})")
        op.execute(f"CREATE TABLE search_things (number INTEGER PRIMARY KEY, {thing}, UNIQUE (kind, thing))")
        op.execute(
            "CREATE VIRTUAL TABLE search_words"
            " USING fts5(words, detail = none, tokenize = 'unicode61 remove_diacritics 0')"
        )
    else:
        number = "id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
        op.execute(f"CREATE TABLE search_todo ({number}, kind text NOT NULL, thing uuid NOT NULL)")
        op.execute(
            "CREATE TABLE search_words (kind text NOT NULL, thing uuid NOT NULL, words tsvector NOT NULL,"
            " PRIMARY KEY (kind, thing))"
        )
        op.execute("CREATE INDEX ix_search_words_words ON search_words USING gin (words) WITH (fastupdate = off)")
    for table, kind, column, matters in INDEXED:
        op.execute(f"INSERT INTO search_todo (kind, thing) SELECT '{kind}', {column} FROM {table}")
        for verb in VERBS:
            row = "OLD" if verb == "DELETE" else "NEW"
            of = f" OF {matters}" if verb == "UPDATE" else ""
            note = f"INSERT INTO search_todo (kind, thing) VALUES ('{kind}', {row}.{column})"
            name = f"{table}_search_{verb.lower()}"
            if sqlite:
                op.execute(f"CREATE TRIGGER {name} AFTER {verb}{of} ON {table} BEGIN {note}; END")
                continue
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {note}; RETURN NULL; END $$"
            )
            op.execute(f"CREATE TRIGGER {name} AFTER {verb}{of} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
