"""What changing the largest pictures takes: processor time and peak memory, one alone and a whole group of a worker.

Each is a process of its own, in which nothing but this happens; its peak holds the interpreter and Pillow too.
"""

import json
import subprocess
import sys
from collections.abc import Sequence

from infra.functions import declared
from local.ministack import ROOT
from studio.jobs.dispatch import GROUP
from tests.bench.edits_run import CASES, TOGETHER
from tests.bench.figure import Figure, plain
from tests.bench.stand import Stand

GOAL_MB = 500  # of one: a worker has 568 MB for pictures


def measure(_: Stand) -> Sequence[Figure]:
    return [figure for case in CASES for figure in _figures(case)]


def _figures(case: str) -> Sequence[Figure]:
    command = [sys.executable, "-m", "tests.bench.edits_run", case]
    ran = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    took = json.loads(ran.stdout)
    name = f"48 megapixels, {case}" if case != TOGETHER else f"48 megapixels, {GROUP} jobs in a worker at once"
    most = declared("vertex").memory if case == TOGETHER else GOAL_MB
    return [
        plain(f"{name}: peak memory", took["megabytes"], "MB", goal=most),
        plain(f"{name}: processor time", took["seconds"], "s"),
    ]
