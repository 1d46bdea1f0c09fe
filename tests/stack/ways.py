"""Every way in which a provider is asked: which model for what, and so through whose wire format."""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local.client import Person
from tests.stack.asking import get
from tests.stack.client import StackClient
from tests.stack.event_log import Event, EventLog, event_log
from tests.stack.files import noise, oval, png, upload
from tests.stack.provider import Wish


@dataclass(frozen=True)
class Way:
    """A model and a root field; `worker` is the function that asks the provider, `prompted` whether with a prompt."""

    model: str
    field: str
    worker: str
    admin: bool = False
    points: int = 1
    prompted: bool = True


WAYS: Mapping[str, Way] = {
    "gemini": Way("nanobanana-pro", "generateImages", "vertex"),
    "gemini edits": Way("nanobanana-pro", "editImage", "vertex"),
    "gemini upscales": Way("nanobanana-pro", "upscaleImage", "vertex"),
    "gemini varies": Way("nanobanana-lite", "varyImage", "vertex"),
    "stability": Way("stable-image", "generateImages", "bedrock"),
    "stability edits": Way("stable-image", "editImage", "bedrock"),
    "stability upscales": Way("stable-image", "upscaleImage", "bedrock", prompted=False),
    "stability cuts out": Way("stable-image", "removeBackground", "bedrock", prompted=False),
    "stability varies": Way("stable-image-ultra", "varyImage", "bedrock", points=2),
    "sagemaker": Way("sdxl", "generateImages", "sagemaker"),
    "page": Way("nanobanana-basic", "generateImages", "browser", points=2),
}
WORKERS = tuple(sorted({way.worker for way in WAYS.values()}))
# How many of a worker's functions run beside each other: each is a process, the browser's two more.
AT_ONCE: Mapping[str, int] = {"vertex": 4, "bedrock": 4, "sagemaker": 4, "browser": 2}

# Sides of the images that are told apart by their size.
_LEAST, _SIZES = 96, 128


@dataclass
class Asker:
    """Somebody who asks in one way, and has its events."""

    client: StackClient
    way: Way
    person: Person
    events: EventLog
    inputs: Mapping[str, str]
    wishes: dict[str, Wish] = field(default_factory=dict[str, Wish])

    async def ask(self, *faults: str, repeat: bool = False) -> Event:
        """Ask for one image that meets these faults; the job as answered."""
        wish, inputs = await self._wish()
        if faults:
            await wish.meets(*faults, repeat=repeat)
        mode = {"mode": "INPAINT_INSERT"} if self.way.field == "editImage" else {}
        wanted = wish.input(model=self.way.model, **inputs, **mode)
        answer: Any = await get(self.client, self.person, self.way.field, input=wanted)
        job: Event = answer if isinstance(answer, dict) else answer[0]
        self.wishes[job["id"]] = wish
        return job

    async def _wish(self) -> tuple[Wish, Mapping[str, str]]:
        """A wish of its own, and its images: where no prompt is sent, the endpoint knows a call by its image's size."""
        if self.way.prompted:
            return Wish(self.client.outputs["modelsUrl"]), self.inputs
        down, across = divmod(uuid.uuid4().int % _SIZES**2, _SIZES)
        width, height = _LEAST + across, _LEAST + down
        image = await upload(self.client, self.person, png(noise(width, height)))
        return Wish(self.client.outputs["modelsUrl"], f"an image of {width}x{height}"), {"image": image}

    async def calls(self, job: Event) -> list[dict[str, Any]]:
        return await self.wishes[job["id"]].calls()

    async def claimed(self, job: Event, times: int = 1) -> None:
        """Wait until so many workers have begun with it."""

        def begun() -> set[int]:
            return {each["version"] for each in self.events.of(job["id"]) if each["status"] == "PROCESSING"}

        await self.events.until(lambda _: len(begun()) >= times)

    async def refunded(self, job: Event) -> Event:
        return await self.events.end_of(job["id"], refunded=True)


async def asker(client: StackClient, held: "Any", name: str, points: int) -> Asker:
    """A new person for a way, with a picture and a mask where it edits; `held` is an AsyncExitStack."""
    way = WAYS[name]
    person = await client.new_user(points * way.points, admin=way.admin)
    events = await held.enter_async_context(event_log(client, person))
    inputs: dict[str, str] = {}
    if way.field in {"upscaleImage", "varyImage"} and way.prompted:
        inputs["image"] = await upload(client, person, png(noise(160, 120)))
    elif way.field == "editImage":
        sent = (upload(client, person, png(noise(160, 120))), upload(client, person, png(oval(160, 120))))
        inputs = dict(zip(("image", "mask"), await asyncio.gather(*sent), strict=True))
    return Asker(client, way, person, events, inputs)
