"""What a real Chromium shows of a file, pixel by pixel."""

import base64
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from playwright.async_api import Page

from infra.stages import WITHOUT_POPUPS
from local.chromium.find import find
from workers.chromium import Chromium

CHROMIUM = find()
Pixels = npt.NDArray[np.uint8]

_SECONDS = 120
# An image is drawn as far as it is there; onload tells that there is something, as it does to every page.
_DRAW = """(files) => Promise.all(files.map(([type, data]) => new Promise((done) => {
  const image = new Image();
  image.onerror = () => done(null);
  image.onload = () => {
    const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
    const context = canvas.getContext('2d', {willReadFrequently: true, colorSpace: 'srgb'});
    context.drawImage(image, 0, 0);
    const {data, width, height} = context.getImageData(0, 0, canvas.width, canvas.height);
    let text = '';
    for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
    done([width, height, btoa(text)]);
  };
  image.src = `data:${type};base64,${data}`;
})))"""


def shown(files: Mapping[str, bytes]) -> Mapping[str, Pixels | None]:
    """Return RGBA of each file, None where Chromium shows a broken image; one start for all."""
    browser = Chromium(CHROMIUM, ["--force-color-profile=srgb", "--disable-gpu", WITHOUT_POPUPS])

    async def draw(page: Page) -> list[tuple[int, int, str] | None]:
        await page.goto("about:blank")
        return await page.evaluate(_DRAW, [[_type(each), base64.b64encode(each).decode()] for each in files.values()])

    try:
        return dict(zip(files, map(_pixels, browser.visit(draw, _SECONDS)), strict=True))
    finally:
        browser.close()


def _type(content: bytes) -> str:
    return {b"\x89P": "image/png", b"RI": "image/webp"}.get(content[:2], "image/jpeg")


def _pixels(drawn: tuple[int, int, str] | None) -> Pixels | None:
    if drawn is None:
        return None
    width, height, text = drawn
    return np.frombuffer(base64.b64decode(text), np.uint8).reshape(height, width, 4)
