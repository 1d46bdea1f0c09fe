"""A person's own browser, headless: Chromium, driven through Playwright."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from playwright.async_api import Page, ViewportSize, async_playwright

from local import stand_ins

_WINDOW: Final[ViewportSize] = {"width": 900, "height": 670}
# Nothing of Chromium's own may leave the machine; and it may run as root, in a container.
_FLAGS: Final = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync")


@asynccontextmanager
async def browsing() -> AsyncGenerator[Page]:
    """Open one page in a Chromium that is found on the PATH."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=stand_ins.chromium(), args=[*_FLAGS])
        try:
            yield await chromium.new_page(viewport=_WINDOW, device_scale_factor=2)
        finally:
            await chromium.close()
