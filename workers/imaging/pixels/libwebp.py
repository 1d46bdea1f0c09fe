"""libwebp's own decoder, by ctypes.

Pillow binds only its reader of animations, which takes 12 bytes a pixel and always decodes in full size. This one
writes where it is told to, and scales while it decodes. The library is the one that Pillow brings, or the system's.
"""

import ctypes
from ctypes import POINTER, Structure, Union, byref, c_char_p, c_int, c_size_t, c_uint8, c_uint32, c_void_p
from ctypes.util import find_library
from functools import cache
from pathlib import Path
from typing import Final

import PIL
from PIL import Image

from workers.imaging.flaw import damaged

_ABI: Final = 0x0210  # only its upper byte has to fit
_RGBA: Final = 1
_OK: Final = 0


class _Features(Structure):
    _fields_ = (
        ("width", c_int),
        ("height", c_int),
        ("has_alpha", c_int),
        ("has_animation", c_int),
        ("format", c_int),
        ("pad", c_uint32 * 5),
    )


class _Pixels(Structure):
    _fields_ = (("rgba", c_void_p), ("stride", c_int), ("size", c_size_t))


class _Planes(Structure):
    _fields_ = (("planes", c_void_p * 4), ("strides", c_int * 4), ("sizes", c_size_t * 4))


class _Either(Union):
    _fields_ = (("pixels", _Pixels), ("planes", _Planes))


class _Buffer(Structure):
    _fields_ = (
        ("colorspace", c_int),
        ("width", c_int),
        ("height", c_int),
        ("is_external_memory", c_int),
        ("u", _Either),
        ("pad", c_uint32 * 4),
        ("private_memory", c_void_p),
    )


class _Options(Structure):
    _fields_ = (
        ("bypass_filtering", c_int),
        ("no_fancy_upsampling", c_int),
        ("use_cropping", c_int),
        ("crop", c_int * 4),
        ("use_scaling", c_int),
        ("scaled_width", c_int),
        ("scaled_height", c_int),
        ("use_threads", c_int),
        ("dithering_strength", c_int),
        ("flip", c_int),
        ("alpha_dithering_strength", c_int),
        ("pad", c_uint32 * 5),
    )


class _Config(Structure):
    _fields_ = (("input", _Features), ("output", _Buffer), ("options", _Options))


def decode(content: bytes, size: tuple[int, int]) -> Image.Image | None:
    """Decode a still picture, scaled to a size; None where it is none, or there is no such library.

    Raises
    ------
    UnfitError
        Its pixels are damaged or not all there.
    """
    library, config = available(), _Config()
    if not library or not library.WebPInitDecoderConfigInternal(byref(config), _ABI):
        return None
    features = config.input
    if library.WebPGetFeaturesInternal(content, len(content), byref(features), _ABI) != _OK or features.has_animation:
        return None
    pixels = bytearray(4 * size[0] * size[1])
    _write_to(config, pixels, size)
    if library.WebPDecode(content, len(content), byref(config)) != _OK:
        raise damaged()
    mode = "RGBA" if features.has_alpha else "RGBX"
    image = Image.frombuffer(mode, size, pixels, "raw", mode, 0, 1)
    return image if features.has_alpha else image.convert("RGB")


def _write_to(config: _Config, pixels: bytearray, size: tuple[int, int]) -> None:
    output, options = config.output, config.options
    output.colorspace, output.is_external_memory = _RGBA, 1
    output.u.pixels.rgba = ctypes.addressof((c_uint8 * len(pixels)).from_buffer(pixels))
    output.u.pixels.stride, output.u.pixels.size = 4 * size[0], len(pixels)
    if size != (config.input.width, config.input.height):
        options.use_scaling, options.scaled_width, options.scaled_height = 1, *size


@cache
def available() -> ctypes.CDLL | None:
    """Load the library that Pillow was built with, beside it in a wheel."""
    beside = sorted((Path(PIL.__file__).parent.parent / "pillow.libs").glob("libwebp-*.so*"))
    name = str(beside[0]) if beside else find_library("webp")
    if name is None:
        return None
    library = ctypes.CDLL(name)
    library.WebPInitDecoderConfigInternal.argtypes = (POINTER(_Config), c_int)
    library.WebPGetFeaturesInternal.argtypes = (c_char_p, c_size_t, POINTER(_Features), c_int)
    library.WebPDecode.argtypes = (c_char_p, c_size_t, POINTER(_Config))
    return library
