"""Colours, mixed in OKLab so that a blend stays as vivid as its ends."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

Colour = tuple[float, float, float]  # sRGB, 0..1
Floats = npt.NDArray[np.float64]

# Björn Ottosson, "A perceptual color space for image processing" (2020)
TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
FROM_LMS = np.linalg.inv(TO_LMS)
FROM_LAB = np.linalg.inv(TO_LAB)


def hexes(text: str) -> tuple[Colour, ...]:
    """Read colours written as ``1b2c3d aabbcc``."""
    return tuple(_hex(word) for word in text.split())


def _hex(word: str) -> Colour:
    red, green, blue = (int(word[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


def to_lab(rgb: Floats) -> Floats:
    """Turn sRGB (…, 3) into OKLab."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((np.maximum(rgb, 0) + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004
    return np.cbrt(linear @ TO_LMS.T) @ TO_LAB.T


def from_lab(lab: Floats) -> Floats:
    """Turn OKLab (…, 3) into sRGB, cut to what a screen can show."""
    linear = np.clip((lab @ FROM_LAB.T) ** 3 @ FROM_LMS.T, 0, 1)
    return np.clip(np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055), 0, 1)  # noqa: PLR2004


@lru_cache(maxsize=4096)
def mix(first: Colour, second: Colour, share: float) -> Colour:
    """Blend two colours; ``share`` is the second's, 0..1."""
    lab = to_lab(np.array([first, second]))
    return _colour(from_lab(lab[0] + (lab[1] - lab[0]) * share))


@lru_cache(maxsize=4096)
def shift(colour: Colour, light: float = 0.0, chroma: float = 1.0, hue: float = 0.0) -> Colour:
    """Move a colour: lightness added (0..1), chroma multiplied, hue turned by degrees."""
    lightness, a, b = to_lab(np.array(colour))
    turn = np.deg2rad(hue)
    turned = (a * np.cos(turn) - b * np.sin(turn), a * np.sin(turn) + b * np.cos(turn))
    return _colour(from_lab(np.array([min(max(lightness + light, 0), 1), turned[0] * chroma, turned[1] * chroma])))


@lru_cache(maxsize=4096)
def lean(colour: Colour, wanted: Colour, share: float) -> Colour:
    """Turn a colour's hue towards another's, around the circle and not through grey; it stays as light as it was."""
    (light, a, b), (_, wanted_a, wanted_b) = to_lab(np.array([colour, wanted]))
    start, end = np.arctan2(b, a), np.arctan2(wanted_b, wanted_a)
    gap = np.angle(np.exp(1j * (end - start)))
    share *= 1 - 0.8 * abs(gap) / np.pi  # a blue on its way to gold would stop at green
    hue = start + share * gap
    chroma = np.hypot(a, b) * (1 - share) + np.hypot(wanted_a, wanted_b) * share
    return _colour(from_lab(np.array([light, chroma * np.cos(hue), chroma * np.sin(hue)])))


def lightness(colour: Colour) -> float:
    """Give the perceived lightness, 0..1."""
    return float(to_lab(np.array(colour))[0])


@lru_cache(maxsize=512)
def ramp(colours: tuple[Colour, ...], steps: int) -> Floats:
    """Give ``steps`` colours (steps, 3) that run smoothly through all of these, 0..1."""
    lab = to_lab(np.array(colours))
    at = np.linspace(0, len(colours) - 1, steps)
    known = np.arange(len(colours))
    return from_lab(np.stack([np.interp(at, known, lab[:, channel]) for channel in range(3)], axis=1))


def to_bytes(colour: Colour) -> tuple[int, int, int]:
    """Give the colour as Pillow takes it."""
    return round(colour[0] * 255), round(colour[1] * 255), round(colour[2] * 255)


def _colour(values: Floats) -> Colour:
    return float(values[0]), float(values[1]), float(values[2])
