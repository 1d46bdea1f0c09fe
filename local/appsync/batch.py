"""``BatchInvoke``: the calls that one resolver makes for many sources of one request, in few invocations."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from .api import Resolver, Step
from .errors import FieldError
from .invoke import Invoker
from .time_limit import TimeLimit, current, shared

# AppSync's largest batch where the resolver names none.
_LARGEST = 5


@dataclass
class _Group:
    """The runs of one resolver in one request."""

    coming: int = 0
    """Runs that may still ask."""
    step: Step | None = None
    payloads: list[Any] = field(default_factory=list[Any])
    answers: list["asyncio.Future[Any]"] = field(default_factory=list["asyncio.Future[Any]"])
    limits: list[TimeLimit] = field(default_factory=list[TimeLimit])
    """Of those who wait for the answers."""


class Batches:
    """Collects the batch calls of one request.

    A batch is sent when it is full, or when no run that might still join it is left.
    """

    def __init__(self, invoker: Invoker) -> None:
        self._invoker = invoker
        self._groups: dict[tuple[str, str], _Group] = defaultdict(_Group)
        self._tasks: set[asyncio.Task[None]] = set()

    def seat(self, resolver: Resolver) -> "Seat":
        """Note that a run of ``resolver`` has begun."""
        group = self._groups[resolver.type_name, resolver.field_name]
        group.coming += 1
        return Seat(self, group)

    def send(self, group: _Group) -> None:
        """Invoke for all that waits in ``group``."""
        if group.step is None or not group.payloads:
            return
        payloads, answers, limits = group.payloads, group.answers, group.limits
        group.payloads, group.answers, group.limits = [], [], []
        with shared(limits):
            task = asyncio.create_task(self._deliver(group.step, payloads, answers))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, step: Step, payloads: list[Any], answers: list["asyncio.Future[Any]"]) -> None:
        try:
            results = _as_many(await self._invoker.invoke(step.source.function, payloads), len(payloads))
        except Exception as error:  # noqa: BLE001 - each waiter gets it
            results: list[Any] = [error] * len(payloads)
        for answer, result in zip(answers, results, strict=True):
            if answer.done():
                continue
            if isinstance(result, Exception):
                answer.set_exception(result)
            else:
                answer.set_result(result)


def _as_many(results: Any, wanted: int) -> list[Any]:
    if not isinstance(results, list) or len(results) != wanted:
        raise FieldError("A batch must be answered with a list of the same length.", "Lambda:IllegalArgument")
    return results


class Seat:
    """The place of one resolver run in the batches of its request."""

    def __init__(self, batches: Batches, group: _Group) -> None:
        self._batches = batches
        self._group = group
        self._asked = False

    async def invoke(self, step: Step, payload: Any) -> Any:
        """Return the answer to ``payload`` out of a batch shared with the siblings."""
        group = self._group
        group.step = step
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        group.payloads.append(payload)
        group.answers.append(answer)
        group.limits += current()
        self._leave()
        if group.coming == 0 or len(group.payloads) >= (step.max_batch or _LARGEST):
            self._batches.send(group)
        return await answer

    def end(self) -> None:
        """Note that the run is over, whether or not it asked; the last one sends for those who wait."""
        self._leave()
        if self._group.coming == 0:
            self._batches.send(self._group)

    def _leave(self) -> None:
        if self._asked:
            return
        self._asked = True
        self._group.coming -= 1
