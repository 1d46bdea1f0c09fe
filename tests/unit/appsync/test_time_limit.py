"""What waits for its turn on this machine loses none of its time."""

import asyncio
from typing import Any

import pytest

from local.appsync.aws import Aws
from local.appsync.invoke import LambdaInvoker
from local.appsync.time_limit import current, shared, time_limit, waiting
from local.turns import AT_ONCE

SHORT = 0.02


async def test_work_is_bounded() -> None:
    with pytest.raises(TimeoutError):
        async with time_limit(SHORT):
            await asyncio.Event().wait()


async def test_waiting_is_not_and_work_after_it_is() -> None:
    waited: list[bool] = []

    async def work() -> None:
        async with time_limit(SHORT):
            with waiting(), waiting():
                await asyncio.sleep(SHORT * 3)
            waited.append(True)
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        await work()
    assert waited


async def test_who_waits_for_what_another_task_does_waits_with_it() -> None:
    go_on = asyncio.Event()

    async def deliver() -> None:
        with waiting():
            go_on.set()
            await asyncio.sleep(SHORT * 3)

    async with time_limit(SHORT):
        with shared(current()):
            delivering = asyncio.create_task(deliver())
        await delivering
    assert go_on.is_set()


async def test_a_limit_that_has_ended_can_be_paused_by_whoever_still_works_for_it() -> None:
    async with time_limit(SHORT):
        left = current()
    with shared(left), waiting():
        pass


class HeldLambda(Aws):
    """Answers nobody before it is let go."""

    def __init__(self) -> None:
        self.running = 0
        self.go = asyncio.Event()

    async def post(self, service: str, path: str, body: bytes, headers: Any) -> Any:  # noqa: ARG002
        self.running += 1
        await self.go.wait()
        return 200, {}, b'"done"'


async def test_who_waits_for_a_place_of_a_function_loses_no_time() -> None:
    held = HeldLambda()
    invoker = LambdaInvoker(held)
    inside = [asyncio.create_task(invoker.invoke("one", {})) for _ in range(AT_ONCE)]

    async def ask() -> Any:
        async with time_limit(SHORT):
            return await invoker.invoke("one", {})

    waits = asyncio.create_task(ask())
    await asyncio.sleep(SHORT * 3)
    assert held.running == AT_ONCE
    held.go.set()
    assert await waits == "done"
    assert await asyncio.gather(*inside) == ["done"] * AT_ONCE
