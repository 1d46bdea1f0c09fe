"""What the parts of a picture share while it is painted."""

from dataclasses import dataclass, field

from local.models.render.brief import Brief
from local.models.render.canvas import Canvas
from local.models.render.colour import Colour
from local.models.render.noise import Dice
from local.models.render.palette import Palette


@dataclass
class Spot:
    """Where a subject stands: its feet, its height in short sides, how near it is (0..1)."""

    x: float
    y: float
    size: float = 0.3
    depth: float = 1.0
    sky: tuple[float, float] = (0.5, 0.3)  # where things that fly are


@dataclass
class Stage:
    """One picture under way; ``horizon`` and ``sun`` are in short sides."""

    canvas: Canvas
    palette: Palette
    dice: Dice
    brief: Brief
    horizon: float = 0.6
    sun: tuple[float, float] = (0.5, 0.4)
    sun_radius: float = 0.08
    spot: Spot = field(default_factory=lambda: Spot(0.5, 0.8))

    def ground(self, usual: Colour) -> Colour:
        """Give the colour of the ground: the one asked for last, or the usual one."""
        return self.brief.tints[-1] if self.brief.tints else usual

    @property
    def w(self) -> float:
        """Give the canvas's width."""
        return self.canvas.w

    @property
    def h(self) -> float:
        """Give the canvas's height."""
        return self.canvas.h
