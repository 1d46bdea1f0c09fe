"""Photos in a PDF: as they are where the page can show what they hold, else brought down to what it can show."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from PIL import Image

from studio.documents.album import MM_AN_INCH, PdfProduct
from studio.documents.arrange import Frame
from studio.documents.geometry import Box
from workers.documents.pdf.file import PdfFile
from workers.documents.pdf.jpeg import Embedded, embedded
from workers.documents.pdf.values import Value, reference
from workers.imaging import guard
from workers.imaging.flaw import judging
from workers.imaging.headers.jpeg import JpegHeader
from workers.imaging.prepare import flat, to_jpeg
from workers.imaging.resize import scaled
from workers.imaging.upright import Part, finished, lying

# As the presets of Adobe's programs do: what has more than half again as much is brought down, the rest is left alone.
DPI: Final[Mapping[PdfProduct, int]] = {PdfProduct.SCREEN: 150, PdfProduct.PRINT: 300}
_TOO_MUCH: Final = 1.5
_QUALITY: Final[Mapping[PdfProduct, int]] = {PdfProduct.SCREEN: 82, PdfProduct.PRINT: 92}
# A decoder makes half of a camera's pixels for less: what is so near to the resolution is not scaled besides.
_LEAST, _MOST = 0.97, 1.2
_FEW: Final = 64  # colours of a drawing, whose edges JPEG would blur; a photo in black and white has more greys
_BAND: Final = 256
_SPACES: Final[Mapping[int, str]] = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}


@dataclass(frozen=True)
class Placed:
    """A picture in the file, how it is stored, and where the whole of it stands on its page."""

    number: int
    turn: int
    whole: Box


@dataclass(frozen=True)
class _Untouched:
    """A photo that is in the file as it is; its size is as a person sees it."""

    number: int
    turn: int
    size: tuple[int, int]

    def placed(self, frame: Frame) -> Placed:
        crop, (width, height) = frame.crop_of(*self.size), self.size
        scale = frame.box.width / crop.width
        left, top = frame.box.left - crop.left * scale, frame.box.top - crop.top * scale
        return Placed(self.number, self.turn, Box(left, top, width * scale, height * scale))


@dataclass
class Pictures:
    """Adds the photos of one PDF, each file once where it goes in as it is, each colour profile once."""

    pdf: PdfFile
    product: PdfProduct
    srgb: int
    _untouched: dict[str, _Untouched] = field(default_factory=dict[str, _Untouched])
    _profiles: dict[bytes, int] = field(default_factory=dict[bytes, int])

    def again(self, frame: Frame) -> Placed | None:
        """Place a photo that is there already."""
        known = self._untouched.get(frame.photo.id)
        return known.placed(frame) if known and self._fits(known.size, frame) else None

    def add(self, frame: Frame, content: bytes) -> Placed:
        """Add a photo for its frame.

        Raises
        ------
        UnfitError
            It cannot be used.
        """
        candidate = guard.look(content, guard.MAX_STORED_BYTES)
        if self._fits(candidate.size, frame) and (placed := self._add_untouched(frame, candidate)):
            return placed
        with judging():
            image = flat(self._smaller(candidate, frame))
        number = self._add_drawing(image) if image.getcolors(_FEW) else self._add_photo(image)
        return Placed(number, 1, frame.box)

    def _fits(self, size: tuple[int, int], frame: Frame) -> bool:
        dots = frame.crop_of(*size).width * MM_AN_INCH / frame.box.width
        return dots <= DPI[self.product] * _TOO_MUCH

    def _add_untouched(self, frame: Frame, candidate: guard.Candidate) -> Placed | None:
        header = candidate.header
        with judging():
            said = embedded(candidate.content, header) if isinstance(header, JpegHeader) else None
        if not said:
            return None
        number = self._add_jpeg(candidate.content, header.width, header.height, said)
        self._untouched[frame.photo.id] = _Untouched(number, header.turn, header.size)
        return self._untouched[frame.photo.id].placed(frame)

    def _smaller(self, candidate: guard.Candidate, frame: Frame) -> Image.Image:
        """Decode what is needed, scale what is shown of it, and only then put colours and orientation right."""
        header, (width, height), crop = candidate.header, candidate.size, frame.crop_of(*candidate.size)
        scale = min(1.0, frame.box.width / MM_AN_INCH * DPI[self.product] / crop.width)
        least = math.ceil(width * scale * _LEAST), math.ceil(height * scale * _LEAST)
        image = guard.decode(candidate, least)
        shown = crop.left / width, crop.top / height, crop.right / width, crop.bottom / height
        size = max(1, round(crop.width * scale)), max(1, round(crop.height * scale))
        return finished(_shown(image, lying(shown, header.turn), header.turned(size)), header)

    def _add_photo(self, image: Image.Image) -> int:
        return self._add_jpeg(to_jpeg(image, _QUALITY[self.product]), *image.size, Embedded(3, b"", inverted=False))

    def _add_drawing(self, image: Image.Image) -> int:
        about = _about(*image.size, self._space(3, b""))
        bands = (
            image.crop((0, top, image.width, min(top + _BAND, image.height))) for top in range(0, image.height, _BAND)
        )
        return self.pdf.add_packed(about, (band.tobytes() for band in bands))

    def _add_jpeg(self, content: bytes, width: int, height: int, said: Embedded) -> int:
        about = {**_about(width, height, self._space(said.components, said.profile)), "Filter": "/DCTDecode"}
        if said.inverted:
            about["Decode"] = [1, 0] * said.components
        return self.pdf.add_stream(about, content)

    def _space(self, components: int, profile: bytes) -> Value:
        if profile:
            return ["/ICCBased", reference(self._profile(components, profile))]
        return ["/ICCBased", reference(self.srgb)] if components == 3 else _SPACES[components]  # noqa: PLR2004

    def _profile(self, components: int, profile: bytes) -> int:
        key = hashlib.sha256(profile).digest()
        if key not in self._profiles:
            self._profiles[key] = add_profile(self.pdf, components, profile)
        return self._profiles[key]


def add_profile(pdf: PdfFile, components: int, profile: bytes) -> int:
    return pdf.add_packed({"N": components, "Alternate": _SPACES[components]}, [profile])


def _shown(image: Image.Image, part: Part, size: tuple[int, int]) -> Image.Image:
    """Return a part of a picture, in shares of its sides, in a size; never enlarged."""
    across, down = image.size
    box = part[0] * across, part[1] * down, min(part[2], 1) * across, min(part[3], 1) * down
    if box[2] - box[0] <= size[0] * _MOST:
        return image.crop((int(box[0]), int(box[1]), math.ceil(box[2]), math.ceil(box[3])))
    return scaled(image, box, size, Image.Resampling.HAMMING)


def _about(width: int, height: int, space: Value) -> dict[str, Value]:
    return {
        "Type": "/XObject",
        "Subtype": "/Image",
        "Width": width,
        "Height": height,
        "BitsPerComponent": 8,
        "ColorSpace": space,
    }
