"""Collages at print size, of a camera's pictures: processor time and memory, each in a process of its own.

Memory is measured on nine of 48 megapixels too, the largest that people send: no two are open at once.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final

from local.ministack import ROOT
from studio.documents.templates import TEMPLATES, CollageTemplate
from tests.bench import resizer_pictures
from tests.bench.figure import Figure, plain
from tests.bench.stand import Stand

RUNS: Final = 3
GOAL_MB: Final = 250
_TYPICAL: Final = 9  # pictures, of a template that takes more


def measure(_: Stand) -> Sequence[Figure]:
    with tempfile.TemporaryDirectory(prefix="namo-bench-") as folder:
        photo, poster = resizer_pictures.camera(Path(folder))
        small = [figure for template in CollageTemplate for figure in _figures(template, photo)]
        peak = _run(CollageTemplate.GRID_3X3, poster)["megabytes"]
    return [*small, plain("GRID_3X3 of 48 megapixels each: peak memory", peak, "MB", goal=GOAL_MB)]


def _figures(template: CollageTemplate, photo: Path) -> Sequence[Figure]:
    runs = [_run(template, photo) for _ in range(RUNS)]
    name = f"{template} to print, {_count(template)} of 12 megapixels"
    return [
        plain(f"{name}: processor time", 1000 * median(run["seconds"] for run in runs), "ms"),
        plain(f"{name}: peak memory", max(run["megabytes"] for run in runs), "MB", goal=GOAL_MB),
    ]


def _run(template: CollageTemplate, picture: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.collages_run", template, str(picture), str(_count(template))]
    ran = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return json.loads(ran.stdout)


def _count(template: CollageTemplate) -> int:
    return min(TEMPLATES[template].most, _TYPICAL)
