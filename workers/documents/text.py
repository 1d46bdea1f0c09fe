"""Text to glyphs: which ones of the font, and where each stands, on one line.

HarfBuzz does it, with kerning and ligatures, and needs no library of the system's: Pillow's own shaping needs FriBidi,
which Lambda lacks, and without it goes on silently with neither. Text runs from left to right: scripts that run from
right to left are not in the font, and no bidirectional order is promised.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import uharfbuzz

from studio.text import composed, drawn
from workers.documents.font import Weight, font, letters

# What stands for a character that the font lacks, such as an emoji.
MISSING: Final = "•"
_NO_BREAK: Final = "\u00a0"
_MARKS: Final = frozenset({"Mn", "Me"})
_SKIN_TONES: Final = frozenset(map(chr, range(0x1F3FB, 0x1F400)))  # they colour the emoji before


class Glyph(NamedTuple):
    """A glyph by its number in the font. It stands at `x`, `y` from the line's start, y upwards.

    Parameters
    ----------
    advance
        How far it moves on what follows; a mark above a letter moves nothing.
    text
        The characters that it stands for; "" where a glyph before it stands for them.
    """

    id: int
    x: float
    y: float
    advance: float
    text: str


def shape(text: str, size: float, weight: Weight = Weight.REGULAR) -> Sequence[Glyph]:
    """Set a line of text at a size, in whatever unit.

    However letters and their marks are encoded, the same text has the same glyphs. What breaks a line is a space.
    """
    spelt = spelled(text)
    buffer = _shaped(spelt, weight)
    infos, places = buffer.glyph_infos, buffer.glyph_positions or ()
    texts = _texts(spelt, [info.cluster for info in infos])
    scale, at, glyphs = size / font(weight).face.upem, 0, list[Glyph]()
    for info, place, stands_for in zip(infos, places, texts, strict=True):
        x, y, advance = (scale * each for each in (at + place.x_offset, place.y_offset, place.x_advance))
        glyphs.append(Glyph(info.codepoint, x, y, advance, stands_for))
        at += place.x_advance
    return glyphs


def width(text: str, size: float, weight: Weight = Weight.REGULAR) -> float:
    """Return how long a line is at a size."""
    return sum(glyph.advance for glyph in shape(text, size, weight))


def spelled(text: str) -> str:
    """Return a text in letters that the font has, composed; those it lacks are as near as it can come to them."""
    return composed("".join(_spelled(each) for each in composed(drawn(text))))


def _spelled(character: str) -> str:
    if character in letters() and character.isprintable():
        return character
    if character.isspace():
        return _NO_BREAK if character == _NO_BREAK else " "
    plain = unicodedata.normalize("NFKC", character)  # of full width, in bold, in a ring, a ligature
    if letters().issuperset(plain) or letters().issuperset(unicodedata.normalize("NFD", plain)):
        return plain  # HarfBuzz sets a letter that is only there in parts from these
    return "" if character in _SKIN_TONES or unicodedata.category(character) in _MARKS else MISSING


def _shaped(text: str, weight: Weight) -> uharfbuzz.Buffer:
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    # Named, not guessed: a guess asks the process's locale.
    buffer.direction, buffer.script, buffer.language = "ltr", "Latn", "vi"
    uharfbuzz.shape(font(weight), buffer)
    return buffer


def _texts(text: str, starts: Sequence[int]) -> Iterator[str]:
    """Yield what each glyph stands for, by where in the text it starts; several that start at one place share it."""
    ends = sorted({*starts, len(text)})
    until = dict(pairwise(ends))
    for before, start in zip([-1, *starts], starts, strict=False):
        yield text[start : until[start]] if start != before else ""
