"""Bringing whatever a file holds to RGB or RGBA of 8 bits in sRGB."""

import io
from typing import Final

from PIL import Image, ImageCms

_MAX_PROFILE_BYTES: Final = 4_000_000  # printers' profiles have up to 3 MB
_SIXTEEN_BITS: Final = 65_535
_SRGB: Final = ImageCms.createProfile("sRGB")
_WITH_PROFILE: Final = {"L": "RGB", "RGB": "RGB", "RGBA": "RGBA", "CMYK": "RGB"}


def resizable(image: Image.Image) -> Image.Image:
    """Return the picture in L, RGB, RGBA or CMYK: what can be resized with the right result.

    Transparency becomes alpha, alpha that hides nothing goes, and 16 bits of grey are scaled (Pillow would clip them).
    """
    if image.mode.startswith("I"):
        image = image.convert("I").point(_to_byte).convert("L")
    elif image.mode == "1":
        image = image.convert("L")
    elif image.mode in {"P", "PA", "LA"} or "transparency" in image.info:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image.convert("RGB") if image.mode == "RGBA" and is_opaque(image) else image


def srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the picture as RGB or RGBA in sRGB, without metadata. A profile that is garbage is as good as none."""
    image = _converted(image, profile) if profile else image
    image = image if image.mode in {"RGB", "RGBA"} else image.convert("RGB")
    image.info = {}
    return image


def is_opaque(image: Image.Image) -> bool:
    return image.getchannel("A").getextrema() == (255, 255)


def _to_byte(value: float) -> float:
    return value * (255 / _SIXTEEN_BITS) + 0.5


def _converted(image: Image.Image, profile: bytes) -> Image.Image:
    mode = _WITH_PROFILE.get(image.mode)
    if mode is None or len(profile) > _MAX_PROFILE_BYTES:
        return image
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if _is_srgb(own):
            return image
        return ImageCms.profileToProfile(image, own, _SRGB, outputMode=mode) or image
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image


def _is_srgb(profile: ImageCms.ImageCmsProfile) -> bool:
    """Most profiles are sRGB's: then the pixels stay as they are, to the bit."""
    return ImageCms.getProfileDescription(profile).startswith("sRGB")
