"""What a record costs: CPU to draw and to sign it, memory over many, bytes with four photos; beside two peers.

python -m benchmarks.record_pdf [documents]      (peers: pip install --group bench)

The peers draw the same content (every section, table and photo, with the same typeface) as a plain PDF: no structure
for screen readers, no archive's declarations, no attached data, no signatures.
"""

import base64
import hashlib
import io
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from html import escape
from itertools import count
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFilter

from dispatch.records.drawing import draw_record
from dispatch.records.drawing.typefaces import FONTS
from dispatch.records.provenance import remark_on
from dispatch.records.signing.keyring import Keyring
from dispatch.records.signing.sign import sign_record
from dispatch.records.signing.verify import verify_file
from tests.rules.records.made_records import ADDRESS_TO_VERIFY, Photos, completed_record, pen_strokes

STROKES = {"customer": pen_strokes(3), "technician": pen_strokes(11, 3)}
ROUNDS = 30
WHO = ("customer", "site", "line", "work_order", "technician")


class RealPhotos(Photos):
    """Photos with the grain and the edges of a phone's camera, kept as the intake keeps them (2,000 pixels)."""

    def __init__(self, count: int) -> None:
        self.kept = {}
        for number in range(count):
            chance = random.Random(number)
            image = Image.effect_noise((2000, 1500), 38).convert("RGB").filter(ImageFilter.GaussianBlur(1.2))
            draw = ImageDraw.Draw(image)
            for _ in range(120):
                x, y = chance.randrange(2000), chance.randrange(1500)
                colour = tuple(chance.randrange(256) for _ in range(3))
                draw.rectangle([x, y, x + chance.randrange(400), y + chance.randrange(300)], fill=colour)
            for _ in range(60):
                line = [chance.randrange(2000) for _ in range(4)]
                draw.line(line, fill=(20, 20, 20), width=chance.randrange(2, 14))
            grain = Image.effect_noise((2000, 1500), 22).convert("RGB")
            image = Image.blend(image, grain, 0.18)
            written = io.BytesIO()
            image.save(written, "JPEG", quality=85)
            self.kept[hashlib.sha256(written.getvalue()).hexdigest()] = written.getvalue()


def cpu(do: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Median CPU time of one call in milliseconds, after one that warms up."""
    do()
    spent = []
    for _ in range(rounds):
        start = time.process_time()
        do()
        spent.append((time.process_time() - start) * 1000)
    return sorted(spent)[len(spent) // 2]


def resident() -> float:
    """The most memory that this process ever held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def sections(record: dict[str, Any]) -> list[tuple[str, list[list[str]]]]:
    """The record as headings with rows of cells: what the peers draw."""
    told = record["times"]
    made = [
        ("谁、何处、何事", [[key, str(record[key])] for key in WHO]),
        ("时间", [list(told), [str(value) for value in told.values()]]),
    ]
    for step in record["steps"]:
        rows = [[entry["label"]["zh"], entry["text"]["zh"], entry["at"]] for entry in step["entries"]]
        made.append((step["title"]["zh"], rows))
    made.append(("随身物品", [[one["name"]["zh"], str(one["carried"]), str(one["used"])] for one in record["kit"]]))
    keys = ("value", "unit", "baseline", "verdict", "instrument")
    measured = record["measurements"]
    rows = [[one["label"]["zh"], one["limit"]["zh"], *(str(one[key]) for key in keys)] for one in measured]
    made.append(("测量", rows))
    made.append(("待答复", [[one["text"], one["answer_by"]] for one in record["open_questions"]]))
    made.append(("签名", [[one["who"], one["name"], one["at"]] for one in record["signatures"]]))
    return made


def with_weasyprint(record: dict[str, Any], photos: Photos) -> Callable[[], bytes] | None:
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
    except ImportError:
        return None
    fonts = FontConfiguration()
    style = CSS(
        string=f"@font-face {{ font-family: SC; src: url(file://{FONTS / 'NotoSansSC-Regular.ttf'}) }}"
        "@page { size: A4; margin: 16mm } body { font: 9pt SC } td { border-bottom: .4pt solid #ccc } "
        "img { width: 40mm }",
        font_config=fonts,
    )
    pictures = "".join(
        f'<img src="data:image/jpeg;base64,{base64.b64encode(photos(one["sha256"])).decode()}">'
        for one in record["photos"]
    )
    tables = "".join(
        f"<h2>{escape(title)}</h2><table>"
        + "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        + "</table>"
        for title, rows in sections(record)
    )
    page = f"<html lang=zh><body><h1>宽带上门服务记录 {record['number']}</h1>{tables}{pictures}</body></html>"

    def draw() -> bytes:
        pdf: bytes = HTML(string=page).write_pdf(stylesheets=[style], font_config=fonts, dpi=300, jpeg_quality=82)
        return pdf

    return draw


def with_typst(record: dict[str, Any], photos: Photos, folder: Path) -> Callable[[], bytes] | None:
    try:
        import typst
    except ImportError:
        return None

    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    lines = ['#set text(font: "Noto Sans SC", size: 9pt, lang: "zh")', "#set page(margin: 16mm)"]
    lines.append(f"= #text({quoted('宽带上门服务记录 ' + record['number'])})")
    for title, rows in sections(record):
        lines.append(f"== #text({quoted(title)})")
        if rows:
            cells = ", ".join(f"[#text({quoted(cell)})]" for row in rows for cell in row)
            lines.append(f"#table(columns: {len(rows[0])}, stroke: (bottom: 0.4pt), {cells})")
    for number, one in enumerate(record["photos"]):
        (folder / f"{number}.jpg").write_bytes(photos(one["sha256"]))
        lines.append(f'#image("{number}.jpg", width: 40mm)')
    source = folder / "record.typ"
    drawn = count()

    def draw() -> bytes:
        # Another text each time: an unchanged one would come from the compiler's cache.
        source.write_text("\n".join([*lines, f"#text({quoted(str(next(drawn)))})"]), encoding="utf-8")
        pdf: bytes = typst.compile(str(source), font_paths=[str(FONTS)], root=str(folder), ignore_system_fonts=True)
        return pdf

    return draw


def main(documents: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        keyring, photos, none = Keyring.open(Path(folder) / "keys"), RealPhotos(4), Photos(0)
        remark = remark_on(keyring)

        def drawn(record: dict[str, Any], pictures: Photos) -> bytes:
            return draw_record(record, strokes=STROKES, photo=pictures, verify_url=ADDRESS_TO_VERIFY, remark=remark).pdf

        plain, pictured = completed_record("zh"), completed_record("zh", photos)
        keyring.technician("T-30417")
        rows = [
            ("drawn", cpu(lambda: drawn(plain, none)), 150),
            ("drawn, four photos", cpu(lambda: drawn(pictured, photos)), None),
            ("drawn and signed three times", cpu(lambda: sign_record(drawn(plain, none), keyring, record=plain)), 350),
        ]
        signed = sign_record(drawn(pictured, photos), keyring, record=pictured)
        rows.append(("verified", cpu(lambda: verify_file(signed, keyring)), None))
        for name, spent, most in rows:
            print(f"{name:34} {spent:7.0f} ms CPU" + (f"   wanted: at most {most}" if most else ""))
        print(f"{'with four photos and signatures':34} {len(signed) / 1e6:7.2f} MB       wanted: at most 1.2")
        for number in range(documents):
            record = completed_record("zh", number=f"SR-20261121-{number:06d}")
            sign_record(drawn(record, none), keyring, record=record)
        print(f"{f'after {documents} documents':34} {resident():7.0f} MB held   wanted: at most 250")
        for name, peer in (
            ("WeasyPrint", with_weasyprint(pictured, photos)),
            ("typst", with_typst(pictured, photos, Path(folder))),
        ):
            if peer is None:
                print(f"{name}: not installed (pip install --group bench), so no ratio")
                continue
            spent, own = cpu(peer, 8), rows[1][1]
            print(f"{name:34} {spent:7.0f} ms CPU   {spent / own:.2f} times ours; {len(peer()) / 1e6:.2f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
