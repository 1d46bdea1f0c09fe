"""Text in a box: wrapped at words into even lines, smaller where it has to be, cut where nothing helps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from workers.documents.font import Weight
from workers.documents.text import shape, spelled, width

LEADING: Final = 1.3  # from line to line, in sizes: so much need two marks above a capital
_STEP: Final = 0.95
_RATHER_SMALLER: Final = 0.78  # of the largest size: down to it, smaller letters are better than another line
_CUT: Final = "…"
_HALVINGS: Final = 7


@dataclass(frozen=True)
class Room:
    """Where a text may stand: a box, its sizes of letters from the largest to the smallest, and how many lines."""

    width: float
    height: float
    largest: float
    smallest: float
    lines: int
    weight: Weight


@dataclass(frozen=True)
class Paragraph:
    """Lines of text, as spelled, and the size they are set in."""

    lines: Sequence[str]
    size: float


def fit(text: str, room: Room) -> Paragraph:
    """Set a text as large as its room lets it; lines that are broken by hand stay so where there are few."""
    parts = [words for line in text.splitlines() if (words := spelled(line).split(" ")) if any(words)]
    for lines, size in _tries(room):
        broken = _balanced(parts, lines, room.width / size, room.weight)
        if broken:
            return Paragraph(broken, size)
    return Paragraph(_cut(parts, room), room.smallest)


def _tries(room: Room) -> Iterator[tuple[int, float]]:
    """Yield numbers of lines, each with the sizes that suit it, the best first."""
    for lines in range(1, room.lines + 1):
        size = min(room.largest, room.height / (lines * LEADING))
        least = room.smallest if lines == room.lines else max(room.smallest, _RATHER_SMALLER * room.largest)
        while size >= least:
            yield lines, size
            size *= _STEP


def _balanced(parts: Sequence[Sequence[str]], lines: int, ems: float, weight: Weight) -> Sequence[str] | None:
    """Break into lines of about one length, no longer than so many ems; None where there are not enough of them."""
    broken = _broken(parts, ems, weight)
    if len(broken) > lines or any(_ems(line, weight) > ems for line in broken):
        return None
    short, long = 0.0, ems
    for _ in range(_HALVINGS):
        middle = (short + long) / 2
        tried = _broken(parts, middle, weight)
        if len(tried) > len(broken) or any(_ems(line, weight) > middle for line in tried):
            short = middle
        else:
            long, broken = middle, tried
    return broken


def _broken(parts: Sequence[Sequence[str]], ems: float, weight: Weight) -> list[str]:
    return [line for words in parts for line in _wrapped(words, ems, weight)]


def _wrapped(words: Sequence[str], ems: float, weight: Weight) -> Iterator[str]:
    line = ""
    for word in words:
        longer = f"{line} {word}".strip(" ")
        if line and _ems(longer, weight) > ems:
            yield line
            line = word
        else:
            line = longer
    yield line


def _cut(parts: Sequence[Sequence[str]], room: Room) -> Sequence[str]:
    """Break wherever it has to be, and say with an ellipsis that there was more."""
    lines = max(1, min(room.lines, int(room.height / (room.smallest * LEADING))))
    ems = room.width / room.smallest
    pieces = [[piece for word in words for piece in _pieces(word, ems, room.weight)] for words in parts]
    broken = _broken(pieces, ems, room.weight)
    if len(broken) <= lines:
        return broken
    return [*broken[: lines - 1], _ended(broken[lines - 1], ems, room.weight)]


def _pieces(word: str, ems: float, weight: Weight) -> Iterator[str]:
    """Break a word that is longer than a line."""
    piece = ""
    for glyph in shape(word, 1, weight):
        if piece and _ems(piece + glyph.text, weight) > ems:
            yield piece
            piece = ""
        piece += glyph.text
    yield piece


def _ended(line: str, ems: float, weight: Weight) -> str:
    letters = [glyph.text for glyph in shape(line, 1, weight)]
    while letters and _ems("".join(letters).rstrip() + _CUT, weight) > ems:
        letters.pop()
    return "".join(letters).rstrip() + _CUT


@lru_cache(maxsize=4096)
def _ems(line: str, weight: Weight) -> float:
    return width(line, 1, weight)
