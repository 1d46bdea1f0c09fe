"""A limit of time that counts work alone: what waits for its turn on this machine would run at once on AWS."""

import asyncio
from collections.abc import AsyncGenerator, Generator, Iterable
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar


class TimeLimit:
    """So many seconds; TimeoutError when they are over."""

    def __init__(self, timeout: asyncio.Timeout) -> None:
        self._timeout = timeout
        self._left = 0.0
        self._pauses = 0

    def pause(self) -> None:
        self._pauses += 1
        end = self._timeout.when()
        if end is not None:
            self._left = end - asyncio.get_running_loop().time()
            self._reschedule(None)

    def resume(self) -> None:
        self._pauses -= 1
        if not self._pauses:
            self._reschedule(asyncio.get_running_loop().time() + self._left)

    def _reschedule(self, end: float | None) -> None:
        with suppress(RuntimeError):  # what it was for has ended meanwhile, or is about to
            self._timeout.reschedule(end)


_limits: ContextVar[tuple[TimeLimit, ...]] = ContextVar("limits", default=())


@asynccontextmanager
async def time_limit(seconds: float) -> AsyncGenerator[None]:
    """Bound what is done inside."""
    async with asyncio.timeout(seconds) as timeout:
        with shared([TimeLimit(timeout)]):
            yield


def current() -> tuple[TimeLimit, ...]:
    return _limits.get()


@contextmanager
def shared(limits: Iterable[TimeLimit]) -> Generator[None]:
    """Have what is done inside count, and wait, for these."""
    before = _limits.set(tuple(limits))
    try:
        yield
    finally:
        _limits.reset(before)


@contextmanager
def waiting() -> Generator[None]:
    """Stop the clocks meanwhile."""
    paused = _limits.get()
    for limit in paused:
        limit.pause()
    try:
        yield
    finally:
        for limit in paused:
            limit.resume()
