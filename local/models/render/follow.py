"""Pictures made from pictures, where the text says how: from another camera, in another material, inside a mask."""

import math
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from local.models.render.change import enlarged, varied
from local.models.render.edit import EditOrder, retouch
from local.models.render.picture import Picture, PictureOrder, draw, encode
from local.models.render.references import BadReferenceError, open_references

Matrix = NDArray[np.float64]

CAMERA = re.compile(r"\banother camera\b")
AROUND = re.compile(r"moved (?P<degrees>[\d.]+)° around the scene to the (?P<way>right|left)")
OVER = re.compile(r"moved (?P<degrees>[\d.]+)° (?P<way>up|down)")
ZOOM = re.compile(r"zoomed \w+ to (?P<times>[\d.]+) times")
MATERIAL = re.compile(r"\bmaterial of the second image\b")
MASKED = re.compile(r"\bimage is a mask of the first\b")
LARGER = re.compile(r"\bvery image in a higher resolution\b")
VARIED = re.compile(r"\bvariation of this image\b")
TASK = re.compile(r"^(?:edit|replace|continue)\b[^:\n]*: *(?P<what>[^\n]*)", re.IGNORECASE)

FOCAL = 1.6  # in widths of the picture: what a 58 mm lens is to a small negative
STEEPEST = 50.0  # degrees; from further round a flat picture shows nothing
TILES = 3  # how often a material is repeated across a picture
# How much a picture keeps of its own light, and of its own colour, under a material.
KEPT = np.array([0.72, 0.3, 0.3], np.float32)


def follow(order: PictureOrder) -> Picture:
    """Do with an order's pictures what its text says; without a word of them it is drawn, and they are quoted."""
    if MATERIAL.search(order.prompt):
        return _made(order, 2, lambda images: _laid(images, masked=bool(MASKED.search(order.prompt))))
    if CAMERA.search(order.prompt):
        return _made(order, 1, lambda images: _moved(images[0], order.prompt))
    if LARGER.search(order.prompt):
        return _made(order, 1, lambda images: enlarged(images[0], (order.width, order.height)))
    if VARIED.search(order.prompt):
        return _made(order, 1, lambda images: varied(images[0], order.seed))
    if MASKED.search(order.prompt) and len(order.references) > 1:
        image, *_, mask = order.references
        return retouch(EditOrder(_task(order.prompt), order.seed, image, mask, order.mime, order.quality))
    return draw(order)


def _made(order: PictureOrder, least: int, make: Callable[[Sequence[Image.Image]], Image.Image]) -> Picture:
    if len(order.references) < least:
        return draw(order)
    started = time.perf_counter()
    data, error = b"", None
    try:
        made = make(open_references(order.references))
        data = encode(made.resize((order.width, order.height), Image.Resampling.LANCZOS), order)
    except BadReferenceError as problem:
        error = str(problem)
    return replace(Picture(data, order.mime, 0, error), render_ms=round((time.perf_counter() - started) * 1000, 1))


def _task(prompt: str) -> str:
    """What is to appear; nothing where something is to be removed."""
    found = TASK.match(prompt)
    return found["what"] if found else ""


def _moved(image: Image.Image, prompt: str) -> Image.Image:
    """Show a picture as a wall that the camera moves around, mirrored at its edges."""
    around, over, zoom = AROUND.search(prompt), OVER.search(prompt), ZOOM.search(prompt)
    yaw = _degrees(around, "right")
    pitch = _degrees(over, "up")
    times = float(zoom["times"]) if zoom else 1.0
    width, height = image.size
    across, down = width // 2, height // 2
    wide = np.pad(np.asarray(image), ((down, down), (across, across), (0, 0)), mode="symmetric")
    seen = np.linalg.inv(_projection(yaw, pitch, times, width * FOCAL))
    frame = np.array([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 1]])
    place = np.array([[1, 0, across + width / 2], [0, 1, down + height / 2], [0, 0, 1]])
    matrix = place @ seen @ frame
    values = (matrix / matrix[2, 2]).ravel()[:8].tolist()
    return Image.fromarray(wide).transform(image.size, Image.Transform.PERSPECTIVE, values, Image.Resampling.BICUBIC)


def _degrees(found: re.Match[str] | None, positive: str) -> float:
    if found is None:
        return 0.0
    degrees = min(STEEPEST, float(found["degrees"]))
    return degrees if found["way"] == positive else -degrees


def _projection(yaw: float, pitch: float, times: float, focal: float) -> Matrix:
    """From a point of the picture, seen from its middle, to where the camera sees it."""
    turn, tilt = math.radians(yaw), math.radians(pitch)
    about_y = np.array([[math.cos(turn), 0, -math.sin(turn)], [0, 1, 0], [math.sin(turn), 0, math.cos(turn)]])
    about_x = np.array([[1, 0, 0], [0, math.cos(tilt), -math.sin(tilt)], [0, math.sin(tilt), math.cos(tilt)]])
    turned = about_x @ about_y
    plane = np.column_stack([turned[:, 0], turned[:, 1], [0, 0, focal / times]])
    return np.diag([focal, focal, 1.0]) @ plane


def _laid(images: Sequence[Image.Image], *, masked: bool) -> Image.Image:
    """Lay the second picture onto the first as a material: its light and shadows stay."""
    image, material = images[0], images[1]
    side = max(image.size) // TILES
    tile = np.asarray(material.resize((side, side), Image.Resampling.LANCZOS).convert("YCbCr"))
    repeats = (math.ceil(image.height / side), math.ceil(image.width / side), 1)
    cloth = np.tile(tile, repeats)[: image.height, : image.width].astype(np.float32)
    own = np.asarray(image.convert("YCbCr"), np.float32)
    dressed = own * KEPT + cloth * (1 - KEPT)
    made = Image.fromarray(dressed.clip(0, 255).astype(np.uint8), "YCbCr").convert("RGB")
    if masked and images[-1].size == image.size:
        return Image.composite(made, image, images[-1].convert("L"))
    return made
