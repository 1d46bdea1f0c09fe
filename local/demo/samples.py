"""What the demo brings along: a photo that lies on its side, a texture, and masks; all drawn here."""

import io
from typing import Final

from PIL import Image, ImageDraw

from local.demo.user import File
from local.models.render import PictureOrder, draw

PHOTO: Final = PictureOrder("A sailboat on a calm lake below snowy mountains, golden hour", 3, 2400, 1800)
TEXTURE: Final = PictureOrder("Woven lines, geometric pattern, pencil", 5, 768, 768)
PHOTO_SIZE: Final = (PHOTO.width, PHOTO.height)
_ORIENTATION: Final = 0x0112  # the EXIF tag
_TURNED: Final = 6  # "turn me a quarter to the right": what phones write


def photo() -> File:
    """A JPEG as a phone stores it: its pixels lie on their side, and a tag says so."""
    upright = _drawn(PHOTO)
    exif = Image.Exif()
    exif[_ORIENTATION] = _TURNED
    out = io.BytesIO()
    upright.transpose(Image.Transpose.ROTATE_90).save(out, "JPEG", quality=90, exif=exif)
    return File("photo.jpg", "REFERENCE", "image/jpeg", out.getvalue())


def texture() -> File:
    return File("pattern.png", "TEXTURE", "image/png", _png(_drawn(TEXTURE)))


def mask(name: str, size: tuple[int, int], oval: tuple[float, float, float, float]) -> File:
    """White inside an oval, whose box is given in shares of the picture: there it may change."""
    image = Image.new("L", size)
    width, height = size
    box = (oval[0] * width, oval[1] * height, oval[2] * width, oval[3] * height)
    ImageDraw.Draw(image).ellipse(box, fill=255)
    return File(name, "MASK", "image/png", _png(image))


def _drawn(order: PictureOrder) -> Image.Image:
    image = Image.open(io.BytesIO(draw(order).data))
    image.load()
    return image


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()
