"""Resolvers, run: direct Lambda ones, APPSYNC_JS units and pipelines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .api import Resolver, Source, Step
from .batch import Batches, Seat
from .errors import FieldError, not_authorized_field
from .invoke import Invoker, LambdaError
from .javascript import Evaluated, JavaScript
from .time_limit import time_limit

# AppSync ends a resolver after this long. What waits for its turn on this machine does not count.
_SECONDS = 30.0


@dataclass
class Frame:
    """What one resolver sees, and what it leaves behind."""

    arguments: Mapping[str, Any]
    identity: Mapping[str, Any] | None
    source: Any
    headers: Mapping[str, str]
    info: Mapping[str, Any]
    mode: str = ""
    """The authorization mode of the caller."""
    stash: dict[str, Any] = field(default_factory=dict[str, Any])
    prev: Any = None
    appended: list[FieldError] = field(default_factory=list[FieldError])
    subscription_filter: Any = None
    invalidation_filter: Any = None
    invalidations: list[Any] = field(default_factory=list[Any])
    """What was given to ``extensions.invalidateSubscriptions``."""

    def event(self) -> dict[str, Any]:
        """Return the event of a direct Lambda resolver, which is also the context of an APPSYNC_JS handler."""
        return {
            "arguments": self.arguments,
            "identity": self.identity,
            "source": self.source,
            "request": {"headers": self.headers, "domainName": None},
            "prev": self.prev,
            "info": self.info,
            "stash": self.stash,
        }


class Runner:
    """Runs resolvers against a Lambda invoker and an APPSYNC_JS runtime."""

    def __init__(self, invoker: Invoker, javascript: JavaScript, environment: Mapping[str, str]) -> None:
        self._invoker = invoker
        self._javascript = javascript
        self._environment = environment

    def batches(self) -> Batches:
        """Return the place where the ``BatchInvoke`` calls of one request meet."""
        return Batches(self._invoker)

    async def run(self, resolver: Resolver, frame: Frame, batches: Batches) -> Any:
        """Return the value of the field that ``resolver`` answers.

        Raises
        ------
        FieldError
            Whatever goes wrong, in the words of AppSync.
        """
        seat = batches.seat(resolver)
        try:
            async with time_limit(_SECONDS):
                return await self._run(resolver, frame, seat)
        except TimeoutError as error:
            raise FieldError("Execution timed out.", "ExecutionTimeout") from error
        finally:
            seat.end()

    async def _run(self, resolver: Resolver, frame: Frame, seat: Seat) -> Any:
        if resolver.pipeline:
            return await self._pipeline(resolver, frame, seat)
        step = resolver.steps[0]
        if step.code:
            return (await self._javascript_step(step, frame, seat)).value
        return await self._direct(resolver, step, frame, seat)

    async def _direct(self, resolver: Resolver, step: Step, frame: Frame, seat: Seat) -> Any:
        """Run a resolver without code: the function gets the whole context and answers with the value."""
        if step.source.type != "AWS_LAMBDA" or step.template:
            raise _unsupported(f"{resolver.type_name}.{resolver.field_name} has no APPSYNC_JS code")
        if step.max_batch:
            answer = await seat.invoke(step, frame.event())
            return _batched_value(answer)
        return await _lambda(self._invoker, step.source, frame.event())

    async def _pipeline(self, resolver: Resolver, frame: Frame, seat: Seat) -> Any:
        before = await self._evaluate(resolver.code, "request", frame, {})
        frame.prev = {"result": before.value}
        if not before.early:
            for step in resolver.steps:
                done = await self._javascript_step(step, frame, seat)
                frame.prev = {"result": done.value}
                if done.ends_pipeline:
                    break
        last = frame.prev["result"]
        return (await self._evaluate(resolver.code, "response", frame, {"result": last})).value

    async def _javascript_step(self, step: Step, frame: Frame, seat: Seat) -> Evaluated:
        asked = await self._evaluate(step.code, "request", frame, {})
        if asked.early:
            return asked
        outcome: dict[str, Any] = {}
        try:
            outcome["result"] = await self._ask(step, asked.value, seat)
        except LambdaError as error:
            outcome = {"result": None, "error": {"message": error.message, "type": error.type}}
        return await self._evaluate(step.code, "response", frame, outcome)

    async def _evaluate(self, code: str, handler: str, frame: Frame, more: Mapping[str, Any]) -> Evaluated:
        context = {**frame.event(), "env": self._environment, **more}
        done = await self._javascript.evaluate(code, handler, context, frame.mode)
        frame.stash = done.stash
        frame.appended += done.appended
        frame.invalidations += done.invalidations
        frame.subscription_filter = done.subscription_filter or frame.subscription_filter
        frame.invalidation_filter = done.invalidation_filter or frame.invalidation_filter
        if done.unauthorized:
            raise not_authorized_field(frame.info["parentTypeName"], frame.info["fieldName"])
        if done.error:
            raise done.error
        return done

    async def _ask(self, step: Step, request: Any, seat: Seat) -> Any:
        """Give a request handler's answer to its data source."""
        request = request if isinstance(request, dict) else {}
        if step.source.type == "NONE":
            return request.get("payload")
        if step.source.type != "AWS_LAMBDA":
            raise _unsupported(f"data sources of type {step.source.type} are not served")
        match request.get("operation"):
            case "Invoke":
                return await self._invoke(step.source, request)
            case "BatchInvoke":
                return await seat.invoke(step, request.get("payload"))
            case other:
                raise FieldError(f"Unsupported operation '{other}'.", "Code")

    async def _invoke(self, source: Source, request: Mapping[str, Any]) -> Any:
        if request.get("invocationType") == "Event":
            await self._invoker.send(source.function, request.get("payload"))
            return None
        return await self._invoker.invoke(source.function, request.get("payload"))


async def _lambda(invoker: Invoker, source: Source, event: Any) -> Any:
    try:
        return await invoker.invoke(source.function, event)
    except LambdaError as error:
        raise FieldError(error.message, error.type) from error


def _batched_value(answer: Any) -> Any:
    """Return one answer of a direct ``BatchInvoke``: ``{data, errorMessage, errorType}``, or the bare value."""
    if isinstance(answer, dict) and answer.get("errorMessage"):
        raise FieldError(answer["errorMessage"], answer.get("errorType"), answer.get("data"), answer.get("errorInfo"))
    return answer["data"] if isinstance(answer, dict) and "data" in answer else answer


def _unsupported(what: str) -> FieldError:
    return FieldError(f"This local AppSync cannot run it: {what}.", "UnsupportedOperation")
