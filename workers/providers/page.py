"""A page in a browser that makes images; what it must look like is written down in docs/page.md."""

import base64
from dataclasses import dataclass
from functools import partial

from playwright.async_api import Error, Page

from studio.jobs.model import Failure, Job
from workers.chromium import Chromium
from workers.outcome import BLOCKED, RECITATION, REFUSED, REJECTED, UNUSABLE, FinalError, TransientError
from workers.provider import Pictures
from workers.providers.status import failure_of
from workers.providers.wording import instructions

_FIRST_ERROR = 400
_ENDED = "main[data-state=done], main[data-state=failed]"
_PASSING = frozenset({"busy", "network"})
_FAILURES: dict[str | None, Failure] = {
    "blocked": BLOCKED,
    "recitation": RECITATION,
    "refused": REFUSED,
    "rejected": REJECTED,
}
# The page fetches its own image, so that a blob: address will do and another origin's will not.
_DOWNLOAD = """async image => {
  const blob = await (await fetch(image.src)).blob();
  if (blob.size > 20_000_000) return "";
  const reader = new FileReader();
  await new Promise((done, failed) => { reader.onload = done; reader.onerror = failed; reader.readAsDataURL(blob); });
  return reader.result.split(",")[1] ?? "";
}"""


@dataclass(frozen=True)
class PageStudio:
    """Drives the page at one address; a job is cut off after `seconds`."""

    chromium: Chromium
    address: str
    seconds: float

    def make(self, job: Job, inputs: Pictures) -> bytes:  # noqa: ARG002 - the page takes no images
        """Fill the form in, wait for the result and download it.

        Raises
        ------
        TransientError
            The page is busy, does not answer in time or cannot be reached, or the browser died.
        FinalError
            Blocked, refused, or not the page that we know.
        """
        try:
            return self.chromium.visit(partial(self._made, job), self.seconds)
        except (TimeoutError, Error) as error:
            raise TransientError from error

    async def _made(self, job: Job, page: Page) -> bytes:
        await self._open(page)
        await _submit(job, page)
        ended = page.locator(_ENDED)
        await ended.wait_for(state="attached")
        if await ended.get_attribute("data-state") == "failed":
            raise _failure(await page.locator("#error").get_attribute("data-code"))
        return await _download(page)

    async def _open(self, page: Page) -> None:
        response = await page.goto(self.address, wait_until="domcontentloaded")
        if response is not None and response.status >= _FIRST_ERROR:
            raise failure_of(response.status, response.headers)
        if not await page.locator("form #prompt").count():
            raise FinalError(UNUSABLE)


async def _submit(job: Job, page: Page) -> None:
    assert job.image_spec.aspect_ratio  # every generation has one
    width, height = job.image_spec.aspect_ratio.shape
    await page.locator("#prompt").fill(instructions(job))
    await page.locator("#aspect-ratio").select_option(f"{width}:{height}")
    if job.image_spec.seed is not None:
        await page.locator("#seed").fill(str(job.image_spec.seed))
    await page.locator("#submit").click()


async def _download(page: Page) -> bytes:
    if not await page.locator("#result[src]").count():
        raise FinalError(UNUSABLE)
    return base64.b64decode(await page.locator("#result").evaluate(_DOWNLOAD))


def _failure(code: str | None) -> Exception:
    return TransientError() if code in _PASSING else FinalError(_FAILURES.get(code, UNUSABLE))
