"""Every local page in a real browser, as somebody with a phone sees it."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, ViewportSize

from local.appsync.explorer import build as explorer
from local.chromium.find import find
from local.demo.browser import browsing
from tests.unit.local.every_page import every_page
from tests.unit.local.explored import SUB, ExplorerSite

pytestmark = pytest.mark.skipif(not find(), reason="there is no Chromium on this machine")

PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENCE_MS = 90_000  # of a busy machine


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
        await _as_on_a_phone(page)
        for name, url in pages.items():
            response = await page.goto(url)
            assert response
            assert response.ok, name
            if name == "explorer":
                await _ready(page)
            if (width := await _width(page)) > PHONE["width"]:
                wide[name] = width
        await page.goto(pages["bank"])
        newest = page.locator("details[data-ref]").first
        await newest.locator("summary").click()
        await page.reload()
        assert await newest.get_attribute("open") is None, "what was folded stays so"
    assert (wide, said) == ({}, [])


async def test_the_explorers_samples_work_as_they_are_opened() -> None:
    explorer.build()
    site = ExplorerSite()
    async with TestServer(site.app()) as server, browsing() as page:
        await _as_on_a_phone(page)
        at = str(server.make_url("/"))
        job = {"id": "job-1", "status": "COMPLETED", "original": f"{at}original.png?X-Amz-Signature=1"}
        site.events = [{"onJob": {**job, "thumbnail": f"{at}picture.png?X-Amz-Signature=2"}}]
        await page.goto(at)
        await _ready(page)
        await page.get_by_role("button", name="Execute query").click()
        await page.get_by_text("Nano Banana Pro").wait_for()  # with the key: nobody is signed in

        await page.get_by_role("button", name="Watch", exact=True).click()
        await page.get_by_text('"{sub}"').wait_for()  # a sample's variables are open
        await page.get_by_role("button", name="Execute query").click()
        await page.get_by_text("sign in first").first.wait_for()
        await page.get_by_role("button", name="Demo: user@namo.test").click()
        await page.get_by_text("Signed in as").wait_for()
        await page.get_by_role("button", name="Execute query").click()
        event = page.get_by_role("list", name="Events of Watch").get_by_role("listitem")
        await event.wait_for()
        assert [each["variables"] for each in site.subscribed] == [{"me": SUB}]
        assert await _shows(page, ".live img", "naturalWidth") == [64]
        assert await _shows(page, ".live a", "textContent") == ["", f"{at}original.png?…", f"{at}picture.png?…"]
        assert '"status":"COMPLETED"' in await event.inner_text()
        colours = await page.evaluate(
            "() => ['code', 'code .key', 'code .string', 'code .good'].map("
            "(each) => getComputedStyle(document.querySelector(`.live ${each}`)).color)"
        )
        assert len(set(colours)) == len(colours)
        assert await _width(page) == PHONE["width"]
        for name in ("Operation Editor", "Result Window"):
            box = await page.get_by_role("region", name=name).bounding_box()
            assert box
            assert box["width"] > 0.6 * PHONE["width"], name


async def _as_on_a_phone(page: Page) -> None:
    page.set_default_timeout(PATIENCE_MS)
    await page.set_viewport_size(PHONE)


async def _ready(page: Page) -> None:
    """Wait for the explorer's editors: before that, nothing runs."""
    for name in ("Operation Editor", "Result Window"):
        await page.get_by_role("region", name=name).get_by_role("textbox").wait_for(state="attached")


async def _shows(page: Page, selector: str, name: str) -> list[Any]:
    return await page.evaluate(
        "async ([selector, name]) => { const all = [...document.querySelectorAll(selector)];"
        " await Promise.all(all.map((each) => each.decode?.())); return all.map((each) => each[name]); }",
        [selector, name],
    )


async def _width(page: Page) -> int:
    """Return how wide a page is, with everything opened that can be."""
    return await page.evaluate(
        "() => { for (const each of document.querySelectorAll('details')) each.open = true;"
        " return document.documentElement.scrollWidth; }"
    )
