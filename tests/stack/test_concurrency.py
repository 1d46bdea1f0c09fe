"""Many at once: nobody gets more than the balance holds, and asking twice is charged once."""

import asyncio
import uuid
from typing import Any

from local.client import Answer, Person
from tests.stack import books
from tests.stack.asking import ask, generate, get
from tests.stack.behind import Behind
from tests.stack.client import StackClient
from tests.stack.event_log import event_log
from tests.stack.provider import Wish

AT_ONCE = 32


def wish(client: StackClient) -> Wish:
    return Wish(client.outputs["modelsUrl"])


async def ask_for(client: StackClient, person: Person, asked: dict[str, Any]) -> Answer:
    return await ask(client, person, "generateImages", input=asked)


async def test_32_at_once_against_a_balance_for_10(client: StackClient) -> None:
    person = await client.new_user(10)
    async with event_log(client, person) as events:
        answers = await asyncio.gather(*(ask_for(client, person, wish(client).input()) for _ in range(AT_ONCE)))
        made = [answer.data["generateImages"][0]["id"] for answer in answers if not answer.errors]
        assert len(set(made)) == 10
        refused = [type_ for answer in answers for type_ in answer.error_types]
        assert refused == ["POINTS_NOT_ENOUGH"] * (AT_ONCE - 10)
        assert await client.points(person) == 0
        for id_ in made:
            assert (await events.end_of(id_))["status"] == "COMPLETED"
    kept = books.of(client, person.sub)
    kept.check()
    assert {job["id"] for job in kept.jobs} == set(made)
    assert len(kept.lines("CHARGE")) == 10
    # Each accepted request left its mark, and no refused one did.
    assert len(kept.requests) == 10


async def test_32_at_once_against_room_for_8(client: StackClient) -> None:
    person, behind = await client.new_user(AT_ONCE), Behind(client)
    with behind.changed("jobs-api", RUNNING_JOBS="8"), behind.no_workers():
        answers = await asyncio.gather(*(ask_for(client, person, wish(client).input()) for _ in range(AT_ONCE)))
        made = [answer.data["generateImages"][0]["id"] for answer in answers if not answer.errors]
        assert len(set(made)) == 8
        assert [type_ for answer in answers for type_ in answer.error_types] == ["TOO_MANY_RUNNING"] * (AT_ONCE - 8)
        assert await client.points(person) == AT_ONCE - 8
        await get(client, person, "cancelJob", id=made[0])
        answers = await asyncio.gather(*(ask_for(client, person, wish(client).input()) for _ in range(4)))
        made += [answer.data["generateImages"][0]["id"] for answer in answers if not answer.errors]
        assert len(made) == 9
        for id_ in made:
            await get(client, person, "cancelJob", id=id_)
            await client.ended(id_, person)
    books.of(client, person.sub).check()


async def test_one_request_id_32_times_at_once(client: StackClient) -> None:
    person = await client.new_user(10)
    asked = wish(client).input(count=3)
    answers = await asyncio.gather(*(ask_for(client, person, asked) for _ in range(AT_ONCE)))
    sets = {frozenset(job["id"] for job in answer.data["generateImages"]) for answer in answers}
    assert len(sets) == 1
    assert len(next(iter(sets))) == 3
    assert await client.points(person) == 7
    for id_ in next(iter(sets)):
        await client.ended(id_, person)
    kept = books.of(client, person.sub)
    kept.check()
    assert len(kept.jobs) == 3
    assert len(kept.requests) == 1


async def test_one_request_id_is_two_people_s_own(client: StackClient) -> None:
    one, other = await client.new_user(2), await client.new_user(2)
    asked = wish(client).input()
    (hers,), (his,) = await generate(client, one, asked), await generate(client, other, asked)
    assert hers["id"] != his["id"]
    assert (await client.points(one), await client.points(other)) == (1, 1)
    for job, person in ((hers, one), (his, other)):
        await client.ended(job["id"], person)


async def test_grants_and_charges_at_once_add_up(client: StackClient) -> None:
    person = await client.new_user(4)
    gifts = [
        get(client, "admin", "grantPoints", input=gift) for gift in [gift(person)] * 3 + [gift(person), gift(person)]
    ]
    wishes = [generate(client, person, wish(client).input(count=2)) for _ in range(2)]
    _, made = await asyncio.gather(asyncio.gather(*gifts), asyncio.gather(*wishes))
    assert await client.points(person) == 4 - 4 + 3 * 5
    for job in (job for jobs in made for job in jobs):
        await client.ended(job["id"], person)
    books.of(client, person.sub).check()


def gift(person: Person) -> dict[str, object]:
    return {"clientRequestId": str(uuid.uuid4()), "userId": person.sub, "points": 5, "note": "A gift."}


async def test_cancel_and_completion_race_to_one_end(client: StackClient) -> None:
    person = await client.new_user(8)
    async with event_log(client, person) as events:
        made = await generate(client, person, wish(client).input(count=8))
        await events.until(lambda events: any(event["status"] == "COMPLETED" for event in events))
        canceled = await asyncio.gather(*(get(client, person, "cancelJob", id=job["id"]) for job in made))
        ends = [await client.ended(job["id"], person) for job in made]
    for answer, end in zip(canceled, ends, strict=True):
        assert end["status"] == answer["status"]
        assert end["charge"]["refundedPoints"] == (1 if end["status"] == "CANCELED" else 0)
    assert await client.points(person) == sum(end["status"] == "CANCELED" for end in ends)
    books.of(client, person.sub).check()
