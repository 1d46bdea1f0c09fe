"""All pictures of the demo on one sheet: rows that fill its width, captions below, arrows from before to after."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from PIL import Image, ImageDraw, ImageFilter, ImageFont

_WIDTH: Final = 2200
_MARGIN: Final = 90
_GAP: Final = 30
_JOINT_GAP: Final = 76  # where an arrow or a plus stands between two pictures
_ROW_GAP: Final = 64
_HEAD: Final = 64  # a row's heading
_CAPTION: Final = 104
_CORNER: Final = 14
_PAPER: Final = (248, 246, 241)
_INK: Final = (38, 36, 44)
_GREY: Final = (122, 117, 112)
_ACCENT: Final = (196, 92, 48)
_MAX_LINES: Final = 2


@dataclass(frozen=True)
class Tile:
    """One picture. `joint` stands between it and the one before it: an arrow, a plus, or nothing."""

    image: Image.Image
    caption: str
    note: str = ""
    joint: str = ""

    @property
    def ratio(self) -> float:
        return self.image.width / self.image.height


@dataclass(frozen=True)
class Row:
    """Pictures of one height side by side."""

    heading: str
    tiles: Sequence[Tile]

    @property
    def height(self) -> int:
        """The height at which the pictures fill the width."""
        gaps = sum(_gap(tile) for tile in self.tiles[1:])
        return round((_WIDTH - 2 * _MARGIN - gaps) / sum(tile.ratio for tile in self.tiles))


def sheet(title: str, subtitle: str, rows: Sequence[Row]) -> Image.Image:
    """Lay the rows out below a title."""
    top = _MARGIN + 150
    height = top + sum(_HEAD + row.height + _CAPTION + _ROW_GAP for row in rows)
    page = Image.new("RGB", (_WIDTH, height - _ROW_GAP + _MARGIN // 2), _PAPER)
    pen = ImageDraw.Draw(page)
    pen.text((_MARGIN, _MARGIN - 14), title, _INK, _font(68))
    pen.text((_MARGIN, _MARGIN + 74), subtitle, _GREY, _font(30))
    for row in rows:
        _place(page, row, top)
        top += _HEAD + row.height + _CAPTION + _ROW_GAP
    return page


def nested(images: Sequence[Image.Image]) -> Image.Image:
    """Show the same picture in its sizes, to scale, the smaller ones in the corner of the larger."""
    whole = images[0].convert("RGB")
    for image in images[1:]:
        edge = max(2, whole.width // 200)
        framed = Image.new("RGB", (image.width + 2 * edge, image.height + 2 * edge), "white")
        framed.paste(image.convert("RGB"), (edge, edge))
        inset = whole.width // 40
        whole.paste(framed, (whole.width - framed.width - inset, whole.height - framed.height - inset))
    return whole


def _gap(tile: Tile) -> int:
    return _JOINT_GAP if tile.joint else _GAP


def _place(page: Image.Image, row: Row, top: int) -> None:
    pen = ImageDraw.Draw(page)
    pen.text((_MARGIN, top), row.heading, _ACCENT, _font(30))
    top += _HEAD
    left = _MARGIN
    for index, tile in enumerate(row.tiles):
        if index:
            _join(pen, tile.joint, left + _gap(tile) // 2, top + row.height // 2)
            left += _gap(tile)
        size = (round(row.height * tile.ratio), row.height)
        _hang(page, tile.image, (left, top), size)
        _write(pen, tile, (left, top + row.height + 16), size[0])
        left += size[0]


def _hang(page: Image.Image, image: Image.Image, at: tuple[int, int], size: tuple[int, int]) -> None:
    """Put a picture up, with round corners and a soft shadow."""
    shape = Image.new("L", (size[0] * 2, size[1] * 2))
    ImageDraw.Draw(shape).rounded_rectangle((0, 0, shape.width - 1, shape.height - 1), _CORNER * 2, 255)
    shape = shape.resize(size, Image.Resampling.LANCZOS)
    reach = 24
    shadow = Image.new("L", (size[0] + 2 * reach, size[1] + 2 * reach))
    shadow.paste(shape.point(lambda value: value * 0.28), (reach, reach))
    page.paste(_INK, (at[0] - reach, at[1] - reach + 6), shadow.filter(ImageFilter.GaussianBlur(10)))
    page.paste(image.convert("RGB").resize(size, Image.Resampling.LANCZOS), at, shape)


def _join(pen: ImageDraw.ImageDraw, joint: str, x: int, y: int) -> None:
    reach, weight = 15, 5
    if joint:
        pen.line((x - reach, y, x + reach, y), _ACCENT, weight)
    if joint == "+":
        pen.line((x, y - reach, x, y + reach), _ACCENT, weight)
    if joint == "→":
        pen.line((x + 2, y - 12, x + reach, y, x + 2, y + 12), _ACCENT, weight, joint="curve")


def _write(pen: ImageDraw.ImageDraw, tile: Tile, at: tuple[int, int], width: int) -> None:
    pen.text(at, tile.caption, _INK, _font(26))
    for number, line in enumerate(_lines(tile.note, width)):
        pen.text((at[0], at[1] + 36 + 26 * number), line, _GREY, _font(20))


def _lines(text: str, width: int) -> list[str]:
    """Break a text into lines no wider than so many pixels; what is too much ends in dots."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _font(20).getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > _MAX_LINES:
        return [*lines[: _MAX_LINES - 1], f"{lines[_MAX_LINES - 1]} …"]
    return lines


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)  # the one that Pillow brings along
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font
