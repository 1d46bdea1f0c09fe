"""What dies in between: workers, their calls, the store, the API that tells. Each job still ends once, rightly paid."""

import asyncio
from typing import Any

from local.client import Person
from tests.stack import books
from tests.stack.asking import generate, get, until
from tests.stack.behind import Behind
from tests.stack.client import StackClient
from tests.stack.event_log import EventLog, event_log
from tests.stack.provider import Wish

NOBODY = "http://127.0.0.1:9"  # the discard port, where nobody listens
MAX_CLAIMS = 3


def wish(client: StackClient) -> Wish:
    return Wish(client.outputs["modelsUrl"])


async def begun(client: StackClient, person: Person, events: EventLog, *faults: str) -> tuple[str, Wish]:
    """A job whose worker waits for the provider."""
    asked = await wish(client).meets(*faults)
    (made,) = await generate(client, person, asked.input())
    await claimed(events, made["id"], 1)
    return made["id"], asked


async def claimed(events: EventLog, job_id: str, times: int) -> None:
    def often(_: list[dict[str, Any]]) -> bool:
        return len({each["version"] for each in events.of(job_id) if each["status"] == "PROCESSING"}) >= times

    await events.until(often)


def killed(behind: Behind, job_id: str) -> None:
    """Kill the worker, and let its lease run out."""
    assert behind.kill_workers()
    behind.lapse(job_id)


async def test_a_killed_worker_loses_nothing(client: StackClient) -> None:
    person, behind = await client.new_user(2), Behind(client)
    async with event_log(client, person) as events:
        job_id, _ = await begun(client, person, events, "slow:60")
        killed(behind, job_id)
        assert behind.sweep()["handed_out"] >= 1
        end = await events.end_of(job_id)
    assert end["status"] == "COMPLETED"
    assert [event["note"] for event in end["history"]] == [None, None, "Taken over by another worker.", None]
    assert await client.points(person) == 1
    books.of(client, person.sub).check()


async def test_a_job_that_kills_its_workers_fails_and_comes_back(client: StackClient) -> None:
    person, behind = await client.new_user(2), Behind(client)
    async with event_log(client, person) as events:
        job_id, _ = await begun(client, person, events, *["slow:60"] * MAX_CLAIMS)
        for times in range(1, MAX_CLAIMS + 1):
            await claimed(events, job_id, times)
            killed(behind, job_id)
            behind.sweep()
        end = await events.end_of(job_id, refunded=True)
    assert (end["status"], end["errorCode"], end["charge"]["refundedPoints"]) == ("FAILED", "INTERNAL", 1)
    assert await client.points(person) == 2
    books.of(client, person.sub).check()


async def test_a_job_past_its_deadline_fails_and_its_late_image_is_dropped(client: StackClient) -> None:
    person, behind = await client.new_user(2), Behind(client)
    async with event_log(client, person) as events:
        job_id, _ = await begun(client, person, events, "slow:2")
        behind.expire(job_id)
        assert behind.sweep()["failed"] >= 1
        end = await events.end_of(job_id, refunded=True)
    assert (end["status"], end["errorCode"], end["charge"]["refundedPoints"]) == ("FAILED", "TIMED_OUT", 1)
    await until(lambda: behind.logged("vertex", "the job went on without this worker", job_id))
    assert (await get(client, person, "job", id=job_id))["version"] == end["version"]
    kept = books.of(client, person.sub)
    kept.check()
    assert not behind.results_of(job_id)


async def test_a_job_that_was_never_handed_out_is_found_by_the_sweeper(client: StackClient) -> None:
    person, behind = await client.new_user(2), Behind(client)
    async with event_log(client, person) as events:
        with behind.no_workers():
            (made,) = await generate(client, person, wish(client).input())
            await events.until(lambda events: any(event["id"] == made["id"] for event in events))
        behind.lapse(made["id"])
        behind.sweep()
        assert (await events.end_of(made["id"]))["status"] == "COMPLETED"
    books.of(client, person.sub).check()


async def test_an_image_that_cannot_be_stored_is_not_paid(client: StackClient) -> None:
    person, behind = await client.new_user(2), Behind(client)
    with behind.changed("vertex", AWS_ENDPOINT_URL_S3=NOBODY):
        async with event_log(client, person) as events:
            (made,) = await generate(client, person, wish(client).input())
            end = await events.end_of(made["id"], refunded=True)
    assert (end["status"], end["errorCode"], end["charge"]["refundedPoints"]) == ("FAILED", "INTERNAL", 1)
    books.of(client, person.sub).check()


async def test_telling_that_fails_stops_no_work_and_is_made_up_for(client: StackClient) -> None:
    person, behind = await client.new_user(3), Behind(client)
    refused = await wish(client).meets("400")
    async with event_log(client, person) as events:
        with behind.changed("publish", GRAPHQL_URL=f"{NOBODY}/graphql"):
            (good,) = await generate(client, person, wish(client).input())
            (bad,) = await generate(client, person, refused.input())
            ends = await asyncio.gather(client.ended(good["id"], person), client.ended(bad["id"], person))
            assert [end["status"] for end in ends] == ["COMPLETED", "FAILED"]
            assert await client.points(person) == 2
            assert events.received == []
        assert (await events.end_of(good["id"]))["status"] == "COMPLETED"
        assert (await events.end_of(bad["id"], refunded=True))["status"] == "FAILED"
    books.of(client, person.sub).check()
