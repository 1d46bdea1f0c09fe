"""What happens to every provider's calls: a fault is handed out, the picture drawn, the outcome logged."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from aiohttp import web

from local.models.calls import CUT, Call, CallLog
from local.models.faults import NO_FAULT, Fault, FaultBook, parse_fault
from local.models.painters import Painters
from local.models.render import Order, Picture


@dataclass
class PendingCall:
    """One call while it is being answered."""

    started: float
    model: str = ""
    prompt: str = ""
    fault: Fault = NO_FAULT
    render_ms: float = 0.0


class CallHandler:
    """Where the calls of all providers arrive."""

    def __init__(self, painters: Painters, faults: FaultBook, calls: CallLog) -> None:
        self._painters = painters
        self._faults = faults
        self._calls = calls

    async def serve(self, respond: Callable[[PendingCall], Awaitable[web.Response]]) -> web.Response:
        """Answer one call and log how it ended; its times go into the answer's headers."""
        pending = PendingCall(time.perf_counter())
        response = await respond(pending)
        model_ms = self.log(pending, response.status)
        response.headers["x-render-ms"] = f"{pending.render_ms:.1f}"
        response.headers["x-model-ms"] = f"{model_ms:.1f}"
        return response

    def log(self, pending: PendingCall, status: int) -> float:
        """Log how a call ended; give the milliseconds that it took."""
        model_ms = round((time.perf_counter() - pending.started) * 1000, 1)
        status = CUT if pending.fault.twist == "drop" else status
        self._calls.add(Call(pending.model, pending.prompt, status, pending.fault.text, pending.render_ms, model_ms))
        return model_ms

    async def fault(self, request: web.Request, pending: PendingCall, named: Fault) -> web.Response | None:
        """Choose the call's fault and wait as it says; give the answer of one that is the same at every provider.

        Raises BadFaultError.
        """
        self.choose(request, pending, named)
        await asyncio.sleep(pending.fault.slow)
        if pending.fault.twist == "drop":
            return cut(request)
        if pending.fault.twist == "not-json":
            return web.Response(text="<html>upstream connect error</html>", content_type="text/html")
        return None

    def choose(self, request: web.Request, pending: PendingCall, named: Fault) -> None:
        """Choose the call's fault: the header wins over the model's name, that over the rules. Raises BadFaultError."""
        header = request.headers.get("x-local-fault")
        if header:
            pending.fault = parse_fault(header)
        else:
            pending.fault = named if named is not NO_FAULT else self._faults.take(pending.model, pending.prompt)

    async def draw(self, order: Order, pending: PendingCall) -> Picture:
        """Draw an order, and spoil the picture where the fault says so."""
        twist = pending.fault.twist
        if twist == "wrong-mime":  # JPEG bytes under the name of PNG
            picture = replace(await self._painters.draw(replace(order, mime="image/jpeg")), mime="image/png")
        else:
            picture = await self._painters.draw(order)
        pending.render_ms = picture.render_ms
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
