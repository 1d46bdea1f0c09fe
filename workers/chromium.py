"""One headless Chromium for a whole process, used from any of its threads."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from playwright.async_api import Browser, BrowserContext, Error, Page, Playwright, async_playwright

T = TypeVar("T")

_CLOSE_SECONDS = 5.0  # for a page to go; a browser that cannot even close a page is replaced


def _loop() -> asyncio.AbstractEventLoop:
    """Run an event loop in a thread of its own: Playwright's objects belong to the thread that made them."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="chromium", daemon=True).start()
    return loop


@dataclass
class Chromium:
    """A browser that starts at the first visit and stays; without a `path` it is the one that Playwright installed."""

    path: str
    flags: Sequence[str]
    _playwright: Playwright | None = None
    _browser: Browser | None = None
    _starting: asyncio.Lock = field(default_factory=asyncio.Lock)
    _loop: asyncio.AbstractEventLoop = field(default_factory=_loop)

    def visit(self, errand: Callable[[Page], Awaitable[T]], seconds: float) -> T:
        """Run an errand on a page that shares nothing with any other, and cut it off after so many seconds.

        Raises
        ------
        TimeoutError
            It was cut off.
        playwright.async_api.Error
            The browser or the network failed.
        """
        return asyncio.run_coroutine_threadsafe(self._visit(errand, seconds), self._loop).result()

    def close(self) -> None:
        """End the browser; the next visit would start another."""
        asyncio.run_coroutine_threadsafe(self._forget(), self._loop).result()

    async def _visit(self, errand: Callable[[Page], Awaitable[T]], seconds: float) -> T:
        async with asyncio.timeout(seconds):
            context = await self._context()
            try:
                page = await context.new_page()
                page.set_default_timeout(seconds * 1000)
                return await errand(page)
            finally:
                await asyncio.shield(self._closed(context))

    async def _context(self) -> BrowserContext:
        """Open a session without a past; a browser that cannot is replaced at the next visit."""
        browser = await self._started()
        try:
            return await browser.new_context(accept_downloads=False, service_workers="block")
        except (Error, asyncio.CancelledError):
            if browser is self._browser:
                await asyncio.shield(self._forget())
            raise

    async def _started(self) -> Browser:
        async with self._starting:
            if self._browser and self._browser.is_connected():
                return self._browser
            await self._forget()
            try:
                self._playwright = await async_playwright().start()
                self._browser = await self._playwright.chromium.launch(
                    executable_path=self.path or None, args=list(self.flags)
                )
            except (Error, asyncio.CancelledError):
                await asyncio.shield(self._forget())
                raise
            return self._browser

    async def _closed(self, context: BrowserContext) -> None:
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await context.close()
        except (TimeoutError, Error):
            if context.browser is self._browser:
                await self._forget()

    async def _forget(self) -> None:
        """Stop the driver, and with it the browser, whatever state that is in."""
        playwright, self._playwright, self._browser = self._playwright, None, None
        if playwright:
            with suppress(Error):
                await playwright.stop()
