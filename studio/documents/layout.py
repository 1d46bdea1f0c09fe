"""Where everything goes on a collage's sheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from studio.documents.collage import CollageSpec
from studio.documents.geometry import Box, grid
from studio.documents.mosaic import mosaic
from studio.text import is_blank

# Of a foot that two captions share: what is free above and below them, and what of the rest is the first's.
_FREE: Final = 0.14
_TITLE_SHARE: Final = 0.58


@dataclass(frozen=True)
class Cell:
    """A picture's place, and that of its own caption."""

    picture: Box
    label: Box | None


@dataclass(frozen=True)
class Layout:
    """A sheet in millimetres, with the places of its pictures, in their order, and of its caption."""

    width: float
    height: float
    cells: tuple[Cell, ...]
    caption: Box | None


def layout(spec: CollageSpec) -> Layout:
    """Lay out a collage that keeps the rules."""
    sheet, captioned = spec.sheet, not is_blank(spec.caption)
    labelled = any(not is_blank(picture.caption) for picture in spec.pictures)
    area, foot = _divided(spec, with_foot=captioned or sheet.keeps_foot)
    if foot and sheet.keeps_foot:
        caption, label = _shared(foot, captioned=captioned, labelled=labelled)
        cells = [Cell(box, label) for box in _frames(spec, area)]
    else:
        caption = foot
        cells = [_cell(frame, sheet.label if labelled else 0) for frame in _frames(spec, area)]
    return Layout(sheet.width, sheet.height, tuple(cells), caption)


def _divided(spec: CollageSpec, *, with_foot: bool) -> tuple[Box, Box | None]:
    """Return what is for pictures, and for the caption."""
    sheet = spec.sheet
    inside = Box(sheet.margin, sheet.margin, sheet.width - 2 * sheet.margin, sheet.height - sheet.margin)
    area, foot = inside.foot(sheet.foot if with_foot else sheet.margin)
    return area, foot if with_foot else None


def _shared(foot: Box, *, captioned: bool, labelled: bool) -> tuple[Box | None, Box | None]:
    """Divide a foot between the sheet's caption and that of its only picture."""
    if captioned and labelled:
        free = _FREE * foot.height
        return Box(foot.left, foot.top + free, foot.width, foot.height - 2 * free).stacked(_TITLE_SHARE)
    return (foot if captioned else None), (foot if labelled else None)


def _frames(spec: CollageSpec, area: Box) -> Sequence[Box]:
    sheet = spec.sheet
    if sheet.columns:
        return grid(area, sheet.columns, sheet.rows, sheet.gap)
    return mosaic(area, [picture.width / picture.height for picture in spec.pictures], sheet.gap)


def _cell(frame: Box, label: float) -> Cell:
    return Cell(*frame.foot(label)) if label else Cell(frame, None)
