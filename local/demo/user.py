"""A user of the demo: asks, receives events, uploads and downloads, and says on the terminal what happens."""

import asyncio
import io
import time
import uuid
from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp

from local import console, documents
from local.client import Person, StackOutputs, post, sign_in, subscribed
from local.demo.patience import DemoError, waiting_for

STYLES: Final = {
    "PENDING": "yellow",
    "PROCESSING": "blue",
    "COMPLETED": "green",
    "PAID": "green",
    "FAILED": "red",
    "CANCELED": "red",
    "REVIEW": "red",
}
_LABEL: Final = 17

Job = Mapping[str, Any]


@dataclass(frozen=True)
class DemoRequest:
    """One thing to ask for: what it is called, the root field, and its input without the request's id."""

    name: str
    field: str
    input: Mapping[str, Any]


@dataclass(frozen=True)
class File:
    """A file to upload."""

    name: str
    purpose: str
    content_type: str
    content: bytes


@dataclass
class DemoUser:
    """Somebody signed in, who receives the events of all their jobs."""

    outputs: StackOutputs
    person: Person
    started: float = field(default_factory=time.monotonic)
    _received: "defaultdict[str, asyncio.Queue[Job]]" = field(default_factory=lambda: defaultdict(asyncio.Queue))

    async def ask(self, document: str, **variables: Any) -> Any:
        answer = await post(self.outputs["graphqlUrl"], document, variables, {"authorization": self.person.token})
        if answer.errors:
            raise DemoError(" ".join(error["message"] for error in answer.errors))
        return answer.data

    async def listen(self, events: AsyncGenerator[dict[str, Any]]) -> None:
        async for event in events:
            self._received[event["onJob"]["id"]].put_nowait(event["onJob"])

    def start_clock(self) -> None:
        """Count the milliseconds from now on."""
        self.started = time.monotonic()

    @property
    def elapsed(self) -> float:
        """Milliseconds since the clock was started."""
        return (time.monotonic() - self.started) * 1000

    async def make(self, request: DemoRequest, expected: str = "COMPLETED") -> Job:
        """Ask for one image, and print every event pushed for it until it is settled and its smaller sizes are there.

        DemoError if it ends otherwise than expected.
        """
        wanted = {"clientRequestId": str(uuid.uuid4()), **request.input}
        answer = (await self.ask(documents.MAKERS[request.field], input=wanted))[request.field]
        job: Job = answer[0] if isinstance(answer, list) else answer
        self._event(request.name, job, "answered")
        async with waiting_for(f"{request.name} to be settled (job {job['id']})"):
            settled = await self._settled(request.name, job)
        if settled["status"] != expected:
            raise DemoError(f"{request.name}: {settled['status']} instead of {expected}: {settled['errorMessage']}")
        return settled

    async def _settled(self, name: str, job: Job) -> Job:
        """Follow what is pushed, dropping what is no newer than what was seen."""
        received = self._received[job["id"]]
        while not _over(job):
            event = await received.get()
            if event["version"] > job["version"]:
                job = event
                self._event(name, job, "pushed")
        return job

    def _event(self, name: str, job: Job, how: str) -> None:
        note = job["history"][-1]["note"]
        if job["status"] == "FAILED":
            note = "Refunded." if job["charge"]["refundedAt"] else job["errorCode"]
        status = console.styled(f"{job['status']:<10}", STYLES[job["status"]])
        more = console.styled(f"version {job['version']}  {how:<8} {note or ''}".rstrip(), "dim")
        print(f"  {self.elapsed:6.0f} ms  {name:<{_LABEL}} {status}  {more}", flush=True)

    # ---- files

    async def upload(self, file: File) -> tuple[str, Any]:
        """Send a file as S3's own form wants it, and wait until it was looked at; its id and its images."""
        given = {"fileName": file.name, "contentType": file.content_type, "byteSize": len(file.content)}
        asked = await self.ask(documents.CREATE_UPLOAD, input={**given, "purpose": file.purpose})
        ticket = asked["createUpload"]
        await _send(ticket, file)
        async with waiting_for(f"{file.name} to be looked at (upload {ticket['id']})"):
            image = await self._looked_at(ticket["id"], file)
        sizes = ", ".join(f"{name} {each['width']} by {each['height']}" for name, each in image.items() if each)
        print(f"  {self.elapsed:6.0f} ms  {file.name:<{_LABEL}} {console.styled('READY', 'green')}       ", end="")
        print(console.styled(sizes.replace("original ", ""), "dim"), flush=True)
        return ticket["id"], image

    async def _looked_at(self, id_: str, file: File) -> Any:
        while True:
            state = (await self.ask(documents.UPLOAD, id=id_))["upload"]
            if state["rejected"]:
                raise DemoError(f"{file.name} was rejected: {state['rejected']}")
            if state["ready"]:
                return state["image"]
            await asyncio.sleep(0.2)  # an upload is not pushed


def _over(job: Job) -> bool:
    if job["status"] == "COMPLETED":
        return job["image"]["thumbnail"] is not None
    return bool(job["charge"]["refundedAt"])


async def _send(ticket: Any, file: File) -> None:
    form = aiohttp.FormData()
    for each in ticket["fields"]:
        form.add_field(each["name"], each["value"])
    form.add_field("file", io.BytesIO(file.content), filename=file.name)
    async with aiohttp.ClientSession() as session, session.post(ticket["url"], data=form) as response:
        if not response.ok:
            raise DemoError(f"S3 refused {file.name}: {response.status} {await response.text()}")


async def fetch(url: str, method: str = "GET") -> bytes:
    async with aiohttp.ClientSession() as session, session.request(method, url) as response:
        response.raise_for_status()
        return await response.read()


@asynccontextmanager
async def signed_in(outputs: StackOutputs, who: str) -> AsyncGenerator[DemoUser]:
    """Sign one of the demo's accounts in, and subscribe to its jobs."""
    account = outputs["users"][who]
    user = DemoUser(outputs, sign_in(outputs, account["email"], account["password"]))
    async with subscribed(outputs, user.person, documents.ON_JOB, {"owner": user.person.sub}) as events:
        listening = asyncio.create_task(user.listen(events))
        try:
            yield user
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
