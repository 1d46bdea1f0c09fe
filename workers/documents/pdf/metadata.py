"""What a PDF says of itself: title, dates, producer, colours, bookmarks and the numbers of its pages. No more."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from xml.sax.saxutils import escape

from studio.text import flaw
from workers.documents.pdf.file import PdfFile
from workers.documents.pdf.values import Value, date, reference, text
from workers.imaging.mark import STUDIO, Mark

PRODUCER: Final = STUDIO
_XMP: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"{mark}>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<xmp:CreateDate>{made}</xmp:CreateDate>
<xmp:ModifyDate>{made}</xmp:ModifyDate>
<xmp:CreatorTool>{producer}</xmp:CreatorTool>
<pdf:Producer>{producer}</pdf:Producer>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def add_information(pdf: PdfFile, title: str, made: datetime) -> int:
    return pdf.add(
        {
            "Title": text(title),
            "Creator": text(PRODUCER),
            "Producer": text(PRODUCER),
            "CreationDate": date(made),
            "ModDate": date(made),
            "Trapped": "/False",
        }
    )


def add_xmp(pdf: PdfFile, title: str, made: datetime, mark: Mark | None) -> int:
    """Say the same in XML, and what models had a part in; it is not deflated, so that all programs find it."""
    moment = made.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    said = f" {mark.attributes}" if mark else ""
    packet = _XMP.format(title=escape(_in_xml(title)), made=moment, producer=PRODUCER, mark=said)
    return pdf.add_stream({"Type": "/Metadata", "Subtype": "/XML"}, packet.encode())


def _in_xml(title: str) -> str:
    """Leave out what XML cannot hold."""
    return "".join(each for each in title if not flaw(each))


def add_outline(pdf: PdfFile, entries: Sequence[tuple[str, int]]) -> int:
    """Add a bookmark for each title and page."""
    root = pdf.reserve()
    numbers = [pdf.reserve() for _ in entries]
    for i, (title, page) in enumerate(entries):
        item: dict[str, Value] = {"Title": text(title), "Parent": reference(root), "Dest": [reference(page), "/Fit"]}
        if i:
            item["Prev"] = reference(numbers[i - 1])
        if i + 1 < len(entries):
            item["Next"] = reference(numbers[i + 1])
        pdf.add(item, numbers[i])
    ends = {"First": reference(numbers[0]), "Last": reference(numbers[-1])}
    return pdf.add({"Type": "/Outlines", **ends, "Count": len(entries)}, root)


def output_intent(profile: int) -> Mapping[str, Value]:
    """Say that all colours are meant as sRGB's."""
    return {
        "Type": "/OutputIntent",
        "S": "/GTS_PDFA1",
        "OutputConditionIdentifier": "(sRGB IEC61966-2.1)",
        "Info": "(sRGB IEC61966-2.1)",
        "DestOutputProfile": reference(profile),
    }
