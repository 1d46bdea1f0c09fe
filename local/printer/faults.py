"""What goes wrong on purpose: the next answers of the API are errors, or are lost on their way."""

from aiohttp import web

from local.loopback import Handler
from local.printer.api import ROOT

LOST = "lost"
LEAST, MOST = 400, 599


class Faults:
    """A list of what happens to the next requests of the API, one after the other."""

    def __init__(self) -> None:
        self._next: list[int | str] = []

    def set(self, faults: object) -> None:
        """Take statuses, or "lost": what was asked is done, and its answer does not arrive. Raises ValueError."""
        if not isinstance(faults, list) or not all(_is_fault(fault) for fault in faults):
            raise ValueError(f"A list of statuses from {LEAST} to {MOST}, or {LOST!r}.")
        self._next = list(faults)

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Spoil an answer, if one is to be."""
        if not self._next or not request.path.startswith(f"{ROOT}/"):
            return await handler(request)
        fault = self._next.pop(0)
        if isinstance(fault, int):
            return web.json_response({"outcome": "InternalServerError"}, status=fault)
        await handler(request)
        if request.transport:
            request.transport.abort()
        raise web.HTTPInternalServerError


def _is_fault(fault: object) -> bool:
    return fault == LOST or (isinstance(fault, int) and not isinstance(fault, bool) and LEAST <= fault <= MOST)
