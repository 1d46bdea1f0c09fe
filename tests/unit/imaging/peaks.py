"""How much memory changing a picture, or making it smaller, takes: a script, so that what it measures is not pytest's.

One line of JSON each, of a process of its own: name, and the peak as a multiple of the picture as it is held decoded.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

from tests.unit.imaging import making as m
from tests.unit.imaging.test_guard import OTHER
from workers.imaging import transform
from workers.imaging.composite import inpainted, outpainted
from workers.imaging.outpaint import Margins
from workers.imaging.resize import resize
from workers.memory import memory

SIZE: Final[tuple[int, int]] = (4000, 3000)
BYTES_A_PIXEL: Final = 4  # as Pillow holds colour


def main() -> None:
    for name, change in _changes().items():
        sys.stdout.write(json.dumps({"name": name, "pictures": _apart(change)}) + "\n")
        sys.stdout.flush()  # or every child would write it again


def _changes() -> Mapping[str, Callable[[], object]]:
    photo, cut_out = (m.encoded(Image.new(mode, SIZE, 90), format_) for mode, format_ in _KINDS)
    scans = m.encoded(Image.new("RGB", SIZE, 90), "JPEG", progressive=True, subsampling=0)
    webp = m.encoded(Image.new("RGB", SIZE, 90), "WEBP", method=0)
    turned = m.encoded(Image.new("RGB", (SIZE[1], SIZE[0]), 90), "JPEG", exif=m.turned(6), icc_profile=OTHER)
    answer = m.encoded(Image.new("RGB", (1024, 768), 200), "PNG")
    disc, strokes = Image.new("L", SIZE), Image.new("L", SIZE)
    ImageDraw.Draw(disc).ellipse((100, 100, 3900, 2900), 255)
    for i in range(0, SIZE[0], 90):
        ImageDraw.Draw(strokes).line((i, 0, SIZE[0] - i, SIZE[1]), 255, 4)
    large, thin = m.encoded(disc, "PNG"), m.encoded(strokes, "PNG")
    small = m.encoded(Image.new("RGBA", (1000, 750), (9, 9, 9, 128)), "PNG")
    return {
        "inside a large mask": lambda: inpainted(photo, answer, large),
        "inside thin strokes": lambda: inpainted(photo, answer, thin),
        "with alpha": lambda: inpainted(cut_out, answer, large),
        "in several scans": lambda: inpainted(scans, answer, large),
        "turned, of another profile": lambda: inpainted(turned, answer, large),
        "three threads in turn": lambda: _in_turn(lambda: inpainted(photo, answer, large)),
        "sizes of a WebP": lambda: resize(webp),
        "sizes of a PNG with alpha": lambda: resize(cut_out),
        "cut out": lambda: transform.cut_out(photo, m.encoded(Image.new("RGBA", (1024, 768), (9, 9, 9, 128)), "PNG")),
        "larger": lambda: transform.enlarged(small, photo, (3999, 2900)),
        "larger, with alpha": lambda: transform.enlarged(small, photo, SIZE),
        "around": lambda: outpainted(photo, answer, Margins(right=400, bottom=100)),
    }


_KINDS: Final = (("RGB", "JPEG"), ("RGBA", "PNG"))


def _in_turn(change: Callable[[], object]) -> None:
    """Do as the jobs of a group do, each in a thread of its own, one at a time: what one keeps is kept for good."""

    def work() -> None:
        with memory.reserve(memory.total):
            change()

    with ThreadPoolExecutor(3) as threads:
        for done in [threads.submit(work) for _ in range(3)]:
            done.result()


def _apart(change: Callable[[], object]) -> float:
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        before = _kilobytes("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        change()
        taken = (_kilobytes("VmHWM") - before) * 1024 / (SIZE[0] * SIZE[1] * BYTES_A_PIXEL)
        os.write(writer, json.dumps(taken).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return json.loads(text)


def _kilobytes(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


if __name__ == "__main__":
    sys.exit(main())
