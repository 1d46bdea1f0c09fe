"""How much memory a collage to print takes, of nine pictures of 48 megapixels: a script, so that it is not pytest's."""

import json
import sys
from functools import partial
from pathlib import Path

from studio.documents.collage import PRINT_SIDE, CollagePicture, CollageSpec
from studio.documents.templates import CollageTemplate
from workers.documents.collage import draw


def main() -> None:
    width, height, *files = sys.argv[1:]
    pictures = (CollagePicture(int(width), int(height)),) * len(files)
    spec = CollageSpec(CollageTemplate.GRID_3X3, pictures, "Thuở ấy ở Huế")
    made = draw(spec, [partial(Path.read_bytes, Path(file)) for file in files], PRINT_SIDE)
    lines = Path("/proc/self/status").read_text().splitlines()
    peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1000
    sys.stdout.write(json.dumps({"width": made.width, "megabytes": peak}))


if __name__ == "__main__":
    main()
