"""The zips that AWS gets, over their pinned packages alone. A megabyte is 10^6 bytes."""

import zipfile
from collections.abc import Callable, Sequence
from typing import Final

from infra.stages import LAMBDA
from infra.zips import SOURCES, build_zip
from tests.bench.figure import Figure, plain
from tests.bench.stand import Stand

API_GOAL_MB: Final = 5
# Lambda takes 250 MB.
VERTEX_GOAL_MB: Final = 200


def measure(_: Stand) -> Sequence[Figure]:
    return [
        _figure("API function, zipped", "api", lambda entry: entry.compress_size, API_GOAL_MB),
        _figure("Vertex worker, unzipped", "vertex", lambda entry: entry.file_size, VERTEX_GOAL_MB),
    ]


def _figure(name: str, group: str, size: Callable[[zipfile.ZipInfo], int], goal: int) -> Figure:
    with zipfile.ZipFile(build_zip(group, LAMBDA)) as packed:
        entries = packed.infolist()
    packages = [entry for entry in entries if entry.filename.partition("/")[0] not in SOURCES[group]]
    return plain(name, _megabytes(map(size, entries)), "MB", floor=_megabytes(map(size, packages)), goal=goal)


def _megabytes(sizes: "map[int]") -> float:
    return sum(sizes) / 1e6
