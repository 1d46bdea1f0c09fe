"""One operation, executed for one caller."""

import asyncio
import re
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from graphql import (
    ExecutionResult,
    Executor,
    FieldNode,
    GraphQLError,
    GraphQLObjectType,
    OperationType,
    get_variable_values,
)
from graphql import execute as run
from graphql.pyutils import Path, Undefined

from .api import Resolver
from .caller import Caller
from .directives import allows
from .errors import (
    FieldError,
    execution_entry,
    field_error_entry,
    not_authorized_field,
    unauthorized,
    validation_entry,
)
from .filters import check_invalidations
from .operation import Operation
from .resolve import Frame, Runner
from .schema import Deployed, Info
from .selection import by_field_name, selected, selection_list, selection_text

if TYPE_CHECKING:
    from collections.abc import Iterable

# What AppSync itself stops at where the API sets no limit of its own.
_RESOLVERS = 10_000
_NULL_VALUE = re.compile(r": Expected (?:a )?value of non-null type '([^']+)'")
_ROOTS = {OperationType.QUERY: "Query", OperationType.MUTATION: "Mutation", OperationType.SUBSCRIPTION: "Subscription"}


@dataclass(frozen=True)
class Call:
    """A request as it came: who, with which headers and variables."""

    caller: Caller
    headers: Mapping[str, str]
    variables: Mapping[str, Any]


@dataclass(frozen=True)
class Published:
    """A mutation field that succeeded, for the subscriptions it feeds: its value keyed by field names."""

    mutation: str
    value: Any


@dataclass(frozen=True)
class Answer:
    body: dict[str, Any]
    published: tuple[Published, ...] = ()
    invalidated: Sequence[Mapping[str, Any]] = ()
    """``{subscriptionField, payload}`` of each call of ``extensions.invalidateSubscriptions``."""


class FieldExecution:
    """The context every field of one execution shares."""

    projecting = False

    def __init__(self, deployed: Deployed, operation: Operation, call: Call, runner: Runner) -> None:
        self._api = deployed.api
        self._operation = operation
        self._call = call
        self._batches = runner.batches()
        self._resolvers = 0
        self._appended: list[dict[str, Any]] = []
        limit = deployed.api.depth_limit
        self._depth_limit = limit if limit and operation.depth > limit else 0
        self.denied: frozenset[tuple[str, str]] = frozenset()
        self.invalidated: list[Mapping[str, Any]] = []
        self.runner = runner

    @property
    def watched(self) -> bool:
        return bool(self._depth_limit or self.denied)

    @property
    def appended(self) -> list[dict[str, Any]]:
        """Errors that resolvers reported beside their value."""
        return self._appended

    def check(self, info: Info) -> None:
        if (info.parent_type.name, info.field_name) in self.denied:
            raise not_authorized_field(info.parent_type.name, info.field_name)
        if self._depth_limit and _depth(info.path) > self._depth_limit:
            raise FieldError(f"Query depth limit of {self._depth_limit} reached.", "QueryDepthLimitReached")

    def resolve(self, resolver: Resolver, source: Any, info: Info, arguments: dict[str, Any]) -> Awaitable[Any]:
        self._resolvers += 1
        limit = self._api.resolver_limit or _RESOLVERS
        if self._resolvers > limit:
            raise FieldError(f"Resolver execution limit of {limit} reached.", "ResolverExecutionLimitReached")
        return self._resolve(resolver, self.frame(resolver, source, info.field_nodes, arguments), info)

    async def _resolve(self, resolver: Resolver, frame: Frame, info: Info) -> Any:
        try:
            value = await self.runner.run(resolver, frame, self._batches)
            self._invalidate(frame.invalidations)
            return value
        finally:
            for error in frame.appended:
                places = [place for node in info.field_nodes for place in GraphQLError("", node).locations or ()]
                self._appended.append(field_error_entry(error, info.path.as_list(), places))

    def _invalidate(self, asked: Sequence[Any]) -> None:
        if asked and self._operation.kind != OperationType.MUTATION:
            raise FieldError("Only mutations invalidate subscriptions.", "SubscriptionInvalidation")
        known = [*self.invalidated, *(each for each in asked if each not in self.invalidated)]
        check_invalidations(known)
        self.invalidated = known

    def frame(self, resolver: Resolver, source: Any, nodes: list[FieldNode], arguments: Mapping[str, Any]) -> Frame:
        """Return what a resolver of this field sees."""
        call = self._call
        return Frame(
            arguments=arguments,
            identity=call.caller.identity,
            source=source,
            headers=call.headers,
            mode=call.caller.mode,
            info={
                "fieldName": resolver.field_name,
                "parentTypeName": resolver.type_name,
                "variables": call.variables,
                "selectionSetList": selection_list(nodes, self._operation, call.variables),
                "selectionSetGraphQL": selection_text(nodes, self._operation),
            },
        )


class Projection:
    """The context of an event's execution: values are read, nothing is resolved."""

    projecting = True

    def __init__(self, denied: frozenset[tuple[str, str]] = frozenset()) -> None:
        self._denied = denied

    @property
    def watched(self) -> bool:
        return bool(self._denied)

    def check(self, info: Info) -> None:
        if (info.parent_type.name, info.field_name) in self._denied:
            raise not_authorized_field(info.parent_type.name, info.field_name)


def _depth(path: Path | None) -> int:
    depth = 0
    while path:
        depth += isinstance(path.key, str)
        path = path.prev
    return depth


async def denied_fields(deployed: Deployed, operation: Operation, caller: Caller) -> frozenset[tuple[str, str]]:
    """Return the fields of ``operation`` that the caller may not have.

    Raises
    ------
    Refusal
        If an IAM caller's policies allow none of the root fields.
    """
    grants = deployed.rules.grants
    closed = {
        each for each in operation.fields if each in grants and not allows(grants[each], caller.mode, caller.groups)
    }
    if caller.permits:
        closed |= await _not_permitted(operation, caller)
    return frozenset(closed) | caller.denied


async def _not_permitted(operation: Operation, caller: Caller) -> set[tuple[str, str]]:
    assert caller.permits
    root = _ROOTS[operation.kind]
    names = sorted(set(operation.roots))
    answers = await asyncio.gather(*(caller.permits(root, name) for name in names))
    if not any(answers):
        raise unauthorized("Permission denied")
    return {(root, name) for name, allowed in zip(names, answers, strict=True) if not allowed}


async def execute(deployed: Deployed, operation: Operation, call: Call, runner: Runner) -> Answer:
    """Execute a query or a mutation and return AppSync's answer to it."""
    invalid = variable_errors(deployed, operation, call.variables)
    if invalid:
        return Answer({"data": None, "errors": invalid})
    execution = FieldExecution(deployed, operation, call, runner)
    execution.denied = await denied_fields(deployed, operation, call.caller)
    schema = deployed.public if operation.introspects else deployed.executable
    result = await _run(schema, operation, call.variables, execution)
    entries = [execution_entry(error, schema) for error in result.errors or ()] + execution.appended
    body = {"data": result.data, **({"errors": entries} if entries else {})}
    return Answer(body, _published(operation, call.variables, result), execution.invalidated)


class _Serial(Executor[None]):
    """Runs a mutation's fields one after the other in a loop: graphql-core nests them, as deep as there are fields."""

    def execute_fields_serially(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: Mapping[str, Any],
        position_context: None,
    ) -> Awaitable[dict[str, Any]]:
        async def one_after_the_other() -> dict[str, Any]:
            results: dict[str, Any] = {}
            for name, details in grouped_field_set.items():
                at = Path(path, name, parent_type.name)
                value = self.execute_field(parent_type, source_value, details, at, position_context)
                if value is not Undefined:
                    results[name] = await value if isawaitable(value) else value
            return results

        return one_after_the_other()


async def _run(schema: Any, operation: Operation, variables: Mapping[str, Any], context: Any) -> ExecutionResult:
    name = operation.node.name.value if operation.node.name else None
    result = run(
        schema,
        operation.document,
        context_value=context,
        variable_values=dict(variables),
        operation_name=name,
        executor_class=_Serial,
    )
    return await result if isawaitable(result) else result


def variable_errors(deployed: Deployed, operation: Operation, variables: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the errors of variables that do not fit their types."""
    definitions = operation.node.variable_definitions or ()
    coerced = get_variable_values(deployed.public, definitions, dict(variables))
    errors: Iterable[GraphQLError] = coerced if isinstance(coerced, list) else ()
    return [validation_entry(_variable_message(error), error.locations) for error in errors]


def _variable_message(error: GraphQLError) -> str:
    """Word it as AppSync does where it has words for it; graphql-core's say more about the rest."""
    name, _, reason = error.message.removeprefix("Variable '$").partition("'")
    null = _NULL_VALUE.search(reason)
    if null:
        return f"Variable '{name}' has coerced Null value for NonNull type '{null.group(1)}'"
    return f"Variable '{name}'{reason.replace(' has invalid value', ' has an invalid value')}"


def _published(operation: Operation, variables: Mapping[str, Any], result: ExecutionResult) -> tuple[Published, ...]:
    if operation.kind != OperationType.MUTATION or not result.data:
        return ()
    events: list[Published] = []
    for node in selected(operation.node.selection_set, operation, variables):
        value = result.data.get((node.alias or node.name).value)
        if value is not None:
            events.append(Published(node.name.value, by_field_name(value, node.selection_set, operation, variables)))
    return tuple(events)


def project(
    deployed: Deployed,
    operation: Operation,
    variables: Mapping[str, Any],
    root: Mapping[str, Any],
    denied: frozenset[tuple[str, str]],
) -> dict[str, Any]:
    """Return what a subscriber gets of an event: its own selection, read from ``root``, the mutation's."""
    result = run(
        deployed.executable,
        operation.document,
        root_value=root,
        context_value=Projection(denied),
        variable_values=dict(variables),
        operation_name=operation.node.name.value if operation.node.name else None,
    )
    assert isinstance(result, ExecutionResult)
    entries = [execution_entry(error, deployed.executable) for error in result.errors or ()]
    return {"data": result.data, **({"errors": entries} if entries else {})}
