"""The machine-readable mark of a picture that a model had a part in: IPTC's digital source type, as an XMP packet.

https://iptc.org/std/photometadata/specification/IPTC-PhotoMetadata
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from html import escape, unescape
from typing import Final

from workers.imaging.headers.header import Header
from workers.imaging.xmp import packet_of

STUDIO: Final = "NamO Studio"
_CODES: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"


class DigitalSourceType(StrEnum):
    """Where a picture's pixels are from."""

    TRAINED = f"{_CODES}trainedAlgorithmicMedia"
    COMPOSITE = f"{_CODES}compositeWithTrainedAlgorithmicMedia"


# All of IPTC's codes by which a model had a part in it.
BY_MODELS: Final = frozenset(
    {
        *DigitalSourceType,
        *(f"{_CODES}{code}" for code in ("algorithmicMedia", "compositeSynthetic", "algorithmicallyEnhanced")),
    }
)
_PACKET: Final = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="" {attributes}/></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
)


@dataclass(frozen=True)
class Mark:
    """What a mark says: how the picture came to be, of which system's making, and when (ISO 8601)."""

    source: str
    system: str | None = None
    made_at: str | None = None

    @property
    def attributes(self) -> str:
        """How it came to be, as attributes of an XMP description, with their namespace."""
        said = {
            "xmlns:Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
            "Iptc4xmpExt:DigitalSourceType": self.source,
            "Iptc4xmpExt:AISystemUsed": self.system,
        }
        return _attributes(said)

    @property
    def packet(self) -> bytes:
        """The mark as a whole XMP packet, with who made it and when."""
        said = {
            "xmlns:xmp": "http://ns.adobe.com/xap/1.0/",
            "xmp:CreatorTool": f"{STUDIO}, {self.system}" if self.system else STUDIO,
            "xmp:CreateDate": self.made_at,
        }
        return _PACKET.format(attributes=f"{self.attributes} {_attributes(said)}").encode()


def _attributes(said: Mapping[str, str | None]) -> str:
    return " ".join(f'{name}="{escape(value)}"' for name, value in said.items() if value)


def mark_in(content: bytes, header: Header) -> Mark | None:
    """Return the mark that a file has."""
    packet = packet_of(content, header)
    return read_mark(packet) if packet else None


def read_mark(packet: bytes) -> Mark | None:
    """Return the mark of an XMP packet; None where it does not say that a model had a part in the picture.

    A packet is anybody's: it is searched, not parsed, so that no entity of it is ever expanded.
    """
    text = packet.decode(errors="replace")
    source = _said(text, "DigitalSourceType")
    if source is None or source not in BY_MODELS:
        return None
    return Mark(source, _said(text, "AISystemUsed") or _said(text, "CreatorTool"), _said(text, "CreateDate"))


def _said(text: str, name: str) -> str | None:
    """Return a property's value, be it an attribute, an element's text or a resource that an element names.

    All that is repeated has a bound: a packet may be made to be searched for ever.
    """
    attribute, element = r"\s{0,9}=\s{0,9}[\"']([^\"'<]{0,400})[\"']", r">([^<]{0,400})<"
    resource = rf"\s[^<>]{{0,400}}?rdf:resource{attribute}"
    found = re.search(rf"\b[\w.-]{{1,40}}:{name}(?:{attribute}|{element}|{resource})", text)
    return unescape(next(filter(None, found.groups()), "")).strip() or None if found else None
