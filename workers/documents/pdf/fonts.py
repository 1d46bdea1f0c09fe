"""The fonts of a PDF: of each weight the glyphs that were set, their widths, and what characters they stand for."""

import hashlib
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import uharfbuzz

from workers.documents.font import Weight, file, font
from workers.documents.pdf.file import PdfFile
from workers.documents.pdf.values import Value, reference, utf16
from workers.documents.text import Glyph

_EM: Final = 1000  # of PDF's widths
# What lays text out and what names glyphs; ours are laid out already, and named by number.
_NEEDLESS: Final = ("DSIG", "GDEF", "GPOS", "GSUB", "gasp", "name", "post")
_MOST_OF_A_KIND: Final = 100  # of a character map's section
_NONSYMBOLIC: Final = 32
_STEMS: Final[Mapping[Weight, int]] = {Weight.REGULAR: 80, Weight.SEMIBOLD: 130}


@dataclass
class PdfFont:
    """One weight, as the glyphs that were set of it."""

    weight: Weight
    number: int
    texts: dict[int, str] = field(default_factory=dict[int, str])

    @property
    def name(self) -> str:
        """What content calls it."""
        return self.weight.value

    def advance(self, glyph: int, size: float) -> float:
        return font(self.weight).get_glyph_h_advance(glyph) * size / font(self.weight).face.upem

    def use(self, glyphs: Sequence[Glyph]) -> str:
        """Note which glyphs are set, and return what text a reader will make of them."""
        for glyph in glyphs:
            self.texts.setdefault(glyph.id, glyph.text)
        return "".join(self.texts[glyph.id] for glyph in glyphs)


def add_font(pdf: PdfFile, used: PdfFont) -> None:
    """Embed the glyphs that were set, under the numbers they have in the whole font."""
    face = _subset(used)
    content = face.blob.data
    tag = "".join(chr(ord("A") + each % 26) for each in hashlib.sha256(content).digest()[:6])
    name = f"/{tag}+{file(used.weight).stem}"
    whole = {"Length1": len(content)}
    descriptor = pdf.add(_descriptor(used.weight, name, pdf.add_packed(whole, [content])))
    descendant = pdf.add(
        {
            "Type": "/Font",
            "Subtype": "/CIDFontType2",
            "BaseFont": name,
            "CIDSystemInfo": {"Registry": "(Adobe)", "Ordering": "(Identity)", "Supplement": 0},
            "FontDescriptor": reference(descriptor),
            "CIDToGIDMap": "/Identity",
            "W": [each for glyph in sorted(used.texts) for each in (glyph, [used.advance(glyph, _EM)])],
        }
    )
    pdf.add(
        {
            "Type": "/Font",
            "Subtype": "/Type0",
            "BaseFont": name,
            "Encoding": "/Identity-H",
            "DescendantFonts": [reference(descendant)],
            "ToUnicode": reference(pdf.add_packed({}, [_character_map(used.texts).encode("ascii")])),
        },
        used.number,
    )


def _subset(used: PdfFont) -> uharfbuzz.Face:
    wanted = uharfbuzz.SubsetInput()
    wanted.glyph_set.update(used.texts)
    wanted.drop_table_tag_set.update(int.from_bytes(tag.encode("ascii")) for tag in _NEEDLESS)
    wanted.flags = uharfbuzz.SubsetFlags.RETAIN_GIDS | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
    return uharfbuzz.subset(font(used.weight).face, wanted)


def _descriptor(weight: Weight, name: str, content: int) -> Mapping[str, Value]:
    face = font(weight).face
    scale = _EM / face.upem
    box = struct.unpack_from(">4h", face.reference_table("head").data, 36)
    ascent, descent = struct.unpack_from(">2h", face.reference_table("hhea").data, 4)
    (capitals,) = struct.unpack_from(">h", face.reference_table("OS/2").data, 88)
    return {
        "Type": "/FontDescriptor",
        "FontName": name,
        "Flags": _NONSYMBOLIC,
        "FontBBox": [round(scale * each) for each in box],
        "ItalicAngle": 0,
        "Ascent": round(scale * ascent),
        "Descent": round(scale * descent),
        "CapHeight": round(scale * capitals),
        "StemV": _STEMS[weight],
        "FontFile2": reference(content),
    }


def _character_map(texts: Mapping[int, str]) -> str:
    lines = [f"<{glyph:04X}> <{utf16(text)}>" for glyph, text in sorted(texts.items()) if text]
    return "\n".join([*_MAP_HEAD, *_sections(lines), *_MAP_FOOT])


def _sections(lines: Sequence[str]) -> Iterator[str]:
    for at in range(0, len(lines), _MOST_OF_A_KIND):
        part = lines[at : at + _MOST_OF_A_KIND]
        yield from [f"{len(part)} beginbfchar", *part, "endbfchar"]


_MAP_HEAD: Final = (
    "/CIDInit /ProcSet findresource begin",
    "12 dict begin",
    "begincmap",
    "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
    "/CMapName /Adobe-Identity-UCS def",
    "/CMapType 2 def",
    "1 begincodespacerange",
    "<0000> <FFFF>",
    "endcodespacerange",
)
_MAP_FOOT: Final = ("endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end")
