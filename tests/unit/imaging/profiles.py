"""ICC profiles, written tag by tag."""

from collections.abc import Mapping
from struct import pack

from PIL import ImageCms

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
_D50 = (0.9642, 1.0, 0.8249)
_SRGB_COLUMNS = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.7141))
_P3_COLUMNS = ((0.5151, 0.2412, -0.0011), (0.292, 0.6922, 0.0419), (0.1571, 0.0666, 0.7841))
_PROPHOTO_COLUMNS = ((0.79767, 0.28804, 0.0), (0.13519, 0.71188, 0.0), (0.03134, 0.00009, 0.82491))


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ " + bytes(4) + b"".join(pack(">i", round(each * 65_536)) for each in values)


def _gamma(value: float) -> bytes:
    return b"curv" + bytes(4) + pack(">IH", 1, round(value * 256))


def _named(name: bytes) -> bytes:
    return b"desc" + bytes(4) + pack(">I", len(name) + 1) + name + bytes(79)


def written(space: bytes, tags: Mapping[bytes, bytes], name: bytes = b"sRGB", version: int = 2) -> bytes:
    """A profile of a display. By its name it is sRGB's, whatever it holds."""
    every = {b"desc": _named(name), b"cprt": b"text" + bytes(4) + b"none\0", b"wtpt": _xyz(_D50), **tags}
    at, table, data = 132 + 12 * len(every), pack(">I", len(every)), b""
    for tag, body in every.items():
        table += tag + pack(">II", at + len(data), len(body))
        data += body + bytes(-len(body) % 4)
    head = pack(">I4xB3x4s4s4s12x4s", at + len(data), version, b"mntr", space, b"XYZ ", b"acsp")
    return head.ljust(68, b"\0") + _xyz(_D50)[8:] + bytes(48) + table + data


def display(columns: tuple[tuple[float, float, float], ...], gamma: float, version: int = 2) -> bytes:
    colours = dict(zip((b"rXYZ", b"gXYZ", b"bXYZ"), map(_xyz, columns), strict=True))
    return written(b"RGB ", {**colours, **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), _gamma(gamma))}, version=version)


LINEAR = display(_SRGB_COLUMNS, 1.0)
LINEAR_4 = display(_SRGB_COLUMNS, 1.0, version=4)
GAMMA_22 = display(_SRGB_COLUMNS, 2.2)
P3 = display(_P3_COLUMNS, 2.2)
PROPHOTO = display(_PROPHOTO_COLUMNS, 1.8)
GREY_LINEAR = written(b"GRAY", {b"kTRC": _gamma(1.0)})
GREY_18 = written(b"GRAY", {b"kTRC": _gamma(1.8)})
LAB = written(b"Lab ", {})
