"""What writing the largest album takes: 200 photos of 12 megapixels, two lying to one standing, half with a caption.

Each is a process of its own, which writes to nowhere; its peak holds the interpreter and Pillow too. How many photos go
in as they are and how many are brought down is the layout's doing, and said: alone on a page they mostly fit.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Final

from local.ministack import ROOT
from studio.documents.album import MAX_PHOTOS, AlbumLayout, PdfProduct
from tests.bench.figure import Figure, plain
from tests.bench.resizer_pictures import taken
from tests.bench.stand import Stand

GOAL_SECONDS: Final = 30
GOAL_MB: Final = 200
_QUALITY: Final = 90


def measure(_: Stand) -> Sequence[Figure]:
    with tempfile.TemporaryDirectory(prefix="namo-bench-") as folder:
        lying, standing = Path(folder) / "lying.jpg", Path(folder) / "standing.jpg"
        taken(4032, 3024).save(lying, quality=_QUALITY)
        taken(3024, 4032).save(standing, quality=_QUALITY)
        paths = [lying, standing, lying]
        return [figure for case in product(AlbumLayout, PdfProduct) for figure in _figures(*case, paths)]


def _figures(layout: AlbumLayout, product_: PdfProduct, paths: Sequence[Path]) -> Sequence[Figure]:
    command = [sys.executable, "-m", "tests.bench.album_run", layout, product_, *map(str, paths)]
    ran = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    took = json.loads(ran.stdout)
    name = f"{MAX_PHOTOS} photos as a PDF, {layout} for {product_}, {took['untouched']} untouched"
    return [
        plain(f"{name}: peak memory", took["megabytes"], "MB", goal=GOAL_MB),
        plain(f"{name}: processor time", took["seconds"], "s", goal=GOAL_SECONDS),
        plain(f"{name}: size", took["bytes"] / 1e6, "MB"),
    ]
