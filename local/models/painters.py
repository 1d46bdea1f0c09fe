"""A pool of processes that draw, so that every core works and the event loop stays free."""

import asyncio
import multiprocessing
import os
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait

from local.models.render import ChangeOrder, EditOrder, Order, Picture, PictureOrder, change, draw, follow, retouch


class Painters:
    """Draws orders in processes that end with this one, however it ends."""

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers or os.cpu_count() or 1
        self._pool = self._open()

    def _open(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._workers, mp_context=context, initializer=_die_with_parent)

    async def draw(self, order: Order) -> Picture:
        """Draw one picture, or change one; a painter that was killed is replaced once."""
        try:
            return await self._submit(order)
        except BrokenProcessPool:
            self._pool = self._open()
            return await self._submit(order)

    async def _submit(self, order: Order) -> Picture:
        loop = asyncio.get_running_loop()
        if isinstance(order, EditOrder):
            return await loop.run_in_executor(self._pool, retouch, order)
        if isinstance(order, ChangeOrder):
            return await loop.run_in_executor(self._pool, change, order)
        return await loop.run_in_executor(self._pool, follow if order.references else draw, order)

    async def warm(self) -> None:
        """Start every process and have it import what drawing needs."""
        order = PictureOrder(prompt="warm", seed=0, width=64, height=64)
        await asyncio.gather(*(self._submit(order) for _ in range(self._workers)))

    def close(self) -> None:
        """End the processes; drawings not yet begun are dropped."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def _die_with_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group: the parent decides
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_exit_after, args=(parent.sentinel,), daemon=True).start()


def _exit_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(0)
