"""A proxy between the deployed functions and the emulator that writes down what AWS would bill.

Each function gets a port of its own, so a request tells whose it is. Requests pass unchanged, with the Host that their
signature covers. Around every write to DynamoDB the rows are read, because its price depends on them.
"""

import asyncio
import json
import logging
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp
from aiohttp import web

from infra.tables import TABLES
from tests.bench.stand import Stand

Row = Mapping[str, Any]  # in DynamoDB's own notation
Json = dict[str, Any]

# The server would report every function that ends with a connection still open.
_quiet = logging.getLogger(__name__)
_quiet.setLevel(logging.CRITICAL)
MAX_BODY: Final = 64 * 2**20
_SERVICE: Final = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/")
_WRITES: Final = {"PutItem": "Put", "UpdateItem": "Update", "DeleteItem": "Delete"}
_HOP_BY_HOP: Final = {"connection", "expect", "keep-alive", "transfer-encoding", "upgrade"}
_KEYS: Final = {spec.name: [spec.partition[0], *([spec.sort[0]] if spec.sort else [])] for spec in TABLES}


@dataclass(frozen=True)
class Written:
    """One row before and after a write; {} where there is none."""

    table: str
    old: Row
    new: Row


@dataclass(frozen=True)
class Call:
    """One request of a function. `operation` is DynamoDB's name, elsewhere the HTTP method."""

    function: str
    service: str
    operation: str
    answer: Json
    written: Sequence[Written] = ()


@dataclass
class Meter:
    """What was asked since the last `clear`; `names` maps the deployed tables to ours."""

    stand: Stand
    calls: list[Call] = field(default_factory=list[Call])
    names: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.names = {deployed: ours for ours, deployed in self.stand.outputs["tables"].items()}

    def clear(self) -> None:
        self.calls.clear()

    def of(self, service: str, function: str | None = None) -> list[Call]:
        return [call for call in self.calls if call.service == service and function in {None, call.function}]

    async def passing(
        self, function: str, request: web.Request, upstream: str, http: aiohttp.ClientSession
    ) -> web.Response:
        """Pass one request on and write it down."""
        body = await request.read()
        service, operation = _named(request)
        keys = self._keys(operation, body) if service == "dynamodb" else []
        before = await asyncio.to_thread(self._rows, keys)
        answer, content = await _forward(request, body, upstream, http)
        after = await asyncio.to_thread(self._rows, keys)
        written = [
            Written(self.names[table], old, new) for (table, _), old, new in zip(keys, before, after, strict=True)
        ]
        answered = json.loads(content) if service == "dynamodb" else {}
        self.calls.append(Call(function, service, operation, answered, written))
        return answer

    def _keys(self, operation: str, body: bytes) -> list[tuple[str, Row]]:
        """Tell the table and key of each row that a request writes."""
        request = json.loads(body)
        if operation == "TransactWriteItems":
            writes: list[tuple[str, Json]] = [next(iter(write.items())) for write in request["TransactItems"]]
        else:
            writes = [(_WRITES[operation], request)] if operation in _WRITES else []
        return [(write["TableName"], self._key(kind, write)) for kind, write in writes]

    def _key(self, kind: str, write: Json) -> Row:
        names = _KEYS[self.names[write["TableName"]]]
        row = write["Item"] if kind == "Put" else write["Key"]
        return {name: row[name] for name in names}

    def _rows(self, keys: Sequence[tuple[str, Row]]) -> list[Row]:
        dynamodb = self.stand.client.boto("dynamodb")
        return [dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item", {}) for table, key in keys]


def _named(request: web.Request) -> tuple[str, str]:
    """Tell a request's service from its signature and its operation from its target."""
    found = _SERVICE.search(request.headers.get("Authorization", ""))
    return found[1] if found else "", request.headers.get("X-Amz-Target", request.method).rpartition(".")[2]


async def _forward(
    request: web.Request, body: bytes, upstream: str, http: aiohttp.ClientSession
) -> tuple[web.Response, bytes]:
    headers = {name: value for name, value in request.headers.items() if name.lower() not in _HOP_BY_HOP}
    target = upstream + request.raw_path
    async with http.request(request.method, target, data=body, headers=headers, allow_redirects=False) as answer:
        content = await answer.read()
        kept = {n: v for n, v in answer.headers.items() if n.lower() not in _HOP_BY_HOP | {"content-length"}}
        return web.Response(status=answer.status, body=content, headers=kept), content


@asynccontextmanager
async def metered(stand: Stand) -> AsyncGenerator[Meter]:
    """Route every function of the stack through a meter, and back again afterwards."""
    meter = Meter(stand)
    async with aiohttp.ClientSession(auto_decompress=False) as http:
        runners = [await _listen(meter, name, http) for name in stand.outputs["functions"]]
        standing = {
            name: _route(stand, name, port) for name, (_, port) in zip(stand.outputs["functions"], runners, strict=True)
        }
        try:
            yield meter
        finally:
            for name, variables in standing.items():
                _set(stand, name, variables)
            for runner, _ in runners:
                await runner.cleanup()


async def _listen(meter: Meter, function: str, http: aiohttp.ClientSession) -> tuple[web.AppRunner, int]:
    upstream: str = meter.stand.outputs["awsEndpoint"]

    async def handle(request: web.Request) -> web.Response:
        return await meter.passing(function, request, upstream, http)

    app = web.Application(client_max_size=MAX_BODY)
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app, access_log=None, logger=_quiet)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, runner.addresses[0][1]


def _route(stand: Stand, function: str, port: int) -> Mapping[str, str]:
    """Send a function's requests to the meter; answer its variables as they were."""
    name = stand.outputs["functions"][function]
    standing = stand.client.boto("lambda").get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    _set(stand, function, {**standing, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"})
    return standing


def _set(stand: Stand, function: str, variables: Mapping[str, str]) -> None:
    stand.client.boto("lambda").update_function_configuration(
        FunctionName=stand.outputs["functions"][function], Environment={"Variables": dict(variables)}
    )
