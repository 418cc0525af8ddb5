"""Figures: one row a visit, order and complaint, and what is to be counted anew.

Triggers note the line (or complaint) in the transaction of the change: see `dispatch/kpis/filing.py`. Not declared as
tables of ours and left out of backups; whatever writes rows, a restore too, has them counted.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

COUNTED = (
    "on_time", "late_told", "plan_kept", "notices_owed", "notices_kept", "booking_told", "confirmed", "first_fix",
    "repeat_7", "repeat_30", "handling_minutes", "site_minutes", "overall", "conduct", "recommend", "complained",
    "checklist", "kit", "record", "in_limit", "escalated", "in_time",
)  # fmt: skip
OF_ORDER = "SELECT 'line', line_id FROM work_orders WHERE id = {row}.work_order_id"
OF_VISIT = (
    "SELECT 'line', work_orders.line_id FROM visits JOIN work_orders ON work_orders.id = visits.work_order_id"
    " WHERE visits.id = {row}.visit_id"
)
NOTED: tuple[tuple[str, str, str, str, str], ...] = (
    # table, name, what to count anew, which columns matter (empty: any), on which verbs
    ("visits", "line", OF_ORDER,
     "status, arrived_at, ended_at, window_start, window_end, planned_start, technician_id, confirmed_at",
     "INSERT UPDATE"),
    ("work_orders", "line", "SELECT 'line', {row}.line_id", "state, reported_at, deadline, kind, line_id, site_id",
     "INSERT UPDATE DELETE"),
    ("sites", "line", "SELECT 'line', id FROM lines WHERE site_id = {row}.id", "area_id", "UPDATE"),
    ("visit_changes", "line", OF_VISIT, "", "INSERT"),
    ("notices", "line", OF_VISIT, "accepted_at, phoned_at, state, visit_id", "INSERT UPDATE"),
    ("ratings", "line", OF_VISIT, "", "INSERT UPDATE DELETE"),
    ("return_calls", "line", OF_VISIT, "fixed, conduct, overall, recommend, done_at", "INSERT UPDATE"),
    ("records", "line", "SELECT 'line', {row}.line_id", "", "INSERT"),
    ("complaints", "line", OF_VISIT, "visit_id, state", "INSERT UPDATE DELETE"),
    ("complaints", "complaint", "SELECT 'complaint', {row}.id", "", "INSERT UPDATE DELETE"),
    ("complaint_rounds", "complaint", "SELECT 'complaint', {row}.complaint_id", "", "INSERT UPDATE DELETE"),
)  # fmt: skip
ONLY_IF = {
    ("visit_changes", "INSERT"): "NEW.breach OR NEW.tell_until IS NOT NULL",
    ("notices", "INSERT"): "NEW.visit_id IS NOT NULL",
    ("notices", "UPDATE"): "NEW.visit_id IS NOT NULL AND NEW.state NOT IN ('claimed', 'owed')",
}


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "figure_rows",
        sa.Column("of", sa.String(9), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid()),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("week", sa.String(8), nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("technician_id", sa.Uuid()),
        sa.Column("area_id", sa.Uuid()),
        sa.Column("kind", sa.String(10)),
        sa.Column("arrival", sa.String(11)),
        *(sa.Column(name, sa.Integer()) for name in COUNTED),
        sa.Column("look_again", instant),
        sa.PrimaryKeyConstraint("of", "id", name="pk_figure_rows"),
    )
    for column in ("line_id", "day", "look_again"):
        op.create_index(f"ix_figure_rows_{column}", "figure_rows", [column])
    op.create_index("ix_figure_rows_technician_id_day", "figure_rows", ["technician_id", "day"])
    if sqlite:
        op.execute(
            "CREATE TABLE figure_todo (id INTEGER PRIMARY KEY AUTOINCREMENT,"
            " kind TEXT NOT NULL, thing CHAR(32) NOT NULL)"
        )
    else:
        op.execute(
            "CREATE TABLE figure_todo (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
            " kind text NOT NULL, thing uuid NOT NULL)"
        )
    op.create_index("ix_figure_todo_thing", "figure_todo", ["thing"])
    op.execute("INSERT INTO figure_todo (kind, thing) SELECT 'line', id FROM lines")
    op.execute("INSERT INTO figure_todo (kind, thing) SELECT 'complaint', id FROM complaints")
    for table, name, what, matters, verbs in NOTED:
        for verb in verbs.split():
            _trigger(sqlite, table, name, what, matters, verb)


def _trigger(sqlite: bool, table: str, name: str, what: str, matters: str, verb: str) -> None:
    row = "OLD" if verb == "DELETE" else "NEW"
    called = f"{table}_figure_{name}_{verb.lower()}"
    of = f" OF {matters}" if verb == "UPDATE" and matters else ""
    note = f"INSERT INTO figure_todo (kind, thing) {what.format(row=row)}"
    only = ONLY_IF.get((table, verb))
    if verb == "UPDATE" and table == "work_orders":  # an order that moved to another line left the first
        note += f"; INSERT INTO figure_todo (kind, thing) {what.format(row='OLD')} WHERE OLD.line_id <> NEW.line_id"
    when = f" WHEN ({only})" if only else ""
    if sqlite:
        op.execute(f"CREATE TRIGGER {called} AFTER {verb}{of} ON {table}{when} BEGIN {note}; END")
        return
    op.execute(f"CREATE FUNCTION {called}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {note}; RETURN NULL; END $$")
    op.execute(f"CREATE TRIGGER {called} AFTER {verb}{of} ON {table} FOR EACH ROW{when} EXECUTE FUNCTION {called}()")


def downgrade() -> None:
    raise NotImplementedError("forward only: restore a backup instead")
