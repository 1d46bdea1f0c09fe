"""The styles: what a picture is painted with, before (palette, shadows, scale) and after (paper, ink, light)."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from local.models.render.stage import Stage
from local.models.render.styles import brush, line, press

Treatment = Callable[[Image.Image, Stage], Image.Image]


@dataclass(frozen=True)
class Style:
    """``times`` replaces the palettes, ``lift`` is the shadow under each layer, ``pixels`` the size of one, at 1024."""

    treat: Treatment
    times: tuple[str, ...] = ()
    lift: float = 0.0
    pixels: int = 1
    grain: float = 2.2


def _plain(image: Image.Image, _stage: Stage) -> Image.Image:
    return image


PLAIN = Style(_plain)
STYLES: dict[str, Style] = {
    "watercolour": Style(brush.watercolour, grain=1.2),
    "oil": Style(brush.oil, grain=1.5),
    "ink": Style(line.ink, ("ink",), grain=1.5),
    "pencil": Style(line.pencil, grain=3.0),
    "neon": Style(line.neon, ("neon",)),
    "paper": Style(press.paper, lift=0.014, grain=1.2),
    "pixel": Style(press.pixels, pixels=6, grain=0.0),
    "riso": Style(press.riso, grain=3.0),
    "mosaic": Style(press.mosaic, grain=1.2),
}


def choose_style(name: str | None) -> Style:
    """Give the style that a prompt names, or the plain one."""
    return STYLES[name] if name else PLAIN
