"""Words on a terminal: colours only where somebody sees them, lines no wider than the window."""

import os
import shutil
import sys
import textwrap
import time
from collections.abc import Iterable
from typing import Final

CODES: Final = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36"}


def styled(text: str, style: str) -> str:
    """The text in a style, or plain where standard output is no terminal or NO_COLOR is set."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return text
    return f"\033[{CODES[style]}m{text}\033[0m"


def width() -> int:
    return min(shutil.get_terminal_size((100, 24)).columns, 120)


def heading(text: str) -> None:
    print(f"\n{styled(text, 'bold')}", flush=True)


def fold(text: str, indent: str = "  ") -> str:
    """Wrapped to the window, following lines indented a little further; what has lines of its own keeps them."""
    if "\n" in text:
        return textwrap.indent(text, indent)
    return textwrap.fill(
        text,
        width(),
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def line(text: str, style: str = "dim") -> None:
    print(styled(fold(text), style), flush=True)


def pairs(rows: Iterable[tuple[str, str]]) -> None:
    """Names and values in two columns; a value is never broken, so that it can be copied."""
    rows = list(rows)
    left = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"  {styled(name.ljust(left), 'dim')}  {value}", flush=True)


class Steps:
    """Says what was done and how long after the start, in seconds."""

    def __init__(self) -> None:
        self.started = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def done(self, what: str) -> None:
        print(f"  {styled(f'{self.seconds:5.1f} s', 'dim')}  {what}", flush=True)
