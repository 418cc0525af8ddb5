"""Reading customers and work orders from files as order systems really export them.

Bytes and a file name in, orders and exact reasons out; nothing here knows the database.
"""

from dispatch.visits.order_files.cells import defused
from dispatch.visits.order_files.reading import read_orders
from dispatch.visits.order_files.reporting import ReportLine, refused_rows_csv, report, report_lines
from dispatch.visits.order_files.shapes import WHOLE_FILE, OrderFile, OrderRow, RefusedRow, RowProblem

__all__ = [
    "WHOLE_FILE",
    "OrderFile",
    "OrderRow",
    "RefusedRow",
    "ReportLine",
    "RowProblem",
    "defused",
    "read_orders",
    "refused_rows_csv",
    "report",
    "report_lines",
]
