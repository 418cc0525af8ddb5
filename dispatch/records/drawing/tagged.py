"""Paragraphs, tables and pictures that know what they are and say so to the structure tree."""

from collections.abc import Callable
from typing import Any, Literal

from reportlab.pdfbase.pdfdoc import PDFArray
from reportlab.platypus import Flowable, Paragraph, Table
from reportlab.platypus.paragraph import _handleBulletWidth  # type: ignore[attr-defined]

from dispatch.records.drawing.line_breaking import break_lines
from dispatch.records.drawing.structure import Element, TaggedCanvas

Heads = Literal["column", "row", "none"]
Draw = Callable[[TaggedCanvas, float, float], None]


class Shared:
    """The element of a flowable, shared by the parts that a page break made of it."""

    element: Element | None = None


class TaggedParagraph(Paragraph):
    """A paragraph of markup from `typefaces.shown`; `kind` is its standard structure type."""

    canv: Any  # a TaggedCanvas
    blPara: Any

    def __init__(self, text: Any, style: Any, kind: str = "P", **options: Any) -> None:
        super().__init__(text, style, **options)
        self.kind = kind
        self.shared = Shared()

    def breakLinesCJK(self, maxWidths: Any) -> Any:
        """Break lines by our rules, whatever the number of fonts in the paragraph."""
        if getattr(self, "_splitpara", 0):
            return self.blPara
        widths = list(maxWidths) if isinstance(maxWidths, list | tuple) else [maxWidths]
        self.height = 0
        _handleBulletWidth(self.bulletText, self.style, widths)
        return break_lines(self.frags, widths)

    def split(self, availWidth: float, availHeight: float) -> list[Any]:
        """Split for a page break; both parts stay one element."""
        parts: list[Any] = super().split(availWidth, availHeight)
        for part in parts:
            part.kind, part.shared = self.kind, self.shared
        return parts

    def draw(self) -> None:
        """Draw inside its element."""
        canvas: TaggedCanvas = self.canv
        if self.shared.element is None:
            self.shared.element = Element(self.kind, canvas.root)
        with canvas.element(self.shared.element):
            super().draw()


class TaggedTable(Table):
    """A table of paragraphs. `heads`: the first row heads columns, or each even column heads its rows."""

    canv: Any  # a TaggedCanvas

    def __init__(self, data: Any, *, heads: Heads = "column", **options: Any) -> None:
        super().__init__(data, **options)
        self.heads = heads
        self.shared = Shared()
        self._renderCB = _Tagging()

    def onSplit(self, part: Any, byRow: int = 1) -> None:
        """A part on the next page continues the same table; its repeated heads are decoration."""
        part.heads, part.shared = self.heads, self.shared
        part._renderCB = _Tagging()

    def heading_scope(self, row: int, column: int) -> str | None:
        """`Column` or `Row` where the cell heads one."""
        if self.heads == "column" and row == 0:
            return "Column"
        return "Row" if self.heads == "row" and column % 2 == 0 else None

    def columns_spanned(self, row: int, column: int) -> int:
        """How many columns the cell covers."""
        ranges = getattr(self, "_spanRanges", None) or {}
        span = ranges.get((column, row))
        return int(span[2] - span[0] + 1) if span else 1


class _Tagging:
    """What ReportLab calls while it draws a table; keeps the marks that are open."""

    def __init__(self) -> None:
        self.first_part = True
        self.row: Element | None = None
        self.open: Any = None

    def __call__(self, table: TaggedTable, event: str, *facts: Any) -> None:
        if event == "startTable":
            self.first_part = table.shared.element is None
            if table.shared.element is None:
                table.shared.element = Element("Table", table.canv.root)
        elif event in ("startBG", "startLines"):
            self._enter(table.canv.decoration())
        elif event == "startRow":
            repeated = facts[0] == 0 and table.heads == "column" and not self.first_part
            self.row = None if repeated else Element("TR", table.shared.element)
        elif event == "startCell":
            self._enter(self._cell(table, facts[0], facts[1]))
        elif event in ("endBG", "endLines", "endCell"):
            self.open.__exit__(None, None, None)

    def _enter(self, mark: Any) -> None:
        self.open = mark
        mark.__enter__()

    def _cell(self, table: TaggedTable, row: int, column: int) -> Any:
        if self.row is None:
            return table.canv.decoration("Pagination")
        scope = table.heading_scope(row, column)
        attributes: dict[str, Any] = {}
        if scope:
            attributes |= {"O": "Table", "Scope": scope}
        if (columns := table.columns_spanned(row, column)) > 1:
            attributes |= {"O": "Table", "ColSpan": columns}
        return table.canv.element(Element("TH" if scope else "TD", self.row, attributes=attributes))


class Figure(Flowable):
    """A picture of `width` x `height` points that `drawing` draws, with words for those who can't see it."""

    canv: Any  # a TaggedCanvas

    def __init__(self, width: float, height: float, drawing: Draw, alt: str) -> None:
        super().__init__()
        self.width, self.height = width, height
        self.drawing, self.alt = drawing, alt

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Its own size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw inside a Figure element that tells its box on the page."""
        canvas: TaggedCanvas = self.canv
        with canvas.element(figure_element(canvas, (0, 0, self.width, self.height), self.alt)):
            self.drawing(canvas, self.width, self.height)


def figure_element(canvas: TaggedCanvas, box: tuple[float, float, float, float], alt: str) -> Element:
    """A Figure element for what will be drawn at `box` (x, y, width, height in the present coordinates)."""
    left, bottom = canvas.absolutePosition(box[0], box[1])
    corners = [left, bottom, left + box[2], bottom + box[3]]
    rounded = PDFArray([round(number, 2) for number in corners])
    return Element("Figure", canvas.root, alt=alt, attributes={"O": "Layout", "BBox": rounded})
