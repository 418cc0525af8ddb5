"""The whole record as a PDF, drawn from the record alone: the same record always gives the same bytes."""

import io
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from checklists.words import Words
from dispatch.records.canonical import canonical_json
from dispatch.records.drawing import look
from dispatch.records.drawing.archive import About, prepare, write_archive_parts
from dispatch.records.drawing.pen import Pen
from dispatch.records.drawing.sections import agreements, ending, measured, missed, opening, photos, visit, work
from dispatch.records.drawing.sections import signatures as signing
from dispatch.records.drawing.structure import TaggedCanvas
from dispatch.records.drawing.typefaces import REGULAR, fitting, load_typefaces, width_of, write
from dispatch.records.strokes import StrokesValue

# ReportLab keeps its fonts' state in the process: one document at a time.
ONE_AT_A_TIME = threading.Lock()
FOOTER_SIZE = 7.0


@dataclass(frozen=True)
class DrawnRecord:
    """The unsigned PDF, and the characters that no typeface could draw (shown by their codes)."""

    pdf: bytes
    missing_characters: tuple[str, ...]


def draw_record(
    record: dict[str, Any],
    *,
    strokes: Mapping[str, StrokesValue],
    photo: Callable[[str], bytes],
    verify_url: str,
    remark: Words | None = None,
) -> DrawnRecord:
    """Draw `record` (format doorstep-record/1) as a PDF/A-3a + PDF/UA-1 with empty signature fields.

    `strokes` are the pens of "customer" and "technician", shown in their fields; `photo` gives a photo's bytes for
    its SHA-256; `verify_url` is what the code on page 1 leads to; `remark` says whose keys will sign, where a stranger
    must know. Dates come from the record, so that the same
    record gives the same bytes. Raises ValueError for a record that has no canonical form or no valid `sealed_at`,
    OSError for a photo that is no picture.
    """
    record_json = canonical_json(record)
    sealed_at = datetime.fromisoformat(record["sealed_at"])
    sealed_at = sealed_at.astimezone(UTC) if sealed_at.tzinfo else sealed_at.replace(tzinfo=UTC)
    with ONE_AT_A_TIME:
        load_typefaces()
        pen = Pen.for_record(record)
        story = tell(pen, record, record_json, strokes, photo, verify_url, remark)
        company = record.get("company") or {}
        title = opening.title_of(record).to(pen.language)
        about = About(
            title=f"{title} {record.get('number') or ''}",
            author=pen.plain_words(company),
            subject=pen.say_plain("宽带装维上门服务的签署记录", "Signed record of a home broadband visit"),
            language="en" if pen.language == "en" else "zh-CN",
            record_json=record_json,
            sealed_at=sealed_at,
        )
        return DrawnRecord(render(story, pen, record, about), tuple(sorted(pen.missing)))


def tell(
    pen: Pen,
    record: dict[str, Any],
    record_json: bytes,
    strokes: Mapping[str, StrokesValue],
    photo: Callable[[str], bytes],
    verify_url: str,
    remark: Words | None,
) -> list[Flowable]:
    """The story of the visit, section by section; a section that has nothing to say is left out."""
    story = [*opening.opening(pen, record, verify_url)]
    story += missed.missed_visit(pen, record)
    story += visit.who_and_where(pen, record)
    story += visit.when(pen, record)
    story += work.steps(pen, record)
    story += work.kit(pen, record)
    story += measured.measurements(pen, record)
    story += photos.photos(pen, record, photo)
    story += agreements.open_questions(pen, record)
    story += agreements.alteration(pen, record)
    story += agreements.ratings(pen, record)
    story += signing.signatures(pen, record, strokes, remark)
    story += ending.how_to_check(pen, record_json, verify_url)
    story += ending.appendix(pen)
    story += ending.missing_characters(pen)
    return story


def render(story: list[Flowable], pen: Pen, record: dict[str, Any], about: About) -> bytes:
    """The story as a document; `record` gives its number and company to every page's foot. Hold `ONE_AT_A_TIME`."""
    written = io.BytesIO()

    class RecordCanvas(TaggedCanvas):
        """Ends by writing what only the whole document knows."""

        def save(self) -> None:
            if self._code:
                self.showPage()
            _write_page_count(self, pen)
            self.write_structure()
            write_archive_parts(self, about)
            super().save()

    def canvas(file: Any, **options: Any) -> RecordCanvas:
        options |= {"invariant": 1, "pageCompression": 1, "initialFontName": REGULAR}
        options |= {"lang": about.language, "pdfVersion": (1, 7)}
        made = RecordCanvas(file, **options)
        prepare(made, about)
        return made

    document = BaseDocTemplate(
        written,
        pagesize=(look.PAGE_WIDTH, look.PAGE_HEIGHT),
        leftMargin=look.MARGIN,
        rightMargin=look.MARGIN,
        topMargin=look.TOP,
        bottomMargin=look.BOTTOM,
    )
    height = look.PAGE_HEIGHT - look.TOP - look.BOTTOM
    frame = Frame(look.MARGIN, look.BOTTOM, look.WIDTH, height, 0, 0, 0, 0)
    template = PageTemplate("record", [frame], onPage=lambda page, _: _footer(page, pen, record))
    document.addPageTemplates(template)
    document.build(story, canvasmaker=canvas)
    return written.getvalue()


PAGE = Words("第 {page} 页，共", "Page {page} of")


def _footer(canvas: Any, pen: Pen, record: dict[str, Any]) -> None:
    """Number, company and page at the foot of every page."""
    right = look.PAGE_WIDTH - look.MARGIN
    page = PAGE.with_facts(page=canvas.getPageNumber()).to(pen.language)
    place = right - width_of(page, FOOTER_SIZE) - 24
    with canvas.decoration("Pagination"):
        canvas.setStrokeColor(look.HAIRLINE)
        canvas.setLineWidth(0.5)
        canvas.line(look.MARGIN, 36, right, 36)
        canvas.setFillColor(look.MUTED)
        text = f"{record.get('number') or ''}　{pen.plain_words(record.get('company'))}"
        shortened = fitting(text, FOOTER_SIZE, place - look.MARGIN - 20)
        write(canvas, (look.MARGIN, 25), shortened, FOOTER_SIZE, pen.missing)
        write(canvas, (place, 25), page, FOOTER_SIZE, pen.missing)
        canvas.saveState()
        canvas.translate(right - 22, 25)
        canvas.doForm("PageCount")
        canvas.restoreState()


def _write_page_count(canvas: TaggedCanvas, pen: Pen) -> None:
    """How many pages there are, known only now, in the place that every footer keeps for it."""
    pages = canvas.getPageNumber() - 1
    canvas.beginForm("PageCount", 0, -3, 30, 10)
    canvas.setFillColor(look.MUTED)
    write(canvas, (0, 0), f"{pages} 页" if pen.language != "en" else str(pages), FOOTER_SIZE, pen.missing)
    canvas.endForm()
