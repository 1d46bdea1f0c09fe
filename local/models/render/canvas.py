"""A canvas measured in short sides: (0, 0) is the top left corner, the short side is 1 long."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from local.models.render.colour import Colour, ramp, to_bytes

Floats = npt.NDArray[np.float64]
Point = tuple[float, float]
Points = Floats | Sequence[tuple[float, float]]
Fill = Colour | tuple[Colour, ...]  # one colour, or several from top to bottom
Box = tuple[int, int, int, int]
ANGLES = np.linspace(0, 2 * np.pi, 64, endpoint=False)
CIRCLE = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)
GLOW = 96  # pixels of a glow before it is stretched
CASTS_FROM = 0.8  # opacity: what is thinner than this casts no shadow
FINE_BELOW = 500  # pixels: smaller shapes get 16 samples a pixel, larger ones 4


class Canvas:
    """Paints antialiased shapes on an RGB picture."""

    def __init__(self, width: int, height: int, lift: float = 0.0) -> None:
        self.size = (width, height)
        self.unit = min(width, height)
        self.w = width / self.unit
        self.h = height / self.unit
        self.image = Image.new("RGB", self.size)
        self.lift = lift  # how high shapes lie over what is under them, as paper does: they cast a shadow

    # ------------------------------------------------------------ masks and fills
    def paint(self, mask: Image.Image, corner: tuple[int, int], fill: Fill, opacity: float = 1.0) -> None:
        """Lay a fill on the picture through a mask that starts at a corner (pixels)."""
        if opacity < 1:
            mask = mask.point(_scale(opacity))
        self.image.paste(fill_image(fill, mask.size), corner, mask)

    def cast(self, mask: Image.Image, corner: tuple[int, int]) -> None:
        """Lay the shadow of a lifted shape on what is under it."""
        reach = self.lift * self.unit * min(1.0, 0.25 + max(mask.size) / self.unit)
        rim = round(reach * 1.5) + 1
        shadow = Image.new("L", (mask.width + 2 * rim, mask.height + 2 * rim))
        shadow.paste(mask.point(_scale(0.42)), (rim, rim))
        shadow = shadow.filter(ImageFilter.BoxBlur(reach * 0.7))
        at = (corner[0] - rim + round(reach * 0.5), corner[1] - rim - round(reach * 0.6))
        self.image.paste((18, 14, 34), at, shadow)

    def glaze(self, mask: Image.Image, fill: Fill) -> None:
        """Paint through a mask of any size, stretched over the whole picture."""
        self.paint(mask.resize(self.size, Image.Resampling.BILINEAR), (0, 0), fill)

    def add_light(self, light: Image.Image) -> None:
        """Brighten with an RGB picture of any size, as light adds to light (screen)."""
        self.image = ImageChops.screen(self.image, light.resize(self.size, Image.Resampling.BILINEAR))

    def glow(self, at: Point, radius: float, colour: Colour, strength: float = 1.0, power: float = 2.0) -> None:
        """Add light around a point, fading to nothing at the radius."""
        x, y = at
        whole = self._box(x - radius, y - radius, x + radius, y + radius)
        seen = self._cut(whole)
        if seen[2] <= seen[0] or seen[3] <= seen[1]:
            return
        span = np.linspace(-1, 1, GLOW)
        away = np.hypot(span[:, None], span[None, :])
        fall = np.clip(1 - away, 0, 1) ** power * strength
        light = Image.fromarray((fall[:, :, None] * np.array(colour) * 255).clip(0, 255).astype(np.uint8))
        scale = GLOW / (whole[2] - whole[0])
        left, top = (seen[0] - whole[0]) * scale, (seen[1] - whole[1]) * scale
        right, bottom = (min((seen[at] - whole[at - 2]) * scale, GLOW) for at in (2, 3))
        size = (seen[2] - seen[0], seen[3] - seen[1])
        light = light.resize(size, Image.Resampling.BILINEAR, box=(left, top, right, bottom))
        self.image.paste(ImageChops.screen(self.image.crop(seen), light), seen[:2])

    # ------------------------------------------------------------ shapes
    def polygon(self, points: Points, fill: Fill, opacity: float = 1.0, blur: float = 0.0) -> None:
        """Fill one outline; ``blur`` is a radius."""
        self.polygons([points], fill, opacity, blur)

    def polygons(self, outlines: Sequence[Points], fill: Fill, opacity: float = 1.0, blur: float = 0.0) -> None:
        """Fill several outlines as one shape."""
        found = self.mask(outlines, blur)
        if found:
            if self.lift and opacity > CASTS_FROM:
                self.cast(*found)
            self.paint(found[0], found[1], fill, opacity)

    def ellipse(self, at: Point, radii: Point, fill: Fill, opacity: float = 1.0, blur: float = 0.0) -> None:
        """Fill an ellipse around a point."""
        self.polygon(oval(at, *radii), fill, opacity, blur)

    def line(self, points: Points, width: float, fill: Fill, opacity: float = 1.0) -> None:
        """Stroke a line of one width, with round ends."""
        self.polygon(ribbon(np.asarray(points), width, width), fill, opacity)

    def mask(self, outlines: Sequence[Points], blur: float = 0.0) -> tuple[Image.Image, tuple[int, int]] | None:
        """Give the coverage of some outlines and its corner, or None when nothing of them is in the picture."""
        arrays = [np.asarray(points, dtype=np.float64) for points in outlines]
        if not arrays:
            return None
        every = np.concatenate(arrays)
        (x0, y0), (x1, y1) = every.min(axis=0) - blur * 3, every.max(axis=0) + blur * 3
        left, top, right, bottom = self._cut(self._box(x0, y0, x1, y1))
        if right <= left or bottom <= top:
            return None
        fine = 4 if max(right - left, bottom - top) < FINE_BELOW else 2
        mask = Image.new("L", ((right - left) * fine, (bottom - top) * fine))
        pen = ImageDraw.Draw(mask)
        for array in arrays:
            spots = (array * self.unit - (left, top)) * fine
            pen.polygon(spots.ravel().tolist(), fill=255)
        mask = mask.reduce(fine)
        if blur:
            mask = mask.filter(ImageFilter.BoxBlur(blur * self.unit))
        return mask, (left, top)

    # ------------------------------------------------------------ land
    def columns(self) -> Floats:
        """Give the x of every column of pixels."""
        return (np.arange(self.size[0]) + 0.5) / self.unit

    def ridge_mask(self, ys: Floats) -> tuple[Image.Image, int]:
        """Give the mask of all below a skyline (one y a column) and the row where it starts."""
        edge = ys * self.unit
        top = int(np.clip(np.floor(edge.min()) - 1, 0, self.size[1] - 1))
        low = int(np.clip(np.ceil(edge.max()) + 2, top + 1, self.size[1]))
        steep = np.sqrt(1 + np.gradient(edge) ** 2)
        rows = np.arange(top, low)[:, None] + 0.5
        band = np.clip(((rows - edge) / steep + 0.5) * 255, 0, 255).astype(np.uint8)
        mask = Image.new("L", (self.size[0], self.size[1] - top), 255)
        mask.paste(Image.fromarray(band), (0, 0))
        return mask, top

    def ridge(self, ys: Floats, fill: Fill, opacity: float = 1.0) -> None:
        """Fill all below a skyline."""
        mask, top = self.ridge_mask(ys)
        if self.lift:
            self.cast(mask, (0, top))
        self.paint(mask, (0, top), fill, opacity)

    def band(self, top: float, bottom: float, fill: Fill, opacity: float = 1.0) -> None:
        """Fill a level strip from one y to another."""
        self.polygon([(0, top), (self.w, top), (self.w, bottom), (0, bottom)], fill, opacity)

    def _box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        unit = self.unit
        return int(x0 * unit) - 1, int(y0 * unit) - 1, int(x1 * unit) + 2, int(y1 * unit) + 2

    def _cut(self, box: Box) -> Box:
        return max(box[0], 0), max(box[1], 0), min(box[2], self.size[0]), min(box[3], self.size[1])


def fill_image(fill: Fill, size: tuple[int, int]) -> Image.Image:
    """Give a picture of one colour, or of several that run from top to bottom."""
    if isinstance(fill[0], float | int):
        return Image.new("RGB", size, to_bytes(fill))  # pyright: ignore[reportArgumentType]
    column = ramp(fill, min(max(size[1], 2), 256))  # pyright: ignore[reportArgumentType]
    strip = Image.fromarray((column[:, None, :] * 255 + 0.5).astype(np.uint8))
    return strip.resize((1, size[1]), Image.Resampling.BILINEAR).resize(size, Image.Resampling.NEAREST)


def _scale(opacity: float) -> list[int]:
    return [round(value * opacity) for value in range(256)]


def oval(at: Point, rx: float, ry: float, turn: float = 0.0) -> Floats:
    """Give the outline of an ellipse, turned by an angle in degrees."""
    shape = CIRCLE * (rx, ry)
    return (turned(shape, turn) if turn else shape) + np.asarray(at)


def moved(points: Points, by: Points | Point) -> Floats:
    """Shift points."""
    return np.asarray(points, dtype=np.float64) + np.asarray(by, dtype=np.float64)


def turned(points: Points, degrees: float) -> Floats:
    """Turn points around the origin, clockwise on the screen."""
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.asarray(points, dtype=np.float64) @ turn


def curve(points: Points, *, closed: bool = True, steps: int = 10) -> Floats:
    """Give a smooth line through all points (Catmull-Rom)."""
    spots = np.asarray(points, dtype=np.float64)
    if closed:
        padded = np.concatenate([spots[-1:], spots, spots[:2]])
    else:
        padded = np.concatenate([spots[:1], spots, spots[-1:]])
    p0, p1, p2, p3 = (padded[at : len(padded) - 3 + at, None, :] for at in range(4))
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    bent = 0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3)
    line = bent.reshape(-1, 2)
    return line if closed else np.concatenate([line, spots[-1:]])


def ribbon(line: Floats, start: float, end: float) -> Floats:
    """Give the outline of a line whose width runs from one value to another."""
    along = np.gradient(line, axis=0)
    normal = np.stack([-along[:, 1], along[:, 0]], axis=1)
    normal /= np.maximum(np.hypot(normal[:, :1], normal[:, 1:]), 1e-9)
    half = np.linspace(start, end, len(line))[:, None] / 2
    return np.concatenate([line + normal * half, (line - normal * half)[::-1]])
