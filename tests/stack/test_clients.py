"""The AppSync clients people use, unmodified, each on the same tour of the running stack."""

import asyncio
import logging
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from gql import Client, GraphQLRequest
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.appsync_auth import AppSyncJWTAuthentication
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport
from gql.transport.exceptions import TransportQueryError
from graphql import OperationDefinitionNode, parse, print_ast

from local.client import Person
from local.ministack import ROOT
from tests.stack.client import StackClient
from tests.stack.client_runs import CLIENTS, Said, run_script

OPERATIONS = {
    node.name.value: print_ast(node)
    for node in parse((CLIENTS / "operations.graphql").read_text()).definitions
    if isinstance(node, OperationDefinitionNode) and node.name
}

Stack = Mapping[str, Any]


@pytest.fixture
async def person(client: StackClient) -> Person:
    return await client.new_user()


@pytest.fixture
async def stranger(client: StackClient) -> Person:
    return await client.new_user()


@pytest.fixture
def outputs(stack: Stack) -> Path:
    """Where the stack left Amplify's configuration: in its own folder, the usual stack at the project's root."""
    own = Path(stack["caFile"]).parent.parent / "amplify_outputs.json"
    return own if own.exists() else ROOT / own.name


def check_tour(said: Said, person: Person) -> None:
    assert "nanobanana-pro" in {model["id"] for model in said.one("models")}
    me = said.one("me")
    assert (me["id"], me["email"]) == (person.sub, person.email)
    assert said.one("subscribed") == person.sub
    (job,) = said.one("generated")
    check_events(said.all("event"), job)
    assert "unauthorized" in said.one("refused").lower()


def check_events(events: list[dict[str, Any]], job: dict[str, Any]) -> None:
    assert {(event["id"], event["owner"]) for event in events} == {(job["id"], job["owner"])}
    last = max(events, key=lambda event: event["version"])
    assert last == events[-1]
    assert (last["status"], last["errorCode"]) == ("COMPLETED", None)
    assert last["image"]["original"]["width"] > 0
    assert {event["status"] for event in events} >= {"PROCESSING", "COMPLETED"}


def test_amplify(stack: Stack, outputs: Path, person: Person, stranger: Person, tmp_path: Path) -> None:
    said = run_script(stack, person, tmp_path, "amplify.mjs", str(outputs), stranger.sub)
    assert "nanobanana-pro" in {model["id"] for model in said.one("guest")}
    joined = said.one("joined")
    assert joined["email"] == joined["asked"]
    check_tour(said, person)


def test_apollo(stack: Stack, person: Person, stranger: Person, tmp_path: Path) -> None:
    check_tour(run_script(stack, person, tmp_path, "apollo.mjs", person.token, stranger.sub), person)


class Accepted(logging.Handler):
    """Notices the server's `start_ack`, which gql tells nobody but its log."""

    def __init__(self) -> None:
        super().__init__()
        self.acknowledged = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        if "start_ack" in record.getMessage():
            self.acknowledged.set()


@pytest.fixture
async def accepted(caplog: pytest.LogCaptureFixture) -> Accepted:
    logger = logging.getLogger("gql.transport.common.base")
    caplog.set_level(logging.DEBUG, logger.name)
    handler = Accepted()
    logger.addHandler(handler)
    return handler


def over_http(stack: Stack, headers: dict[str, str]) -> Client:
    return Client(transport=AIOHTTPTransport(stack["graphqlUrl"], headers=headers, ssl=False))


def over_socket(stack: Stack, person: Person) -> Client:
    address = urlsplit(stack["graphqlUrl"])
    auth = AppSyncJWTAuthentication(address.netloc, person.token)
    return Client(transport=AppSyncWebsocketsTransport(f"ws://{address.netloc}{address.path}/realtime", auth=auth))


def request(name: str, **variables: Any) -> GraphQLRequest:
    return GraphQLRequest(OPERATIONS[name], variable_values=variables)


async def events_until_done(client: Client, owner: str) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    async with client as session:
        async for answer in session.subscribe(request("OnJob", owner=owner)):
            events.append(answer["onJob"])
            if events[-1]["status"] in {"COMPLETED", "FAILED", "CANCELED"}:
                break
    return events


async def test_gql(stack: Stack, person: Person, stranger: Person, accepted: Accepted) -> None:
    models = await over_http(stack, {"x-api-key": stack["apiKey"]}).execute_async(request("Models"))
    assert "nanobanana-pro" in {model["id"] for model in models["models"]}
    user = over_http(stack, {"Authorization": person.token})
    assert (await user.execute_async(request("Me")))["me"]["id"] == person.sub

    async with asyncio.timeout(60):
        listening = asyncio.create_task(events_until_done(over_socket(stack, person), person.sub))
        await accepted.acknowledged.wait()
        made = {"clientRequestId": str(uuid.uuid4()), "model": "nanobanana-pro", "prompt": "a lighthouse at dusk"}
        (job,) = (await user.execute_async(request("Generate", input=made)))["generateImages"]
        check_events(await listening, job)
        with pytest.raises(TransportQueryError, match=r"(?i)unauthorized"):
            await events_until_done(over_socket(stack, person), stranger.sub)
