"""Boxes on a sheet, and the part of a picture that covers one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Box:
    """A rectangle from its upper left corner, in the sheet's millimetres or a picture's pixels."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def aspect(self) -> float:
        return self.width / self.height

    def moved(self, right: float, down: float) -> "Box":
        return Box(self.left + right, self.top + down, self.width, self.height)

    def grown(self, by: float) -> "Box":
        """Return the box with so much more on every side."""
        return Box(self.left - by, self.top - by, self.width + 2 * by, self.height + 2 * by)

    def split(self, share: float, gap: float) -> tuple["Box", "Box"]:
        """Return what is to the left and to the right of a gap; the left has a share of what the gap leaves."""
        width = (self.width - gap) * share
        rest = Box(self.left + width + gap, self.top, self.width - gap - width, self.height)
        return Box(self.left, self.top, width, self.height), rest

    def stacked(self, share: float, gap: float = 0) -> tuple["Box", "Box"]:
        """Return what is above and below a gap."""
        upper, lower = self.turned.split(share, gap)
        return upper.turned, lower.turned

    def foot(self, height: float) -> tuple["Box", "Box"]:
        """Return what is above a foot, and the foot."""
        return self.stacked(1 - height / self.height)

    @property
    def turned(self) -> "Box":
        """The box with across and down exchanged."""
        return Box(self.top, self.left, self.height, self.width)


def crop(width: float, height: float, focal_x: float, focal_y: float, aspect: float) -> Box:
    """Return the largest part of a picture that has an aspect: around its focal point, as far as its edges let it.

    Whatever lies around the focal point, as far to one side as to the other, and is no larger than this is whole in it.
    """
    wide, high = min(width, height * aspect), min(height, width / aspect)
    left = min(max(focal_x * width - wide / 2, 0), width - wide)
    top = min(max(focal_y * height - high / 2, 0), height - high)
    return Box(left, top, wide, high)


def grid(area: Box, columns: int, rows: int, gap: float) -> tuple[Box, ...]:
    """Return equal boxes, row by row."""
    width, height = (area.width + gap) / columns, (area.height + gap) / rows
    return tuple(
        Box(area.left + column * width, area.top + row * height, width - gap, height - gap)
        for row in range(rows)
        for column in range(columns)
    )
