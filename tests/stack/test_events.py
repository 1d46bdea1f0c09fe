"""The Jobs stream delivers at least once, in whatever order retries make: acting on it again changes nothing."""

import json
from typing import Any

from tests.stack import books
from tests.stack.asking import generate, get, until
from tests.stack.behind import Behind, Record
from tests.stack.client import StackClient
from tests.stack.event_log import EventLog, event_log
from tests.stack.provider import Wish


async def ended_jobs(client: StackClient, events: EventLog, person: Any) -> tuple[list[str], Wish]:
    """Two completed jobs, two failed ones and a canceled one."""
    wish = await Wish(client.outputs["modelsUrl"]).meets("400", "400")
    made = await generate(client, person, wish.input(count=4))
    ends = [await events.end_of(job["id"]) for job in made]
    assert sorted(end["status"] for end in ends) == ["COMPLETED", "COMPLETED", "FAILED", "FAILED"]
    slow = await Wish(client.outputs["modelsUrl"]).meets("slow:3")
    (canceled,) = await generate(client, person, slow.input())
    await get(client, person, "cancelJob", id=canceled["id"])
    ids = [job["id"] for job in made] + [canceled["id"]]
    for id_ in ids:
        await events.rest_of(id_)
    # Where the worker had begun the canceled one, its row still changes when the work has stopped.
    await until(lambda: not any("leaseEnd" in job for job in books.of(client, person.sub).jobs))
    return ids, wish


async def test_repeated_and_reordered_records_change_nothing(client: StackClient) -> None:
    person, behind = await client.new_user(6), Behind(client)
    async with event_log(client, person) as events:
        ids, wish = await ended_jobs(client, events, person)
        records = behind.records_of(ids)
        assert len(records) >= 3 * 2 + 4 * 3
        newest = {id_: max(event["version"] for event in events.of(id_)) for id_ in ids}
        before, calls, received = books.of(client, person.sub), await wish.calls(), len(events.received)

        for again in (records, [*reversed(records)], records[::2] + records[1::2]):
            assert behind.invoke("jobs-stream", {"Records": again}) == {"batchItemFailures": []}
            assert behind.invoke("publish", {"Records": again}) == {"batchItemFailures": []}
        for id_ in ids:
            behind.invoke("vertex", {"jobs": [id_]})

        await events.until(lambda events: len(events) >= received + 3 * len(records))
        assert {id_: max(event["version"] for event in events.of(id_)) for id_ in ids} == newest
    assert books.of(client, person.sub) == before
    assert await wish.calls() == calls
    before.check()


async def test_one_version_is_told_in_the_same_words_every_time(client: StackClient) -> None:
    """What a client drops by its version must have been the same: but for the links, which are signed anew."""
    person, behind = await client.new_user(6), Behind(client)
    async with event_log(client, person) as events:
        ids, _ = await ended_jobs(client, events, person)
        records = behind.records_of(ids)
        received = len(events.received)
        behind.invoke("publish", {"Records": records})
        await events.until(lambda events: len(events) >= received + len(records))
    by_version: dict[tuple[str, int], set[str]] = {}
    for event in events.received:
        image = event.pop("image")
        event["bytes"] = image and image["original"]["byteSize"]
        by_version.setdefault((event["id"], event["version"]), set()).add(json.dumps(event))
    assert {len(words) for words in by_version.values()} == {1}


async def test_a_poison_record_keeps_no_other_from_its_turn(client: StackClient) -> None:
    person, behind = await client.new_user(2), Behind(client)
    async with event_log(client, person) as events:
        wish = await Wish(client.outputs["modelsUrl"]).meets("400")
        (made,) = await generate(client, person, wish.input())
        await events.end_of(made["id"], refunded=True)
    good = behind.records_of([made["id"]])
    bad = poisoned(good[0])
    for function in ("jobs-stream", "publish"):
        assert behind.invoke(function, {"Records": [bad, *good]}) == {"batchItemFailures": []}
        assert bad["dynamodb"]["SequenceNumber"] in behind.put_aside(function)


def poisoned(record: Record) -> Record:
    """The same change of a job that no code of ours could have written."""
    image = {name: value for name, value in record["dynamodb"]["NewImage"].items() if name != "owner"}
    keys = {"id": {"S": "00000000-0000-4000-8000-000000000000"}}
    change = record["dynamodb"] | {"NewImage": image, "Keys": keys, "SequenceNumber": "1"}
    return {**record, "dynamodb": change}
