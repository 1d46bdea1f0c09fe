"""What a collage is: its template, pictures, words and background, and the rules that they keep."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from studio.documents.templates import TEMPLATES, CollageTemplate, Template

MAX_CAPTION: Final = 120  # characters
# The longest side in pixels: to be looked at, and to be printed, a square of 20 cm at 450 dots an inch.
PREVIEW_SIDE, PRINT_SIDE = 1024, 3600
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")


class CollageRule(StrEnum):
    """A rule that a collage may break."""

    PICTURE_COUNT = "PICTURE_COUNT"
    FOCAL_POINT = "FOCAL_POINT"
    CAPTION_LENGTH = "CAPTION_LENGTH"
    BACKGROUND = "BACKGROUND"


class CollageError(ValueError):
    """A collage breaks a rule; the message is a sentence for a person."""

    def __init__(self, rule: CollageRule, message: str) -> None:
        super().__init__(message)
        self.rule = rule


@dataclass(frozen=True)
class CollagePicture:
    """A picture by its size in pixels, as a person sees it, and the point that stays in every crop, 0 to 1."""

    width: int
    height: int
    focal_x: float = 0.5
    focal_y: float = 0.5
    caption: str | None = None


@dataclass(frozen=True)
class CollageSpec:
    """A collage, whole: what it looks like depends on nothing else.

    Parameters
    ----------
    background
        ``#rrggbb``; the template's own where there is none.
    """

    template: CollageTemplate
    pictures: tuple[CollagePicture, ...]
    caption: str | None = None
    background: str | None = None

    @property
    def sheet(self) -> Template:
        return TEMPLATES[self.template]


def check(spec: CollageSpec) -> None:
    """Check a collage that is to be drawn.

    Raises
    ------
    CollageError
        It breaks a rule.
    """
    check_count(spec.template, len(spec.pictures))
    check_caption(spec.caption)
    check_background(spec.background)
    for picture in spec.pictures:
        check_focal_point(picture.focal_x, picture.focal_y)
        check_caption(picture.caption)


def check_count(template: CollageTemplate, count: int) -> None:
    """Refuse fewer or more pictures than a template takes."""
    sheet = TEMPLATES[template]
    if not sheet.least <= count <= sheet.most:
        takes = f"{sheet.least} to {sheet.most}" if sheet.least < sheet.most else str(sheet.most)
        pictures = "picture" if sheet.most == 1 else "pictures"
        raise CollageError(CollageRule.PICTURE_COUNT, f"This template takes {takes} {pictures}; there are {count}.")


def check_focal_point(x: float, y: float) -> None:
    """Refuse a point outside its picture."""
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise CollageError(CollageRule.FOCAL_POINT, "A focal point is from 0 to 1, across and down.")


def check_caption(caption: str | None) -> None:
    """Refuse a caption that is too long to be read."""
    if len(caption or "") > MAX_CAPTION:
        raise CollageError(CollageRule.CAPTION_LENGTH, f"The caption has more than {MAX_CAPTION} characters.")


def check_background(background: str | None) -> None:
    """Refuse what is no colour as HTML writes it."""
    if background is not None and not _COLOUR.fullmatch(background):
        raise CollageError(CollageRule.BACKGROUND, "A background is #rrggbb, such as #f5efe6.")
