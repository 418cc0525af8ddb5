"""What the figures are added up from: one row a visit, work order and complaint, made anew from the rows that exist.

Not among the product's declared tables, and left out of backups: triggers note which line or complaint changed
(`figure_todo`, migration 0010), the jobs work it off, so a restored database counts by itself.
"""

import sqlalchemy as sa

from dispatch.database import UtcDateTime

VISIT_COLUMNS = (
    "on_time",
    "late_told",
    "plan_kept",
    "notices_owed",
    "notices_kept",
    "booking_told",
    "confirmed",
    "first_fix",
    "repeat_7",
    "repeat_30",
    "handling_minutes",
    "site_minutes",
    "overall",
    "conduct",
    "recommend",
    "complained",
    "checklist",
    "kit",
    "record",
)
CASE_COLUMNS = ("in_limit", "escalated", "in_time")

figure_todo = sa.Table(
    "figure_todo",
    sa.MetaData(),
    sa.Column("id", sa.BigInteger, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("thing", sa.Uuid, nullable=False, index=True),
)
figure_rows = sa.Table(
    "figure_rows",
    sa.MetaData(),
    sa.Column("of", sa.String(9), primary_key=True),
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("line_id", sa.Uuid, index=True),
    sa.Column("day", sa.String(10), nullable=False, index=True),
    sa.Column("week", sa.String(8), nullable=False),
    sa.Column("month", sa.String(7), nullable=False),
    sa.Column("technician_id", sa.Uuid),
    sa.Column("area_id", sa.Uuid),
    sa.Column("kind", sa.String(10)),
    sa.Column("arrival", sa.String(11)),
    *(sa.Column(name, sa.Integer) for name in (*VISIT_COLUMNS, *CASE_COLUMNS)),
    sa.Column("look_again", UtcDateTime, index=True),
)
"""`day` (2026-11-22), `week` (2026-W47) and `month` (2026-11) are of the business zone: of a visit's promised window,
of an order's report, of a complaint's registration."""
