"""Where one, two or three photos stand on a page: as large as fits, side by side at one height, none distorted.

All is in millimetres from the upper left corner of the trimmed page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from studio.documents.album import BLEED, MM_AN_INCH, WIDTH_MM, Photo
from studio.documents.geometry import Box, crop
from studio.text import is_blank

SIDE_MM: Final = 18.0
# So high that 12 megapixels of 4:3 have less than 450 dpi there, and go in as they are.
AREA: Final = Box(SIDE_MM, 15.0, WIDTH_MM - 2 * SIDE_MM, 171.0)
GAP_MM: Final = 6.0
CAPTION_GAP_MM, CAPTION_MM = 3.0, 8.0  # two lines
# Of the cover, from beyond its left edge.
TITLE_BELOW: Final = Box(BLEED.left, 132.0, 150.0 - BLEED.left, 50.0)
TITLE_ABOVE: Final = TITLE_BELOW.moved(0, -104.0)
# Beyond these shapes a photo is cropped: alone on its page, and beside others.
_ALONE: Final = (0.4, 2.5)
_BESIDE: Final = (0.65, 1.8)
_LANDSCAPE: Final = (1.2, 1.9)


@dataclass(frozen=True)
class Frame:
    """A photo's place on a page, and its caption's, if it has one."""

    photo: Photo
    box: Box
    caption: Box | None = None

    @property
    def crop(self) -> Box:
        """The part of the photo that is shown, in its pixels."""
        return self.crop_of(self.photo.width, self.photo.height)

    @property
    def dpi(self) -> float:
        """Pixels that an inch of the page shows."""
        return self.crop.width * MM_AN_INCH / self.box.width

    def crop_of(self, width: int, height: int) -> Box:
        """Return the same part of the same picture in another size."""
        return crop(width, height, self.photo.focal_x, self.photo.focal_y, self.box.aspect)


def full(photo: Photo) -> Sequence[Frame]:
    """Fill the page to beyond its edges; a caption has no place there."""
    return [Frame(photo, BLEED)]


def fills(photo: Photo) -> bool:
    """Say whether a photo may fill a page: it has about its shape, and no caption."""
    return is_blank(photo.caption) and _LANDSCAPE[0] <= photo.aspect <= _LANDSCAPE[1]


def row(photos: Sequence[Photo]) -> Sequence[Frame]:
    """Set photos side by side, at one height; one alone is hardly ever cropped."""
    shapes = [_clamped(photo, _BESIDE if len(photos) > 1 else _ALONE) for photo in photos]
    height = min(AREA.height, (AREA.width - GAP_MM * (len(photos) - 1)) / sum(shapes))
    boxes, left = list[Box](), 0.0
    for shape in shapes:
        boxes.append(Box(left, 0, height * shape, height))
        left = boxes[-1].right + GAP_MM
    return _centred(photos, boxes)


def beside_two(photos: Sequence[Photo]) -> Sequence[Frame]:
    """Set a large photo beside two that stand one above the other and end where it ends."""
    large, *small = (_clamped(photo, _BESIDE) for photo in photos)
    between = GAP_MM + (CAPTION_GAP_MM + CAPTION_MM if not is_blank(photos[1].caption) else 0)
    share = sum(1 / shape for shape in small)  # height of the two for their width
    width = (AREA.width - GAP_MM - large * between) / (1 + large * share)
    width = min(width, (AREA.height - between) / share)
    height = width * share + between
    first = Box(0, 0, large * height, height)
    second = Box(first.right + GAP_MM, 0, width, width / small[0])
    third = Box(second.left, second.bottom + between, width, width / small[1])
    return _centred(photos, [first, second, third])


def _clamped(photo: Photo, shapes: tuple[float, float]) -> float:
    return min(max(photo.aspect, shapes[0]), shapes[1])


def _centred(photos: Sequence[Photo], boxes: Sequence[Box]) -> Sequence[Frame]:
    """Move a group to the middle of the area; captions stand below and count for nothing."""
    across = AREA.left + (AREA.width - max(box.right for box in boxes)) / 2
    down = AREA.top + (AREA.height - max(box.bottom for box in boxes)) / 2
    moved = [box.moved(across, down) for box in boxes]
    return [Frame(photo, box, _caption(photo, box)) for photo, box in zip(photos, moved, strict=True)]


def _caption(photo: Photo, box: Box) -> Box | None:
    if is_blank(photo.caption):
        return None
    return Box(box.left, box.bottom + CAPTION_GAP_MM, box.width, CAPTION_MM)
