"""A collage drawn as a JPEG: one picture after the other, so that no two are open at once."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageChops, ImageColor

from studio.documents.collage import CollagePicture, CollageSpec
from studio.documents.geometry import Box
from studio.documents.layout import Cell, layout
from studio.text import is_blank
from workers.documents.covering import covering
from workers.documents.font import Weight
from workers.documents.lettering import Colour, write
from workers.documents.paragraph import Room
from workers.documents.rounded import rounded
from workers.imaging.colour import srgb_profile

CONTENT_TYPE: Final = "image/jpeg"

_QUALITY: Final = 92
_INCH: Final = 25.4  # millimetres
_DARK, _LIGHT = (34, 34, 38), (250, 249, 246)  # ink
_BRIGHT: Final = 140  # of 255: a ground so bright is written on darkly
_FAINT: Final = 0.3  # of the ground in the ink of what is written below a picture
_LEGIBLE: Final = 1.9  # millimetres: letters that can be read in print
# A caption had rather be small than cut, but labels look best alike.
_CAPTION_LEAST, _LABEL_LEAST = 0.45, 0.75
_FILLED: Final = 0.8  # of the height of a caption's place
_LABEL: Final = 0.55  # of the height of a label's place, its letters' size

Open = Callable[[], bytes]


@dataclass(frozen=True)
class Drawn:
    """A collage as a file, and its size in pixels."""

    content: bytes
    width: int
    height: int


def draw(spec: CollageSpec, sources: Sequence[Open], side: int) -> Drawn:
    """Draw a collage that keeps the rules; `sources` open its pictures' files, each when its turn comes.

    Raises
    ------
    UnfitError
        A picture cannot be used.
    """
    plan = layout(spec)
    scale = side / max(plan.width, plan.height)
    ground = ImageColor.getrgb(spec.background or spec.sheet.background)[:3]
    sheet = Image.new("RGB", (round(plan.width * scale), round(plan.height * scale)), ground)
    for picture, cell, source in zip(spec.pictures, plan.cells, sources, strict=True):
        _lay(sheet, picture, _pixels(cell.picture, scale), source(), spec.sheet.corner * scale)
        _write_label(sheet, picture, cell, scale, ground)
    _write_caption(sheet, spec, plan.caption, scale, ground)
    return Drawn(_encoded(sheet, scale), *sheet.size)


def _lay(
    sheet: Image.Image, picture: CollagePicture, place: tuple[int, int, int, int], content: bytes, corner: float
) -> None:
    left, top, right, bottom = place
    size = right - left, bottom - top
    laid, mask = covering(content, size, (picture.focal_x, picture.focal_y)), rounded(size, corner)
    if laid.mode == "RGBA":
        mask = ImageChops.multiply(mask, laid.getchannel("A"))
    sheet.paste(laid.convert("RGB"), place, mask)


def _pixels(box: Box, scale: float) -> tuple[int, int, int, int]:
    left, top = round(box.left * scale), round(box.top * scale)
    return left, top, max(left + 1, round(box.right * scale)), max(top + 1, round(box.bottom * scale))


def _write_caption(sheet: Image.Image, spec: CollageSpec, box: Box | None, scale: float, ground: Colour) -> None:
    if box and spec.caption:
        least = max(_LEGIBLE, _CAPTION_LEAST * spec.sheet.title)
        room = Room(box.width, _FILLED * box.height, spec.sheet.title, least, 3, Weight.SEMIBOLD)
        write(sheet, spec.caption, box, room, scale, _ink(ground))


def _write_label(sheet: Image.Image, picture: CollagePicture, cell: Cell, scale: float, ground: Colour) -> None:
    if cell.label and picture.caption and not is_blank(picture.caption):
        size = _LABEL * cell.label.height
        room = Room(cell.label.width, cell.label.height, size, max(_LEGIBLE, _LABEL_LEAST * size), 1, Weight.REGULAR)
        write(sheet, picture.caption, cell.label, room, scale, _mixed(_ink(ground), ground))


def _ink(ground: Colour) -> Colour:
    red, green, blue = ground
    return _DARK if 0.299 * red + 0.587 * green + 0.114 * blue > _BRIGHT else _LIGHT


def _mixed(ink: Colour, ground: Colour) -> Colour:
    red, green, blue = (round(a + _FAINT * (b - a)) for a, b in zip(ink, ground, strict=True))
    return red, green, blue


def _encoded(sheet: Image.Image, scale: float) -> bytes:
    out, dots = io.BytesIO(), scale * _INCH
    sheet.save(out, "JPEG", quality=_QUALITY, subsampling=0, icc_profile=srgb_profile(), dpi=(round(dots), round(dots)))
    return out.getvalue()
