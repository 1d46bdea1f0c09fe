"""Bringing the colours of a picture to RGB or RGBA of 8 bits in sRGB."""

import io
from functools import cache
from itertools import product
from typing import Final, cast

from PIL import Image, ImageChops, ImageCms

_SRGB: Final = ImageCms.createProfile("sRGB")
# Where a profile says which colours it is of.
_SPACE: Final = slice(16, 20)
_MADE: Final = slice(24, 36)  # and when it was made
_GREY: Final = b"GRAY"
_LEVELS: Final = 256
_COLOURED: Final = {"L": "RGB", "LA": "RGBA"}


def srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Return the picture as RGB or RGBA in sRGB, without metadata. A profile that is garbage is as good as none."""
    if profile:
        image = _converted(image, profile)
    wanted = "RGBA" if image.mode in {"LA", "RGBA"} else "RGB"
    image = image if image.mode == wanted else image.convert(wanted)
    image.info = {}
    return image


@cache
def srgb_profile() -> bytes:
    """Return the profile of sRGB, for files that are to say so; the same bytes every time."""
    profile = ImageCms.ImageCmsProfile(_SRGB).tobytes()
    return profile[: _MADE.start] + bytes(_MADE.stop - _MADE.start) + profile[_MADE.stop :]


def without_idle_alpha(image: Image.Image) -> Image.Image:
    """Return the picture without an alpha that hides nothing."""
    if image.mode not in {"LA", "RGBA"} or not is_opaque(image):
        return image
    return image.convert("L" if image.mode == "LA" else "RGB")


def is_opaque(image: Image.Image) -> bool:
    return image.getchannel("A").getextrema() == (255, 255)


def _converted(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if image.mode in {"L", "LA"} and profile[_SPACE] == _GREY:
            return _converted_grey(image, own)
        if image.mode in _COLOURED:
            image = image.convert(_COLOURED[image.mode])
        transform = _transform(own, image.mode, "RGB" if image.mode == "CMYK" else image.mode)
        if image.mode == "CMYK":
            return ImageCms.applyTransform(image, transform) or image
        if _changes(transform, image.mode):
            ImageCms.applyTransform(image, transform, inPlace=True)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        pass
    return image


def _converted_grey(image: Image.Image, own: ImageCms.ImageCmsProfile) -> Image.Image:
    """Convert grey by a profile of grey, each of its levels once; alpha stays as it is."""
    ramp = Image.frombytes("L", (_LEVELS, 1), bytes(range(_LEVELS)))
    exact = ImageCms.buildTransform(own, _SRGB, "L", "RGB", flags=ImageCms.Flags.NOOPTIMIZE)
    levels = list(cast("Image.Image", ImageCms.applyTransform(ramp, exact)).getchannel("G").tobytes())
    grey = image.getchannel("L").point(levels)
    return Image.merge("LA", (grey, image.getchannel("A"))) if image.mode == "LA" else grey


def _transform(own: ImageCms.ImageCmsProfile, mode: str, to: str) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(own, _SRGB, mode, to)


def _changes(transform: ImageCms.ImageCmsTransform, mode: str) -> bool:
    """Say whether it changes some colour by more than a level. Most profiles are sRGB's, whatever they are called.

    Then the pixels stay as they are, to the bit.
    """
    colours = _colours().convert(mode)
    changed = ImageCms.applyTransform(colours, transform)
    differences = ImageChops.difference(colours, cast("Image.Image", changed)).getextrema()
    return any(most > 1 for _, most in cast("tuple[tuple[int, int], ...]", differences))


@cache
def _colours() -> Image.Image:
    """Return colours from all over the cube, and greys."""
    colours = [*product((0, 90, 180, 255), repeat=3), *[(level,) * 3 for level in range(5, 250, 12)]]
    image = Image.new("RGB", (len(colours), 1))
    image.putdata(colours)
    return image
