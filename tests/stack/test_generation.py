"""One generation end to end on the running stack, as its owner lives it."""

import io
from typing import Any

import aiohttp
from PIL import Image

from local.client import Person
from tests.stack import books
from tests.stack.asking import ask, generate, generated, get, until
from tests.stack.behind import Behind
from tests.stack.client import StackClient
from tests.stack.event_log import event_log
from tests.stack.provider import Wish

ONE_K = 1024


def wish(client: StackClient) -> Wish:
    return Wish(client.outputs["modelsUrl"])


async def fetched(url: str) -> tuple[str, bytes]:
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        assert answer.status == 200
        return answer.headers["content-type"], await answer.read()


def looked_at(content: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        return image.size


async def test_an_image_is_paid_made_told_and_fetched(client: StackClient) -> None:
    person = await client.new_user(5)
    quote = await get(client, person, "quote", input={"model": "nanobanana-pro", "kind": "GENERATE", "count": 1})
    assert quote == {"points": 1, "freeImages": 0, "affordable": True, "balanceAfter": 4}

    async with event_log(client, person) as events:
        (made,) = await generate(client, person, wish(client).input(aspectRatio="LANDSCAPE_16_9", seed=7))
        assert (made["status"], made["version"], made["owner"]) == ("PENDING", 1, person.sub)
        assert made["charge"]["points"] == quote["points"]
        assert await client.points(person) == quote["balanceAfter"]
        end = await events.end_of(made["id"])

    versions = [event["version"] for event in events.of(made["id"])]
    assert versions == sorted(versions)
    assert {"PROCESSING", "COMPLETED"} <= {event["status"] for event in events.of(made["id"])}
    assert [(event["version"], event["status"]) for event in end["history"]] == [
        (1, "PENDING"),
        (2, "PROCESSING"),
        (3, "COMPLETED"),
    ]
    content_type, content = await fetched(end["image"]["original"]["url"])
    original = end["image"]["original"]
    assert (content_type, len(content)) == (original["contentType"], original["byteSize"])
    assert looked_at(content) == (original["width"], original["height"])
    assert original["width"] == ONE_K
    assert end["charge"] == made["charge"]
    books.of(client, person.sub).check()


async def test_aliases_and_fragments_get_their_links_too(client: StackClient) -> None:
    person = await client.new_user(3)
    (made,) = await generated(client, person, wish(client).input())
    aliased = "query($id: ID!) { job(id: $id) { pic: image { thumbnail: original { url } } image { ...Whole } } }"
    whole = "fragment Whole on ImageSet { all: original { url } }"
    job = (await client.graphql(f"{aliased} {whole}", {"id": made["id"]}, person)).data["job"]
    assert job["pic"]["thumbnail"]["url"]
    assert job["image"]["all"]["url"]


async def test_what_was_missed_is_found_in_the_history(client: StackClient) -> None:
    person = await client.new_user(3)
    asked = wish(client).input()
    (made,) = await generated(client, person, asked)
    assert made["status"] == "COMPLETED"
    assert [event["status"] for event in made["history"][:3]] == ["PENDING", "PROCESSING", "COMPLETED"]
    await client.ended(made["id"], person)
    again = await get(client, person, "job", id=made["id"])
    assert again["history"][:3] == made["history"][:3]
    assert [(event["status"], event["note"]) for event in again["history"][3:]] == [
        ("COMPLETED", "Smaller sizes are ready.")
    ]
    assert again["prompt"] == asked["prompt"]


async def test_waiting_ends_when_the_time_is_up(client: StackClient) -> None:
    person = await client.new_user(3)
    slow = await wish(client).meets("slow:6")
    (made,) = await generate(client, person, slow.input(waitSeconds=1))
    assert made["status"] in {"PENDING", "PROCESSING"}
    assert (await get(client, person, "cancelJob", id=made["id"]))["status"] == "CANCELED"


async def test_eight_at_once_are_eight_jobs_of_one_request(client: StackClient) -> None:
    person = await client.new_user(8)
    async with event_log(client, person) as events:
        made = await generate(client, person, wish(client).input(count=8))
        assert len({job["id"] for job in made}) == 8
        assert len({job["requestId"] for job in made}) == 1
        assert await client.points(person) == 0
        ends = [await events.end_of(job["id"]) for job in made]
    assert [end["status"] for end in ends] == ["COMPLETED"] * 8
    books.of(client, person.sub).check()


async def test_a_canceled_job_is_made_anew_and_charged_anew(client: StackClient) -> None:
    person = await client.new_user(2)
    slow = await wish(client).meets("slow:4")
    async with event_log(client, person) as events:
        (made,) = await generate(client, person, slow.input())
        await events.until(lambda events: any(event["status"] == "PROCESSING" for event in events))
        canceled = await get(client, person, "cancelJob", id=made["id"])
        assert canceled["status"] == "CANCELED"
        refunded = await events.end_of(made["id"], refunded=True)
        assert refunded["charge"]["refundedPoints"] == 1
        assert await client.points(person) == 2

        again = await get(client, person, "retryJob", id=made["id"], clientRequestId="once-more")
        same = await get(client, person, "retryJob", id=made["id"], clientRequestId="once-more")
        assert again["id"] == same["id"] != made["id"]
        assert again["prompt"] == made["prompt"]
        assert (await events.end_of(again["id"]))["status"] == "COMPLETED"
    assert await client.points(person) == 1
    books.of(client, person.sub).check()


async def test_a_late_image_of_a_canceled_job_is_dropped(client: StackClient) -> None:
    person = await client.new_user(2)
    slow = await wish(client).meets("slow:2")
    async with event_log(client, person) as events:
        (made,) = await generate(client, person, slow.input())
        await events.until(lambda events: any(event["status"] == "PROCESSING" for event in events))
        await get(client, person, "cancelJob", id=made["id"])
        await events.end_of(made["id"], refunded=True)
        await until(lambda: Behind(client).logged("vertex", "the job went on without this worker", made["id"]))
    assert len(await slow.calls()) == 1
    assert not stored(client, made["id"])
    assert (await get(client, person, "job", id=made["id"]))["status"] == "CANCELED"
    books.of(client, person.sub).check()


def stored(client: StackClient, job_id: str) -> list[str]:
    return Behind(client).results_of(job_id)


async def test_deleting_takes_the_objects_with_it(client: StackClient) -> None:
    person = await client.new_user(2)
    slow = await wish(client).meets("slow:3")
    (busy,) = await generate(client, person, slow.input())
    assert (await ask(client, person, "deleteJob", id=busy["id"])).error_types == ["JOB_NOT_FINISHED"]
    await get(client, person, "cancelJob", id=busy["id"])

    (made,) = await generated(client, person, wish(client).input())
    behind = Behind(client)
    places = behind.places_of(made["id"])
    assert behind.stored(*places)
    assert await get(client, person, "deleteJob", id=made["id"]) == made["id"]
    await until(lambda: not behind.stored(*places))  # sizes that were being made meanwhile go when they are done
    assert await get(client, person, "job", id=made["id"]) is None
    assert await get(client, "api_key", "jobStatus", id=made["id"]) is None


async def test_a_list_comes_in_pages_newest_first_and_filtered(client: StackClient) -> None:
    person = await client.new_user(6)
    good = await generated(client, person, wish(client).input(count=3))
    refused = wish(client)
    await refused.meets("400", "400")
    bad = await generated(client, person, refused.input(count=2))
    assert {job["status"] for job in bad} == {"FAILED"}

    everything = await pages(client, person, limit=2)
    assert [len(page) for page in everything][:2] == [2, 2]
    found = [job for page in everything for job in page]
    assert len(found) == 5
    assert {job["id"] for job in found} == {job["id"] for job in good + bad}
    assert [job["createdAt"] for job in found] == sorted((job["createdAt"] for job in found), reverse=True)
    failed = [job for page in await pages(client, person, limit=1, filter={"status": "FAILED"}) for job in page]
    assert {job["id"] for job in failed} == {job["id"] for job in bad}
    assert [job for page in await pages(client, person, limit=5, filter={"model": "titan"}) for job in page] == []


async def pages(client: StackClient, person: Person, **asked: Any) -> list[list[dict[str, Any]]]:
    found: list[list[dict[str, Any]]] = []
    token = None
    while True:
        page = await get(client, person, "jobs", **asked, nextToken=token)
        found.append(page["items"])
        token = page["nextToken"]
        if token is None:
            return found


async def test_who_holds_the_id_sees_the_state_and_the_image_only(client: StackClient) -> None:
    person = await client.new_user(2)
    (made,) = await generated(client, person, wish(client).input())
    job = await client.ended(made["id"], person)
    view = await get(client, "api_key", "jobStatus", id=made["id"])
    assert (view["status"], view["version"]) == (job["status"], job["version"]) == ("COMPLETED", 4)
    answer = await client.graphql("query Q($id: ID!) { jobStatus(id: $id) { prompt } }", {"id": made["id"]}, "api_key")
    assert answer.error_types == ["ValidationError"]
    link = await get(client, "api_key", "download", jobId=made["id"])
    _, content = await fetched(link["url"])
    assert looked_at(content) == (ONE_K, ONE_K)
    assert person.sub not in link["url"]


async def test_two_people_never_hear_of_each_other(client: StackClient) -> None:
    one, other = await client.new_user(3), await client.new_user(3)
    async with event_log(client, one) as hers, event_log(client, other) as his:
        (first,) = await generate(client, one, wish(client).input())
        (second,) = await generate(client, other, wish(client).input())
        await hers.end_of(first["id"])
        await his.end_of(second["id"])
    assert {event["owner"] for event in hers.received} == {one.sub}
    assert {event["owner"] for event in his.received} == {other.sub}
