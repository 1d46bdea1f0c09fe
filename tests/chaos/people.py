"""The people of a chaos run: who ask, ask again when they got no answer, listen, go away and come back."""

import asyncio
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from local.client import Answer, Person
from tests.chaos.plan import Absence, Request
from tests.stack.asking import ask
from tests.stack.client import StackClient
from tests.stack.event_log import EventLog, event_log
from tests.stack.provider import Wish

Job = dict[str, Any]
# What a client may ask again under the same id, because nobody knows what became of the first time.
_AGAIN = {"INTERNAL", "BUSY", "ExecutionTimeout"}
_TRIES = 30
_PAUSE = 0.4


@dataclass
class Session:
    """One connection: from when to when, and when which version of a job was first received."""

    began: float
    ended: float = float("inf")
    received: dict[tuple[str, int], float] = field(default_factory=dict[tuple[str, int], float])


@dataclass
class ForwardingLog(EventLog):
    """Passes on what one connection receives."""

    forward: Callable[[Job], None] = field(kw_only=True)

    def note(self, event: Job) -> None:
        self.forward(event)


@dataclass
class Subscriber:
    """A client as it should be: it keeps the newest version of each job and drops what is not newer."""

    person: Person
    jobs: dict[str, Job] = field(default_factory=dict[str, Job])
    sessions: list[Session] = field(default_factory=list[Session])
    foreign: int = 0
    dropped: int = 0

    @property
    def connected(self) -> bool:
        return bool(self.sessions) and self.sessions[-1].began < float("inf")

    def knows_end(self, job_id: str) -> bool:
        job = self.jobs.get(job_id)
        return job is not None and (job["status"] == "COMPLETED" or job["charge"]["refundedAt"] is not None)

    def take(self, job: Job) -> None:
        self.sessions[-1].received.setdefault((job["id"], job["version"]), time.monotonic())
        self.foreign += job["owner"] != self.person.sub
        self.dropped += not self._newer(job)

    def _newer(self, job: Job) -> bool:
        newer = job["id"] not in self.jobs or self.jobs[job["id"]]["version"] < job["version"]
        if newer:
            self.jobs[job["id"]] = job
        return newer

    async def listen(self, client: StackClient, until: asyncio.Event) -> None:
        """Connect, read what went by before, and stay until told to go."""
        self.sessions.append(Session(float("inf")))
        async with event_log(client, self.person, ForwardingLog(forward=self.take)):
            self.sessions[-1].began = time.monotonic()
            await self.catch_up(client)
            await until.wait()
            self.sessions[-1].ended = time.monotonic()

    async def catch_up(self, client: StackClient) -> None:
        """Read what went by while away: whoever comes back finds everything in the list."""
        token = None
        while True:
            page = (await insist(client, self.person, "jobs", limit=100, nextToken=token))["jobs"]
            for job in page["items"]:
                self._newer(job)
            token = page["nextToken"]
            if token is None:
                return


async def insist(client: StackClient, person: Person, field_: str, **variables: Any) -> Any:
    """Ask until there is an answer, in the same words; what it is."""
    return (await answer_of(client, person, field_, **variables)).data


async def answer_of(client: StackClient, person: Person, field_: str, **variables: Any) -> Answer:
    """Ask until there is an answer, in the same words; it may be a refusal."""
    for _ in range(_TRIES):
        try:
            answer = await ask(client, person, field_, **variables)
        except (aiohttp.ClientError, TimeoutError):
            answer = None
        if answer and not _AGAIN & set(answer.error_types):
            return answer
        await asyncio.sleep(_PAUSE)
    raise AssertionError(f"{field_} got no answer in {_TRIES} tries")


async def generate(client: StackClient, person: Person, wanted: Request) -> list[str]:
    """Ask for images as planned; the ids of the jobs."""
    wish = Wish(client.outputs["modelsUrl"], f"{wanted.mark} a lake among hills")
    given = {"input": wish.input(clientRequestId=f"{wanted.mark}{uuid.uuid4()}", count=wanted.count)}
    times = 2 if wanted.twice else 1
    answers = await asyncio.gather(*(insist(client, person, "generateImages", **given) for _ in range(times)))
    made = [[job["id"] for job in answer["generateImages"]] for answer in answers]
    assert all(sorted(ids) == sorted(made[0]) for ids in made), "asked twice, made twice"
    if wanted.cancel_after is not None:
        await asyncio.sleep(wanted.cancel_after)
        await asyncio.gather(*(insist(client, person, "cancelJob", id=id_) for id_ in made[0]))
    return made[0]


@dataclass(frozen=True)
class Clock:
    """Seconds since the start of the run."""

    start: float = field(default_factory=time.monotonic)

    @property
    def now(self) -> float:
        return time.monotonic() - self.start

    async def until(self, at: float) -> None:
        await asyncio.sleep(max(0.0, at - self.now))


async def wander(
    client: StackClient, who: Subscriber, absences: list[Absence], clock: Clock, end: asyncio.Event
) -> None:
    """Listen, but for the absences."""
    for absence in absences:
        leave = asyncio.Event()
        listening = asyncio.create_task(who.listen(client, leave))
        await clock.until(absence.window.at)
        leave.set()
        await listening
        await clock.until(absence.window.at + absence.window.seconds)
    await who.listen(client, end)
