"""Generations through the deployed stack, timed from the mutation to the event that says COMPLETED."""

import asyncio
import time
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import aiohttp

from local import documents
from local.client import Person
from tests.bench.stand import Stand
from tests.stack.client import ENDS

MODEL: Final = "nanobanana-pro"
PATIENCE_SECONDS: Final = 60.0
POINTS: Final = 1000

Json = dict[str, Any]


class NotCompletedError(RuntimeError):
    """A job that should have been completed ended otherwise."""


@dataclass(frozen=True)
class Run:
    """One mutation; times in milliseconds. `model_ms` is the longest answer of the model, `events` those received."""

    total_ms: float
    model_ms: float
    events: tuple[Json, ...]

    @property
    def own_ms(self) -> float:
        """What is left of the time without the model's."""
        return self.total_ms - self.model_ms


@dataclass(frozen=True)
class Session:
    """A user with an open subscription and a kept connection, as a frontend has."""

    stand: Stand
    http: aiohttp.ClientSession
    person: Person
    events: AsyncGenerator[Json]

    async def ask(self, document: str, **variables: Any) -> Json:
        body = {"query": document, "variables": variables}
        headers = {"authorization": self.person.token}
        async with self.http.post(self.stand.outputs["graphqlUrl"], json=body, headers=headers) as response:
            answer = await response.json()
        assert not answer.get("errors"), answer["errors"]
        return answer["data"]

    async def generate(self, count: int = 1) -> Run:
        """Ask for images and wait until the last is there."""
        prompt = f"A quiet harbour at dawn, {uuid.uuid4()}"
        wanted = {"clientRequestId": str(uuid.uuid4()), "model": MODEL, "prompt": prompt, "count": count}
        started = time.perf_counter()
        jobs = (await self.ask(documents.GENERATE, input=wanted))["generateImages"]
        async with asyncio.timeout(PATIENCE_SECONDS):
            events = await self._until_ended({job["id"] for job in jobs})
        total = (time.perf_counter() - started) * 1000
        return Run(total, await self._model_ms(prompt), tuple(events))

    async def _until_ended(self, open_jobs: set[str]) -> list[Json]:
        received: list[Json] = []
        async for event in self.events:
            job = event["onJob"]
            received.append(job)
            if job["status"] in ENDS:
                if job["status"] != "COMPLETED":
                    raise NotCompletedError(f"{job['status']} {job['errorCode']}")
                open_jobs.discard(job["id"])
            if not open_jobs:
                break
        return received

    async def _model_ms(self, prompt: str) -> float:
        """The models server keeps every call with its time."""
        async with self.http.get(f"{self.stand.outputs['modelsUrl']}/_calls") as response:
            calls = (await response.json())["calls"]
        return max(call["modelMs"] for call in calls if call["prompt"] == prompt)


@asynccontextmanager
async def session(stand: Stand, warm: int = 3) -> AsyncGenerator[Session]:
    """Sign a new user in and make `warm` images first, so that no function starts cold in what is measured."""
    client = stand.client
    person = await client.new_user(POINTS)
    async with aiohttp.ClientSession() as http, client.subscribe(as_=person) as events:
        ready = Session(stand, http, person, events)
        for _ in range(warm):
            await ready.generate()
        yield ready
