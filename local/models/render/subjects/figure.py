"""A sheet to draw one subject on: the origin is at its feet, y points down, 1 is its height."""

from collections.abc import Sequence

import numpy as np

from local.models.render.canvas import Floats, Point, Points, curve, oval, ribbon
from local.models.render.colour import Colour, hexes, mix
from local.models.render.stage import Spot, Stage

INK, WHITE, CREAM = hexes("1d1b26 fdf9f0 f4e3c6")


class Figure:
    """Draws shapes of one subject, in the light of the picture."""

    def __init__(self, stage: Stage, spot: Spot, *, flip: bool = False) -> None:
        self.stage = stage
        self.at = np.array([spot.x, spot.y])
        self.size = spot.size
        self.depth = spot.depth
        self.scale = np.array([-spot.size if flip else spot.size, spot.size])

    def place(self, points: Points) -> Floats:
        """Give points of the sheet as points of the picture."""
        return np.asarray(points, dtype=np.float64) * self.scale + self.at

    def tone(self, colour: Colour) -> Colour:
        """Give a colour in the light that falls on the subject."""
        return self.stage.palette.lit(colour, self.depth)

    def shape(self, points: Points, colour: Colour, flat: float = 0.0) -> None:
        """Fill a polygon, lighter at its top; ``flat`` 1 leaves the gradient out."""
        self.shapes([points], colour, flat)

    def shapes(self, outlines: Sequence[Points], colour: Colour, flat: float = 0.0) -> None:
        """Fill several polygons as one."""
        palette, tone = self.stage.palette, self.tone(colour)
        high = mix(tone, palette.glow, 0.16 * (1 - flat))
        low = mix(tone, palette.near, 0.26 * (1 - flat))
        self.stage.canvas.polygons([self.place(points) for points in outlines], (high, tone, low))

    def smooth(self, points: Points, colour: Colour, flat: float = 0.0) -> None:
        """Fill a smooth closed curve through points."""
        self.shape(curve(points), colour, flat)

    def oval(self, at: Point, radii: Point, colour: Colour, turn: float = 0.0) -> None:
        """Fill an ellipse."""
        self.shape(oval(at, *radii, turn), colour)

    def line(self, points: Points, widths: Point, colour: Colour) -> None:
        """Stroke a smooth line whose width runs from one value to another."""
        self.shape(ribbon(curve(points, closed=False), *widths), colour)

    def pair(self, points: Points, colour: Colour) -> None:
        """Fill a smooth curve and its mirror image."""
        outline = curve(points)
        self.shapes([outline, outline * (-1, 1)], colour)

    def shadow(self, wide: float) -> None:
        """Lay a shadow at the feet."""
        at = (float(self.at[0]), float(self.at[1]))
        dark = self.stage.palette.dark
        self.stage.canvas.ellipse(at, (wide * self.size, wide * self.size * 0.14), dark, 0.35, 0.012 * self.size)

    def glow(self, at: Point, radius: float, colour: Colour, strength: float = 0.8) -> None:
        """Let a spot shine."""
        x, y = self.place([at])[0]
        self.stage.canvas.glow((float(x), float(y)), radius * self.size, colour, strength)


def box(left: float, top: float, right: float, bottom: float) -> Floats:
    """Give a rectangle."""
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
