"""What bad input gets: its own errorType and a sentence; nothing charged, nothing written."""

import base64
import json
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from local.client import Answer, Person
from tests.stack import books
from tests.stack.asking import ask, generate, generated, get
from tests.stack.client import StackClient
from tests.stack.provider import Wish

pytestmark = pytest.mark.asyncio(loop_scope="module")

POINTS = 3
NOT_A_JOB = "42; DROP TABLE jobs"


@dataclass
class World:
    """Somebody with a finished job, and a stranger with one."""

    client: StackClient
    person: Person
    job: dict[str, Any]
    used: dict[str, Any]
    token: str
    stranger: Person
    foreign: dict[str, Any]
    foreign_token: str

    async def ask(self, field: str, **variables: Any) -> Answer:
        return await ask(self.client, self.person, field, **variables)


def wish(client: StackClient, **more: Any) -> dict[str, Any]:
    return Wish(client.outputs["modelsUrl"]).input(**more)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(client: StackClient) -> World:
    person, stranger = await client.new_user(POINTS + 2), await client.new_user(4)
    used = wish(client, count=2)
    mine, theirs = await generated(client, person, used), await generate(client, stranger, wish(client, count=2))
    tokens = [(await get(client, one, "jobs", limit=1))["nextToken"] for one in (person, stranger)]
    for job in theirs:
        await client.ended(job["id"], stranger)
    return World(client, person, mine[0], used, tokens[0], stranger, theirs[0], tokens[1])


def generating(**wrong: Any) -> Callable[[World], Awaitable[Answer]]:
    return lambda world: world.ask("generateImages", input=wish(world.client) | wrong)


def asking(field: str, **variables: Any) -> Callable[[World], Awaitable[Answer]]:
    return lambda world: world.ask(field, **variables)


def damaged(token: str) -> str:
    """The same token with one bit of its position turned."""
    raw = bytearray(base64.urlsafe_b64decode(token))
    raw[-3] ^= 1
    return base64.urlsafe_b64encode(bytes(raw)).decode()


REFUSALS: list[tuple[str, str, Callable[[World], Awaitable[Answer]]]] = [
    ("an empty prompt", "PROMPT_EMPTY", generating(prompt="")),
    ("a prompt of blanks", "PROMPT_EMPTY", generating(prompt=" \n\t ")),
    ("a prompt that shows nothing", "PROMPT_EMPTY", generating(prompt="\u200b\u2800\u3164\0")),
    ("half an emoji", "TEXT_MALFORMED", generating(prompt="a lake \ud83d")),
    ("half an emoji in a link", "TEXT_MALFORMED", generating(link={"boardId": "\ud83d"})),
    ("a link that Firestore keeps for itself", "LINK_MALFORMED", generating(link={"boardId": "__x__"})),
    ("a prompt of 4,001", "PROMPT_TOO_LONG", generating(prompt="x" * 4001)),
    ("a negative prompt of 4,001", "PROMPT_TOO_LONG", generating(negativePrompt="x" * 4001)),
    ("count 0", "COUNT_OUT_OF_RANGE", generating(count=0)),
    ("count 9", "COUNT_OUT_OF_RANGE", generating(count=9)),
    ("count -1", "COUNT_OUT_OF_RANGE", generating(count=-1)),
    ("a wait of 26 s", "WAIT_OUT_OF_RANGE", generating(waitSeconds=26)),
    ("a wait below 0", "WAIT_OUT_OF_RANGE", generating(waitSeconds=-1)),
    ("a seed below 0", "SEED_OUT_OF_RANGE", generating(seed=-1)),
    ("a link that is a path", "LINK_MALFORMED", generating(link={"boardId": "../other"})),
    ("an unknown model", "MODEL_UNKNOWN", generating(model="nanobanana-9")),
    ("a retired model", "MODEL_RETIRED", generating(model="titan")),
    ("an admin's model", "MODEL_ADMIN_ONLY", generating(model="nanobanana-2")),
    ("not enough points", "POINTS_NOT_ENOUGH", generating(count=POINTS + 1)),
    ("an empty request id", "REQUEST_ID_MALFORMED", generating(clientRequestId="")),
    ("a request id of 129", "REQUEST_ID_MALFORMED", generating(clientRequestId="x" * 129)),
    ("a request id with a blank", "REQUEST_ID_MALFORMED", generating(clientRequestId="a b")),
    (
        "a request id used before",
        "REQUEST_ID_REUSED",
        lambda world: world.ask("generateImages", input=world.used | {"prompt": "Another harbour"}),
    ),
    ("a size that nobody has", "ValidationError", generating(size="EIGHT_K")),
    ("a count that is no number", "ValidationError", generating(count="two")),
    ("a quote of a retired model", "MODEL_RETIRED", asking("quote", input={"model": "titan", "kind": "GENERATE"})),
    (
        "a quote of a kind that the model lacks",
        "KIND_NOT_SUPPORTED",
        asking("quote", input={"model": "sdxl", "kind": "EDIT"}),
    ),
    ("a job id that is none", "ID_MALFORMED", asking("job", id=NOT_A_JOB)),
    ("a status of no job id", "ID_MALFORMED", asking("jobStatus", id=NOT_A_JOB)),
    ("a download of no job id", "ID_MALFORMED", asking("download", jobId=NOT_A_JOB)),
    ("a cancel of no job id", "ID_MALFORMED", asking("cancelJob", id=NOT_A_JOB)),
    ("a delete of no job id", "ID_MALFORMED", asking("deleteJob", id=NOT_A_JOB)),
    ("a retry of no job id", "ID_MALFORMED", asking("retryJob", id=NOT_A_JOB, clientRequestId="k")),
    ("a retry without a request id", "REQUEST_ID_MALFORMED", lambda world: retry(world, "")),
    ("a retry of what completed", "JOB_NOT_FAILED", lambda world: retry(world, "k")),
    ("a page token that is none", "PAGE_TOKEN_INVALID", asking("jobs", nextToken="next, please")),
    ("a damaged page token", "PAGE_TOKEN_INVALID", lambda world: world.ask("jobs", nextToken=damaged(world.token))),
    ("a stranger's token", "PAGE_TOKEN_INVALID", lambda world: world.ask("jobs", nextToken=world.foreign_token)),
    (
        "another list's token",
        "PAGE_TOKEN_INVALID",
        lambda world: world.ask("pointsHistory", nextToken=world.token),
    ),
    ("a limit of 0", "LIMIT_OUT_OF_RANGE", asking("jobs", limit=0)),
    ("a limit of 101", "LIMIT_OUT_OF_RANGE", asking("pointsHistory", limit=101)),
    # The schema has no circles, so what is deeper than the API's limit of 8 names fields that are not there.
    ("a query 9 deep", "ValidationError", lambda world: deep(world, 9)),
    ("a query 5,000 deep", "MalformedHttpRequestException", lambda world: deep(world, 5000)),
    ("a query of 60 fields", "ResolverExecutionLimitReached", lambda world: wide(world, 60)),
    ("a body of 1 MB", "RequestEntityTooLargeException", generating(prompt="x" * 1_100_000)),
    ("a grant to oneself", "Unauthorized", lambda world: grant(world, 100)),
]


async def retry(world: World, key: str) -> Answer:
    return await world.ask("retryJob", id=world.job["id"], clientRequestId=key)


async def deep(world: World, levels: int) -> Answer:
    return await world.client.graphql(f"{{ {'jobs { ' * levels} id {'}' * levels} }}", {}, world.person)


async def wide(world: World, fields: int) -> Answer:
    query = f"{{ {' '.join(f'f{i}: me {{ id }}' for i in range(fields))} }}"
    return await world.client.graphql(query, {}, world.person)


async def grant(world: World, points: int) -> Answer:
    gift = {"clientRequestId": str(uuid.uuid4()), "userId": world.person.sub, "points": points, "note": "To myself."}
    return await world.ask("grantPoints", input=gift)


@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
@pytest.mark.parametrize(("why", "type_", "attempt"), REFUSALS, ids=[why for why, _, _ in REFUSALS])
async def test_bad_input_has_its_own_type_and_changes_nothing(
    world: World, why: str, type_: str, attempt: Callable[[World], Awaitable[Answer]]
) -> None:
    before = books.every(world.client, [world.person.sub, world.stranger.sub])
    answer = await attempt(world)
    assert set(answer.error_types) == {type_}
    said = answer.errors[0]["message"]
    assert said
    assert not {"Traceback", "dynamodb", "arn:aws"} & set(said.split())
    assert "x" * 50 not in json.dumps(answer.body)
    assert books.every(world.client, [world.person.sub, world.stranger.sub]) == before


async def test_a_stranger_s_job_is_as_if_it_were_not(world: World) -> None:
    before = books.every(world.client, [world.person.sub, world.stranger.sub])
    for field in ("job", "cancelJob", "deleteJob"):
        assert await get(world.client, world.person, field, id=world.foreign["id"]) is None
    assert await get(world.client, world.person, "retryJob", id=world.foreign["id"], clientRequestId="k") is None
    assert books.every(world.client, [world.person.sub, world.stranger.sub]) == before


async def test_a_disabled_user_gets_nothing_made(world: World) -> None:
    person = await world.client.new_user(2)
    world.client.boto("dynamodb").update_item(
        TableName=world.client.outputs["tables"]["People"],
        Key={"id": {"S": person.sub}},
        UpdateExpression="SET disabled = :yes",
        ExpressionAttributeValues={":yes": {"BOOL": True}},
    )
    before = books.of(world.client, person.sub)
    refused = await ask(world.client, person, "generateImages", input=wish(world.client))
    assert refused.error_types == ["USER_DISABLED"]
    assert books.of(world.client, person.sub) == before


async def test_the_longest_prompt_is_taken(world: World) -> None:
    person = await world.client.new_user(1)
    (made,) = await generated(world.client, person, wish(world.client, prompt="é" * 4000))
    assert made["status"] == "COMPLETED"
