"""What happens to every provider's calls: a fault is handed out, the picture drawn, the outcome logged."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from aiohttp import web

from local.models.calls import CUT, Call, CallLog
from local.models.faults import NO_FAULT, Fault, FaultBook, parse_fault
from local.models.painters import Painters
from local.models.render import EditOrder, Picture, PictureOrder


@dataclass
class Visit:
    """One call while it is being answered."""

    started: float
    model: str = ""
    prompt: str = ""
    fault: Fault = NO_FAULT
    render_ms: float = 0.0


class Desk:
    """Where the calls of all providers arrive."""

    def __init__(self, painters: Painters, faults: FaultBook, calls: CallLog) -> None:
        self._painters = painters
        self._faults = faults
        self._calls = calls

    async def serve(self, respond: Callable[[Visit], Awaitable[web.Response]]) -> web.Response:
        """Answer one call and log how it ended; its times go into the answer's headers."""
        visit = Visit(time.perf_counter())
        response = await respond(visit)
        model_ms = self.log(visit, response.status)
        response.headers["x-render-ms"] = f"{visit.render_ms:.1f}"
        response.headers["x-model-ms"] = f"{model_ms:.1f}"
        return response

    def log(self, visit: Visit, status: int) -> float:
        """Log how a call ended; give the milliseconds that it took."""
        model_ms = round((time.perf_counter() - visit.started) * 1000, 1)
        status = CUT if visit.fault.twist == "drop" else status
        self._calls.add(Call(visit.model, visit.prompt, status, visit.fault.text, visit.render_ms, model_ms))
        return model_ms

    async def fault(self, request: web.Request, visit: Visit, named: Fault) -> web.Response | None:
        """Choose the call's fault and wait as it says; give the answer of one that is the same at every provider.

        Raises BadFaultError.
        """
        self.choose(request, visit, named)
        await asyncio.sleep(visit.fault.slow)
        if visit.fault.twist == "drop":
            return cut(request)
        if visit.fault.twist == "not-json":
            return web.Response(text="<html>upstream connect error</html>", content_type="text/html")
        return None

    def choose(self, request: web.Request, visit: Visit, named: Fault) -> None:
        """Choose the call's fault: the header wins over the model's name, that over the rules. Raises BadFaultError."""
        header = request.headers.get("x-local-fault")
        if header:
            visit.fault = parse_fault(header)
        else:
            visit.fault = named if named is not NO_FAULT else self._faults.take(visit.model, visit.prompt)

    async def draw(self, order: PictureOrder | EditOrder, visit: Visit) -> Picture:
        """Draw an order, and spoil the picture where the fault says so."""
        twist = visit.fault.twist
        if twist == "wrong-mime":  # JPEG bytes under the name of PNG
            picture = replace(await self._painters.draw(replace(order, mime="image/jpeg")), mime="image/png")
        else:
            picture = await self._painters.draw(order)
        visit.render_ms = picture.render_ms
        if twist == "garbage":
            return replace(picture, data=b"this is no picture " * 64)
        if twist == "truncated":
            return replace(picture, data=picture.data[: len(picture.data) // 2])
        return picture


def cut(request: web.Request) -> web.Response:
    """Cut a call's connection."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()  # it goes nowhere
