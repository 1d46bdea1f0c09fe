"""Subscriptions, and the events that reach them."""

import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import FieldNode, OperationType, get_argument_values, get_variable_values

from .caller import Caller
from .errors import FieldError, Refusal
from .execute import Call, FieldExecution, Published, denied_fields, project, variable_errors
from .filters import arguments_match, check_filter, filter_matches
from .operation import Operation
from .resolve import Runner
from .schema import Deployed
from .selection import selected

_log = logging.getLogger(__name__)
# AppSync drops a message that is larger, and the publisher sees success.
LARGEST_MESSAGE = 240 * 1024


class Refused(Exception):  # noqa: N818 - carries an answer, is not a fault
    """A subscription was not accepted; ``entries`` say why."""

    def __init__(self, entries: list[dict[str, Any]]) -> None:
        super().__init__("subscription refused")
        self.entries = entries


@dataclass(frozen=True)
class Client:
    """Who began a subscription, by which id: where its events go, and what ends it from this side."""

    id: str
    send: Callable[[str], None]
    end: Callable[[str], None]


@dataclass(frozen=True, eq=False)
class Subscription:
    """One accepted ``start``."""

    client: Client
    field: str
    operation: Operation
    variables: Mapping[str, Any]
    arguments: Mapping[str, Any]
    filters: Mapping[str, Any] | None
    invalidation: Mapping[str, Any] | None
    denied: frozenset[tuple[str, str]]
    caller: Caller

    def wants(self, event: Published) -> bool:
        if self.filters is not None:
            return filter_matches(self.filters, event.value)
        return arguments_match(self.arguments, event.value)

    def ends_with(self, payload: Mapping[str, Any]) -> bool:
        return self.invalidation is not None and filter_matches(self.invalidation, payload)

    @property
    def expired(self) -> bool:
        return self.caller.expires is not None and self.caller.expires <= time.time()


class Hub:
    """All subscriptions of all connections, by the subscription field."""

    def __init__(self) -> None:
        self._by_field: dict[str, dict[Subscription, None]] = {}

    def add(self, subscription: Subscription) -> None:
        self._by_field.setdefault(subscription.field, {})[subscription] = None

    def remove(self, subscription: Subscription) -> None:
        self._by_field.get(subscription.field, {}).pop(subscription, None)

    def __len__(self) -> int:
        return sum(map(len, self._by_field.values()))

    def publish(self, deployed: Deployed, events: Iterable[Published]) -> None:
        """Hand each event to the subscriptions that its mutation feeds and that want it."""
        for event in events:
            for field in deployed.rules.feeds.get(event.mutation, ()):
                for subscription in list(self._by_field.get(field, ())):
                    _deliver(deployed, subscription, event)

    def invalidate(self, invalidations: Iterable[Mapping[str, Any]]) -> None:
        """End the subscriptions whose invalidation filter a mutation's payload matches."""
        for each in invalidations:
            for subscription in list(self._by_field.get(each["subscriptionField"], ())):
                _invalidate(subscription, each["payload"])


def _deliver(deployed: Deployed, subscription: Subscription, event: Published) -> None:
    """Send an event to one subscriber; what goes wrong there is nothing to the publisher."""
    try:
        if not subscription.expired and subscription.wants(event):
            _send(deployed, subscription, event)
    except Exception:  # noqa: BLE001 - logged
        _log.exception("event for %s", subscription.field)


def _invalidate(subscription: Subscription, payload: Mapping[str, Any]) -> None:
    """End a subscription that the payload is about; what goes wrong there is nothing to the mutation."""
    try:
        if subscription.ends_with(payload):
            subscription.client.end(subscription.client.id)
    except Exception:  # noqa: BLE001 - logged
        _log.exception("invalidation of %s", subscription.field)


def _send(deployed: Deployed, subscription: Subscription, event: Published) -> None:
    root = {subscription.field: event.value}
    payload = project(deployed, subscription.operation, subscription.variables, root, subscription.denied)
    message = json.dumps({"id": subscription.client.id, "type": "data", "payload": payload}, separators=(",", ":"))
    if len(message.encode()) <= LARGEST_MESSAGE:
        subscription.client.send(message)


async def subscribe(
    deployed: Deployed,
    operation: Operation,
    call: Call,
    runner: Runner,
    client: Client,
) -> Subscription:
    """Authorize a subscription, run its resolver, and return it.

    Raises
    ------
    Refused, Refusal
        If it is not to be.
    """
    if operation.kind != OperationType.SUBSCRIPTION:
        raise Refusal(400, "UnsupportedOperation", f"{operation.kind.value} not supported through the realtime channel")
    invalid = variable_errors(deployed, operation, call.variables)
    if invalid:
        raise Refused(invalid)
    denied = await denied_fields(deployed, operation, call.caller)
    node, arguments = _root(deployed, operation, call.variables)
    field = node.name.value
    if ("Subscription", field) in denied:
        entry = {"errorType": "Unauthorized", "message": f"Not Authorized to access {field} on type Subscription"}
        raise Refused([entry])
    filters, invalidation = await _resolve(deployed, operation, call, runner, node, arguments)
    return Subscription(client, field, operation, call.variables, arguments, filters, invalidation, denied, call.caller)


def _root(deployed: Deployed, operation: Operation, variables: Mapping[str, Any]) -> tuple[FieldNode, dict[str, Any]]:
    """Return the subscription's one field and the arguments given for it."""
    (node,) = selected(operation.node.selection_set, operation, variables)
    root = deployed.executable.subscription_type
    coerced = get_variable_values(deployed.executable, operation.node.variable_definitions or (), dict(variables))
    assert root is not None
    assert not isinstance(coerced, list), "the variables were checked before"
    return node, get_argument_values(root.fields[node.name.value], node, coerced)


async def _resolve(
    deployed: Deployed, operation: Operation, call: Call, runner: Runner, node: FieldNode, arguments: Mapping[str, Any]
) -> tuple[Mapping[str, Any] | None, Mapping[str, Any] | None]:
    """Run the subscription's resolver, if it has one; return the enhanced filter and the invalidation filter it set."""
    resolver = deployed.api.resolvers.get(("Subscription", node.name.value))
    if resolver is None:
        return None, None
    execution = FieldExecution(deployed, operation, call, runner)
    frame = execution.frame(resolver, None, [node], arguments)
    try:
        await runner.run(resolver, frame, runner.batches())
        for each in filter(None, (frame.subscription_filter, frame.invalidation_filter)):
            check_filter(each)
    except FieldError as error:
        raise Refused([_entry(error)]) from error
    return frame.subscription_filter, frame.invalidation_filter


def _entry(error: FieldError) -> dict[str, Any]:
    return {"errorType": error.error_type, "message": error.message, "data": error.data, "errorInfo": error.info}
