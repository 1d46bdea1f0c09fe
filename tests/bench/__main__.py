"""``python -m tests.bench``: measure against the floors, print a table, write build/bench.json."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from local import console
from tests.bench import (
    album,
    calls,
    cold_start,
    collages,
    cost,
    edits,
    latency,
    orders,
    report,
    resizer,
    sizes,
    start,
    together,
)
from tests.bench.figure import Figure
from tests.bench.stand import Stand

MEASURES: Final[Mapping[str, Callable[[Stand], Sequence[Figure]]]] = {
    "start": start.measure,
    "cold-start": cold_start.measure,
    "calls": calls.measure,
    "latency": latency.measure,
    "together": together.measure,
    "sizes": sizes.measure,
    "cost": cost.measure,
    "resizer": resizer.measure,
    "edits": edits.measure,
    "orders": orders.measure,
    "collages": collages.measure,
    "album": album.measure,
}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=MEASURES, help="measure this alone; may be repeated")
    parser.add_argument("--stack", type=Path, help="stack.json of a running stack, instead of one of the bench's own")
    parser.add_argument("--record", action="store_true", help="also write the figures into docs/figures.md")
    arguments = parser.parse_args()
    if arguments.record and arguments.only:
        parser.error("--record is for all figures of one run")
    return arguments


def main() -> int:
    """Answer 1 where a goal is missed."""
    arguments = _arguments()
    figures: list[Figure] = []
    with Stand(arguments.stack) as stand:
        for name in arguments.only or MEASURES:
            console.line(f"measuring {name}")
            figures += MEASURES[name](stand)
    console.heading("Figures")
    for line in report.table(figures):
        print(line)
    report.keep(figures)
    if arguments.record:
        report.record(figures)
    return int(any(figure.met is False for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
