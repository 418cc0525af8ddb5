"""What stock ReportLab 5.1 does wrong for an archivable Chinese PDF, put right once for this process.

Each repair names the defect that it removes; when ReportLab mends one, its repair (and its test) can go.
"""

from functools import lru_cache
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc, ttfonts

# A CMap block may hold at most 100 entries.
ENTRIES_IN_A_BLOCK = 100


@lru_cache(maxsize=1)
def repair_reportlab() -> None:
    """Apply all repairs; safe to call any number of times."""
    ttfonts.makeToUnicodeCMap = unicode_map  # type: ignore[assignment]
    stock_format = pdfdoc.PDFStream.format

    def format_with_line_end(stream: pdfdoc.PDFStream, document: Any) -> bytes:
        # PDF/A 6.1.7.1 wants an end of line before `endstream`, on top of the data's own last byte.
        written: bytes = stock_format(stream, document)
        return written.removesuffix(b"endstream\n") + b"\nendstream\n"

    pdfdoc.PDFStream.format = format_with_line_end  # type: ignore[method-assign, assignment]
    # Entries that ReportLab's catalogue and page do not know but write when told so.
    catalogue: Any = pdfdoc.PDFCatalog
    catalogue.__NoDefault__ = [*catalogue.__NoDefault__, "AF", "OutputIntents"]
    page: Any = pdfdoc.PDFPage
    page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
    # ASCII-85 triples the time and adds a quarter to the size.
    rl_config.useA85 = 0


def unicode_map(font_name: str, subset: list[int]) -> str:
    """The ToUnicode CMap of a font subset; beyond the BMP as UTF-16 pairs, where ReportLab writes nonsense."""
    entries = [
        f"<{code:02X}> <{chr(point).encode('utf-16-be').hex().upper()}>" for code, point in enumerate(subset) if point
    ]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo",
        f"<< /Registry ({font_name})",
        f"/Ordering ({font_name})",
        "/Supplement 0",
        ">> def",
        f"/CMapName /{font_name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
    ]
    for start in range(0, len(entries), ENTRIES_IN_A_BLOCK):
        block = entries[start : start + ENTRIES_IN_A_BLOCK]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    return "\n".join([*lines, "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"])
