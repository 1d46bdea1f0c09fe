"""Text drawn onto a picture."""

import math
from typing import Final

import uharfbuzz
from PIL import Image

from studio.documents.geometry import Box
from workers.documents.font import Weight, font
from workers.documents.paragraph import LEADING, Room, fit
from workers.documents.text import shape

Colour = tuple[int, int, int]

_CAPITALS: Final = 0.7  # of a size, the height of capitals: they are what looks centred


def write(onto: Image.Image, text: str, box: Box, room: Room, scale: float, colour: Colour) -> None:
    """Write a text into the middle of a box; lines break by what it measures, however many pixels that is."""
    paragraph = fit(text, room)
    size, lines = paragraph.size * scale, paragraph.lines
    height = ((len(lines) - 1) * LEADING + _CAPITALS) * size
    baseline = (box.top + box.height / 2) * scale - height / 2 + _CAPITALS * size
    for line in lines:
        _write_line(onto, line, ((box.left + box.width / 2) * scale, baseline), size, room.weight, colour)
        baseline += LEADING * size


def _write_line(
    onto: Image.Image, line: str, at: tuple[float, float], size: float, weight: Weight, colour: Colour
) -> None:
    """Write a line whose middle, and whose baseline, are at a point."""
    glyphs = shape(line, size, weight)
    scale = size / font(weight).face.upem
    # HarfBuzz counts upwards; from the whole pixel below, so that the fraction is drawn.
    left, floor = at[0] - sum(glyph.advance for glyph in glyphs) / 2, math.ceil(at[1])
    raster = uharfbuzz.RasterDraw()
    for glyph in glyphs:
        raster.transform = (scale, 0, 0, scale, left + glyph.x, floor - at[1] + glyph.y)
        raster.draw_glyph(font(weight), glyph.id)
    drawn = raster.render()
    if drawn and drawn.extents.width:
        _, _, width, height, stride = drawn.extents
        mask = Image.frombuffer("L", (width, height), drawn.buffer, "raw", "L", stride, -1)
        onto.paste(colour, (drawn.extents.x_origin, floor - drawn.extents.y_origin - height), mask)
