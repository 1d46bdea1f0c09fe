"""The figures as a table for people, as build/bench.json for tools, and as a page of the docs for the record."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from local import console
from local.ministack import ROOT
from tests.bench.figure import Figure

PATH: Final = ROOT / "build/bench.json"
PAGE: Final = ROOT / "docs/figures.md"
# What stands between these two lines of the page is written by `record`.
MARKS: Final = ("<!-- measured -->\n", "<!-- end of measured -->\n")
HEAD: Final = ("figure", "value", "unit", "floor", "ratio", "goal", "verdict")
STYLES: Final[Mapping[str, str]] = {"verdict": "bold", "met": "green", "MISSED": "red", "": "dim"}


def keep(figures: Iterable[Figure], path: Path = PATH) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps([figure.to_json() for figure in figures], indent=2) + "\n")


def table(figures: Sequence[Figure]) -> Iterator[str]:
    rows = [HEAD, *map(_row, figures)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEAD))]
    for row in rows:
        cells = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
        cells[0], cells[2] = row[0].ljust(widths[0]), row[2].ljust(widths[2])
        yield "  " + console.styled("  ".join(cells).rstrip(), STYLES[row[-1]])


def record(figures: Iterable[Figure], page: Path = PAGE) -> None:
    """Write the figures, the date and the kind of machine into the page, in place of what was recorded before."""
    before, _, rest = page.read_text().partition(MARKS[0])
    _, _, after = rest.partition(MARKS[1])
    rows = [HEAD, ("---", "--:", "---", "--:", "--:", "--:", "---"), *map(_row, figures)]
    lines = [f"Measured on {_machine()}.", "", *(f"| {' | '.join(row)} |" for row in rows)]
    page.write_text(before + MARKS[0] + "\n".join(lines) + "\n" + MARKS[1] + after)


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{datetime.now(UTC):%Y-%m-%d}, on {os.cpu_count()} cores with {memory:.0f} GiB"


def _row(figure: Figure) -> tuple[str, ...]:
    goal = "" if figure.goal is None else f"≤ {_number(figure.goal)}{' x' if figure.by_ratio else ''}"
    verdict = {True: "met", False: "MISSED", None: ""}[figure.met]
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f} x"
    return figure.name, _number(figure.value), figure.unit, _number(figure.floor), ratio, goal, verdict


def _number(number: float | None) -> str:
    if number is None:
        return ""
    return f"{number:,.0f}" if number >= 100 or number == int(number) else f"{number:.3g}"
