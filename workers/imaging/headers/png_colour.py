"""What a PNG's chunks say of its colours, as an ICC profile.

The best of them counts, as in the third edition of PNG and in Chromium: cICP, iCCP, sRGB, then gAMA with cHRM. One that
cannot be used is as good as none.
"""

import math
import zlib
from collections.abc import Mapping
from functools import cache
from struct import unpack
from typing import Final

from workers.imaging.icc import Primaries, parametric, profile, sampled

MAX_PROFILE_BYTES: Final = 4_000_000  # printers' profiles have up to 3 MB
_SIGNATURE: Final = b"acsp"
SRGB: Final = b""  # pixels stay as they are

_D65, _C, _DCI = (0.3127, 0.329), (0.31, 0.316), (0.314, 0.351)
_BT709: Final = Primaries(_D65, (0.64, 0.33), (0.3, 0.6), (0.15, 0.06))
_BT601: Final = Primaries(_D65, (0.63, 0.34), (0.31, 0.595), (0.155, 0.07))
# By their numbers in ITU-T H.273.
_PRIMARIES: Final[Mapping[int, Primaries]] = {
    1: _BT709,
    4: Primaries(_C, (0.67, 0.33), (0.21, 0.71), (0.14, 0.08)),
    5: Primaries(_D65, (0.64, 0.33), (0.29, 0.6), (0.15, 0.06)),
    6: _BT601,
    7: _BT601,
    8: Primaries(_C, (0.681, 0.319), (0.243, 0.692), (0.145, 0.049)),
    9: Primaries(_D65, (0.708, 0.292), (0.17, 0.797), (0.131, 0.046)),
    11: Primaries(_DCI, (0.68, 0.32), (0.265, 0.69), (0.15, 0.06)),
    12: Primaries(_D65, (0.68, 0.32), (0.265, 0.69), (0.15, 0.06)),
    22: Primaries(_D65, (0.63, 0.34), (0.295, 0.605), (0.155, 0.077)),
}
_TELEVISION: Final = (2.4,)  # of a display (BT.1886), not the inverse of a camera's curve
_CURVES: Final[Mapping[int, tuple[float, ...]]] = {
    1: _TELEVISION,
    4: (2.2,),
    5: (2.8,),
    6: _TELEVISION,
    7: (1 / 0.45, 1 / 1.1115, 0.1115 / 1.1115, 1 / 4, 0.0912),
    8: (1.0,),
    11: _TELEVISION,
    13: (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045),
    14: _TELEVISION,
    15: _TELEVISION,
    17: (2.6, (52.37 / 48) ** (1 / 2.6), 0.0, 0.0, 0.0),
}
_PQ, _HLG = 16, 18
_SAMPLES: Final = 1024
_USUAL_GAMMA: Final = range(45_000, 46_001)  # 1/2.2: alone it means sRGB, whose curve is near
_UNIT: Final = 100_000


def colours(chunks: Mapping[bytes, bytes]) -> bytes:
    """Return the profile of a picture with these chunks, by type; empty for sRGB."""
    spoken = _code_points(chunks.get(b"cICP", b""))
    if spoken is not None:
        return spoken
    enclosed = unpacked_profile(chunks.get(b"iCCP", b""))
    if enclosed or b"sRGB" in chunks:
        return enclosed
    return _gamma(chunks.get(b"gAMA", b""), chunks.get(b"cHRM", b""))


def _code_points(data: bytes) -> bytes | None:
    """Read cICP: primaries, curve, and the two values that pictures of RGB have."""
    if len(data) != 4 or data[2:] != b"\0\1":  # noqa: PLR2004 - a byte each
        return None
    primaries, curve = _PRIMARIES.get(data[0]), _curve(data[1])
    return profile(primaries, curve) if primaries and curve else None


@cache
def _curve(number: int) -> bytes | None:
    if number in _CURVES:
        return parametric(*_CURVES[number])
    light = {_PQ: _perceptual, _HLG: _hybrid}.get(number)
    return sampled([_shown(light(i / (_SAMPLES - 1))) for i in range(_SAMPLES)]) if light else None


def unpacked_profile(data: bytes) -> bytes:
    """Unpack iCCP: a name, a zero, the method 0, the profile. Empty where it is none, or larger than profiles are."""
    _, end, packed = data.partition(b"\0")
    if not end or packed[:1] != b"\0":
        return b""
    unpacker = zlib.decompressobj()
    try:
        found = unpacker.decompress(packed[1:], MAX_PROFILE_BYTES)
    except zlib.error:
        return b""
    whole = not unpacker.unconsumed_tail and found[36:40] == _SIGNATURE
    return found if whole else b""


def _gamma(gamma: bytes, chromaticities: bytes) -> bytes:
    """Read gAMA, and cHRM, which means nothing without it."""
    exponent = int.from_bytes(gamma) if len(gamma) == 4 else 0  # noqa: PLR2004 - one number
    if not exponent or (not chromaticities and exponent in _USUAL_GAMMA):
        return SRGB
    try:
        return profile(_primaries(chromaticities), parametric(_UNIT / exponent))
    except ArithmeticError:
        return SRGB


def _primaries(data: bytes) -> Primaries:
    if len(data) != 32:  # noqa: PLR2004 - eight numbers
        return _BT709
    numbers = [each / _UNIT for each in unpack(">8I", data)]
    white, red, green, blue = zip(numbers[::2], numbers[1::2], strict=True)
    return Primaries(white, red, green, blue)


# Light that is brighter than paper: a display of 1,000 nits is brought to ours as Chromium does it, so that white on
# paper (203 nits) becomes half of our light and what is brighter shares the rest. Measured on a ramp of grey.
_PEAK: Final = 1_000.0
_HALF: Final = 203.0
_KNEE: Final = 0.53
_ABOVE: Final = (0.7472, 0.3175, -0.0410)


def _shown(nits: float) -> float:
    light = min(nits, _PEAK) / (2 * _HALF)
    if light <= _KNEE:
        return light
    log, (start, slope, bend) = math.log(light), _ABOVE
    return min(1.0, start + slope * log + bend * log * log)


def _perceptual(value: float) -> float:
    """Return the nits of SMPTE ST 2084 ("PQ")."""
    root = value ** (1 / 78.84375)
    return 10_000 * (max(0.0, root - 0.8359375) / (18.8515625 - 18.6875 * root)) ** (1 / 0.1593017578125)


def _hybrid(value: float) -> float:
    """Return the nits of HLG on a display of 1,000."""
    scene = value * value / 3 if value <= 0.5 else (math.exp((value - 0.55991073) / 0.17883277) + 0.28466892) / 12  # noqa: PLR2004
    return _PEAK * scene**1.2
