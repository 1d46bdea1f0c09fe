"""The templates of collages, as data: a sheet in millimetres, as it is printed, and how it is divided."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class CollageTemplate(StrEnum):
    """How a collage's pictures are laid out."""

    GRID_2X2 = "GRID_2X2"
    GRID_3X3 = "GRID_3X3"
    STRIP_4 = "STRIP_4"
    POLAROID = "POLAROID"
    MOSAIC = "MOSAIC"


@dataclass(frozen=True)
class Template:
    """A sheet, in millimetres.

    Parameters
    ----------
    columns, rows
        Of equal pictures; without them, each picture's shape decides.
    least, most
        How many pictures it takes.
    foot
        Height of the place for the caption, margin included; there is none without a caption, unless `keeps_foot`.
    title
        The largest size of the caption's letters.
    label
        Height of a picture's own caption, below it.
    background
        Where the collage names none.
    """

    width: float
    height: float
    least: int
    most: int
    margin: float
    gap: float
    corner: float
    foot: float
    title: float
    label: float
    columns: int = 0
    rows: int = 0
    keeps_foot: bool = False
    background: str = "#ffffff"


_GRID_2X2: Final = Template(
    width=200,
    height=200,
    least=4,
    most=4,
    columns=2,
    rows=2,
    margin=9,
    gap=4.5,
    corner=2,
    foot=27,
    title=9.5,
    label=7.5,
)
_GRID_3X3: Final = replace(_GRID_2X2, least=9, most=9, columns=3, rows=3, gap=4, label=6.5)
# Two by six inches, as a photo booth prints it.
_STRIP_4: Final = Template(
    width=50.8,
    height=152.4,
    least=4,
    most=4,
    columns=1,
    rows=4,
    margin=3.2,
    gap=2.2,
    corner=0.8,
    foot=17,
    title=4.2,
    label=4,
)
# The size of the instant film that gave it its name.
_POLAROID: Final = Template(
    width=88,
    height=107,
    least=1,
    most=1,
    columns=1,
    rows=1,
    margin=5.5,
    gap=0,
    corner=0.6,
    foot=24.5,
    title=6.4,
    label=10,
    keeps_foot=True,
    background="#fcfaf5",
)
_MOSAIC: Final = Template(
    width=300, height=200, least=3, most=12, margin=8, gap=3.5, corner=1.6, foot=25, title=9, label=7
)

TEMPLATES: Final[Mapping[CollageTemplate, Template]] = MappingProxyType(
    {
        CollageTemplate.GRID_2X2: _GRID_2X2,
        CollageTemplate.GRID_3X3: _GRID_3X3,
        CollageTemplate.STRIP_4: _STRIP_4,
        CollageTemplate.POLAROID: _POLAROID,
        CollageTemplate.MOSAIC: _MOSAIC,
    }
)
