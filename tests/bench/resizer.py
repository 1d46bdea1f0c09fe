"""The resizer beside pyvips and sharp: the same pictures, in turns, on one core.

All are asked for the same sizes and encode at the same effort. Ours leaves a JPEG whose half is within 3 % of the
largest size at that: 2016 pixels for a camera's 4032, where the others make 2048; the row on bytes names both. Quality
is judged by likeness and by bytes, as filters and so the encoders' numbers differ. How near the original the sizes
come is measured against it, scaled in floating point. Counted is processor time: a function of this memory has one
core, and other work on the machine stretches the clock's. Memory is the process's peak over all runs, as a warm
function lives: in its very first run pyvips takes less than after a few.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final, Self

import numpy as np
from PIL import Image

from local.appsync.explorer import node
from local.ministack import ROOT
from tests.bench import resizer_pictures
from tests.bench.figure import Figure, paired, plain
from tests.bench.resizer_run import EFFORT, QUALITY, SIDES
from tests.bench.stand import Stand

RUNS: Final = 9
GOAL: Final = 1.0
GOAL_DB: Final = 0.2
GOAL_MB: Final = 150
_SHARP: Final = Path(__file__).parent / "sharp"

Floats = np.ndarray[Any, np.dtype[np.float32]]


@dataclass(frozen=True)
class Way:
    """One resizer with one picture, in a process of its own."""

    name: str
    process: subprocess.Popen[str]
    folder: Path
    seconds: list[float]
    megabytes: list[float]

    @classmethod
    def start(cls, name: str, picture: Path, folder: Path) -> Self:
        folder.mkdir(parents=True)
        command = [str(node.NODE), str(_SHARP / "resize.mjs")]
        if name != "sharp":
            command = [sys.executable, "-m", "tests.bench.resizer_run", name]
        command += [str(picture), str(folder), str(EFFORT), str(QUALITY)]
        environment = {**os.environ, "VIPS_CONCURRENCY": "1"}
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        os.sched_setaffinity(process.pid, {min(os.sched_getaffinity(0))})
        return cls(name, process, folder, [], [])

    def run(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        took = json.loads(self.process.stdout.readline())
        self.seconds.append(took["seconds"])
        self.megabytes.append(took["megabytes"])

    def close(self) -> None:
        self.process.communicate()

    @property
    def timed(self) -> Sequence[float]:
        """Milliseconds of all runs but the first, which loads the library."""
        return [1000 * seconds for seconds in self.seconds[1:]]

    @property
    def width(self) -> int:
        with Image.open(self.folder / "large.webp") as image:
            return image.width

    @property
    def bytes(self) -> int:
        return sum(path.stat().st_size for path in self.folder.iterdir())


def measure(_: Stand) -> Sequence[Figure]:
    node.install(_SHARP)
    with tempfile.TemporaryDirectory(prefix="namo-bench-") as folder:
        pictures = resizer_pictures.make(Path(folder))
        return [figure for name, path in pictures.items() for figure in _figures(name, path, Path(folder))]


def _figures(name: str, picture: Path, folder: Path) -> Sequence[Figure]:
    ours, *others = _run(picture, folder / picture.stem)
    faster = min(others, key=lambda way: median(way.timed))
    smaller = min(max(way.megabytes) for way in others)
    behind = max(_likeness(picture, faster)[side] - db for side, db in _likeness(picture, ours).items())
    return [
        paired(f"{name}: three sizes, over {faster.name}", ours.timed, faster.timed, "ms", GOAL),
        plain(f"{name}: likeness, behind {faster.name}", behind, "dB", goal=GOAL_DB),
        plain(f"{name}: peak memory, over the lower", max(ours.megabytes), "MB", floor=smaller, goal=GOAL_MB),
        plain(
            f"{name}: bytes, {ours.width} pixels over {faster.name}'s {faster.width}",
            ours.bytes / 1000,
            "KB",
            floor=faster.bytes / 1000,
        ),
    ]


def _run(picture: Path, folder: Path) -> Sequence[Way]:
    """Run all in turns, so that what slows the machine slows each of them."""
    with ExitStack() as closing:
        ways: list[Way] = []
        for name in ("ours", "pyvips", "sharp"):
            ways.append(Way.start(name, picture, folder / name))
            closing.callback(ways[-1].close)
        for _ in range(1 + RUNS):
            for way in ways:
                way.run()
    return ways


def _likeness(picture: Path, way: Way) -> Mapping[str, float]:
    """Peak signal to noise of each size, in dB, as seen on grey."""
    with Image.open(picture) as original:
        return {name: _psnr(original, way.folder / f"{name}.webp") for name in SIDES}


def _psnr(original: Image.Image, path: Path) -> float:
    with Image.open(path) as image:
        wanted, got = _scaled(_seen(original), image.size), _seen(image)
    return float(10 * np.log10(255**2 / np.mean((wanted - got) ** 2)))


def _seen(image: Image.Image) -> Floats:
    grey = Image.new("RGBA", image.size, (128, 128, 128, 255))
    grey.alpha_composite(image.convert("RGBA"))
    return np.asarray(grey.convert("RGB"), np.float32)


def _scaled(pixels: Floats, size: tuple[int, int]) -> Floats:
    bands = [Image.fromarray(pixels[..., i]).resize(size, Image.Resampling.LANCZOS) for i in range(3)]
    return np.stack([np.asarray(band) for band in bands], axis=-1).clip(0, 255)
