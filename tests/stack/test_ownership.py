"""Every root field, every kind of caller, on the running stack: allowed or denied as tests/access.py decides.

The operations are made from the schema and ask for everything an answer can hold, so that a type which a permitted
caller may not read fails here too.
"""

import json
import uuid
from typing import Any

import pytest
import pytest_asyncio

from local.client import Answer as Response
from tests.access import DECISIONS, Answer, Caller
from tests.sdl import operation
from tests.stack import realtime_socket
from tests.stack.arguments import DOLLARS, PICTURE, VARIABLES, of_job, poster
from tests.stack.callers import SCHEMA, World, slow_tides, wish
from tests.stack.client import StackClient
from tests.stack.paying import order

pytestmark = pytest.mark.asyncio(loop_scope="module")

_REFUSALS = {
    "Unauthorized": Answer.FORBIDDEN,
    "UNAUTHORIZED": Answer.REFUSED,
    "UPLOAD_UNKNOWN": Answer.UNKNOWN,
    "JOB_UNKNOWN": Answer.NO_JOB,
    "DOCUMENT_UNKNOWN": Answer.NO_DOCUMENT,
    "UnauthorizedException": Answer.TURNED_AWAY,
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(client: StackClient) -> World:
    await slow_tides(client.outputs["modelsUrl"])
    world = World(client, await client.new_user(50), await client.new_user(), {}, "", {})
    (made,) = await world.data(Caller.USER, "Mutation.generateImages", {"input": wish()})
    await client.ended(made["id"], world.user)
    world.job = await world.data(Caller.USER, "Query.job", {"id": made["id"]})
    assert world.job["status"] == "COMPLETED"
    world.upload = (await world.data(Caller.USER, "Mutation.createUpload", {"input": PICTURE}))["id"]
    await world.data(Caller.ADMIN, "Mutation.setExchangeRate", {**DOLLARS, "rate": 1.3})
    world.album = (await world.data(Caller.USER, "Mutation.createAlbum", {"input": of_job(world)}))["id"]
    world.collage = (await world.data(Caller.USER, "Mutation.createCollage", {"input": poster(world)}))["id"]
    world.order = await world.ordered()
    world.payment = await world.data(Caller.USER, "Mutation.createPayment", {"input": order("VNPAY")})
    return world


CELLS = [(field, caller) for field in DECISIONS for caller in Caller]


@pytest.mark.parametrize(("field", "caller"), [cell for cell in CELLS if not cell[0].startswith("Subscription.")])
async def test_a_field_answers_a_caller_as_decided(world: World, field: str, caller: Caller) -> None:
    response = await world.ask(caller, field, await VARIABLES[field](world))
    decision = DECISIONS[field].of(caller)
    assert answer_of(response) is decision
    assert (response.status == 401) is (decision is Answer.TURNED_AWAY)


def answer_of(response: Response) -> Answer:
    if response.errors:
        (type_,) = set(response.error_types)
        assert type_ in _REFUSALS, response.errors
        return _REFUSALS[type_]
    (value,) = response.data.values()
    return Answer.NULL if value is None else Answer.DATA


@pytest.mark.parametrize(("field", "caller"), [cell for cell in CELLS if cell[0].startswith("Subscription.")])
async def test_a_subscription_takes_a_caller_as_decided(world: World, field: str, caller: Caller) -> None:
    url, variables = world.client.outputs["graphqlUrl"], await VARIABLES[field](world)
    refusal = await realtime_socket.start(url, world.credentials(caller), operation(SCHEMA, field), variables)
    answer = Answer.DATA if refusal is None else _REFUSALS[refusal]
    assert answer is DECISIONS[field].of(caller)


async def test_what_a_guest_may_not_ask_stays_unanswered_beside_what_they_may(world: World) -> None:
    response = await world.client.graphql("{ models { id } me { id } }", as_="guest")
    assert response.error_types == ["Unauthorized"]
    assert not (response.body["data"] or {}).get("me")


@pytest.mark.parametrize(
    ("field", "caller"),
    [cell for cell in CELLS if cell[0].startswith("Mutation.") and DECISIONS[cell[0]].of(cell[1]) is Answer.NULL],
)
async def test_a_strangers_change_changes_nothing(world: World, field: str, caller: Caller) -> None:
    kind = next((kind for kind in ("album", "collage", "order") if kind.capitalize() in field), "job")
    before = await world.data(Caller.USER, f"Query.{kind}", {"id": world.things[kind]})
    given = {**await VARIABLES[field](world), "id": world.things[kind]}
    assert await world.data(caller, field, given) is None
    now = await world.data(Caller.USER, f"Query.{kind}", {"id": world.things[kind]})
    assert without_links(now) == without_links(before)


def without_links(answer: Any) -> Any:
    """Return an answer without what is signed anew each time."""
    if isinstance(answer, list):
        return [without_links(each) for each in answer]
    if isinstance(answer, dict):
        return {name: without_links(each) for name, each in answer.items() if name not in {"url", "expiresAt"}}
    return answer


LISTS = ("jobs", "pointsHistory", "usage", "me", "payments", "albums", "collages", "orders")


@pytest.mark.parametrize("caller", [Caller.OTHER, Caller.ADMIN])
@pytest.mark.parametrize("field", [f"Query.{name}" for name in LISTS])
async def test_what_is_ones_own_holds_nothing_of_anybody_else(world: World, field: str, caller: Caller) -> None:
    shown = json.dumps(await world.data(caller, field, {}))
    assert world.job["id"] not in shown
    assert world.payment["id"] not in shown
    assert world.user.sub not in shown


@pytest.mark.parametrize("thing", ["job", "payment", "album", "collage", "order"])
async def test_a_strangers_thing_looks_like_one_that_never_was(world: World, thing: str) -> None:
    foreign = await world.ask(Caller.OTHER, f"Query.{thing}", {"id": world.things[thing]})
    nothing = await world.ask(Caller.OTHER, f"Query.{thing}", {"id": str(uuid.uuid4())})
    assert foreign.body == nothing.body == {"data": {thing: None}}


async def test_what_is_no_longer_shared_looks_to_all_others_like_one_that_never_was(world: World) -> None:
    id_ = await world.canceled()
    await world.data(Caller.USER, "Mutation.setJobSharing", {"id": id_, "shared": False})
    for caller in (Caller.KEY, Caller.GUEST, Caller.OTHER, Caller.IAM):
        view = await world.ask(caller, "Query.jobStatus", {"id": id_})
        assert view.body == {"data": {"jobStatus": None}}
        link = await world.ask(caller, "Query.download", {"jobId": id_})
        assert link.error_types == ["JOB_UNKNOWN"]
    for caller in (Caller.USER, Caller.ADMIN):
        assert (await world.data(caller, "Query.jobStatus", {"id": id_}))["id"] == id_


@pytest.mark.parametrize("field", ["Query.jobs", "Query.pointsHistory"])
async def test_a_page_token_is_of_no_use_to_anybody_else(world: World, field: str) -> None:
    await world.data(Caller.USER, "Mutation.generateImages", {"input": wish()})
    token = (await world.data(Caller.USER, field, {"limit": 1}))["nextToken"]
    refused = await world.ask(Caller.OTHER, field, {"limit": 1, "nextToken": token})
    assert refused.error_types == ["PAGE_TOKEN_INVALID"]
