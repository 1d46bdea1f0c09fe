"""The perceptual hashes of what models made here: how they are found again when the marks are gone."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_BITS: Final = 256
_ROW: Final = 16  # bits of one frequency down, by frequencies across
# Of 256 bits; PDQ's own. Of 4,005 pairs of drawn pictures the nearest two differ in 78, half of them in 128 or more.
# Packed again or scaled, a picture differs from itself in 10 at most.
NEAR: Final = 31
# The lowest frequencies change least: of twelve at most one, where the picture is the same.
_LOWEST: Final = sorted((across + down, down * _ROW + across) for down in range(5) for across in range(5))[:12]
_BUCKET_BITS: Final = len(_LOWEST)


@dataclass(frozen=True)
class Fingerprint:
    """The hash of one job's image, 64 hexadecimal digits; it is forgotten at `expires_at`, in seconds."""

    job: str
    bits: str
    expires_at: int

    @property
    def bucket(self) -> str:
        return f"{_bucket(self.bits):03x}"

    def distance(self, bits: str) -> int:
        """Return in how many bits another hash differs."""
        return (int(self.bits, 16) ^ int(bits, 16)).bit_count()


def buckets(bits: str) -> Iterator[str]:
    """Yield the buckets in which hashes near this one lie: its own, and those one bit away."""
    own = _bucket(bits)
    yield from (f"{each:03x}" for each in (own, *(own ^ 1 << at for at in range(_BUCKET_BITS))))


def _bucket(bits: str) -> int:
    whole = int(bits, 16)
    found = 0
    for _, at in _LOWEST:
        found = found << 1 | whole >> (_BITS - 1 - at) & 1
    return found
