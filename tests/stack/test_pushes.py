"""What is pushed beside jobs, payments and documents: oneself, uploads, and that jobs are gone."""

from typing import Any, Final

from local.client import Person
from tests.sdl import committed, operation
from tests.stack.asking import generated, get
from tests.stack.client import StackClient
from tests.stack.event_log import event_log
from tests.stack.files import fetch, noise, opened, png, upload
from tests.stack.provider import Wish

PUSHES: Final = {
    field: operation(committed(), f"Subscription.{field}", "owner") for field in ("onMe", "onUpload", "onJobDeleted")
}


def log_of(client: StackClient, person: Person, field: str) -> Any:
    return event_log(client, person, document=PUSHES[field])


async def test_ones_own_balance_and_name_are_pushed(client: StackClient) -> None:
    person, other = await client.new_user(5), await client.new_user(5)
    async with log_of(client, person, "onMe") as mine, log_of(client, other, "onMe") as theirs:
        (made,) = await generated(client, person, Wish(client.outputs["modelsUrl"]).input())
        await mine.until(lambda events: any(event["points"] == 4 for event in events))
        await get(client, person, "updateMe", input={"name": "Ada"})
        await mine.until(lambda events: any(event["name"] == "Ada" for event in events))
        assert mine.received[-1] == await get(client, person, "me")
        assert {event["id"] for event in mine.received} == {person.sub}
        assert {event["id"] for event in theirs.received} <= {other.sub}  # the points that the test gave them
    assert made["status"] == "COMPLETED"


async def test_ones_own_avatar_is_pushed_with_every_size_and_outlasts_its_upload(client: StackClient) -> None:
    person = await client.new_user()
    id_ = await upload(client, person, png(noise(400, 300)), purpose="AVATAR")
    async with log_of(client, person, "onMe") as events:
        shown = await get(client, person, "updateMe", input={"avatar": id_})
        await events.until(lambda received: any(event["avatar"] for event in received))
    assert events.received[-1]["avatar"] == shown["avatar"]
    await get(client, person, "deleteUpload", id=id_)
    files = (await get(client, person, "me"))["avatar"]
    assert files == shown["avatar"], "the links stay as well"
    for size in ("original", "large", "medium", "thumbnail"):
        picture = opened((await fetch(files[size]["url"]))[1])
        assert picture.size == (files[size]["width"], files[size]["height"])
    assert (await get(client, person, "updateMe", input={"avatar": None}))["avatar"] is None


async def test_what_becomes_of_an_upload_is_pushed(client: StackClient) -> None:
    person = await client.new_user()
    async with log_of(client, person, "onUpload") as events:
        id_ = await upload(client, person, png(noise(400, 300)))
        await events.until(lambda received: any(event["image"]["thumbnail"] for event in received))
    assert {(event["id"], event["owner"], event["ready"]) for event in events.received} == {(id_, person.sub, True)}


async def test_that_a_job_was_deleted_is_pushed_once(client: StackClient) -> None:
    person = await client.new_user(2)
    made = await generated(client, person, Wish(client.outputs["modelsUrl"]).input(count=2))
    async with log_of(client, person, "onJobDeleted") as events:
        for job in made:
            await client.ended(job["id"], person)
            await get(client, person, "deleteJob", id=job["id"])
        await events.until(lambda received: len(received) == len(made))
    assert events.received == [{"id": job["id"], "owner": person.sub} for job in made]
