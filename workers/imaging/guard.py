"""Opening a picture that somebody sent: looked at whole before anything is decoded, then decoded whole.

The structure gives the size, whether the file is all there and what opening it costs, so that a bomb or a truncated
file is refused for the price of reading it. What only decoding shows is found then, and comes as the same error.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PIL import Image

from workers.imaging import colour, pixels
from workers.imaging.flaw import Flaw, UnfitError, judging
from workers.imaging.headers import jpeg, others, png, webp
from workers.imaging.headers.header import MAX_PIXELS, Header

MAX_BYTES: Final = 20_000_000  # of what people send
MAX_STORED_BYTES: Final = 200_000_000  # of what a model sends in 4K, and of what is stored without loss
_UNKNOWN: Final = "The file is not a PNG, JPEG or WebP picture."

Image.MAX_IMAGE_PIXELS = (
    MAX_PIXELS  # we check first; should we ever miss one, Pillow warns above it, refuses above twice
)


@dataclass(frozen=True)
class Candidate:
    """A file whose structure is sound; its pixels have not been seen."""

    header: Header
    content: bytes

    @property
    def size(self) -> tuple[int, int]:
        """Return width and height in pixels, as a person sees the picture."""
        return self.header.size


def look(content: bytes, max_bytes: int = MAX_BYTES) -> Candidate:
    """Judge a file without decoding it: by its bytes, whatever it was sent as.

    Raises
    ------
    UnfitError
        It is no PNG, JPEG or WebP picture, not all there, or would cost too much to open.
    """
    if not content:
        raise UnfitError(Flaw.EMPTY, "The file is empty.")
    if len(content) > max_bytes:
        raise UnfitError(Flaw.TOO_MANY_BYTES, f"The file has more than {max_bytes // 1_000_000} MB.")
    with judging():
        header = _reader(content)(content)
    return Candidate(header, content)


def decode(candidate: Candidate, least: tuple[int, int] | None = None) -> Image.Image:
    """Decode a picture to its last byte, in L, LA, RGB, RGBA or CMYK; neither turned nor brought to sRGB.

    An alpha that hides nothing is dropped.

    Parameters
    ----------
    least
        Width and height, as a person sees them, that suffice: a JPEG or WebP may come smaller, but not below.

    Raises
    ------
    UnfitError
        The pixels are damaged or not all there.
    """
    header = candidate.header
    with judging():
        image = pixels.read(header, candidate.content, header.turned(least) if least else None)
        return colour.without_idle_alpha(image)


def _reader(content: bytes) -> Callable[[bytes], Header]:
    if content.startswith(jpeg.SIGNATURE):
        return jpeg.read
    if content.startswith(png.SIGNATURE):
        return png.read
    if webp.is_webp(content):
        return webp.read
    raise _not_a_picture(others.name(content))


def _not_a_picture(name: str | None) -> UnfitError:
    if name:
        return UnfitError(Flaw.OTHER_TYPE, f"The file is {name}; save or export it as a JPEG or PNG.")
    return UnfitError(Flaw.NOT_A_PICTURE, _UNKNOWN)
