"""A client of one stack: signs in through Cognito, asks over HTTP, listens over the real-time socket with `gql`."""

import asyncio
import base64
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import aiohttp
from gql import Client, GraphQLRequest
from gql.transport.appsync_auth import AppSyncJWTAuthentication
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport

from local.ministack import Aws

StackOutputs = Mapping[str, Any]
CONNECT_SECONDS = 120  # on a busy machine; gql gives up after ten
Sign = Callable[[str, str, Mapping[str, str]], Mapping[str, str]]


@dataclass(frozen=True)
class Person:
    """Somebody signed in. `token` is the access token, which is what Amplify sends."""

    email: str
    password: str
    sub: str
    token: str
    id_token: str


@dataclass(frozen=True)
class Answer:
    """One answer of the API over HTTP."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def errors(self) -> list[Any]:
        return self.body.get("errors") or []

    @property
    def error_types(self) -> list[str]:
        return [error.get("errorType") for error in self.errors]

    @property
    def data(self) -> Any:
        """What was asked for; an AssertionError with the errors where there are any."""
        assert not self.errors, self.errors
        return self.body["data"]


def sign_in(outputs: StackOutputs, email: str, password: str) -> Person:
    """With the password, as stage local allows; blocks for some milliseconds."""
    cognito = Aws(outputs["awsEndpoint"]).client("cognito-idp")
    tokens = cognito.initiate_auth(
        ClientId=outputs["userPoolClientId"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": email, "PASSWORD": password},
    )["AuthenticationResult"]
    return Person(email, password, claims(tokens["AccessToken"])["sub"], tokens["AccessToken"], tokens["IdToken"])


def claims(token: str) -> dict[str, Any]:
    """The token's claims, unchecked: checking them is the server's business."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


async def post(
    url: str,
    document: str,
    variables: Mapping[str, Any] | None,
    headers: Mapping[str, str],
    sign: Sign = lambda _url, _body, headers: headers,
) -> Answer:
    """Ask once; `sign` may add what depends on the body. A query that the API refuses is an answer too."""
    body = json.dumps({"query": document, "variables": dict(variables or {})})
    headers = sign(url, body, {"content-type": "application/json", **headers})
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=body, headers=headers) as response,
    ):
        return Answer(response.status, dict(response.headers), await response.json(content_type=None))


class _Acknowledged(AppSyncWebsocketsTransport):
    """Tells when the API has taken the subscription: an event before that would be missed by right."""

    def __init__(self, url: str, auth: AppSyncJWTAuthentication) -> None:
        super().__init__(url=url, auth=auth, connect_timeout=CONNECT_SECONDS, ack_timeout=CONNECT_SECONDS)
        self.taken = asyncio.Event()

    async def _handle_answer(self, answer_type: str, answer_id: int | None, execution_result: Any) -> None:
        if answer_type in {"start_ack", "error"}:
            self.taken.set()
        await super()._handle_answer(answer_type, answer_id, execution_result)


@asynccontextmanager
async def subscribed(
    outputs: StackOutputs, person: Person, document: str, variables: Mapping[str, Any]
) -> AsyncGenerator[AsyncGenerator[dict[str, Any]]]:
    """Events of a subscription, from the moment that the API has taken it."""
    url: str = outputs["graphqlUrl"]
    host = url.split("/")[2]
    realtime = url.replace("http", "ws", 1) + "/realtime"
    transport = _Acknowledged(realtime, AppSyncJWTAuthentication(host=host, jwt=person.token))
    async with Client(transport=transport) as session:
        request = GraphQLRequest(document, variable_values=dict(variables))
        events = session.subscribe(request)
        first = asyncio.ensure_future(anext(events))
        taken = asyncio.ensure_future(transport.taken.wait())
        try:
            # A refusal, or a connection that breaks first, ends `first`: whoever reads it hears why.
            await asyncio.wait({first, taken}, return_when=asyncio.FIRST_COMPLETED)
            yield _following(first, events)
        finally:
            first.cancel()
            taken.cancel()
            await asyncio.gather(first, taken, return_exceptions=True)
            await events.aclose()


async def _following(first: "asyncio.Future[Any]", events: AsyncGenerator[Any]) -> AsyncGenerator[dict[str, Any]]:
    with suppress(StopAsyncIteration):  # the other side may end it before its first event
        yield await first
    async for event in events:
        yield event
