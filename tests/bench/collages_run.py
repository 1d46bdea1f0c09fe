"""``python -m tests.bench.collages_run TEMPLATE PICTURE COUNT``: a process that draws a collage to print.

It writes what that took, as JSON: processor seconds, and the process's peak in megabytes.
"""

import json
import sys
import time
from pathlib import Path

from studio.documents.collage import PRINT_SIDE, CollagePicture, CollageSpec
from studio.documents.templates import CollageTemplate
from workers.documents.collage import draw
from workers.imaging.upright import size_of


def main() -> None:
    template, picture, count = CollageTemplate(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    pictures = (CollagePicture(*size_of(picture.read_bytes())),) * count
    started = time.process_time()
    draw(CollageSpec(template, pictures, "Thuở ấy ở Huế"), [picture.read_bytes] * count, PRINT_SIDE)
    seconds = time.process_time() - started
    print(json.dumps({"seconds": seconds, "megabytes": _peak()}))  # noqa: T201 - its answer


def _peak() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000


if __name__ == "__main__":
    main()
