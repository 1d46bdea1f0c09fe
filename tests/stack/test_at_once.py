"""A small machine waits in order: however many come at once, and be no process started yet, none is refused."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any

import pytest

from local.stack import Stack
from tests.stack.client import StackClient

SUBSCRIPTIONS = 500
REQUESTS = 32


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackClient]:
    with Stack(tmp_path_factory.mktemp("fresh"), done=lambda _: None, say=lambda _: None) as started:
        yield StackClient(started.start())


@contextmanager
def busy_machine() -> Generator[None]:
    """Keep every core at work meanwhile."""
    burning = [
        subprocess.Popen(["nice", "-n", "5", sys.executable, "-S", "-c", "while True: pass"])
        for _ in range(os.cpu_count() or 1)
    ]
    try:
        yield
    finally:
        for each in burning:
            each.kill()
            each.wait()


async def test_500_subscriptions_at_once_are_all_taken_and_all_hear(fresh: StackClient) -> None:
    async with AsyncExitStack() as held:

        async def subscribe() -> AsyncGenerator[dict[str, Any]]:
            return await held.enter_async_context(fresh.subscribe())

        subscriptions = await asyncio.gather(*(subscribe() for _ in range(SUBSCRIPTIONS)))
        (job,) = await fresh.generate()
        # One that was refused says why, here.
        received = await asyncio.gather(*(anext(events) for events in subscriptions))
    assert {event["onJob"]["id"] for event in received} == {job["id"]}
    assert (await fresh.ended(job["id"]))["status"] == "COMPLETED"


async def test_32_requests_at_once_on_a_busy_machine_are_all_answered(fresh: StackClient) -> None:
    person = await fresh.new_user(REQUESTS)
    with busy_machine():
        made = await asyncio.gather(*(fresh.generate(person) for _ in range(REQUESTS)))
    assert len({job["id"] for (job,) in made}) == REQUESTS
    assert await fresh.points(person) == 0
