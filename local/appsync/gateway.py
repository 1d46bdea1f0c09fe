"""The running data plane of one API: everything that a request needs, replaced as a whole when the API changes."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from .api import Api
from .auth import Authenticator
from .aws import Aws
from .caller import Caller
from .errors import Refusal
from .execute import Answer, Call, execute
from .invoke import Invoker
from .javascript import JavaScript
from .operation import InvalidDocument, Operations
from .request import GraphQLRequest
from .resolve import Runner
from .schema import Deployed
from .sigv4 import Signed
from .subscriptions import Client, Hub, Subscription, subscribe


class Plane:
    """One API as it was deployed at one moment."""

    def __init__(self, api: Api, aws: Aws, invoker: Invoker, javascript: JavaScript) -> None:
        self.deployed = Deployed(api)
        self.operations = Operations(self.deployed)
        self.authenticator = Authenticator(api, aws, invoker)
        self.runner = Runner(invoker, javascript, api.environment)


class Gateway:
    """Serves one API; what speaks HTTP or WebSocket calls this."""

    def __init__(self, read: Callable[[], Awaitable[Api]], aws: Aws, invoker: Invoker, javascript: JavaScript) -> None:
        self._read = read
        self._invoker = invoker
        self._javascript = javascript
        self._plane: Plane | None = None
        self._reloading = asyncio.Lock()
        self.aws = aws
        self.hub = Hub()

    async def reload(self) -> None:
        """Read the API anew. Requests in flight end as they began; subscriptions live on."""
        async with self._reloading:
            self._plane = Plane(await self._read(), self.aws, self._invoker, self._javascript)

    @property
    def plane(self) -> Plane:
        if self._plane is None:
            raise Refusal(503, "ServiceUnavailableException", "The API has not been read yet.")
        return self._plane

    async def authenticate(self, signed: Signed, source_ip: str, question: Mapping[str, Any] | None = None) -> Caller:
        return await self.plane.authenticator.caller(signed, source_ip, question)

    async def execute(self, request: Mapping[str, Any], caller: Caller, headers: Mapping[str, str]) -> dict[str, Any]:
        """Execute a request body and return the body that answers it; events go to their subscribers.

        Raises
        ------
        Refusal
            If the request as a whole is refused.
        """
        plane = self.plane
        try:
            answer = await _execute(plane, GraphQLRequest.read(request), caller, headers)
        except InvalidDocument as invalid:
            return {"data": None, "errors": invalid.entries}
        self.hub.invalidate(answer.invalidated)
        self.hub.publish(plane.deployed, answer.published)
        return answer.body

    async def subscribe(
        self,
        request: Mapping[str, Any],
        caller: Caller,
        headers: Mapping[str, str],
        client: Client,
    ) -> Subscription:
        """Accept a subscription; it is not delivered to before it is added to the hub."""
        plane = self.plane
        asked = GraphQLRequest.read(request)
        call = Call(caller, headers, asked.variables)
        return await subscribe(plane.deployed, plane.operations.get(asked), call, plane.runner, client)


async def _execute(plane: Plane, asked: GraphQLRequest, caller: Caller, headers: Mapping[str, str]) -> Answer:
    operation = plane.operations.get(asked)
    if operation.kind.value == "subscription":
        raise Refusal(400, "UnsupportedOperation", "Subscriptions are served by the real-time endpoint.")
    return await execute(plane.deployed, operation, Call(caller, headers, asked.variables), plane.runner)
