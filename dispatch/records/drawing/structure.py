"""What the parts of a page are: the tree of headings, paragraphs and tables that a screen reader follows.

PDF/UA-1 (ISO 14289-1) and PDF/A-3a want every drawn thing to belong to this tree or to be marked as mere decoration.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFString
from reportlab.pdfgen.canvas import Canvas


@dataclass(eq=False)
class Element:
    """One element: its standard type (`H1`, `TD`, `Figure`…), what it holds, and the words for those who can't see."""

    kind: str
    parent: "Element | None" = None
    alt: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    children: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.parent is not None:
            self.parent.children.append(self)


@dataclass(frozen=True)
class MarkedContent:
    """A run of drawing on one page that belongs to an element."""

    page: Any
    number: int


@dataclass(frozen=True)
class Widget:
    """A form field on a page, as a child of its element."""

    page: Any
    reference: Any


@dataclass(frozen=True)
class SignatureField:
    """A signature field with its annotation and the element that holds it."""

    annotation: PDFDictionary
    reference: Any
    element: Element


class TaggedCanvas(Canvas):
    """A ReportLab canvas on which everything is drawn as an element or as decoration."""

    # ReportLab's own, unknown to its type stubs: the document, the page's operators, the way to annotations.
    _doc: Any
    _code: list[str]
    _addAnnotation: Any

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.root = Element("Document")
        self.signature_fields: list[SignatureField] = []
        self._on_page: list[Element] = []
        self._pages: list[list[Element]] = []
        self._marking = False

    @contextmanager
    def element(self, element: Element) -> Iterator[None]:
        """What is drawn inside belongs to `element`; inside another mark it belongs to that one."""
        if self._marking:
            yield
            return
        number = len(self._on_page)
        self._on_page.append(element)
        element.children.append(MarkedContent(self._doc.thisPageRef(), number))
        with self._marked(f"/{element.kind} <</MCID {number}>> BDC"):
            yield

    @contextmanager
    def decoration(self, kind: str = "Layout") -> Iterator[None]:
        """What is drawn inside says nothing (`Layout`) or repeats on each page (`Pagination`)."""
        if self._marking:
            yield
            return
        with self._marked(f"/Artifact <</Type /{kind}>> BDC"):
            yield

    @contextmanager
    def _marked(self, start: str) -> Iterator[None]:
        self._marking = True
        self._code.append(start)
        try:
            yield
        finally:
            self._code.append("EMC")
            self._marking = False

    def showPage(self) -> None:
        """End the page, telling it which entry of the parent tree is its own."""
        number, self._on_page, here = len(self._pages), [], self._on_page
        self._pages.append(here)
        add_page = self._doc.addPage

        def add_tagged_page(page: Any) -> Any:
            page.StructParents = number
            page.Tabs = PDFName("S")
            return add_page(page)

        self._doc.addPage = add_tagged_page
        try:
            super().showPage()
        finally:
            self._doc.addPage = add_page

    def add_signature_field(
        self, name: str, tooltip: str, box: tuple[float, float, float, float], appearance: Any, parent: Element
    ) -> None:
        """An empty signature field at `box` (x, y, width, height, page points) with what it shows."""
        left, bottom, width, height = box
        corners = [round(number, 2) for number in (left, bottom, left + width, bottom + height)]
        annotation = PDFDictionary(
            {
                "Type": PDFName("Annot"),
                "Subtype": PDFName("Widget"),
                "FT": PDFName("Sig"),
                "T": PDFString(name),
                "TU": PDFString(tooltip),
                "Rect": PDFArray(corners),
                "F": 4,
                "P": self._doc.thisPageRef(),
                "AP": PDFDictionary({"N": appearance}),
            }
        )
        self._addAnnotation(annotation, name=name)
        reference = self._doc.refAnnotation(name)
        element = Element("Form", parent, alt=tooltip)
        element.children.append(Widget(self._doc.thisPageRef(), reference))
        self.signature_fields.append(SignatureField(annotation, reference, element))

    def write_structure(self) -> None:
        """Hang the whole tree into the catalogue; call once, after the last page."""
        document = self._doc
        tree = PDFDictionary()
        tree_reference = document.Reference(tree, "StructureTree")
        references: dict[Element, Any] = {}
        self._write_element(self.root, tree_reference, references)
        numbers: list[Any] = []
        for number, elements in enumerate(self._pages):
            numbers += [number, PDFArray([references[element] for element in elements])]
        next_number = len(self._pages)
        for signature_field in self.signature_fields:
            signature_field.annotation["StructParent"] = next_number
            numbers += [next_number, references[signature_field.element]]
            next_number += 1
        tree["Type"] = PDFName("StructTreeRoot")
        tree["K"] = PDFArray([references[self.root]])
        tree["ParentTree"] = PDFDictionary({"Nums": PDFArray(numbers)})
        tree["ParentTreeNextKey"] = next_number
        catalogue: Any = document.Catalog
        catalogue.StructTreeRoot = tree
        catalogue.MarkInfo = PDFDictionary({"Marked": "true"})
        self.setViewerPreference("DisplayDocTitle", "true")
        if self.signature_fields:
            fields = PDFArray([signature_field.reference for signature_field in self.signature_fields])
            catalogue.AcroForm = PDFDictionary({"Fields": fields, "SigFlags": 3})

    def _write_element(self, element: Element, parent: Any, references: dict[Element, Any]) -> None:
        written = PDFDictionary()
        own = references[element] = self._doc.Reference(written, f"Element{len(references)}")
        written["Type"] = PDFName("StructElem")
        written["S"] = PDFName(element.kind)
        written["P"] = parent
        if element.alt is not None:
            written["Alt"] = PDFString(element.alt)
        if element.attributes:
            written["A"] = PDFDictionary(
                {key: PDFName(value) if isinstance(value, str) else value for key, value in element.attributes.items()}
            )
        children = [self._write_child(child, own, references) for child in element.children]
        if children:
            # pyHanko finds a field in the tree only if elements stand in arrays and a form's one widget does not;
            # otherwise it takes every later signature for tampering.
            alone = len(children) == 1 and not isinstance(element.children[0], Element)
            written["K"] = children[0] if alone else PDFArray(children)

    def _write_child(self, child: Any, parent: Any, references: dict[Element, Any]) -> Any:
        if isinstance(child, Element):
            self._write_element(child, parent, references)
            return references[child]
        if isinstance(child, Widget):
            return PDFDictionary({"Type": PDFName("OBJR"), "Obj": child.reference, "Pg": child.page})
        return PDFDictionary({"Type": PDFName("MCR"), "Pg": child.page, "MCID": child.number})
