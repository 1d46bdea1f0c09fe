"""Every local page in a real browser, as somebody with a phone sees it."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from playwright.async_api import Page

from local.appsync.explorer import build as explorer
from local.chromium.find import find
from local.demo.browser import browsing
from tests.unit.local.every_page import every_page

pytestmark = pytest.mark.skipif(not find(), reason="there is no Chromium on this machine")

PHONE = {"width": 390, "height": 844}


@pytest.fixture
async def pages(tmp_path: Path) -> AsyncIterator[Mapping[str, str]]:
    explorer.build()
    async with every_page(tmp_path) as addresses:
        yield addresses


async def test_no_page_is_wider_than_a_phone_or_complains(pages: Mapping[str, str]) -> None:
    wide: dict[str, int] = {}
    said: list[str] = []
    async with browsing() as page:
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(error.message))
        await page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        for name, url in pages.items():
            response = await page.goto(url)
            assert response
            assert response.ok, name
            if (width := await _width(page)) > PHONE["width"]:
                wide[name] = width
    assert (wide, said) == ({}, [])


async def _width(page: Page) -> int:
    """Return how wide a page is, with everything opened that can be."""
    return await page.evaluate(
        "() => { for (const each of document.querySelectorAll('details')) each.open = true;"
        " return document.documentElement.scrollWidth; }"
    )
