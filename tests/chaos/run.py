"""One chaos run: a stack of its own, people, faults as planned, and the audit at the end."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from local.client import Person
from local.stack import Stack
from tests.chaos import people
from tests.chaos.audit import Verdict, audit, unshown
from tests.chaos.causes import Causes
from tests.chaos.faults import TIMERS, Faults
from tests.chaos.gate import Gate, gate
from tests.chaos.order_audit import ShopBooks
from tests.chaos.order_plan import Order
from tests.chaos.people import Clock, Subscriber
from tests.chaos.plan import MOST_WORKERS, PEOPLE, Plan, Request
from tests.chaos.printer import ChaosPrinter
from tests.chaos.shop import Shop
from tests.stack.asking import until
from tests.stack.behind import Behind
from tests.stack.client import StackClient

DEADLINE_SECONDS = 90
# After the last request: its deadline, a sweep, its refund, and telling of it, on a busy machine.
SETTLE_SECONDS = DEADLINE_SECONDS + 180.0
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
        outputs = client.outputs
        async with (
            gate(outputs["awsEndpoint"]) as store,
            gate(outputs["graphqlUrl"].removesuffix("/graphql")) as telling,
        ):
            with arranged(Behind(client), store, telling):
                await _warm(Behind(client))
                faults = Faults(stack, client, Clock(), store, telling)
                verdict = await _live(plan, faults)
        provider = await _at_the_provider(outputs["modelsUrl"])
        refused = {"S3 calls refused": len(store.refused), "AppSync calls refused": len(telling.refused)}
        return Report(plan, {**faults.done, **refused}, provider, verdict, time.monotonic() - began)


@contextmanager
def arranged(behind: Behind, store: Gate, telling: Gate) -> Generator[None]:
    """A deadline for a busy machine, a bound to the workers' processes, and gates before S3 and AppSync."""
    with ExitStack() as changes:
        changes.enter_context(behind.changed("jobs-api", DEADLINE_SECONDS=str(DEADLINE_SECONDS)))
        changes.enter_context(behind.changed("fulfilment", DEADLINE_SECONDS=str(DEADLINE_SECONDS)))
        for worker in ("vertex", "documents"):
            changes.enter_context(behind.changed(worker, AWS_ENDPOINT_URL_S3=store.url))
        changes.enter_context(behind.changed("publish", GRAPHQL_URL=f"{telling.url}/graphql"))
        behind.allow_workers(MOST_WORKERS)
        yield


async def _warm(behind: Behind) -> None:
    """Start some processes before the clock does: what first starts cost on a small machine is no fault."""
    streams = ("jobs-stream", "publish", "fulfilment", "printing-stream", "payments-stream")
    nothing = {"vertex": {"jobs": []}, **{each: {"Records": []} for each in streams}, **{each: {} for each in TIMERS}}
    calls = [("vertex", nothing["vertex"])] * (WARM_WORKERS - 1) + list(nothing.items())
    await asyncio.gather(*(asyncio.to_thread(behind.invoke, function, event) for function, event in calls))


async def _live(plan: Plan, faults: Faults) -> Verdict:
    client, end = faults.client, asyncio.Event()
    crowd = [await client.new_user(POINTS) for _ in range(PEOPLE)]
    steady, wandering = [Subscriber(person) for person in crowd], [Subscriber(person) for person in crowd]
    shop = await Shop.open(client, 1 + max(order.buyer for order in plan.orders))
    await faults.at_the_provider(plan.requests)
    async with asyncio.TaskGroup() as all_:
        listening = [all_.create_task(who.listen(client, end)) for who in steady]
        await _connected(steady, listening)
        faults.clock = Clock()
        for i, who in enumerate(wandering):
            absences = [absence for absence in plan.absences if absence.person == i]
            all_.create_task(people.wander(client, who, absences, faults.clock, end))
        all_.create_task(faults.sweep_until(end))
        printer = ChaosPrinter(client, shop, random.Random(plan.seed), faults.done)
        all_.create_task(printer.work(end))
        try:
            made = await _asked(plan, faults, crowd, shop)
            await asyncio.gather(_until_all_know([*steady, *wandering], made), _until_settled(shop))
            await _quiet(client)
        finally:
            end.set()
    causes = Causes(plan.requests, faults.done["vertex killed"], frozenset(faults.store.refused))
    return audit(client, list(made), shop.made, steady, wandering, causes)


async def _connected(steady: list[Subscriber], listening: list[asyncio.Task[None]]) -> None:
    def decided() -> bool:
        return all(who.connected for who in steady) or any(task.done() for task in listening)

    await until(decided)


async def _asked(plan: Plan, faults: Faults, crowd: list[Person], shop: Shop) -> Mapping[str, str]:
    """Everybody's requests and orders at their times, while things go wrong; all jobs, with their owners."""

    async def one(request: Request) -> dict[str, str]:
        await faults.clock.until(request.at)
        person = crowd[request.person]
        return dict.fromkeys(await people.generate(faults.client, person, request), person.sub)

    async def buy(order: Order) -> None:
        await faults.clock.until(order.at)
        await shop.buy(order)

    async with asyncio.TaskGroup() as all_:
        for order in plan.orders:
            all_.create_task(buy(order))
        for fault in faults.all_of(plan):
            all_.create_task(fault)
        made = [all_.create_task(one(request)) for request in plan.requests]
    return {id_: owner for task in made for id_, owner in task.result().items()}


async def _until_all_know(everyone: list[Subscriber], made: Mapping[str, str]) -> None:
    """Wait until all know how each of their jobs ended; past the time the audit says who does not, and why."""
    with suppress(TimeoutError):
        await until(lambda: all(who.knows_end(id_) for who in everyone for id_ in _of(who, made)), SETTLE_SECONDS)


def _of(who: Subscriber, made: Mapping[str, str]) -> list[str]:
    return [id_ for id_, owner in made.items() if owner == who.person.sub]


async def _until_settled(shop: Shop) -> None:
    """Wait until orders and their money are as they have to be; past the time the audit says which are not, and why."""
    with suppress(TimeoutError):
        async with asyncio.timeout(SETTLE_SECONDS):
            while (await asyncio.to_thread(ShopBooks.read, shop.client)).broken():
                await shop.end_at_bank()
                await asyncio.sleep(1)


async def _quiet(client: StackClient) -> None:
    """Wait until late workers have dropped the pictures that nobody waits for; what stays, the audit counts."""
    with suppress(TimeoutError):
        await until(lambda: not unshown(client), QUIET_SECONDS)


async def _at_the_provider(models_url: str) -> Mapping[str, int]:
    async with aiohttp.ClientSession() as session, session.get(f"{models_url}/_calls") as answer:
        return Counter(call["fault"] for call in (await answer.json())["calls"])
