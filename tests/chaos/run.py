"""One chaos run: a stack of its own, people, faults as planned, and the audit at the end."""

import asyncio
import time
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from local.stack import Stack
from tests.chaos import people
from tests.chaos.audit import Verdict, audit, unshown
from tests.chaos.faults import Faults
from tests.chaos.gate import Gate, gate
from tests.chaos.people import Clock, Subscriber
from tests.chaos.plan import ATTEMPT_SECONDS, PEOPLE, Plan
from tests.stack import books
from tests.stack.behind import Behind
from tests.stack.client import ENDS, PATIENCE_SECONDS, StackClient

LEASE_SECONDS = 10
DEADLINE_SECONDS = 75
# After the last order: its deadline, a sweep, its refund.
SETTLE_SECONDS = DEADLINE_SECONDS + 30.0
TELLING_SECONDS = 20.0
QUIET_SECONDS = 15.0
WARM_WORKERS = 4
POINTS = 1000


@dataclass(frozen=True)
class Report:
    """What was injected, what came of it, how long it took."""

    plan: Plan
    injected: Mapping[str, int]
    provider: Mapping[str, int]
    verdict: Verdict
    seconds: float


async def run(plan: Plan, folder: Path) -> Report:
    """Run a plan on a stack of its own, whose state is kept in `folder`."""
    began = time.monotonic()
    with Stack(folder, done=lambda _: None, say=lambda _: None) as stack:
        client = StackClient(stack.start())
        told = client.told
        async with gate(told["awsEndpoint"]) as store, gate(told["graphqlUrl"].removesuffix("/graphql")) as telling:
            with hurried(Behind(client), store, telling):
                await _warm(Behind(client))
                faults = Faults(stack, client, Clock(), store, telling)
                verdict = await _live(plan, faults)
        provider = await _at_the_provider(told["modelsUrl"])
        refused = {"S3 calls refused": store.refused, "AppSync calls refused": telling.refused}
        return Report(plan, {**faults.done, **refused}, provider, verdict, time.monotonic() - began)


@contextmanager
def hurried(behind: Behind, store: Gate, telling: Gate) -> Generator[None]:
    """Shorter times than stage local's, and a gate before S3 and AppSync."""
    lease, deadline = {"LEASE_SECONDS": str(LEASE_SECONDS)}, {"DEADLINE_SECONDS": str(DEADLINE_SECONDS)}
    attempt = {"ATTEMPT_SECONDS": str(ATTEMPT_SECONDS)}
    with ExitStack() as changes:
        changes.enter_context(behind.changed("jobs-api", **lease, **deadline))
        changes.enter_context(behind.changed("jobs-stream", **lease))
        changes.enter_context(behind.changed("sweeper", **lease))
        changes.enter_context(behind.changed("vertex", **lease, **attempt, AWS_ENDPOINT_URL_S3=store.url))
        changes.enter_context(behind.changed("publish", GRAPHQL_URL=f"{telling.url}/graphql"))
        yield


async def _warm(behind: Behind) -> None:
    """Start some processes before the clock does: what first starts cost on a small machine is no fault."""
    nothing = {"vertex": {"jobs": []}, "jobs-stream": {"Records": []}, "publish": {"Records": []}, "sweeper": {}}
    calls = [("vertex", nothing["vertex"])] * (WARM_WORKERS - 1) + list(nothing.items())
    await asyncio.gather(*(asyncio.to_thread(behind.invoke, function, event) for function, event in calls))


async def _live(plan: Plan, faults: Faults) -> Verdict:
    client, end = faults.client, asyncio.Event()
    crowd = [await client.new_user(POINTS) for _ in range(PEOPLE)]
    steady, wandering = [Subscriber(person) for person in crowd], [Subscriber(person) for person in crowd]
    await faults.at_the_provider(plan.orders)
    async with asyncio.TaskGroup() as all_:
        listening = [all_.create_task(who.listen(client, end)) for who in steady]
        await _connected(steady, listening)
        faults.clock = Clock()
        for i, who in enumerate(wandering):
            absences = [absence for absence in plan.absences if absence.person == i]
            all_.create_task(people.wander(client, who, absences, faults.clock, end))
        all_.create_task(faults.sweep_until(end))
        try:
            made = await _asked(plan, faults, crowd)
            await _settled(client, made)
            await _told(client, [*steady, *wandering], made)
            await _quiet(Behind(client))
        finally:
            end.set()
    return audit(client, made, steady, wandering)


async def _connected(steady: list[Subscriber], listening: list[asyncio.Task[None]]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not all(who.connected for who in steady) and not any(task.done() for task in listening):
            await asyncio.sleep(0.05)


async def _asked(plan: Plan, faults: Faults, crowd: list[Any]) -> list[str]:
    """Everybody's orders at their times, while things go wrong; the ids of all jobs."""

    async def one(order: people.Order) -> list[str]:
        await faults.clock.until(order.at)
        return await people.order(faults.client, crowd[order.person], order)

    made, _ = await asyncio.gather(
        asyncio.gather(*(one(order) for order in plan.orders)), asyncio.gather(*faults.all_of(plan))
    )
    return [id_ for ids in made for id_ in ids]


async def _settled(client: StackClient, made: list[str]) -> None:
    """Wait until every job has ended and what had to come back has; past the deadline the audit says what did not."""
    deadline, wanted = time.monotonic() + SETTLE_SECONDS, set(made)
    while time.monotonic() < deadline:
        rows = await asyncio.to_thread(books.rows, client, "Jobs")
        if all(row["status"] in ENDS and "open" not in row for row in rows if row["id"] in wanted):
            return
        await asyncio.sleep(1)


async def _told(client: StackClient, everyone: list[Subscriber], made: list[str]) -> None:
    """Wait until all have heard the last of it; past the time the audit says who did not."""
    deadline, wanted = time.monotonic() + TELLING_SECONDS, set(made)
    last = {row["id"]: row for row in await asyncio.to_thread(books.rows, client, "Jobs") if row["id"] in wanted}
    while time.monotonic() < deadline:
        behind = [
            id_
            for who in everyone
            for id_, row in last.items()
            if row["owner"] == who.person.sub and who.jobs.get(id_, {}).get("version") != row["version"]
        ]
        if not behind:
            return
        await asyncio.sleep(0.25)


async def _quiet(behind: Behind) -> None:
    """Wait until late workers have dropped the pictures that nobody waits for any more."""
    deadline = time.monotonic() + QUIET_SECONDS
    while time.monotonic() < deadline and await asyncio.to_thread(unshown, behind.client):
        await asyncio.sleep(0.5)


async def _at_the_provider(models_url: str) -> Mapping[str, int]:
    async with aiohttp.ClientSession() as session, session.get(f"{models_url}/_calls") as answer:
        return Counter(call["fault"] for call in (await answer.json())["calls"])
