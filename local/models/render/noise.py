"""Random numbers and noise that depend on the seed only, never on the size of the picture."""

import hashlib

import numpy as np
import numpy.typing as npt
from PIL import Image

Floats = npt.NDArray[np.float64]
LATTICE = 4096


class Dice:
    """A family of generators: each part of a picture has its own, so that one part's draws do not move another's."""

    def __init__(self, *key: object) -> None:
        self._key = "|".join(str(part) for part in key)

    def of(self, name: object) -> np.random.Generator:
        """Give the generator of one part."""
        digest = hashlib.sha256(f"{self._key}|{name}".encode()).digest()
        return np.random.default_rng(int.from_bytes(digest[:16], "big"))

    def child(self, name: object) -> "Dice":
        """Give the dice of one part that has parts itself."""
        return Dice(self._key, name)


def wave(rng: np.random.Generator, at: Floats, octaves: int = 4, *, smooth: bool = True, gain: float = 0.5) -> Floats:
    """Give one-dimensional noise, about 0..1: smooth for hills, with corners for peaks."""
    total, height, top = np.zeros_like(at), 1.0, 0.0
    for octave in range(octaves):
        lattice = rng.random(LATTICE)
        spot = at * 2**octave + rng.random() * LATTICE
        low = np.floor(spot).astype(np.int64)
        part = spot - low
        if smooth:
            part = part * part * (3 - 2 * part)
        total += height * (lattice[low % LATTICE] * (1 - part) + lattice[(low + 1) % LATTICE] * part)
        top += height
        height *= gain
    return total / top


def field(
    rng: np.random.Generator, shape: tuple[int, int], cells: tuple[float, float], octaves: int = 4, gain: float = 0.5
) -> Floats:
    """Give two-dimensional noise (rows, columns), 0..1 stretched; ``cells`` down and across for the first octave."""
    total, height = np.zeros(shape), 1.0
    for octave in range(octaves):
        down, across = (max(2, round(count * 2**octave)) + 3 for count in cells)
        grid = Image.fromarray(rng.random((down, across), dtype=np.float32))
        total += height * np.asarray(grid.resize((shape[1], shape[0]), Image.Resampling.BICUBIC))
        height *= gain
    low, high = total.min(), total.max()
    return (total - low) / max(high - low, 1e-9)


def smoothstep(low: float, high: float, value: Floats) -> Floats:
    """Rise from 0 to 1 between two values."""
    part = np.clip((value - low) / (high - low), 0, 1)
    return part * part * (3 - 2 * part)
