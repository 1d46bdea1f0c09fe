"""A person's own browser, headless: Chromium, driven through Playwright."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from playwright.async_api import Error, Page, ViewportSize, async_playwright

from local.appsync.explorer.node import NODE
from local.chromium.find import find
from local.demo.patience import DemoError

_WINDOW: Final[ViewportSize] = {"width": 900, "height": 670}
# Nothing of Chromium's own may leave the machine; and it may run as root, in a container.
_FLAGS: Final = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync")


@asynccontextmanager
async def browsing() -> AsyncGenerator[Page]:
    """Open one page in the Chromium that is found. DemoError where a page is not as it is shown."""
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(NODE))  # its own Node needs a library that may be missing
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=find(), args=[*_FLAGS])
        try:
            yield await chromium.new_page(viewport=_WINDOW, device_scale_factor=2)
        except Error as error:
            raise DemoError(f"The browser: {error.message}") from error
        finally:
            await chromium.close()
