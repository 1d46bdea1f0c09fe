"""What the tests of generation ask the API, and one short way to ask it."""

import asyncio
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from local.client import Answer, Person
from tests.sdl import committed, operation
from tests.stack.client import ENDS, PATIENCE_SECONDS, Pause, StackClient

ON_JOB: Final = operation(committed(), "Subscription.onJob", "owner")
ON_PAYMENT: Final = operation(committed(), "Subscription.onPayment", "owner")


@cache
def document(field: str) -> str:
    """Return the query or the mutation of one root field, for everything that it answers."""
    queries = committed().query_type
    root = "Query" if queries and field in queries.fields else "Mutation"
    return operation(committed(), f"{root}.{field}")


async def ask(client: StackClient, as_: str | Person, field: str, **variables: Any) -> Answer:
    """Ask one root field."""
    return await client.graphql(document(field), variables, as_)


async def get(client: StackClient, as_: str | Person, field: str, **variables: Any) -> Any:
    """Ask one root field and return what it answers; the test fails where there are errors."""
    return (await ask(client, as_, field, **variables)).data[field]


async def generate(client: StackClient, person: Person, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    return await get(client, person, "generateImages", input=dict(wanted))


async def generated(client: StackClient, person: Person, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Ask for images and wait in the call; where the machine is too busy for that, look until each job has ended."""
    return [await _ended(client, person, job) for job in await generate(client, person, {**wanted, "waitSeconds": 25})]


async def _ended(client: StackClient, person: Person, job: dict[str, Any]) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while job["status"] not in ENDS:
            await asyncio.sleep(0.2)
            job = await get(client, person, "job", id=job["id"])
    return job


async def until(check: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    """Look again and again until it is so; for what no event tells of."""
    pause = Pause()
    async with asyncio.timeout(seconds):
        while not check():
            await pause()
