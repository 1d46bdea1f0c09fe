"""Lists on the running stack: in pages over its real indexes, and what a client missed in one of them."""

from typing import Any

from local.client import Person
from tests.stack.asking import generate, get
from tests.stack.client import StackClient
from tests.stack.event_log import event_log
from tests.stack.provider import Wish


async def paged(client: StackClient, person: Person, field: str, limit: int, **given: Any) -> list[list[str]]:
    """Return the ids on each page of a list."""
    found, token = list[list[str]](), None
    while True:
        page = await get(client, person, field, limit=limit, nextToken=token, **given)
        found.append([item["id"] for item in page["items"]])
        token = page["nextToken"]
        if token is None:
            return found


async def test_what_was_missed_is_caught_up_with_in_one_list(client: StackClient) -> None:
    person = await client.new_user(10)
    async with event_log(client, person) as events:
        asked = Wish(client.outputs["modelsUrl"]).input(count=3)
        made = await generate(client, person, asked)
        ends = [await events.rest_of(job["id"]) for job in made]
        marked = await get(client, person, "updateJob", id=made[1]["id"], favorite=True, tags=["cover"])
        await events.until(lambda _: events.of(marked["id"])[-1]["favorite"])
    ids = [job["id"] for job in made]
    assert [job["index"] for job in made] == [0, 1, 2]
    assert len({end["input"]["seed"] for end in ends} - {None}) == 3
    assert all(end["createdAt"] <= end["startedAt"] <= end["endedAt"] < end["expiresAt"] for end in ends)
    assert await paged(client, person, "jobs", 3) == [ids]
    assert await paged(client, person, "jobs", 2, filter={"requestId": asked["clientRequestId"]}) == [ids[:2], ids[2:]]
    for wanted in ({"updatedSince": made[0]["updatedAt"]}, {"updatedSince": made[0]["updatedAt"], "ids": ids}):
        changed = await paged(client, person, "jobs", 1, filter=wanted)
        assert sorted(changed) == sorted([id_] for id_ in ids)
        assert changed[-1] == [marked["id"]]
    assert await paged(client, person, "jobs", 1, filter={"favorite": True, "tag": "COVER"}) == [[marked["id"]]]
    assert await paged(client, person, "jobs", 1, filter={"updatedSince": marked["updatedAt"]}) == [[marked["id"]]]
    assert await paged(client, person, "jobs", 1, filter={"createdAfter": marked["updatedAt"]}) == [[]]
