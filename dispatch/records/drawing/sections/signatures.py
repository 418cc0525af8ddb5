"""Who signed what: the consent, the customer's and the technician's hand, the company's seal; or why not."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFObjectReference
from reportlab.platypus import CondPageBreak, Flowable

from checklists.words import Words
from dispatch.records.drawing import look
from dispatch.records.drawing.pen import LONGEST_IN_A_NARROW_CELL, Pen
from dispatch.records.drawing.structure import Element, TaggedCanvas
from dispatch.records.drawing.tagged import TaggedParagraph
from dispatch.records.drawing.typefaces import BOLD, REGULAR, plain, width_of
from dispatch.records.fields import COMPANY_FIELD, CUSTOMER_FIELD, TECHNICIAN_FIELD
from dispatch.records.strokes import StrokesValue, stroke_operators

BOX_HEIGHT = 80.0
GAP = 12.0
SIGNERS = {
    "customer": (CUSTOMER_FIELD, Words("客户签名", "Customer's signature")),
    "technician": (TECHNICIAN_FIELD, Words("装维人员签名", "Technician's signature")),
}
SEAL = Words("企业电子签章", "Company seal")


@dataclass
class Box:
    """One of the three boxes: its field (None where nobody signs), what it shows, the texts around it."""

    field: str | None
    tooltip: str
    strokes: StrokesValue | None
    seal_of: str | None
    label: TaggedParagraph
    below: TaggedParagraph
    inside: TaggedParagraph | None = None


class SignatureBoxes(Flowable):
    """Three boxes side by side; a field's appearance is drawn once and belongs to the signature."""

    canv: Any  # a TaggedCanvas

    def __init__(self, boxes: list[Box], pen: Pen) -> None:
        super().__init__()
        self.boxes, self.pen = boxes, pen

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Label, box, and the highest text below."""
        self.width = width
        places = max(3, len(self.boxes))
        self.cell = (width - GAP * (places - 1)) / places
        self.labels = [box.label.wrap(self.cell, height)[1] for box in self.boxes]
        self.belows = [box.below.wrap(self.cell, height)[1] for box in self.boxes]
        self.height = max(self.labels) + BOX_HEIGHT + max(self.belows) + 8
        return self.width, self.height

    def draw(self) -> None:
        """Frames are decoration; label, field and text follow each other in the structure."""
        canvas: TaggedCanvas = self.canv
        bottom = self.height - max(self.labels) - BOX_HEIGHT - 3
        for number, box in enumerate(self.boxes):
            left = number * (self.cell + GAP)
            box.label.drawOn(canvas, left, self.height - self.labels[number])
            with canvas.decoration():
                canvas.setStrokeColor(look.HAIRLINE)
                canvas.setFillColor(look.PANEL)
                canvas.setLineWidth(0.6)
                canvas.roundRect(left, bottom, self.cell, BOX_HEIGHT, 4, stroke=1, fill=0 if box.field else 1)
            if box.inside:
                _, height = box.inside.wrap(self.cell - 20, BOX_HEIGHT)
                box.inside.drawOn(canvas, left + 10, bottom + BOX_HEIGHT - height - 8)
            if box.field:
                self._draw_field(canvas, box, left, bottom)
            box.below.drawOn(canvas, left, bottom - self.belows[number] - 3)

    def _draw_field(self, canvas: TaggedCanvas, box: Box, left: float, bottom: float) -> None:
        assert box.field is not None
        form = f"Appearance{box.field}"
        width, height = self.cell - 4, BOX_HEIGHT - 4
        canvas.beginForm(form, 0, 0, width, height)
        if box.seal_of is not None:
            draw_seal(canvas, box.seal_of, width / 2, height / 2, height / 2 - 2)
        else:
            canvas.setFillColor(look.INK)
            if box.strokes:
                canvas._code.append(stroke_operators(box.strokes, (8, 7, width - 16, height - 14)))
        canvas.endForm()
        x, y = canvas.absolutePosition(left + 2, bottom + 2)
        appearance = PDFObjectReference(canvas._doc.getXObjectName(form))
        parent = Element("Div", canvas.root)
        canvas.add_signature_field(box.field, box.tooltip, (x, y, width, height), appearance, parent)


def draw_seal(canvas: TaggedCanvas, company: str, x: float, y: float, radius: float) -> None:
    """A round red seal: the company's name along the ring, a star, what it seals."""
    canvas.setStrokeColor(look.SEAL_RED)
    canvas.setFillColor(look.SEAL_RED)
    canvas.setLineWidth(1.6)
    canvas.circle(x, y, radius, stroke=1, fill=0)
    name = company[:28]
    size = min(9.0, radius * 4.1 / max(1, len(name)))
    total = width_of(name, size, BOLD) * 1.12
    ring = radius - size - 2.5
    angle = math.pi / 2 + min(total / ring, 4.6) / 2
    for own, part in plain(name, set()):
        for character in part:
            step = width_of(character, size, BOLD) * 1.12 / ring
            turned = angle - step / 2
            canvas.saveState()
            canvas.translate(x + ring * math.cos(turned), y + ring * math.sin(turned))
            canvas.rotate(math.degrees(turned) - 90)
            canvas.setFont(own or BOLD, size)
            canvas.drawCentredString(0, 0, character)
            canvas.restoreState()
            angle -= step
    star = canvas.beginPath()
    for corner in range(10):
        reach = radius * (0.3 if corner % 2 == 0 else 0.115)
        turned = math.pi / 2 + corner * math.pi / 5
        point = (x + reach * math.cos(turned), y + 1 + reach * math.sin(turned))
        (star.lineTo if corner else star.moveTo)(*point)
    star.close()
    canvas.drawPath(star, stroke=0, fill=1)
    canvas.setFont(REGULAR, 5.6)
    canvas.drawCentredString(x, y - radius * 0.62, "服务记录专用章")


def signatures(
    pen: Pen, record: dict[str, Any], strokes: Mapping[str, StrokesValue], remark: Words | None = None
) -> list[Flowable]:
    """The consent as it was shown, reservations, and the boxes. A refusal leaves no field to sign."""
    signed = {item.get("who"): item for item in record.get("signatures") or []}
    story: list[Flowable] = [*pen.heading(Words("确认与签名", "Confirmation and signatures"), 210)]
    consent = next((item["consent"] for item in signed.values() if item.get("consent")), None)
    if consent:
        version = look.BESIDE.format(
            size=7, text=pen.say("声明版本", "Text version") + " " + pen.brief(consent.get("version"))
        )
        story.append(pen.paragraph(f"{pen.words(consent.get('text'))}{look.APART}{version}", look.BODY))
    for item in signed.values():
        if item.get("reservation"):
            label = pen.sign("care", pen.say("保留意见", "With reservation"))
            story.append(pen.paragraph(f"{label}{look.APART}{pen.short(item['reservation'])}", look.PANEL_TEXT))
        if item.get("refused_reason"):
            label = pen.sign("care", pen.say("拒绝签名，原因", "Signing refused because"))
            story.append(pen.paragraph(f"{label}{look.APART}{pen.short(item['refused_reason'])}", look.PANEL_TEXT))
    story += earlier_signatures(pen, record)
    boxes = [signer_box(pen, who, signed[who], strokes) for who in SIGNERS if who in signed]
    boxes.append(seal_box(pen, record))
    story += [CondPageBreak(BOX_HEIGHT + 60), pen.gap(6), SignatureBoxes(boxes, pen)]
    if remark is not None:
        story.append(pen.paragraph(pen.sign("care", pen.words(remark)), look.SMALL))
    return story


def earlier_signatures(pen: Pen, record: dict[str, Any]) -> list[Flowable]:
    """Of a correction: who signed the record that it corrects. Nobody's signature is carried over to another text."""
    told = record.get("correction") or {}
    if not told:
        return []
    sentence = pen.say(
        f"本更正由企业签章。原记录 {told.get('corrects')} 由以下人员签署，其签名只及于原记录：",
        f"This correction is sealed by the company. The signatures below are on {told.get('corrects')} alone:",
    )
    lines = [sentence]
    for one in told.get("signed_earlier") or []:
        label = pen.words(SIGNERS[one["who"]][1]) if one.get("who") in SIGNERS else ""
        how = pen.say("未签名", "not signed") if one.get("refused_reason") else pen.at(one.get("at"))
        lines.append(f"{label}{look.APART}{pen.brief(one.get('name'))}{look.APART}{how}")
    return [pen.paragraph("<br/>".join(lines), look.SMALL)]


def signer_box(pen: Pen, who: str, item: dict[str, Any], strokes: Mapping[str, StrokesValue]) -> Box:
    """The box of the customer or the technician."""
    field, words = SIGNERS[who]
    refused = item.get("refused_reason")
    inside = None
    if refused:
        inside = pen.paragraph(pen.sign("care", pen.say("未签名，原因见上", "Not signed, see above")), look.SMALL)
    below = f'<font name="SCB">{pen.brief(item.get("name"))}</font><br/>{pen.at(item.get("at"))}'
    return Box(
        field=None if refused else field,
        tooltip=f"{words.zh} {words.en}: {item.get('name') or ''}",
        strokes=strokes.get(who),
        seal_of=None,
        label=pen.paragraph(pen.both(words, 6.6), look.LABEL),
        below=pen.paragraph(below, look.SMALL),
        inside=inside,
    )


def seal_box(pen: Pen, record: dict[str, Any]) -> Box:
    """The company's box."""
    company = record.get("company") or {}
    name = str(company.get("zh") or company.get("en") or "")
    return Box(
        field=COMPANY_FIELD,
        tooltip=f"{SEAL.zh} {SEAL.en}: {name}",
        strokes=None,
        seal_of=name,
        label=pen.paragraph(pen.both(SEAL, 6.6), look.LABEL),
        below=pen.paragraph(
            f"{pen.words(company, LONGEST_IN_A_NARROW_CELL)}<br/>{pen.at(record.get('sealed_at'))}", look.SMALL
        ),
    )
