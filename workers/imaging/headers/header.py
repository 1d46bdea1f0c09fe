"""What all three formats say before the pixels, and the limits it is held against."""

from dataclasses import dataclass
from typing import Final

from workers.imaging.flaw import damaged, too_many_pixels

MAX_PIXELS: Final = 50_000_000
_FIRST_LYING: Final = 5


@dataclass(frozen=True)
class Header:
    """What a file says of itself; width and height in pixels as stored, before `turn` is applied.

    Parameters
    ----------
    turn
        Orientation by EXIF, 1 (upright) to 8.
    profile
        ICC profile of its colours; empty for sRGB.
    """

    content_type: str
    width: int
    height: int
    turn: int = 1
    profile: bytes = b""

    @property
    def size(self) -> tuple[int, int]:
        """Return width and height as a person sees the picture."""
        return self.turned((self.width, self.height))

    def turned(self, size: tuple[int, int]) -> tuple[int, int]:
        """Bring a size from as seen to as stored, or back: orientations 5 to 8 lie on their side."""
        return (size[1], size[0]) if self.turn >= _FIRST_LYING else size


def check_pixels(width: int, height: int) -> None:
    """Refuse a picture by its size before anything is allocated for it."""
    if width < 1 or height < 1:
        raise damaged()
    if width * height > MAX_PIXELS:
        raise too_many_pixels(MAX_PIXELS)
