"""From an order to the bytes of a picture."""

import hashlib
import io
import time
from dataclasses import dataclass
from typing import Protocol

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from local.models.render.brief import read_brief
from local.models.render.compose import compose
from local.models.render.references import BadReferenceError, open_references

SOFTWARE = "NamO Studio local renderer"


class Order(Protocol):
    """What a picture's file says of it."""

    @property
    def prompt(self) -> str: ...
    @property
    def seed(self) -> int: ...
    @property
    def mime(self) -> str: ...
    @property
    def quality(self) -> int: ...


@dataclass(frozen=True)
class PictureOrder:
    """What to draw: sizes in pixels, ``references`` the bytes of pictures to quote, ``quality`` for JPEG."""

    prompt: str
    seed: int
    width: int
    height: int
    references: tuple[bytes, ...] = ()
    mime: str = "image/png"
    quality: int = 75


@dataclass(frozen=True)
class Picture:
    """A finished picture, or the reason why there is none (then ``data`` is empty)."""

    data: bytes
    mime: str
    render_ms: float
    error: str | None = None


def draw(order: PictureOrder) -> Picture:
    """Draw an order; the same order gives the same bytes."""
    started = time.perf_counter()
    data, error = b"", None
    try:
        references = open_references(order.references)
        image = compose(read_brief(order.prompt), order.seed, (order.width, order.height), references)
        data = encode(image, order)
    except BadReferenceError as problem:
        error = str(problem)
    return Picture(data, order.mime, round((time.perf_counter() - started) * 1000, 1), error)


def encode(image: Image.Image, order: Order) -> bytes:
    """Give a picture's bytes in the format that its order names, with a note of where it comes from."""
    marks = _marks(order)
    out = io.BytesIO()
    if order.mime == "image/jpeg":
        comment = "; ".join(f"{name}={value}" for name, value in marks.items())
        image.convert("RGB").save(out, "JPEG", quality=order.quality, comment=comment)
        return out.getvalue()
    info = PngInfo()
    for name, value in marks.items():
        info.add_text(name, value)
    image.save(out, "PNG", compress_level=1, pnginfo=info)  # level 1: the higher ones cost more than drawing does
    return out.getvalue()


def _marks(order: Order) -> dict[str, str]:
    return {
        "Software": SOFTWARE,
        "Source": "locally rendered; no model was asked",
        "PromptHash": f"sha256:{hashlib.sha256(order.prompt.encode()).hexdigest()}",
        "Seed": str(order.seed),
    }
