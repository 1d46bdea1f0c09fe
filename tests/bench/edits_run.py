"""``python -m tests.bench.edits_run CASE``: a process that changes pictures; writes what it took, as JSON."""

import io
import json
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageDraw

from studio.images.model import IMAGE, MASK, EditMode, Outpaint
from studio.jobs.dispatch import GROUP
from tests.unit.workers.edits import edit
from workers.finish import finished

SIZE: Final = (8064, 6048)
TOGETHER: Final = "together"
_SMALLER: Final = (6900, 6048)  # what grows to the full size
_STROKES: Final = 60


def _inside(paint: Callable[[ImageDraw.ImageDraw], None]) -> Callable[[], object]:
    mask = Image.new("L", SIZE)
    paint(ImageDraw.Draw(mask))
    job, inputs, made = edit(EditMode.INPAINT_INSERT, size=SIZE), {IMAGE: _photo(SIZE), MASK: _saved(mask)}, _answer()
    return lambda: finished(job, inputs, made)


def _around() -> Callable[[], object]:
    job = edit(EditMode.OUTPAINT, size=_SMALLER)
    grown = Outpaint(left=500, right=SIZE[0] - _SMALLER[0] - 500)
    job, inputs, made = replace(job, spec=replace(job.image_spec, outpaint=grown)), {IMAGE: _photo(_SMALLER)}, _answer()
    return lambda: finished(job, inputs, made)


def _together() -> Callable[[], object]:
    change = _inside(_disc)

    def stored() -> None:
        change()  # what comes of it is put, and let go of

    def work() -> None:
        with ThreadPoolExecutor(GROUP) as threads:
            for done in [threads.submit(stored) for _ in range(GROUP)]:
                done.result()

    return work


def _disc(draw: ImageDraw.ImageDraw) -> None:
    draw.ellipse((500, 500, 7500, 5500), 255)


def _strokes(draw: ImageDraw.ImageDraw) -> None:
    for i in range(_STROKES):
        draw.line((i * SIZE[0] // _STROKES, 0, SIZE[0] - i * SIZE[0] // _STROKES, SIZE[1]), 255, 3 + i % 30)


CASES: Final[Mapping[str, Callable[[], Callable[[], object]]]] = {
    "inside a mask": lambda: _inside(_disc),
    "inside thin strokes": lambda: _inside(_strokes),
    "a larger canvas": _around,
    TOGETHER: _together,
}


def _photo(size: tuple[int, int]) -> bytes:
    grain = Image.effect_noise((size[0] // 4, size[1] // 4), 60).resize(size, Image.Resampling.BICUBIC)
    return _saved(
        Image.merge("RGB", (grain, grain.transpose(Image.Transpose.FLIP_LEFT_RIGHT), grain)), "JPEG", quality=88
    )


def _answer() -> bytes:
    return _saved(Image.effect_noise((2048, 1536), 60).convert("RGB"))


def _saved(image: Image.Image, format_: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format_, **options)
    return out.getvalue()


def main() -> None:
    change = CASES[sys.argv[1]]()
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    started = time.process_time()
    change()
    sys.stdout.write(json.dumps({"seconds": time.process_time() - started, "megabytes": _peak()}))


def _peak() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000


if __name__ == "__main__":
    main()
