"""A function's memory, shared by the jobs of a group: what takes much of it is admitted by what it needs.

The work of a group goes on at once, because most of it is waiting for models. Opening pictures is not: eight of 48
megapixels together would take more than the function has, and it would be killed with all of its jobs.
"""

import ctypes
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Condition
from time import monotonic
from typing import Final

from studio.settings.environment import function_megabytes
from workers.outcome import TOO_LARGE, FinalError

_MEGABYTE: Final = 1_000_000
# What is not for pictures: the interpreter and the SDKs, and each job's request and answer while it is under way.
_RUNTIME, _IN_HAND, _GROUP = 200 * _MEGABYTE, 32 * _MEGABYTE, 8
_LEAST: Final = 64 * _MEGABYTE
_LONG_SECONDS: Final = 2.0  # after so much waiting and working a lease is worth a write


def _give_back_what_is_freed() -> None:
    """Have glibc map what is larger than a megabyte by itself.

    It would soon keep blocks of up to 32 MB, of which Pillow makes its pictures, for the thread that freed them: eight
    threads that changed one picture each, one after the other, held 3.2 GB.
    """
    with suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, 2**20)


_M_MMAP_THRESHOLD: Final = -3
_give_back_what_is_freed()


def _nothing() -> None:
    pass


_keep: ContextVar[Callable[[], None]] = ContextVar("keep", default=_nothing)


@contextmanager
def keeping(keep: Callable[[], None]) -> Generator[None]:
    """Have `keep` called, in this thread, while work waits for memory and when it has taken long.

    It renews the job's lease; what it raises ends the waiting.
    """
    before = _keep.set(keep)
    try:
        yield
    finally:
        _keep.reset(before)


@dataclass(frozen=True)
class Memory:
    """So many bytes, given out in the order of asking: a large picture is not passed by small ones for ever."""

    total: int
    keep_seconds: float = 10.0
    clock: Callable[[], float] = monotonic
    _line: "deque[object]" = field(default_factory=deque[object])
    _changed: Condition = field(default_factory=Condition)
    _taken: list[int] = field(default_factory=list[int])

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._line)

    @contextmanager
    def reserve(self, needed: int) -> Generator[None]:
        """Hold so many bytes, as soon as they are free.

        Raises
        ------
        FinalError
            There are not so many, even for one alone.
        """
        if needed > self.total:
            raise FinalError(TOO_LARGE)
        began = self.clock()
        self._wait(needed)
        try:
            yield
        finally:
            with self._changed:
                self._taken.remove(needed)
                self._changed.notify_all()
        if self.clock() - began > _LONG_SECONDS:
            _keep.get()()

    def _wait(self, needed: int) -> None:
        turn = object()
        with self._changed:
            self._line.append(turn)
        try:
            while not self._admitted(turn, needed):
                _keep.get()()
        finally:
            with self._changed:
                self._line.remove(turn)
                self._changed.notify_all()

    def _admitted(self, turn: object, needed: int) -> bool:
        def fits() -> bool:
            return self._line[0] is turn and sum(self._taken) + needed <= self.total

        with self._changed:
            if self._changed.wait_for(fits, self.keep_seconds):
                self._taken.append(needed)
                return True
        return False


def for_pictures(megabytes: int) -> int:
    """Return how many bytes a function of this size has for pictures."""
    return max(_LEAST, megabytes * _MEGABYTE - _RUNTIME - _GROUP * _IN_HAND)


memory: Final = Memory(for_pictures(function_megabytes()))
