"""Pictures of a test's own: drawn, sent through S3's form, and waited for."""

import asyncio
import io
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import numpy as np
from PIL import Image, ImageDraw

from local.client import Person
from tests.stack.asking import get
from tests.stack.client import PATIENCE_SECONDS, Pause, StackClient

Ticket = Mapping[str, Any]


def noise(width: int, height: int, mode: str = "RGB", seed: int = 1) -> Image.Image:
    """A picture of which no two pixels are alike, so that whatever changes is seen."""
    depth = {"L": (), "RGB": (3,), "RGBA": (4,)}[mode]
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (height, width, *depth), np.uint8))


def oval(width: int, height: int) -> Image.Image:
    """A mask that is white in an oval off the middle."""
    mask = Image.new("L", (width, height))
    ImageDraw.Draw(mask).ellipse((width * 0.3, height * 0.2, width * 0.8, height * 0.7), fill=255)
    return mask


def png(image: Image.Image) -> bytes:
    return encoded(image, "PNG")


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@dataclass(frozen=True)
class Sent:
    """S3's answer to a form."""

    status: int
    text: str


async def ticket(client: StackClient, person: Person, content: bytes, **more: Any) -> Ticket:
    """Ask for a form."""
    given = {"fileName": "a.png", "contentType": "image/png", "byteSize": len(content), "purpose": "REFERENCE"}
    return await get(client, person, "createUpload", input=given | more)


async def send(form: Ticket, content: bytes, **other: str) -> Sent:
    """Send a file with a form, some of whose fields may be others than were signed."""
    fields = {each["name"]: each["value"] for each in form["fields"]} | other
    body = aiohttp.FormData()
    for name, value in fields.items():
        body.add_field(name, value)
    body.add_field("file", io.BytesIO(content), filename="a.png")
    async with aiohttp.ClientSession() as session, session.post(form["url"], data=body) as answer:
        return Sent(answer.status, await answer.text())


async def judged(client: StackClient, person: Person, id_: str) -> Mapping[str, Any]:
    """The upload once it was looked at."""
    pause = Pause()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            state = await get(client, person, "upload", id=id_)
            if state["ready"] or state["rejected"]:
                return state
            await pause()


async def upload(client: StackClient, person: Person, content: bytes, **more: Any) -> str:
    """Bring a picture; its id, once it is ready."""
    form = await ticket(client, person, content, **more)
    sent = await send(form, content)
    assert sent.status == 204, sent
    state = await judged(client, person, form["id"])
    assert state["ready"], state
    return form["id"]


async def fetch(url: str) -> tuple[str, bytes]:
    """The content type and the bytes behind a link."""
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        assert answer.status == 200, await answer.text()
        return answer.headers["content-type"], await answer.read()


def asked(model: str, **more: Any) -> dict[str, Any]:
    """An input that any of the makers takes."""
    return {"clientRequestId": str(uuid.uuid4()), "model": model, **more}
