"""The figures as a table for people and as build/bench.json for tools."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from local import console
from local.ministack import ROOT
from tests.bench.figure import Figure

PATH: Final = ROOT / "build/bench.json"
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


def _row(figure: Figure) -> tuple[str, ...]:
    goal = "" if figure.goal is None else f"≤ {_number(figure.goal)}{' x' if figure.by_ratio else ''}"
    verdict = {True: "met", False: "MISSED", None: ""}[figure.met]
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f} x"
    return figure.name, _number(figure.value), figure.unit, _number(figure.floor), ratio, goal, verdict


def _number(number: float | None) -> str:
    if number is None:
        return ""
    return f"{number:,.0f}" if number >= 100 or number == int(number) else f"{number:.3g}"
