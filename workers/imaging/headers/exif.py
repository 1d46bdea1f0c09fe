"""The one EXIF tag that matters here.

Read by ourselves: a full reader copies every value, and values may overlap, so a small file can hold gigabytes of them.
"""

import struct
from typing import Final

PREFIX: Final = b"Exif\0\0"
_ORIENTATION: Final = 0x0112
_SHORT: Final = 3
_ORDERS: Final = {b"II*\0": "<", b"MM\0*": ">"}
_MAX_ENTRIES: Final = 512  # cameras write some 15
_TURNS: Final = range(1, 9)


def orientation(exif: bytes) -> int:
    """Return 1 to 8; 1, upright, where the block is missing, broken or says nothing."""
    tiff = exif.removeprefix(PREFIX)
    order = _ORDERS.get(tiff[:4])
    if order is None:
        return 1
    try:
        return _orientation(tiff, order)
    except struct.error:
        return 1


def _orientation(tiff: bytes, order: str) -> int:
    (start,) = struct.unpack_from(f"{order}I", tiff, 4)
    (count,) = struct.unpack_from(f"{order}H", tiff, start)
    for i in range(min(count, _MAX_ENTRIES)):
        tag, type_, _, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * i)
        if tag == _ORIENTATION:
            return value if type_ == _SHORT and value in _TURNS else 1
    return 1
