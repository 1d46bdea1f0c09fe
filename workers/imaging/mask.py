"""Masks: what they mean, and the soft edge inside them.

White is what may change, black is what must stay, grey lets change show by its share. A mask with transparency is read
by its alpha alone, whatever colour was painted: opaque is what may change. A mask of another size than its picture is
scaled to it with NEAREST, so that no pixel may change but under one that was painted.
"""

from typing import Final

from PIL import Image, ImageChops, ImageFilter

from workers.imaging import colour
from workers.imaging.flaw import Flaw, UnfitError
from workers.imaging.upright import open_upright

FEATHER: Final = 0.01  # of the longest side
_MIN_FEATHER_PIXELS: Final = 2
# An edge that is drawn on more pixels looks the same, and takes a multiple of the time.
_FEATHERED_SIDE: Final = 3_000
# JPEG rings around edges: the darkest and the lightest eighth are black and white.
_BLACK, _WHITE = 32, 223


def open_mask(content: bytes, size: tuple[int, int]) -> Image.Image:
    """Read a mask as grey, for a picture of `size`.

    Raises
    ------
    UnfitError
        The file cannot be used, or nothing in it may change.
    """
    return read_mask(open_upright(content), size)


def read_mask(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Bring a picture that is a mask to grey at `size`; see the module for what its colours mean."""
    mask = _grey(image).point(_level)
    del image  # as large as a picture: the caller of `open_mask` has no more use for it either
    return checked(mask if mask.size == size else mask.resize(size, Image.Resampling.NEAREST))


def _grey(image: Image.Image) -> Image.Image:
    if image.has_transparency_data:
        image = image if image.mode == "RGBA" else image.convert("RGBA")
        if not colour.is_opaque(image):
            return image.getchannel("A")
    return image if image.mode == "L" else (image if image.mode == "RGB" else image.convert("RGB")).convert("L")


def checked(mask: Image.Image) -> Image.Image:
    """Refuse a mask under which nothing may change: there is nothing to pay for."""
    if mask.getbbox() is None:
        raise UnfitError(Flaw.MASK_EMPTY, "The mask is black everywhere; paint white what may change.")
    return mask


def anywhere(mask: Image.Image) -> Image.Image:
    """Return white where something may change at all, else black."""
    return mask.point(_any)


def fully(mask: Image.Image) -> Image.Image:
    """Return white where the mask is white, else black."""
    return mask.point(_full)


def radius_for(size: tuple[int, int]) -> int:
    """Return the width of the soft edge in pixels."""
    return max(_MIN_FEATHER_PIXELS, round(max(size) * FEATHER))


def feathered(mask: Image.Image, radius: int) -> Image.Image:
    """Return the mask with an edge that rises from 0 over `radius` pixels inwards; it is nowhere above the mask.

    Where the mask is too thin for that, the edge is narrower, so that a thin stroke still changes something.
    """
    box = mask.getbbox()
    if box is None:
        return mask
    margin = 2 * radius + 1
    box = (
        max(0, box[0] - margin),
        max(0, box[1] - margin),
        min(mask.width, box[2] + margin),
        min(mask.height, box[3] + margin),
    )
    if box == (0, 0, *mask.size):
        return _soft(mask, radius)
    soft = Image.new("L", mask.size)
    soft.paste(_soft(mask.crop(box), radius), box)
    return soft


def _soft(mask: Image.Image, radius: int) -> Image.Image:
    small, scale = mask, 1
    while max(small.size) > _FEATHERED_SIDE:
        small, scale = anywhere(small.reduce(2)), 2 * scale
    edge = _edge(anywhere(small), max(1, radius // scale))
    if scale > 1:
        covered = (0.0, 0.0, mask.width / scale, mask.height / scale)
        edge = edge.resize(mask.size, Image.Resampling.BILINEAR, covered)
    return ImageChops.darker(edge, mask)


def _edge(solid: Image.Image, radius: int) -> Image.Image:
    """Return the soft edge inside what is white, of which some lies beside it where that is too thin for one."""
    thin, edge = solid, Image.new("L", solid.size)
    while radius and thin.getbbox():
        near = solid.filter(ImageFilter.BoxBlur(radius))
        edge = ImageChops.lighter(edge, ImageChops.darker(near.point(_upper_half), thin))
        core = fully(near)
        thin = ImageChops.subtract(thin, anywhere(core.filter(ImageFilter.BoxBlur(2 * radius))))
        radius //= 2
    return ImageChops.lighter(edge, thin.filter(ImageFilter.MaxFilter(3)))


def _level(value: float) -> float:
    return min(255.0, max(0.0, (value - _BLACK) * 255 / (_WHITE - _BLACK)))


def _any(value: float) -> float:
    return 255 if value else 0


def _full(value: float) -> float:
    return 255 if value == 255 else 0  # noqa: PLR2004 - white


def _upper_half(value: float) -> float:
    """Where a straight edge runs through the window half of it is white: that is where the soft edge begins."""
    return max(0.0, 2 * value - 255)
