"""How long the demo waits for anything, and what it says when that was not enough."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

PATIENCE_SECONDS: Final = 180.0  # on a machine that has other work


class DemoError(RuntimeError):
    """Something in the demo went otherwise than shown."""


@asynccontextmanager
async def waiting_for(what: str, seconds: float = PATIENCE_SECONDS) -> AsyncGenerator[None]:
    """Give up after a while: DemoError, with what was waited for."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise DemoError(f"Waited {seconds:.0f} s in vain for {what}.") from None
