"""A subscriber that notes its events, to be asked about them and waited for."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from local.client import Person
from tests.stack.asking import ON_JOB
from tests.stack.client import ENDS, PATIENCE_SECONDS, StackClient

Event = dict[str, Any]


@dataclass
class EventLog:
    """All events so far, in the order of their coming."""

    received: list[Event] = field(default_factory=list[Event])
    _came: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self, events: AsyncGenerator[dict[str, Any]]) -> None:
        async for event in events:
            self.note(*event.values())
            self._came.set()

    def note(self, event: Event) -> None:
        self.received.append(event)

    def of(self, job_id: str) -> list[Event]:
        return [event for event in self.received if event["id"] == job_id]

    async def until(self, enough: Callable[[list[Event]], object]) -> list[Event]:
        """Wait until what was received is enough; the test fails when it never is."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not enough(self.received):
                    self._came.clear()
                    await self._came.wait()
        except TimeoutError:
            known = [{name: event.get(name) for name in ("id", "version", "status")} for event in self.received]
            raise TimeoutError(f"only this was received: {known}") from None
        return self.received

    async def end_of(self, job_id: str, *, refunded: bool = False) -> Event:
        """Wait for a job's end, or for its refund, and return that event."""
        await self.until(lambda _: self._ends(job_id, refunded=refunded))
        return self._ends(job_id, refunded=refunded)[0]

    async def rest_of(self, job_id: str) -> Event:
        """Wait until nothing more happens to a job by itself: its charge is back, or its smaller sizes are there."""
        await self.until(lambda _: self._at_rest(job_id))
        return self._at_rest(job_id)[0]

    def _at_rest(self, job_id: str) -> list[Event]:
        sized = [e for e in self.of(job_id) if e["status"] == "COMPLETED" and e["history"][-1]["note"]]
        return sized or self._ends(job_id, refunded=True)

    def _ends(self, job_id: str, *, refunded: bool) -> list[Event]:
        ended = [event for event in self.of(job_id) if event["status"] in ENDS]
        return [event for event in ended if event["charge"]["refundedAt"] or not refunded]


@asynccontextmanager
async def event_log(
    client: StackClient,
    person: Person,
    log: EventLog | None = None,
    document: str = ON_JOB,
    whose: str = "owner",
) -> AsyncGenerator[EventLog]:
    """Subscribe to all of a person's jobs, or to what the document asks for, and note the events from now on."""
    async with client.subscribe(document, {whose: person.sub}, person) as events:
        log = log or EventLog()
        listening = asyncio.create_task(log.listen(events))
        try:
            yield log
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
