"""JPEG: whether the scans can hold the picture that the frame speaks of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from workers.imaging.flaw import damaged, too_costly

MAX_SCANS: Final = 32  # a progressive file has 10 to 15; each scan passes over the whole picture again
_BLOCK_SIDE, _BITS, _COEFFICIENTS = 8, 8, 64


@dataclass(frozen=True)
class Frame:
    """`blocks` are how many of 64 samples each component has, by its number."""

    width: int
    height: int
    blocks: Mapping[int, int]
    progressive: bool

    @classmethod
    def of(cls, width: int, height: int, components: bytes, *, progressive: bool) -> Self:
        """Read the components: a number, two sampling factors in a byte, a table's number."""
        factors = {each[0]: (each[1] >> 4, each[1] & 15) for each in _parts(components, 3)}
        if not factors or not all(all(pair) for pair in factors.values()):
            raise damaged()
        most = [max(pair[axis] for pair in factors.values()) for axis in (0, 1)]
        blocks = {
            name: _blocks(width * across, most[0]) * _blocks(height * down, most[1])
            for name, (across, down) in factors.items()
        }
        return cls(width, height, blocks, progressive)


@dataclass(frozen=True)
class Scan:
    """Which coefficients, `first` to `last`, of which components a scan holds, up to which bit, in how many bytes."""

    components: Sequence[int]
    first: int
    last: int
    higher: int
    lower: int
    size: int


def scan(header: bytes, size: int) -> Scan:
    """Read a scan's header; `size` is the bytes of its pixels."""
    count = header[0] if header else 0
    if len(header) != 4 + 2 * count:
        raise damaged()
    first, last, bits = header[-3:]
    return Scan([each[0] for each in _parts(header[1:-3], 2)], first, last, bits >> 4, bits & 15, size)


def check_scans(frame: Frame, scans: Sequence[Scan], *, whole: bool) -> None:
    """Refuse what cannot be the whole picture.

    Parameters
    ----------
    whole
        The file has its end: all scans are as their encoder left them. Else all must have begun.
    """
    if not scans:
        raise damaged()
    if len(scans) > MAX_SCANS:
        raise too_costly()
    for each in scans:
        # A block's first coefficient takes at least a bit, so less than that is a picture cut off, or never was one.
        if each.first == 0 and each.size * _BITS < sum(frame.blocks.get(name, 0) for name in each.components):
            raise damaged()
    if not whole and any(not _begun(name, frame, scans) for name in frame.blocks):
        raise damaged()


def _begun(component: int, frame: Frame, scans: Sequence[Scan]) -> bool:
    """Say whether every coefficient of a component comes down to its last bit in some scan."""
    own = [each for each in scans if component in each.components]
    if not frame.progressive:
        return bool(own)
    done = {i for each in own if not each.lower for i in range(each.first, each.last + 1)}
    return len(done) == _COEFFICIENTS


def _blocks(length: int, most: int) -> int:
    return -(-length // (most * _BLOCK_SIDE))


def _parts(data: bytes, size: int) -> Sequence[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]
