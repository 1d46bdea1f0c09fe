"""A label that people see: in a corner, on a ground of its own, large enough to be read on a phone."""

import io
from functools import cache
from typing import Any, Final

import fontpkg_be_vietnam_pro
from PIL import Image, ImageDraw, ImageFont

from workers.imaging import guard
from workers.imaging.colour import srgb_profile
from workers.imaging.flaw import judging
from workers.imaging.prepare import flat
from workers.imaging.upright import finished

TEXT: Final = "Made by AI · Tạo bằng AI"
_SHARE: Final = 0.03  # of the shorter side, the height of letters
_LEAST: Final = 11  # pixels
_PADDING: Final = 0.5  # of the letters' height
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
    font, padding = _font(height), round(height * _PADDING)
    left, top, right, bottom = (round(side) for side in font.getbbox(TEXT))
    ground = Image.new("RGBA", (right - left + 2 * padding, bottom - top + 2 * padding), _GROUND)
    ImageDraw.Draw(ground).text((padding - left, padding - top), TEXT, _INK, font)
    place = (padding, image.height - ground.height - padding)
    if image.mode == "RGBA":
        image.alpha_composite(ground, (max(0, place[0]), max(0, place[1])))
    else:
        image.paste(ground.convert("RGB"), place, ground.getchannel("A"))


@cache
def _font(height: int) -> ImageFont.FreeTypeFont:
    file = fontpkg_be_vietnam_pro.ROOT / "files" / "BeVietnamPro-SemiBold.ttf"
    return ImageFont.truetype(str(file), height, layout_engine=ImageFont.Layout.BASIC)
