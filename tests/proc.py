"""Processes as /proc shows them. What ends while it is read is not there."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
PROC = Path("/proc")


def pids() -> list[int]:
    return [int(path.name) for path in PROC.glob("[0-9]*")]


def children(pid: int, proc: Path = PROC) -> list[int]:
    """Return the children of all of a process's threads."""
    threads = _or(list[Path](), lambda: list((proc / str(pid) / "task").iterdir()))
    return [int(child) for thread in threads for child in _or("", (thread / "children").read_text).split()]


def command(pid: int) -> bytes:
    return _or(b"", (PROC / str(pid) / "cmdline").read_bytes)


def environment(pid: int) -> bytes:
    return _or(b"", (PROC / str(pid) / "environ").read_bytes)


def alive(pid: int) -> bool:
    """Tell whether a process still runs; one that has ended and waits to be asked for its code does not."""
    stat = _or("", (PROC / str(pid) / "stat").read_text)
    return bool(stat) and stat.rpartition(")")[2].split()[0] != "Z"


def kill(pid: int) -> bool:
    """Kill a process, and tell whether it was still there."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def _or(missing: T, read: Callable[[], T]) -> T:
    try:
        return read()
    except OSError:  # no such file, no such process, or another user's
        return missing
