"""Masks with round corners."""

from typing import Final

from PIL import Image, ImageDraw

_FINER: Final = 8  # times as fine as it comes out: what Pillow draws has no soft edges


def rounded(size: tuple[int, int], radius: float) -> Image.Image:
    """Return white of a size on black corners, with soft edges."""
    mask = Image.new("L", size, 255)
    corner = _corner(min(radius, min(size) / 2))
    right, bottom = size[0] - corner.width, size[1] - corner.height
    mirrored = corner.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    mask.paste(corner, (0, 0))
    mask.paste(mirrored, (right, 0))
    mask.paste(corner.transpose(Image.Transpose.FLIP_TOP_BOTTOM), (0, bottom))
    mask.paste(mirrored.transpose(Image.Transpose.FLIP_TOP_BOTTOM), (right, bottom))
    return mask


def _corner(radius: float) -> Image.Image:
    """Return the upper left corner."""
    side, fine = max(1, round(radius)), _FINER * radius
    corner = Image.new("L", (_FINER * side, _FINER * side), 0 if radius else 255)
    ImageDraw.Draw(corner).ellipse((0, 0, 2 * fine, 2 * fine), fill=255)
    return corner.reduce(_FINER)
