"""Portraits, drawn, of which is known where the face is: the labelled set that crops and guesses are held against."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from PIL import Image, ImageDraw, ImageFilter

from studio.documents.geometry import Box

Colour = tuple[int, int, int]

_FINER: Final = 3
SKINS: Final = ((255, 219, 190), (241, 194, 155), (224, 172, 125), (198, 134, 90), (141, 85, 54), (92, 56, 40))
_HAIR: Final = ((30, 24, 26), (58, 38, 30), (92, 58, 36), (150, 104, 60), (120, 118, 122), (140, 52, 38))
_CLOTHES: Final = ((196, 62, 72), (38, 70, 106), (238, 226, 204), (46, 104, 92), (226, 150, 64), (92, 70, 130))
_WALLS: Final = (
    ((247, 208, 196), (232, 160, 156)),
    ((198, 222, 224), (120, 168, 178)),
    ((250, 226, 170), (238, 184, 110)),
    ((214, 206, 236), (158, 146, 204)),
    ((206, 224, 196), (140, 176, 138)),
    ((66, 74, 104), (32, 36, 62)),
)


@dataclass(frozen=True)
class Portrait:
    """A picture, and the box of the face on it in pixels."""

    image: Image.Image
    face: Box
    skin: Colour

    @property
    def focal(self) -> tuple[float, float]:
        """The middle of the face, 0 to 1."""
        x, y = self.face.left + self.face.width / 2, self.face.top + self.face.height / 2
        return x / self.image.width, y / self.image.height


@dataclass(frozen=True)
class Look:
    """What somebody looks like."""

    skin: Colour
    hair: Colour
    clothes: Colour
    long: bool
    smiling: bool
    glasses: bool


@cache
def portrait(
    seed: int, width: int, height: int, share: float = 0.42, at: tuple[float, float] | None = None
) -> Portrait:
    """Draw somebody before a wall; the face is so large a part of the shorter side, and its middle is `at`."""
    draw = random.Random(seed)
    back = wall(draw, width, height)
    return before(back, draw, share, at)


def before(back: Image.Image, draw: random.Random, share: float, at: tuple[float, float] | None = None) -> Portrait:
    """Draw somebody before any picture."""
    width, height = back.size
    high = share * min(width, height)
    wide = 0.76 * high
    x, y = at or (draw.uniform(0.3, 0.7), draw.uniform(0.3, 0.5))
    face = Box(
        min(max(x * width - wide / 2, 0), width - wide), min(max(y * height - high / 2, 0), height - high), wide, high
    )
    look = Look(
        draw.choice(SKINS),
        draw.choice(_HAIR),
        draw.choice(_CLOTHES),
        long=draw.random() < 0.5,
        smiling=draw.random() < 0.8,
        glasses=draw.random() < 0.25,
    )
    return Portrait(_drawn(back, face, look), face, look.skin)


def wall(draw: random.Random, width: int, height: int) -> Image.Image:
    """Draw a lit wall with lights out of focus."""
    light, dark = draw.choice(_WALLS)
    image = Image.composite(
        Image.new("RGB", (width, height), dark),
        Image.new("RGB", (width, height), light),
        Image.radial_gradient("L").resize((width, height)),
    )
    lights = Image.new("L", (width, height), 0)
    pen = ImageDraw.Draw(lights)
    for _ in range(14):
        x, y, radius = draw.uniform(0, width), draw.uniform(0, height), draw.uniform(0.03, 0.1) * min(width, height)
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=draw.randrange(14, 46))
    lights = lights.filter(ImageFilter.GaussianBlur(min(width, height) / 160))
    return Image.composite(Image.new("RGB", (width, height), (255, 250, 240)), image, lights)


class _Pen:
    """Draws on a face's own measures: 0, 0 is its middle, 1 half of its height."""

    def __init__(self, size: tuple[int, int], face: Box) -> None:
        self.image = Image.new("RGBA", (size[0] * _FINER, size[1] * _FINER))
        self.pen = ImageDraw.Draw(self.image)
        self.x, self.y = (face.left + face.width / 2) * _FINER, (face.top + face.height / 2) * _FINER
        self.unit = face.height / 2 * _FINER

    def oval(self, x: float, y: float, wide: float, high: float, colour: Colour) -> None:
        self.pen.ellipse(self._box(x, y, wide, high), fill=(*colour, 255))

    def block(self, x: float, y: float, wide: float, high: float, round_: float, colour: Colour) -> None:
        self.pen.rounded_rectangle(self._box(x, y, wide, high), round_ * self.unit, fill=(*colour, 255))

    def arc(self, x: float, y: float, wide: float, high: float, angles: tuple[int, int], colour: Colour) -> None:
        self.pen.arc(self._box(x, y, wide, high), *angles, fill=(*colour, 255), width=max(1, round(0.07 * self.unit)))

    def ring(self, x: float, y: float, radius: float, colour: Colour) -> None:
        self.pen.ellipse(
            self._box(x, y, radius, radius), outline=(*colour, 255), width=max(1, round(0.035 * self.unit))
        )

    def outline(self, points: Sequence[tuple[float, float]], colour: Colour) -> None:
        self.pen.polygon([(self.x + x * self.unit, self.y + y * self.unit) for x, y in points], fill=(*colour, 255))

    def _box(self, x: float, y: float, wide: float, high: float) -> tuple[float, float, float, float]:
        x, y, wide, high = (each * self.unit for each in (x, y, wide, high))
        return self.x + x - wide, self.y + y - high, self.x + x + wide, self.y + y + high


def _drawn(back: Image.Image, face: Box, look: Look) -> Image.Image:
    pen = _Pen(back.size, face)
    shade = _mixed(look.skin, (120, 40, 30), 0.22)
    if look.long:
        pen.block(0, 0.45, 0.98, 1.3, 0.8, _mixed(look.hair, (0, 0, 0), 0.25))
    _body(pen, look, shade)
    pen.oval(-0.74, 0.08, 0.13, 0.2, shade)
    pen.oval(0.74, 0.08, 0.13, 0.2, shade)
    pen.oval(0, 0, 0.76, 1.0, look.skin)
    _hair(pen, look)
    _features(pen, look, shade)
    person = pen.image.resize(back.size, Image.Resampling.BOX)
    return _lit(back, person)


def _body(pen: _Pen, look: Look, shade: Colour) -> None:
    pen.block(0, 1.1, 0.3, 0.5, 0.2, shade)
    pen.outline(_shoulders(), look.clothes)
    pen.oval(0, 1.34, 0.34, 0.18, shade)


def _shoulders() -> Sequence[tuple[float, float]]:
    rim = [(1.75 * math.sin(a / 20 * math.pi / 2), 1.95 - 0.65 * math.cos(a / 20 * math.pi / 2)) for a in range(21)]
    return [(-9 / 5, 9), *((-x, y) for x, y in reversed(rim)), *rim, (9 / 5, 9)]


def _hair(pen: _Pen, look: Look) -> None:
    arch = [(0.86 * math.cos(a * math.pi / 24), -0.18 - 0.9 * math.sin(a * math.pi / 24)) for a in range(25)]
    fringe = [(-0.8, -0.1), (-0.62, -0.42), (-0.2, -0.62), (0.25, -0.52), (0.66, -0.36), (0.8, -0.1)]
    pen.outline([*arch, *fringe], look.hair)


def _features(pen: _Pen, look: Look, shade: Colour) -> None:
    dark = (44, 30, 30)
    for side in (-1, 1):
        pen.oval(side * 0.3, -0.02, 0.13, 0.1, (252, 250, 246))
        pen.oval(side * 0.3, -0.02, 0.075, 0.09, dark)
        pen.arc(side * 0.3, -0.16, 0.19, 0.14, (200, 340), look.hair)
        pen.oval(side * 0.44, 0.32, 0.13, 0.09, _mixed(look.skin, (230, 90, 90), 0.3))
        if look.glasses:
            pen.ring(side * 0.31, -0.01, 0.27, (40, 40, 52))
    pen.arc(0, 0.16, 0.1, 0.12, (20, 160), shade)
    if look.smiling:
        arc = [a / 12 * math.pi for a in range(13)]
        pen.outline([(0.3 * math.cos(a), 0.46 + 0.2 * math.sin(a)) for a in arc], (150, 46, 52))
        pen.block(0, 0.49, 0.22, 0.035, 0.02, (252, 248, 244))
    else:
        pen.arc(0, 0.44, 0.22, 0.12, (20, 160), (150, 60, 56))


def _lit(back: Image.Image, person: Image.Image) -> Image.Image:
    """Lay somebody before the wall, with a soft shadow."""
    alpha = person.getchannel("A")
    shadow = Image.new("L", back.size, 0)
    shadow.paste(alpha, (round(back.width / 60), round(back.height / 60)))
    shadow = shadow.filter(ImageFilter.GaussianBlur(min(back.size) / 30)).point([value // 4 for value in range(256)])
    laid = Image.composite(Image.new("RGB", back.size, (30, 16, 24)), back, shadow)
    laid.paste(person, mask=alpha)
    return laid


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + share * (b - a)) for a, b in zip(one, other, strict=True))
    return red, green, blue
