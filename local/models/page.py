"""A small studio as a page, for workers that drive a browser; its contract is docs/page.md."""

import time
from pathlib import Path
from typing import Any

from aiohttp import web

from local.models.faults import NO_FAULT, BadFaultError
from local.models.gemini import SAFETY_WORD
from local.models.pending import CallHandler, PendingCall
from local.models.render import PictureOrder

MODEL = "page"
LONG_SIDE = 1024
RATIOS = {"1:1": (1, 1), "3:4": (3, 4), "4:3": (4, 3), "9:16": (9, 16), "16:9": (16, 9)}
HTML = Path(__file__).with_name("page.html")
# What the page's own model may say of a picture, by twist: the code, and the sentence.
BLOCKED = ("blocked", "The safety filter stopped this picture.")
REFUSALS = {
    "blocked": BLOCKED,
    "prompt-blocked": BLOCKED,
    "recitation": ("recitation", "This picture would be too close to somebody's work."),
    "refused-in-words": ("refused", "The studio would rather not draw this."),
}
BUSY, BAD_REQUEST, FIRST_SERVER_ERROR, MAX_PROMPT = 429, 400, 500, 8000


class StudioPage:
    """The page, and the address that its form asks for a picture."""

    def __init__(self, handler: CallHandler) -> None:
        self._desk = handler

    def routes(self) -> list[web.RouteDef]:
        """Give the paths of the page."""
        return [web.get("/page", self.page), web.post("/page/pictures", self.picture)]

    async def page(self, _request: web.Request) -> web.Response:
        """Give the page itself."""
        return web.Response(text=HTML.read_text(), content_type="text/html")

    async def picture(self, request: web.Request) -> web.Response:
        """Draw for the form; every outcome is logged."""

        async def respond(pending: PendingCall) -> web.Response:
            try:
                return await self._respond(request, pending)
            except (BadFaultError, ValueError) as error:
                return _refusal(BAD_REQUEST, "rejected", str(error))

        return await self._desk.serve(respond)

    async def _respond(self, request: web.Request, pending: PendingCall) -> web.Response:
        pending.model = MODEL
        order = _order(await request.json())
        pending.prompt = order.prompt
        common = await self._desk.fault(request, pending, NO_FAULT)
        if common is not None:
            return common
        if pending.fault.status:
            return _failed(pending.fault.status)
        twist = pending.fault.twist
        reason = "blocked" if SAFETY_WORD.search(order.prompt) else twist
        if reason in REFUSALS:
            return _refusal(BAD_REQUEST, *REFUSALS[reason])
        if twist == "hang":
            return web.json_response({"hang": True})
        if twist == "empty":
            return web.Response(status=204)
        picture = await self._desk.draw(order, pending)
        return web.Response(body=picture.data, content_type=picture.mime)


def _order(body: Any) -> PictureOrder:
    """Read what the form sends. Raises ValueError."""
    prompt, ratio, seed = str(body.get("prompt", "")), RATIOS.get(body.get("aspectRatio")), body.get("seed")
    if not 0 < len(prompt.strip()) <= MAX_PROMPT or ratio is None:
        raise ValueError("A picture needs a description and one of the shapes.")
    scale = LONG_SIDE / max(ratio)
    seed = int(seed) if seed not in (None, "") else time.time_ns() % 2**31
    return PictureOrder(prompt, seed, round(ratio[0] * scale), round(ratio[1] * scale))


def _failed(status: int) -> web.Response:
    if status == BUSY or status >= FIRST_SERVER_ERROR:
        return _refusal(status, "busy", "The studio is very busy. Please try again in a moment.")
    return _refusal(status, "rejected", "The studio does not make this picture.")


def _refusal(status: int, code: str, message: str) -> web.Response:
    return web.json_response({"code": code, "message": message}, status=status)
