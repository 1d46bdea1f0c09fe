"""Changes a picture where a mask is white, as editing models do: the rest comes back almost the same, not quite."""

import io
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from local.models.render.brief import read_brief
from local.models.render.compose import compose
from local.models.render.picture import Picture, encode
from local.models.render.references import BadReferenceError, open_references

Floats = NDArray[np.floating[Any]]

DRIFT = 1.012  # how much brighter what was not to change comes back
NOISE = 1.6  # levels of noise on top of it


@dataclass(frozen=True)
class EditOrder:
    """What to change: ``mask`` is white where; an empty prompt continues what is around."""

    prompt: str
    seed: int
    image: bytes
    mask: bytes
    mime: str = "image/png"
    quality: int = 75


def retouch(order: EditOrder) -> Picture:
    """Draw an edit; the same order gives the same bytes."""
    started = time.perf_counter()
    data, error = b"", None
    try:
        image, mask = _opened(order)
        data = encode(_changed(image, mask, order), order)
    except BadReferenceError as problem:
        error = str(problem)
    return Picture(data, order.mime, round((time.perf_counter() - started) * 1000, 1), error)


def _opened(order: EditOrder) -> tuple[Image.Image, Image.Image]:
    image, mask = open_references((order.image, order.mask))
    if image.size != mask.size:
        raise BadReferenceError(f"The mask is {mask.size}, the image {image.size}: they must be of the same size.")
    return image, mask.convert("L")


def _changed(image: Image.Image, mask: Image.Image, order: EditOrder) -> Image.Image:
    box = mask.getbbox()
    if box is None:
        return _almost(image, order.seed)
    mirrored = _mirrored(image, mask)
    almost = _almost(mirrored or image, order.seed)
    if order.prompt.strip():
        inside, size = almost.copy(), (box[2] - box[0], box[3] - box[1])
        inside.paste(compose(read_brief(order.prompt), order.seed, size, ()), box)
    else:
        inside = mirrored or _continued(image, mask)
    soft = mask.filter(ImageFilter.GaussianBlur(max(image.size) / 300))
    return Image.composite(inside, almost, soft)


def _almost(image: Image.Image, seed: int) -> Image.Image:
    """Give the picture as one gets it back from a model's latent space: every pixel a little off."""
    rng = np.random.default_rng(abs(seed))
    noise = rng.normal(0.5, NOISE, (image.height, image.width, 1))
    pixels = np.asarray(image, np.float32) * DRIFT + noise
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def _mirrored(image: Image.Image, mask: Image.Image) -> Image.Image | None:
    """Mirror a rectangle that grows on its sides; None where what stays is no rectangle."""
    box = mask.point(lambda value: 255 - value).getbbox()
    if box is None or np.asarray(mask.crop(box)).any():
        return None
    left, top, right, bottom = box
    around = ((top, image.height - bottom), (left, image.width - right), (0, 0))
    return Image.fromarray(np.pad(np.asarray(image.crop(box)), around, mode="symmetric"))


def _continued(image: Image.Image, mask: Image.Image) -> Image.Image:
    """Fill the masked part from its surroundings, coarse to fine."""
    weight = (np.asarray(mask, np.float32)[..., None] == 0).astype(np.float32)
    filled = _fill(np.asarray(image, np.float32) * weight, weight)
    smooth = Image.fromarray(filled.clip(0, 255).astype(np.uint8))
    return smooth.filter(ImageFilter.GaussianBlur(max(image.size) / 150))


def _fill(colour: Floats, weight: Floats) -> Floats:
    """Give the known colours, and for the unknown those of the next coarser level."""
    known = colour / np.maximum(weight, 1e-6)
    height, width = weight.shape[:2]
    if weight.min() > 0 or max(height, width) == 1:
        return known
    coarse = _fill(_half(colour), _half(weight))
    return np.where(weight > 0, known, _stretched(coarse, (width, height)))


def _half(values: Floats) -> Floats:
    height, width, depth = values.shape
    even = np.pad(values, ((0, height % 2), (0, width % 2), (0, 0)))
    return even.reshape((height + 1) // 2, 2, (width + 1) // 2, 2, depth).mean(axis=(1, 3))


def _stretched(values: Floats, size: tuple[int, int]) -> Floats:
    bands = [Image.fromarray(values[..., band]).resize(size, Image.Resampling.BILINEAR) for band in range(3)]
    return np.stack([np.asarray(band, np.float32) for band in bands], axis=-1)


def grown(image: bytes, left: int, top: int, right: int, bottom: int) -> tuple[bytes, bytes]:
    """Give a picture on a larger canvas as PNG, and the mask of what is new. Raises BadReferenceError."""
    (picture,) = open_references((image,))
    size = (picture.width + left + right, picture.height + top + bottom)
    canvas, mask = Image.new("RGB", size), Image.new("L", size, 255)
    canvas.paste(picture, (left, top))
    mask.paste(0, (left, top, left + picture.width, top + picture.height))
    return _png(canvas), _png(mask)


def inverted(mask: bytes) -> bytes:
    """Give a mask whose black is what may change as one whose white is. Raises BadReferenceError."""
    (picture,) = open_references((mask,))
    return _png(picture.convert("L").point(lambda value: 255 - value))


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()
