"""ICC profiles made from three primaries, a white point and a curve, for files that say their colours in other ways."""

from collections.abc import Sequence
from dataclasses import dataclass
from struct import pack
from typing import Final

Matrix = Sequence[Sequence[float]]

# White of the connection space, and Bradford's cone response, by which a white point is brought to it.
_D50: Final = (0.9642, 1.0, 0.8249)
_BRADFORD: Final = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
_HEAD_BYTES: Final = 128
_FIXED: Final = 65_536
_FIXED_MOST: Final = 32_767.0


@dataclass(frozen=True)
class Primaries:
    """Chromaticities, x and y each."""

    white: tuple[float, float]
    red: tuple[float, float]
    green: tuple[float, float]
    blue: tuple[float, float]


def profile(primaries: Primaries, curve: bytes) -> bytes:
    """Return a profile of a display with these primaries, each of whose channels has the curve.

    Raises
    ------
    ArithmeticError
        No colours can be mixed from such primaries.
    """
    columns = zip(*_to_d50(primaries), strict=True)
    colours = {name: _xyz(column) for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True)}
    return _written({**colours, b"wtpt": _xyz(_D50), b"rTRC": curve, b"gTRC": curve, b"bTRC": curve})


def parametric(*values: float) -> bytes:
    """Return the curve x^g of one value, or, of g, a, b, c and d, (ax + b)^g from d on and cx below."""
    kind = {1: 0, 5: 3}[len(values)]
    return b"para" + bytes(4) + pack(">HH", kind, 0) + b"".join(map(_fixed, values))


def sampled(values: Sequence[float]) -> bytes:
    """Return the curve through evenly spaced values from 0 to 1."""
    return b"curv" + bytes(4) + pack(f">I{len(values)}H", len(values), *[round(each * 65_535) for each in values])


def _to_d50(given: Primaries) -> Matrix:
    """Return what brings linear colours to the connection space."""
    mixed = _columns([_lifted(each) for each in (given.red, given.green, given.blue)])
    white = _lifted(given.white)
    shares = _times(_inverse(mixed), _columns([white]))
    scaled = [[each * share[0] for each, share in zip(row, shares, strict=True)] for row in mixed]
    seen, wanted = _times(_BRADFORD, _columns([white])), _times(_BRADFORD, _columns([_D50]))
    gains = [[wanted[i][0] / seen[i][0] if i == j else 0.0 for j in range(3)] for i in range(3)]
    return _times(_times(_times(_inverse(_BRADFORD), gains), _BRADFORD), scaled)


def _lifted(point: tuple[float, float]) -> Sequence[float]:
    """Return X, Y and Z of a chromaticity at full light."""
    x, y = point
    return x / y, 1.0, (1 - x - y) / y


def _columns(given: Sequence[Sequence[float]]) -> Matrix:
    return [list(row) for row in zip(*given, strict=True)]


def _times(left: Matrix, right: Matrix) -> Matrix:
    return [[sum(a * b for a, b in zip(row, column, strict=True)) for column in _columns(right)] for row in left]


def _inverse(matrix: Matrix) -> Matrix:
    (a, b, c), (d, e, f), (g, h, i) = matrix
    adjoint = (
        (e * i - f * h, c * h - b * i, b * f - c * e),
        (f * g - d * i, a * i - c * g, c * d - a * f),
        (d * h - e * g, b * g - a * h, a * e - b * d),
    )
    determinant = a * adjoint[0][0] + b * adjoint[1][0] + c * adjoint[2][0]
    return [[each / determinant for each in row] for row in adjoint]


def _xyz(values: Sequence[float]) -> bytes:
    return b"XYZ " + bytes(4) + b"".join(map(_fixed, values))


def _fixed(value: float) -> bytes:
    if not abs(value) <= _FIXED_MOST:
        raise ArithmeticError
    return pack(">i", round(value * _FIXED))


def _written(tags: dict[bytes, bytes]) -> bytes:
    at = _HEAD_BYTES + 4 + 12 * len(tags)
    table, data = pack(">I", len(tags)), b""
    for name, body in tags.items():
        table += name + pack(">II", at + len(data), len(body))
        data += body + bytes(-len(body) % 4)
    size = at + len(data)
    kind = b"\4\x30\0\0mntrRGB XYZ " + bytes(12) + b"acsp"
    head = pack(">I", size) + bytes(4) + kind
    return head.ljust(68, b"\0") + b"".join(map(_fixed, _D50)) + bytes(48) + table + data
