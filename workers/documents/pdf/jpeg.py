"""Which JPEG files a PDF can hold as they are, and what it has to say of them."""

from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import ImageCms

from workers.imaging.headers.jpeg import JpegHeader

_BITS: Final = 8
_ADOBE: Final = b"\xff\xee"
_APP0: Final = b"\xff\xe0"
_TABLES: Final = frozenset({0xC4, 0xC8, 0xCC})
_GREY, _COLOUR, _INKS = 1, 3, 4
# By how many components: what a profile of theirs calls its colours.
_SPACES: Final = {_GREY: b"GRAY", _COLOUR: b"RGB ", _INKS: b"CMYK"}


@dataclass(frozen=True)
class Embedded:
    """What a PDF says of a JPEG.

    Parameters
    ----------
    profile
        Of its colours, or empty: grey, or sRGB.
    inverted
        Its inks are stored as what is missing of them, as Adobe's programs do.
    """

    components: int
    profile: bytes
    inverted: bool


def embedded(content: bytes, header: JpegHeader) -> Embedded | None:
    """Describe a JPEG that a PDF's readers show as browsers do; None if it has to be decoded for that.

    These are not shown so: inks without a profile, RGB that only the components' names tell, and what is cut off.
    """
    if not header.ended:
        return None
    segments = [content[start:end] for start, end in header.needed]
    frame = next(each for each in segments if 0xC0 <= each[1] <= 0xCF and each[1] not in _TABLES)  # noqa: PLR2004
    components, names = frame[9], frame[10::3]
    if frame[4] != _BITS or components not in _SPACES:
        return None
    marked = any(each.startswith((_ADOBE, _APP0)) for each in segments)
    profile = _usable(header.profile, _SPACES[components])
    if (components == _INKS and not profile) or (not marked and names == b"RGB"):
        return None
    return Embedded(components, profile, components == _INKS and any(each.startswith(_ADOBE) for each in segments))


def _usable(profile: bytes, space: bytes) -> bytes:
    """Return a profile if it is one, and of such colours."""
    if profile[16:20] != space:
        return b""
    try:
        ImageCms.ImageCmsProfile(BytesIO(profile))
    except (ImageCms.PyCMSError, OSError, ValueError):
        return b""
    return profile
