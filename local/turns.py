"""Calls that wait for their turn, in the order in which they came.

A function's call is a process. On two cores two hundred that start together end together, long after everybody has
given up; eight at a time are each done at once. So eight of a function have a place, and the others wait.

But a call that itself waits, for a model or for another call, has its place for nothing: whoever is at the head of the
line goes in after a second, place or none. So what is slow by design holds nothing up for long, and calls that call one
another cannot lock each other out.

Only the standard library: the emulator, whose environment holds nothing of the project, takes this file too.
"""

import asyncio
import contextlib
from types import TracebackType

AT_ONCE = 8
PATIENCE_SECONDS = 1.0


class Turns:
    """One line; a context is a turn."""

    def __init__(self, at_once: int = AT_ONCE, patience: float = PATIENCE_SECONDS) -> None:
        self._at_once = at_once
        self._patience = patience
        self._inside = 0
        self._line = asyncio.Lock()  # whoever holds it is at the head; the others get it in their order
        self._left = asyncio.Event()

    async def __aenter__(self) -> None:
        async with self._line:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._patience):
                    await self._room()
            self._inside += 1

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._inside -= 1
        self._left.set()

    async def _room(self) -> None:
        while self._inside >= self._at_once:
            self._left.clear()
            await self._left.wait()
