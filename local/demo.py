"""``make demo``: the whole studio, one picture from the click to the disk, and one that fails and pays itself back."""

import argparse
import asyncio
import tempfile
import time
import uuid
from collections.abc import AsyncGenerator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp

from local import console, documents
from local.client import Person, Told, post, sign_in, subscribed
from local.ministack import ROOT
from local.stack import DEFAULT_FOLDER, Stack

PICTURES: Final = ROOT / "build/demo"
MODEL: Final = "nanobanana-pro"
PROMPT: Final = "A paper lighthouse on a cliff at dusk, lanterns in the windows, ink and gold leaf"
# The local model endpoint's own safety filter knows this word, as a provider's knows others.
REFUSED_PROMPT: Final = "Something forbidden"
PATIENCE_SECONDS: Final = 60.0
STYLES: Final = {"PENDING": "yellow", "PROCESSING": "blue", "COMPLETED": "green", "FAILED": "red", "CANCELED": "red"}

Job = Mapping[str, Any]


class DemoError(RuntimeError):
    """Something in the demo went otherwise than shown."""


def run(arguments: argparse.Namespace) -> int:
    """Start a studio of its own (in --dir, or in a folder that is thrown away), show it, stop it."""
    console.heading("NamO Studio: the demo")
    steps = console.Steps()
    with ExitStack() as held:
        folder = arguments.dir
        if folder == DEFAULT_FOLDER:  # that one may be in use by `make up`
            folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="namo-demo-")))
        stack = held.enter_context(Stack(folder, done=steps.done, say=lambda _: None))
        told = stack.start(fresh=arguments.fresh)
        asyncio.run(show(told))
        print()
        steps.done("The demo is over; stopping everything")
    return 0


async def show(told: Told) -> None:
    account = told["users"]["user"]
    person = sign_in(told, account["email"], account["password"])
    visitor = Visitor(told, person)
    before = await visitor.ask(documents.ME)
    console.line(f"Signed in as {person.email} through Cognito: {before['me']['points']} points.", "cyan")

    console.heading("1  A picture")
    done = await visitor.generate(PROMPT, expected="COMPLETED")
    await visitor.save(done)

    console.heading("2  One that the provider refuses")
    failed = await visitor.generate(REFUSED_PROMPT, expected="FAILED")
    console.line(f"{failed['errorCode']}: {failed['errorMessage']}", "red")
    console.line(f"Points back by themselves: {failed['charge']['refundedPoints']}.", "green")

    console.heading("3  The ledger")
    await visitor.ledger()


@dataclass(frozen=True)
class Visitor:
    """The demo's user."""

    told: Told
    person: Person

    async def ask(self, document: str, **variables: Any) -> Any:
        answer = await post(self.told["graphqlUrl"], document, variables, {"authorization": self.person.token})
        return answer.data

    async def generate(self, prompt: str, expected: str) -> Job:
        """Ask for one image and print every event pushed for it until it is settled. DemoError if it ends otherwise."""
        wanted = {"clientRequestId": str(uuid.uuid4()), "model": MODEL, "prompt": prompt}
        quote = (await self.ask(documents.QUOTE, input={"model": MODEL, "kind": "GENERATE"}))["quote"]
        console.line(f"“{prompt}”")
        console.line(f"Quoted {quote['points']} point, {quote['balanceAfter']} left after it.")
        async with subscribed(self.told, self.person, documents.ON_JOB, {"owner": self.person.sub}) as events:
            started = time.monotonic()
            [job] = (await self.ask(documents.GENERATE, input=wanted))["generateImages"]
            _event("answered", job, started)
            async with asyncio.timeout(PATIENCE_SECONDS):
                settled = await _follow(events, job["id"], started)
        if settled["status"] != expected:
            raise DemoError(f"{settled['status']} instead of {expected}: {settled['errorMessage']}")
        return settled

    async def save(self, job: Job) -> None:
        image = job["image"]["original"]
        PICTURES.mkdir(parents=True, exist_ok=True)
        path = PICTURES / f"{job['id']}.{image['contentType'].rpartition('/')[2]}"
        async with aiohttp.ClientSession() as session, session.get(image["url"]) as response:
            response.raise_for_status()
            path.write_bytes(await response.read())
        console.line(
            f"{image['width']} by {image['height']}, {image['byteSize'] / 1000:,.0f} kB, from its signed link:", "green"
        )
        print(f"  {path.relative_to(ROOT)}", flush=True)

    async def ledger(self) -> None:
        entries = (await self.ask(documents.HISTORY))["pointsHistory"]["items"]
        for entry in reversed(entries):
            style = "green" if entry["points"] > 0 else "yellow"
            points = console.styled(f"{entry['points']:+5d}", style)
            room = console.width() - 34
            note = console.styled((entry["note"] or "")[:room], "dim")
            print(f"  {entry['reason']:<9} {points}  → {entry['balance']:4d}   {note}".rstrip())
        me = (await self.ask(documents.ME))["me"]
        total = sum(entry["points"] for entry in entries)
        console.line(f"Balance {me['points']}, sum of the entries {total}.", "bold")


async def _follow(events: AsyncGenerator[dict[str, Any]], job_id: str, started: float) -> Job:
    """The job as its last event shows it: completed, or with its points back."""
    newest = 0
    async for event in events:
        job: Job = event["onJob"]
        if job["id"] != job_id or job["version"] <= newest:
            continue
        newest = job["version"]
        _event("pushed", job, started)
        if job["status"] == "COMPLETED" or job["charge"]["refundedAt"]:
            return job
    raise DemoError("The subscription ended before the job did.")


def _event(how: str, job: Job, started: float) -> None:
    after = (time.monotonic() - started) * 1000
    status = console.styled(f"{job['status']:<10}", STYLES[job["status"]])
    back = "  refunded" if job["charge"]["refundedAt"] else ""
    print(f"  {after:6.0f} ms  {status}  version {job['version']}  {console.styled(how + back, 'dim')}", flush=True)
