"""Smaller sizes of a picture: decoded once, each size made from the one before, as WebP.

Measured on 12 megapixels: what takes the time is decoding, the first step down and encoding, in equal parts, so a size
costs no second decoding and equal sizes no second encoding. Threads would not help: a function of the memory this takes
has one core.
"""

import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from PIL import Image

from workers.imaging import guard
from workers.imaging.flaw import judging
from workers.imaging.upright import Part, finished

# Longest sides in pixels, the largest first.
SIDES: Final[Mapping[str, int]] = MappingProxyType({"large": 2048, "medium": 1024, "thumbnail": 320})
CONTENT_TYPE: Final = "image/webp"
# Method 2 at 82 is as close to the original as method 4 at the usual 80: in half the time, with a tenth more bytes.
# BICUBIC takes two thirds of LANCZOS's time and makes softer, smaller files; 84 spends those bytes on likeness. With
# alpha 82 is near enough.
_QUALITY, _QUALITY_WITH_ALPHA, _METHOD = 84, 82, 2
_GAP: Final = 2.0  # above twice the target a box filter may go ahead of the good one
# A JPEG decodes to a half, a quarter, an eighth for less. Cameras' 4032 and 8064 pixels miss 2048 by 1.6 %: what is so
# near is large as it is.
_NEAR: Final = 0.97
_MUCH: Final = 3  # a JPEG so many times its largest size owes its decoder most of the way
_REACH: Final = 3  # how many of the target's rows a filter looks at on either side
_BAND: Final = 128  # rows of the target, of a picture with alpha
_WHOLE: Final = 8_000_000  # pixels with alpha that are scaled without bands: a second copy is small then


@dataclass(frozen=True)
class Variant:
    """One encoded size, in pixels. `name` is the one it is kept under: equal sizes share the smallest one's."""

    name: str
    width: int
    height: int
    content: bytes


@dataclass(frozen=True)
class Resized:
    """What a picture is, in pixels as a person sees it, and its smaller sizes by name."""

    content_type: str
    width: int
    height: int
    variants: Mapping[str, Variant]


def resize(content: bytes, max_bytes: int = guard.MAX_BYTES, packet: bytes = b"") -> Resized:
    """Make all sizes of a picture: upright, in sRGB, with its alpha, never enlarged.

    Parameters
    ----------
    packet
        The XMP that each size gets; there is no other metadata.

    Raises
    ------
    UnfitError
        The file cannot be used; see `guard`.
    """
    candidate = guard.look(content, max_bytes)
    width, height = candidate.size
    with judging():
        return Resized(candidate.header.content_type, width, height, _variants(candidate, packet))


def fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    """Return the size whose longest side is `side`, or the size itself where that is smaller."""
    scale = min(1.0, side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _variants(candidate: guard.Candidate, packet: bytes) -> Mapping[str, Variant]:
    image = _largest(candidate)
    made: dict[str, Variant] = {}
    names = list(SIDES)
    filter_ = _filter(candidate, image)
    for name, smaller in zip(names, [*names[1:], ""], strict=True):
        image = _scaled(image, fitted(candidate.size, SIDES[name]), filter_)
        if not smaller or max(image.size) > SIDES[smaller]:
            made[name] = Variant(name, image.width, image.height, _encoded(image, packet))
    return {name: made.get(name) or _next(made, names[i:]) for i, name in enumerate(names)}


def _filter(candidate: guard.Candidate, largest: Image.Image) -> Image.Resampling:
    """Return what makes the smaller sizes: a decoder is rougher than a filter, which a sharper one makes up for."""
    rough = candidate.header.content_type == "image/jpeg" and max(candidate.size) > _MUCH * max(largest.size)
    return Image.Resampling.LANCZOS if rough else Image.Resampling.BICUBIC


def _next(made: Mapping[str, Variant], names: list[str]) -> Variant:
    return next(made[name] for name in names if name in made)


def _largest(candidate: guard.Candidate) -> Image.Image:
    """Decode as little as the largest size needs; colours and orientation are put right on the smaller bitmap."""
    target = fitted(candidate.size, max(SIDES.values()))
    image = guard.decode(candidate, (math.ceil(target[0] * _NEAR), math.ceil(target[1] * _NEAR)))
    image = _scaled(image, candidate.header.turned(target), Image.Resampling.BICUBIC)
    return finished(image, candidate.header)


def _scaled(image: Image.Image, size: tuple[int, int], filter_: Image.Resampling) -> Image.Image:
    if image.width <= size[0] and image.height <= size[1]:
        return image
    return scaled(image, (0, 0, *image.size), size, filter_)


def scaled(image: Image.Image, part: Part, size: tuple[int, int], filter_: Image.Resampling) -> Image.Image:
    """Scale a part of a picture, in its pixels, to a size."""
    if image.mode != "RGBA" or image.width * image.height <= _WHOLE:
        return image.resize(size, filter_, part, _GAP)
    return _scaled_in_bands(image, part, size, filter_)


def _scaled_in_bands(image: Image.Image, part: Part, size: tuple[int, int], filter_: Image.Resampling) -> Image.Image:
    """Scale a picture with alpha; its colours, weighted by alpha, are never there beside it as a whole."""
    drawn, (left, top, right, bottom) = Image.new("RGBA", size), part
    down = (bottom - top) / size[1]
    margin = math.ceil(_REACH * max(1.0, down))
    for at in range(0, size[1], _BAND):
        end = min(at + _BAND, size[1])
        upper, lower = top + at * down, min(top + end * down, image.height)
        first, last = max(0, int(upper) - margin), min(image.height, math.ceil(lower) + margin)
        band = image.crop((0, first, image.width, last)).convert("RGBa")
        source = (left, upper - first, right, lower - first)
        drawn.paste(band.resize((size[0], end - at), filter_, source, _GAP).convert("RGBA"), (0, at))
    return drawn


def _encoded(image: Image.Image, packet: bytes) -> bytes:
    out = io.BytesIO()
    quality = _QUALITY_WITH_ALPHA if image.mode == "RGBA" else _QUALITY
    image.save(out, "WEBP", quality=quality, method=_METHOD, xmp=packet)
    return out.getvalue()
