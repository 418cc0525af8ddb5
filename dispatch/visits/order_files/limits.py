"""How large an order file may be. Beyond these a file is refused whole, before it costs memory or time."""

from checklists.words import Words
from dispatch.errors import Invalid

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 20_000
MOST_LINES = 200_000  # of a text file, blank ones and those inside quotes included
MOST_COLUMNS = 200
MOST_UNPACKED = 64 * 1024 * 1024  # an .xlsx is a zip: what it unpacks to
MOST_SIDE_PART = 4 * 1024 * 1024  # of an .xlsx: each part that is neither a sheet nor the shared texts
MOST_CELLS = 600_000  # of an .xlsx, empty formatted ones included
MOST_PARTS = 1_000
MOST_SHEETS = 100


def too_large() -> Invalid:
    """The file itself is too large."""
    return Invalid(
        Words(
            f"文件超过 {MOST_BYTES // 1024 // 1024} MB，请分成几个文件导入。",
            f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Split it and import the parts.",
        ),
        name="order-file-too-large",
    )


def too_many_rows() -> Invalid:
    """More rows than one import takes."""
    return Invalid(
        Words(
            f"文件超过 {MOST_ROWS} 行，请分成几个文件导入。",
            f"The file has more than {MOST_ROWS} rows. Split it and import the parts.",
        ),
        name="order-file-too-large",
    )


def too_many_columns() -> Invalid:
    """More columns than any order has."""
    return Invalid(
        Words(
            f"表格超过 {MOST_COLUMNS} 列，请只保留需要的列。",
            f"The table has more than {MOST_COLUMNS} columns. Keep only those needed.",
        ),
        name="order-file-too-large",
    )


def unpacks_too_large() -> Invalid:
    """An .xlsx that unpacks to more than any order file does (or claims to)."""
    return Invalid(
        Words(
            "这个 .xlsx 解压后过大，已拒绝打开。请把数据复制到新的工作簿，删除多余的空行和格式后重试。",
            "This .xlsx unpacks to too much and was not opened. "
            "Copy the data into a new workbook without empty formatted rows, and try again.",
        ),
        name="order-file-unpacks-too-large",
    )


def damaged() -> Invalid:
    """A workbook that cannot be read."""
    return Invalid(
        Words(
            "这个 .xlsx 文件已损坏或不是正常的工作簿，请用表格软件打开并另存后重试。",
            "This .xlsx file is damaged or no ordinary workbook. Open it in a spreadsheet, save it anew and try again.",
        ),
        name="order-file-damaged",
    )
