"""The local model endpoints in this process, so that they share its in-memory AWS."""

import asyncio
import io
import json
import threading
from collections.abc import Generator
from contextlib import contextmanager

import httpx
import pytest
from aiohttp import web
from PIL import Image

from local.loopback import site_url
from local.models.oauth import ServiceAccount
from local.models.painters import Painters
from local.models.render import ChangeOrder, EditOrder, Order, Picture, change, retouch
from local.models.server import build_app
from workers.outcome import BLOCKED, REJECTED, RETIRED, UNUSABLE

# What no provider would do better if it were asked again, and what the job fails with.
in_vain = pytest.mark.parametrize(
    ("fault", "failure"),
    [
        ("blocked", BLOCKED),
        ("prompt-blocked", BLOCKED),
        ("empty", UNUSABLE),
        ("not-json", UNUSABLE),
        ("400", REJECTED),
        ("403", REJECTED),
        ("404", RETIRED),
    ],
)


class QuickPainters(Painters):
    """Paint one colour: what is drawn is other tests' business. What is changed is small, and really changed."""

    def __init__(self) -> None:
        pass

    async def draw(self, order: Order) -> Picture:
        if isinstance(order, EditOrder):
            return retouch(order)
        if isinstance(order, ChangeOrder):
            return change(order)
        out = io.BytesIO()
        Image.new("RGB", (order.width, order.height), "teal").save(out, order.mime.removeprefix("image/").upper())
        return Picture(out.getvalue(), order.mime, 0.0)

    async def warm(self) -> None:
        pass

    def close(self) -> None:
        pass


@contextmanager
def models(painters: Painters | None = None, account: ServiceAccount | None = None, port: int = 0) -> Generator[str]:
    """Serve every endpoint from a thread of its own; give the address."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def start() -> web.AppRunner:
        runner = web.AppRunner(build_app(painters or QuickPainters(), account), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        return runner

    runner = asyncio.run_coroutine_threadsafe(start(), loop).result(30)
    try:
        yield site_url(runner)
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def set_fault(url: str, *faults: str, contains: str | None = None) -> None:
    httpx.post(f"{url}/_faults", content=json.dumps({"faults": faults, "contains": contains})).raise_for_status()


def clear_faults(url: str) -> None:
    httpx.delete(f"{url}/_faults").raise_for_status()
