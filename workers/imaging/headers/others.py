"""Kinds of files that people take for pictures we open, by how they begin."""

from collections.abc import Mapping, Sequence
from typing import Final

# By the brands of a file of boxes, the closer ones first: AVIF says that it is of HEIC's family as well.
_BRANDS: Final[Mapping[bytes, str]] = {
    b"crx ": "a raw camera file",
    **dict.fromkeys((b"avif", b"avis"), "an AVIF picture"),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"), "a HEIC picture"),
    **dict.fromkeys((b"mif1", b"msf1"), "a HEIC picture"),
}
_FIRST: Final[Sequence[tuple[bytes, str]]] = (
    (b"GIF8", "a GIF picture"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\0\0\0\x0cJXL \r\n", "a JPEG XL picture"),
    (b"\0\0\0\x0cjP  \r\n", "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (b"FUJIFILMCCD-RAW", "a raw camera file"),
    (b"IIRO", "a raw camera file"),
    (b"IIRS", "a raw camera file"),
    (b"IIU\0", "a raw camera file"),
    (b"FOVb", "a raw camera file"),
    (b"\0MRM", "a raw camera file"),
    # Most cameras' raw files are TIFF too.
    (b"II*\0", "a TIFF picture or a raw camera file"),
    (b"MM\0*", "a TIFF picture or a raw camera file"),
    (b"II+\0", "a TIFF picture"),
    (b"MM\0+", "a TIFF picture"),
    (b"BM", "a BMP picture"),
    (b"8BPS", "a Photoshop file"),
    (b"\0\0\1\0", "an icon"),
    (b"%PDF", "a PDF document"),
    (b"%!PS", "a PostScript document"),
)
_MARKUP_BYTES: Final = 1_024  # within which a drawing says that it is one


def name(content: bytes) -> str | None:
    """Return what a file is, as a sentence goes on; None for what is no picture of any kind that we know."""
    if content[4:8] == b"ftyp":
        brands = {content[at : at + 4] for at in (8, *range(16, min(64, int.from_bytes(content[:4])), 4))}
        return next((_BRANDS[each] for each in _BRANDS if each in brands), "a film")
    known = next((named for start, named in _FIRST if content.startswith(start)), None)
    return known or ("an SVG drawing" if b"<svg" in content[:_MARKUP_BYTES].lower() else None)
