"""The font of all documents, Be Vietnam Pro, which holds every letter of Vietnamese; its licence is the OFL."""

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

import fontpkg_be_vietnam_pro
import uharfbuzz

_FOLDER: Final = fontpkg_be_vietnam_pro.ROOT / "files"


class Weight(StrEnum):
    """How heavy the letters are."""

    REGULAR = "Regular"
    SEMIBOLD = "SemiBold"


def file(weight: Weight) -> Path:
    """Return the font's file, TrueType outlines, for who embeds it."""
    return _FOLDER / f"BeVietnamPro-{weight}.ttf"


@cache
def font(weight: Weight) -> uharfbuzz.Font:
    """Return the font at a scale of one unit for each of its own."""
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(file(weight)))))


@cache
def letters() -> frozenset[str]:
    """Return the characters that the font has a glyph for; they are the same in every weight."""
    return frozenset(map(chr, font(Weight.REGULAR).face.unicodes))
