"""What is written on an album's pages, and how large: title and date on the cover, captions, page numbers."""

from collections.abc import Iterator, Mapping
from typing import Final

from studio.documents import arrange
from studio.documents.album import BLEED, HEIGHT_MM, MM_AN_INCH, SAFETY_MM, WIDTH_MM, Album
from studio.documents.geometry import Box
from studio.documents.pages import Page, PageKind
from studio.documents.words import written
from workers.documents.font import Weight
from workers.documents.paragraph import LEADING, Paragraph, Room, fit
from workers.documents.pdf.canvas import Canvas, Ink, Line
from workers.documents.pdf.fonts import PdfFont
from workers.documents.text import width

Fonts = Mapping[Weight, PdfFont]
_MM_A_POINT: Final = MM_AN_INCH / 72
_CAPITALS: Final = 0.7  # of the size: how high capitals are
_INSET: Final = arrange.SIDE_MM
_DATE_SIZE, _CAPTION_SIZE, _NUMBER_SIZE = 11.0, 10.0, 9.0
_RULE: Final = (18.0, 0.5, 6.0)  # between title and date: its length, weight, and room on either side


def draw_texts(page: Page, album: Album, canvas: Canvas, fonts: Fonts) -> None:
    """Draw all of a page but its photos."""
    if page.title:
        _draw_title(page.title, album, canvas, fonts)
    for frame in page.frames:
        if frame.caption and frame.photo.caption:
            _draw_caption(frame.photo.caption, frame.caption, canvas, fonts[Weight.REGULAR])
    if page.number and page.frames and page.frames[0].box != BLEED:
        _draw_number(page.number, canvas, fonts[Weight.REGULAR])
    if page.kind == PageKind.BACK:
        canvas.fill(BLEED, Ink.PAPER)


def _draw_title(panel: Box, album: Album, canvas: Canvas, fonts: Fonts) -> None:
    """Set title, rule and date as a group in the middle of the panel."""
    canvas.fill(panel, Ink.PAPER)
    width, (length, weight, space) = panel.right - _INSET - arrange.GAP_MM, _RULE
    room = Room(width / _MM_A_POINT, 30.0 / _MM_A_POINT, 30.0, 14.0, 3, Weight.SEMIBOLD)
    title, date = fit(album.title, room), _capitals(_DATE_SIZE)
    last = title.size * LEADING * _MM_A_POINT * (len(title.lines) - 1)
    at = panel.top + (panel.height - _capitals(title.size) - last - 2 * space - date) / 2 + _capitals(title.size)
    canvas.text(album.title, _lines(title, _INSET, at), title.size, fonts[Weight.SEMIBOLD])
    canvas.fill(Box(_INSET, at + last + space - weight / 2, length, weight), Ink.RULE)
    day = written(album.date, album.language)
    line = Line(day, _INSET, at + last + 2 * space + date)
    canvas.text(day, [line], _DATE_SIZE, fonts[Weight.REGULAR], Ink.QUIET)


def _draw_caption(caption: str, place: Box, canvas: Canvas, font: PdfFont) -> None:
    room = Room(place.width / _MM_A_POINT, place.height / _MM_A_POINT, _CAPTION_SIZE, 7.0, 2, Weight.REGULAR)
    set_ = fit(caption, room)
    lines = _lines(set_, place.left, place.top + _capitals(set_.size), place.width)
    canvas.text(caption, lines, set_.size, font)


def _draw_number(number: int, canvas: Canvas, font: PdfFont) -> None:
    """Draw it at the outer edge: a book's right pages are the odd ones."""
    text, edge = str(number), WIDTH_MM - arrange.SIDE_MM
    left = edge - width(text, _NUMBER_SIZE) * _MM_A_POINT if number % 2 else arrange.SIDE_MM
    canvas.text(text, [Line(text, left, HEIGHT_MM - SAFETY_MM)], _NUMBER_SIZE, font, Ink.QUIET)


def _lines(paragraph: Paragraph, left: float, baseline: float, room: float | None = None) -> Iterator[Line]:
    """Yield the lines of a paragraph, each in the middle of its room if that is given."""
    for i, text in enumerate(paragraph.lines):
        spare = room - width(text, paragraph.size) * _MM_A_POINT if room else 0
        yield Line(text, left + spare / 2, baseline + i * paragraph.size * LEADING * _MM_A_POINT)


def _capitals(size: float) -> float:
    return size * _CAPITALS * _MM_A_POINT
