"""Lambda functions, invoked."""

import json
from collections import defaultdict
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

import aiohttp

from local.turns import Turns

from .aws import Aws
from .time_limit import waiting


@dataclass(eq=False)
class LambdaError(Exception):
    """The function raised, or could not be called; ``type`` is the errorType AppSync gives it."""

    message: str
    type: str

    def __str__(self) -> str:
        return self.message


class Invoker(Protocol):
    """Calls functions by ARN."""

    async def invoke(self, function: str, payload: Any) -> Any:
        """Return what the function answers.

        Raises
        ------
        LambdaError
            If it raised or could not be called.
        """
        ...

    async def send(self, function: str, payload: Any) -> None:
        """Invoke without waiting for the answer."""
        ...


class LambdaInvoker:
    """Invokes functions through Lambda's own API, a few calls of each at a time.

    The emulator would have the others wait as well, but here it is known how long they did: their time begins after it.
    """

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._turns: dict[str, Turns] = defaultdict(Turns)

    async def invoke(self, function: str, payload: Any) -> Any:
        async with AsyncExitStack() as turn:
            with waiting():
                await turn.enter_async_context(self._turns[function])
            status, headers, body = await self._call(function, payload, "RequestResponse")
        if status >= 300:  # noqa: PLR2004 - HTTP's own line
            raise _refused(headers, body)
        answer = json.loads(body) if body else None
        if "X-Amz-Function-Error" in headers:
            message = answer.get("errorMessage") if isinstance(answer, dict) else None
            raise LambdaError(message or "The function failed.", "Lambda:Unhandled")
        return answer

    async def send(self, function: str, payload: Any) -> None:
        status, headers, body = await self._call(function, payload, "Event")
        if status >= 300:  # noqa: PLR2004
            raise _refused(headers, body)

    async def _call(self, function: str, payload: Any, kind: str) -> tuple[int, Any, bytes]:
        path = f"/2015-03-31/functions/{quote(function, safe='')}/invocations"
        headers = {"X-Amz-Invocation-Type": kind, "Content-Type": "application/json"}
        try:
            return await self._aws.post("lambda", path, json.dumps(payload).encode(), headers)
        except aiohttp.ClientError as error:
            raise LambdaError("Lambda could not be reached.", "Lambda:ServiceException") from error


def _refused(headers: Any, body: bytes) -> LambdaError:
    try:
        answer = json.loads(body)
    except ValueError:
        answer = {}
    code = (headers.get("x-amzn-ErrorType") or answer.get("__type") or "ServiceException").split(":")[0]
    return LambdaError(answer.get("message") or answer.get("Message") or code, f"Lambda:{code}")
