"""A label that people see: in a corner, on a ground of its own, large enough to be read on a phone."""

import io
from functools import cache
from itertools import product
from math import ceil, floor
from typing import Any, Final

import fontpkg_be_vietnam_pro
from PIL import Image, ImageDraw, ImageFont

from workers.imaging import guard
from workers.imaging.colour import srgb_profile
from workers.imaging.flaw import judging
from workers.imaging.prepare import flat
from workers.imaging.upright import finished

# Where one does not fit, the next does.
_TEXTS: Final = ("Made by AI · Tạo bằng AI", "Made by AI\nTạo bằng AI", "Made by AI", "Made\nby AI", "AI")
_SHARE: Final = 0.03  # of the shorter side, the height of letters
_LEAST: Final = 11  # pixels
_MARGIN, _PADDINGS, _SPACING = 0.5, (0.5, 0.2), 0.25  # of the letters' height
_GROUND, _INK = (0, 0, 0, 176), (255, 255, 255, 255)
_WITHOUT_ALPHA: Final = "image/jpeg"
_ENCODED: Final[dict[str, dict[str, Any]]] = {
    "image/png": {"format": "PNG", "compress_level": 1},
    "image/jpeg": {"format": "JPEG", "quality": 95, "subsampling": 0},
    "image/webp": {"format": "WEBP", "quality": 95, "method": 2},
}


def drawn(content: bytes, content_type: str, *, labelled: bool) -> bytes:
    """Return a picture anew as a file of a type, upright and in sRGB, with the label in its lower left corner or not.

    Raises
    ------
    UnfitError
        It cannot be used.
    """
    candidate = guard.look(content, guard.MAX_STORED_BYTES)
    with judging():
        image = finished(guard.decode(candidate), candidate.header)
        if content_type == _WITHOUT_ALPHA:
            image = flat(image)
        if labelled:
            _lay(image)
        out = io.BytesIO()
        image.save(out, icc_profile=srgb_profile(), **_ENCODED[content_type])
    return out.getvalue()


def _lay(image: Image.Image) -> None:
    height = max(_LEAST, round(min(image.size) * _SHARE))
    label, margin = _label(image.size, height), round(height * _MARGIN)
    left, top = min(margin, image.width - label.width), image.height - label.height - margin
    place = (max(0, left), max(0, top))
    if image.mode == "RGBA":
        image.alpha_composite(label, place)
    else:
        image.paste(label.convert("RGB"), place, label.getchannel("A"))


def _label(size: tuple[int, int], height: int) -> Image.Image:
    """Return the label that says the most and is whole in a picture of this size."""
    labels = (_written(text, height, round(height * padding)) for text, padding in product(_TEXTS, _PADDINGS))
    whole = (each for each in labels if each.width <= size[0] and each.height <= size[1])
    return next(whole, _written(_TEXTS[-1], height, 0))


def _written(text: str, height: int, padding: int) -> Image.Image:
    font, spacing = _font(height), height * _SPACING
    box = ImageDraw.Draw(Image.new("L", (1, 1))).textbbox((0, 0), text, font, spacing=spacing)
    left, top, right, bottom = floor(box[0]), floor(box[1]), ceil(box[2]), ceil(box[3])
    label = Image.new("RGBA", (right - left + 2 * padding, bottom - top + 2 * padding), _GROUND)
    ImageDraw.Draw(label).text((padding - left, padding - top), text, _INK, font, spacing=spacing)
    return label


@cache
def _font(height: int) -> ImageFont.FreeTypeFont:
    file = fontpkg_be_vietnam_pro.ROOT / "files" / "BeVietnamPro-SemiBold.ttf"
    return ImageFont.truetype(str(file), height, layout_engine=ImageFont.Layout.BASIC)
