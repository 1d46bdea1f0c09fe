"""A page's content: millimetres from the trimmed page's upper left corner become points from the file's lower left."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Final, NamedTuple

from studio.documents.geometry import Box
from studio.text import composed
from workers.documents.pdf.fonts import PdfFont
from workers.documents.pdf.values import POINTS_A_MM, number, numbers, utf16
from workers.documents.text import Glyph, shape

_EM: Final = 1000
_NEAR: Final = 1e-3  # of a point

# By EXIF's orientation: where a point of a stored picture is once it is upright, both 0 to 1 and downwards: x from x,
# from y and from nothing, then y so.
_UPRIGHT: Final[Mapping[int, tuple[int, int, int, int, int, int]]] = {
    1: (1, 0, 0, 0, 1, 0),
    2: (-1, 0, 1, 0, 1, 0),
    3: (-1, 0, 1, 0, -1, 1),
    4: (1, 0, 0, 0, -1, 1),
    5: (0, 1, 0, 1, 0, 0),
    6: (0, -1, 1, 1, 0, 0),
    7: (0, -1, 1, -1, 0, 1),
    8: (0, 1, 0, -1, 0, 1),
}


class Ink(Enum):
    """Red, green and blue, or grey alone, which is printed in black ink only."""

    TEXT = (0.13,)
    QUIET = (0.42,)
    PAPER = (0.965, 0.953, 0.925)
    RULE = (0.72, 0.62, 0.45)


class Line(NamedTuple):
    """A line of text and the left end of its baseline, in millimetres."""

    text: str
    left: float
    baseline: float


class Canvas:
    """Draws on one page; `down` is where the trimmed page's upper edge is, `across` its left one, in points."""

    def __init__(self, across: float, down: float) -> None:
        self._across, self._down = across, down
        self._parts: list[str] = []

    @property
    def content(self) -> bytes:
        return "\n".join(self._parts).encode("ascii")

    def fill(self, box: Box, ink: Ink) -> None:
        self._parts.append(f"{self._ink(ink)} {self._rectangle(box)} f")

    def picture(self, name: str, turn: int, whole: Box, frame: Box) -> None:
        """Draw a picture, stored as `turn` says, over `whole`, as far as it lies in `frame`."""
        matrix = numbers(*self._matrix(turn, whole))
        self._parts.append(f"q {self._rectangle(frame)} W n {matrix} cm /{name} Do Q")

    def text(self, text: str, lines: Iterable[Line], size: float, font: PdfFont, ink: Ink = Ink.TEXT) -> None:
        """Set a text in its lines; one that a program would read otherwise from its glyphs is said beside them."""
        lines = list(lines)
        shaped = [shape(line.text, size, font.weight) for line in lines]
        reads = " ".join(map(font.use, shaped))
        parts = [f"{self._ink(ink)} /{font.name} {number(size)} Tf"]
        for line, glyphs in zip(lines, shaped, strict=True):
            parts += [f"1 0 0 1 {numbers(*self._point(line.left, line.baseline))} Tm", *_operators(glyphs, size, font)]
        if reads.split() == composed(text).split():
            self._parts.append(f"BT {' '.join(parts)} ET")
        else:
            self._parts.append(f"/Span <</ActualText <FEFF{utf16(composed(text))}>>> BDC BT {' '.join(parts)} ET EMC")

    def _point(self, x: float, y: float) -> tuple[float, float]:
        return self._across + x * POINTS_A_MM, self._down - y * POINTS_A_MM

    def _rectangle(self, box: Box) -> str:
        x, y = self._point(box.left, box.bottom)
        return f"{numbers(x, y, box.width * POINTS_A_MM, box.height * POINTS_A_MM)} re"

    def _matrix(self, turn: int, whole: Box) -> Iterator[float]:
        """Yield what brings the unit square, up which a PDF draws a stored picture, to where it stands upright."""
        a, b, c, d, e, f = _UPRIGHT[turn]
        width, height = whole.width * POINTS_A_MM, whole.height * POINTS_A_MM
        left, top = self._point(whole.left, whole.top)
        yield from (a * width, -d * height, -b * width, e * height)
        yield from (left + (b + c) * width, top - (e + f) * height)

    @staticmethod
    def _ink(ink: Ink) -> str:
        return f"{numbers(*ink.value)} {'g' if len(ink.value) == 1 else 'rg'}"


def _operators(glyphs: Sequence[Glyph], size: float, font: PdfFont) -> Iterator[str]:
    """Yield the glyphs with the kerning between them; a mark that stands higher is raised."""
    pen, rise, run = 0.0, 0.0, list[str]()
    for glyph in glyphs:
        if abs(glyph.y - rise) > _NEAR:
            yield f"[{''.join(run)}] TJ {number(glyph.y)} Ts"
            rise, run = glyph.y, []
        if abs(glyph.x - pen) > _NEAR:
            run.append(f" {number((pen - glyph.x) * _EM / size)} ")
        run.append(f"<{glyph.id:04X}>")
        pen = glyph.x + font.advance(glyph.id, size)
    yield f"[{''.join(run)}] TJ" + (" 0 Ts" if rise else "")
