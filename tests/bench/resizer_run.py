"""``python -m tests.bench.resizer_run WAY PICTURE FOLDER EFFORT QUALITY``: a process that resizes, ours or pyvips's.

Each line read is a run, each line written what it took: processor seconds, and the process's peak so far in megabytes.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

Files = Mapping[str, bytes]
# Ours encodes at the same effort. Its softer filter makes smaller files and its quality is 84 (82 with alpha): so
# likeness and bytes are compared, not the number.
EFFORT, QUALITY = 2, 82
SIDES = {"large": 2048, "medium": 1024, "thumbnail": 320}


def ours(content: bytes, _: int, __: int) -> Files:
    from workers.imaging.guard import MAX_STORED_BYTES  # noqa: PLC0415 - as below
    from workers.imaging.resize import resize  # noqa: PLC0415 - each way's process holds its own library alone

    return {name: variant.content for name, variant in resize(content, max_bytes=MAX_STORED_BYTES).variants.items()}


def vips(content: bytes, effort: int, quality: int) -> Files:
    """Decode once, make each size from the one before, encode equal sizes once."""
    import pyvips  # noqa: PLC0415 - see `ours`

    pyvips.cache_set_max(0)
    down, bare = pyvips.Size.DOWN, pyvips.ForeignKeep.NONE
    files: dict[str, bytes] = {}
    image, file = None, b""
    for name, side in SIDES.items():
        if image is None:
            smaller = pyvips.Image.thumbnail_buffer(content, side, height=side, size=down)
        else:
            smaller = image.thumbnail_image(side, height=side, size=down)
        if image is None or smaller.width < image.width:
            image = smaller.copy_memory()
            file = image.webpsave_buffer(Q=quality, effort=effort, keep=bare)
        files[name] = file
    return files


WAYS: Mapping[str, Callable[[bytes, int, int], Files]] = {"ours": ours, "pyvips": vips}


def main() -> None:
    way, picture, folder, effort, quality = sys.argv[1:]
    content = Path(picture).read_bytes()
    for _ in sys.stdin:
        started = time.process_time()
        files = WAYS[way](content, int(effort), int(quality))
        seconds = time.process_time() - started
        for name, file in files.items():
            (Path(folder) / f"{name}.webp").write_bytes(file)
        sys.stdout.write(json.dumps({"seconds": seconds, "megabytes": _peak()}) + "\n")
        sys.stdout.flush()


def _peak() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000


if __name__ == "__main__":
    main()
