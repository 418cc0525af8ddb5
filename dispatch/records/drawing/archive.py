"""What makes the PDF fit to be kept for decades: PDF/A-3a and PDF/UA-1 declarations, colours, the record inside.

PDF/A-3 (ISO 19005-3) allows any attached file; `record.json` is attached as the data that the pages show.
"""

import calendar
import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

from PIL import ImageCms
from reportlab.lib.utils import TimeStamp
from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFStream, PDFString

from dispatch.records.drawing.structure import TaggedCanvas

PRODUCER = "Doorstep"


@dataclass(frozen=True)
class About:
    """What the document says about itself, and the data that travels inside it."""

    title: str
    author: str
    subject: str
    language: str
    record_json: bytes
    sealed_at: datetime
    attached_as: str = "record.json"
    attached: str = "机器可读的服务记录 The service record as data"


@lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """The ICC profile of sRGB with its date set to zero, so that the same record always gives the same bytes."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes(12)
    return bytes(profile)


def stamp_of(instant: datetime) -> TimeStamp:
    """`instant` (aware, UTC) as the time that ReportLab writes everywhere in the document."""
    stamp: Any = TimeStamp(invariant=1)
    parts = instant.utctimetuple()
    stamp.t = float(calendar.timegm(parts))
    stamp.lt = tuple(parts)
    stamp.YMDhms = tuple(parts)[:6]
    made: TimeStamp = stamp
    return made


def prepare(canvas: TaggedCanvas, about: About) -> None:
    """Set the date of the document before anything is drawn."""
    document: Any = canvas._doc
    document._timeStamp = stamp_of(about.sealed_at)


def write_archive_parts(canvas: TaggedCanvas, about: About) -> None:
    """Add colours, attachment, information and metadata to the catalogue; call once, after the last page."""
    document: Any = canvas._doc
    catalogue = document.Catalog
    profile = PDFStream(PDFDictionary({"N": 3}), srgb_profile(), filters=[pdfdoc.PDFZCompress])
    catalogue.OutputIntents = PDFArray(
        [
            PDFDictionary(
                {
                    "Type": PDFName("OutputIntent"),
                    "S": PDFName("GTS_PDFA1"),
                    "OutputConditionIdentifier": PDFString("sRGB IEC61966-2.1"),
                    "Info": PDFString("sRGB IEC61966-2.1"),
                    "DestOutputProfile": document.Reference(profile, "ColourProfile"),
                }
            )
        ]
    )
    attached = _attachment(document, about)
    catalogue.AF = PDFArray([attached])
    names = PDFDictionary({"Names": PDFArray([PDFString(about.attached_as), attached])})
    catalogue.Names = PDFDictionary({"EmbeddedFiles": names})
    info = document.info
    info.title, info.author, info.subject = about.title, about.author, about.subject
    info.creator = info.producer = PRODUCER
    info.keywords = ""
    catalogue.Metadata = pdfdoc.XMP(creator=lambda _: metadata(about))
    catalogue.Metadata.filters = []


def _attachment(document: Any, about: About) -> Any:
    data = about.record_json
    parameters = PDFDictionary(
        {
            "Size": len(data),
            "ModDate": pdfdoc.PDFDate(ts=document._timeStamp),
            "CheckSum": f"<{hashlib.md5(data, usedforsecurity=False).hexdigest()}>",
        }
    )
    about_file = {"Type": PDFName("EmbeddedFile"), "Subtype": "/application#2Fjson", "Params": parameters}
    stream = PDFStream(PDFDictionary(about_file), data, filters=[pdfdoc.PDFZCompress])
    reference = document.Reference(stream, "RecordData")
    specification = PDFDictionary(
        {
            "Type": PDFName("Filespec"),
            "F": PDFString(about.attached_as),
            "UF": PDFString(about.attached_as),
            "Desc": PDFString(about.attached),
            "AFRelationship": PDFName("Data"),
            "EF": PDFDictionary({"F": reference, "UF": reference}),
        }
    )
    return document.Reference(specification, "RecordDataFile")


NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
        "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "xmp": "http://ns.adobe.com/xap/1.0/",
        "pdf": "http://ns.adobe.com/pdf/1.3/",
        "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
        "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
        "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
    }.items()
)
# PDF/A knows nothing of PDF/UA: the one property that we use of it has to be described.
UA_SCHEMA = (
    '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    "<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>"
    "<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    '<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">'
    "<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    "<pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>PDF/UA part</pdfaProperty:description>"
    "</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>"
)


def metadata(about: About) -> bytes:
    """The XMP packet; it must say the same as the document information."""
    when = about.sealed_at.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    text = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" {NAMESPACES}>'
        "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>"
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(about.title)}</rdf:li></rdf:Alt></dc:title>'
        f"<dc:creator><rdf:Seq><rdf:li>{escape(about.author)}</rdf:li></rdf:Seq></dc:creator>"
        f'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{escape(about.subject)}</rdf:li></rdf:Alt>'
        f"</dc:description><dc:language><rdf:Bag><rdf:li>{about.language}</rdf:li></rdf:Bag></dc:language>"
        f"<xmp:CreateDate>{when}</xmp:CreateDate><xmp:ModifyDate>{when}</xmp:ModifyDate>"
        f"<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool><pdf:Producer>{PRODUCER}</pdf:Producer>"
        f'{UA_SCHEMA}</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end="w"?>'
    )
    return text.encode("utf-8")
