"""Photos of the visit, each with what it shows, when it was taken, and the beginning of its hash."""

import io
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageOps
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable

from checklists.words import Words
from dispatch.records.drawing import look
from dispatch.records.drawing.pen import LONGEST_IN_A_NARROW_CELL, Pen
from dispatch.records.drawing.structure import Element, TaggedCanvas
from dispatch.records.drawing.tagged import TaggedParagraph, figure_element

FORMATS = ("JPEG", "PNG", "WEBP")
# By columns: enough for 300 dots an inch at the size that is printed; the original stays in the object store.
LONGEST_EDGE = {3: 720, 4: 540}
GAP = 10.0
HASH_SHOWN = 12


def printable(data: bytes, columns: int = 3) -> bytes:
    """The photo upright, in sRGB, at the size of so many columns, as JPEG. Raises OSError for what is no picture."""
    edge = LONGEST_EDGE[columns]
    with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        opened.draft(
            "RGB", (edge * 3 // 2, edge * 3 // 2)
        )  # a JPEG is decoded at a fraction of its size where that is enough
        upright = ImageOps.exif_transpose(opened).convert("RGB")
    upright.thumbnail((edge, edge))
    written = io.BytesIO()
    upright.save(written, "JPEG", quality=82)
    return written.getvalue()


class PhotoRow(Flowable):
    """A row of photos with their captions below; it stays on one page."""

    canv: Any  # a TaggedCanvas

    def __init__(self, photos: list[tuple[bytes, str, TaggedParagraph]], columns: int) -> None:
        super().__init__()
        self.photos, self.columns = photos, columns

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Pictures in 4:3 boxes, captions as high as the highest."""
        self.width = width
        self.cell = (width - GAP * (self.columns - 1)) / self.columns
        self.caption_heights = [caption.wrap(self.cell, height)[1] for _, _, caption in self.photos]
        self.height = self.cell * 0.75 + max(self.caption_heights) + 12
        return self.width, self.height

    def draw(self) -> None:
        """Each picture as large as its box allows, and its caption."""
        canvas: TaggedCanvas = self.canv
        box_height = self.cell * 0.75
        bottom = self.height - box_height
        for column, (data, alt, caption) in enumerate(self.photos):
            left = column * (self.cell + GAP)
            image = ImageReader(io.BytesIO(data))
            width, height = image.getSize()
            scale = min(self.cell / width, box_height / height)
            box = (
                left + (self.cell - width * scale) / 2,
                bottom + (box_height - height * scale) / 2,
                width * scale,
                height * scale,
            )
            with canvas.decoration():
                canvas.setFillColor(look.PANEL)
                canvas.rect(left, bottom, self.cell, box_height, stroke=0, fill=1)
            element = figure_element(canvas, box, alt)
            with canvas.element(element):
                canvas.drawImage(image, *box)
            caption.shared.element = Element("Caption", canvas.root)
            caption.drawOn(canvas, left, bottom - self.caption_heights[column] - 3)


def photos(pen: Pen, record: dict[str, Any], photo: Callable[[str], bytes]) -> list[Flowable]:
    """All photos, three in a row, or four when they fill the rows better."""
    listed = record.get("photos") or []
    if not listed:
        return []
    columns = 3 if len(listed) in (1, 2, 3, 5, 6) else 4
    placed = []
    for item in listed:
        caption = pen.words(item.get("caption"), LONGEST_IN_A_NARROW_CELL)
        facts = f"{pen.at(item.get('at'), '%m-%d %H:%M')} #{pen.text(str(item.get('sha256'))[:HASH_SHOWN])}"
        text = f"{caption}<br/>{look.BESIDE.format(size=6.6, text=facts)}"
        alt = pen.plain_words(item.get("caption")) or str(item.get("sha256"))[:HASH_SHOWN]
        placed.append((printable(photo(item["sha256"]), columns), alt, pen.paragraph(text, look.SMALL, "Caption")))
    rows = [PhotoRow(placed[start : start + columns], columns) for start in range(0, len(placed), columns)]
    return [*pen.heading(Words("现场照片", "Photos"), 170), *rows]
