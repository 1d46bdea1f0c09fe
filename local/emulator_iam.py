"""Condition keys of roles that MiniStack does not know, for `emulator.py`: what requests of DynamoDB and S3 name.

- `dynamodb:Attributes` is every top-level attribute that a request names: in its key, its item, any of its expressions
  and the parameters that these came in the place of. MiniStack knows those of a ProjectionExpression. Each part of a
  transaction has its own.
- `s3:if-none-match` is the header of a conditional write.

Only the standard library: see `emulator.py`.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Context = dict[str, Any]

_ATTRIBUTES = "dynamodb:Attributes"
_EXPRESSIONS = (
    *("UpdateExpression", "ConditionExpression", "ProjectionExpression"),
    *("KeyConditionExpression", "FilterExpression"),
)
# What expressions came after, and DynamoDB still takes: each a map, or a list, of attributes.
_LEGACY = ("AttributeUpdates", "Expected", "AttributesToGet", "KeyConditions", "QueryFilter", "ScanFilter")
# The first step of each path: an alias, or a name that is no function, operator or keyword; what follows a dot is none.
_PATH = re.compile(r"(?<![:.\w#])(#\w+|[A-Za-z_]\w*)(?!\w|\s*\()")
_WORDS = {"SET", "ADD", "REMOVE", "DELETE", "AND", "OR", "NOT", "BETWEEN", "IN"}


class Arn(str):
    """A table's ARN with the attributes that one part of a transaction names."""

    __slots__ = ("attributes",)

    attributes: list[str]


def attributes(request: Mapping[str, Any]) -> list[str]:
    """Return the top-level attributes that one request, or one part of a transaction, names."""
    names = request.get("ExpressionAttributeNames") or {}
    found = {*(request.get("Key") or {}), *(request.get("Item") or {})}
    for parameter in _LEGACY:
        found.update(request.get(parameter) or ())
    for expression in _EXPRESSIONS:
        found.update(names.get(path, path) for path in _paths(request.get(expression) or ""))
    return sorted(found)


def _paths(expression: str) -> Iterator[str]:
    for path in _PATH.findall(expression):
        if path.upper() not in _WORDS:
            yield path


def naming_attributes(context_of: Callable[[bytes], Context]) -> Callable[[bytes], Context]:
    def run(body: bytes) -> Context:
        context = context_of(body)
        if named := attributes(_object(body)):
            context[_ATTRIBUTES] = named
        return context

    return run


def naming_attributes_of_parts(checks_of: Callable[..., Any]) -> Callable[..., Any]:
    """Give each check of a transaction the attributes of its part; the checks come in the order of the parts."""

    def run(iam_action: str, body: bytes, *more: Any) -> list[tuple[str, str]]:
        checks: list[tuple[str, str]] = checks_of(iam_action, body, *more)
        parts = [detail for item in _object(body).get("TransactItems") or [] for detail in item.values()]
        return [(action, _with(arn, part)) for (action, arn), part in zip(checks, parts, strict=True)]

    return run


def _with(arn: str, part: Mapping[str, Any]) -> Arn:
    found = Arn(arn)
    found.attributes = attributes(part)
    return found


def by_part(enforce: Callable[..., Any]) -> Callable[..., Any]:
    """Have a part of a transaction judged by its own attributes."""

    def run(*given: Any, resource_arn: str, service_context: Context | None = None, **more: Any) -> Any:
        if isinstance(resource_arn, Arn):
            service_context = {**(service_context or {}), _ATTRIBUTES: resource_arn.attributes}
        return enforce(*given, resource_arn=resource_arn, service_context=service_context, **more)

    return run


def naming_conditional_writes(context_of: Callable[..., Context]) -> Callable[..., Context]:
    def run(iam_action: str, query: Any, path: str = "", headers: Mapping[str, str] | None = None) -> Context:
        context = context_of(iam_action, query, path, headers)
        if condition := (headers or {}).get("if-none-match"):
            context["s3:if-none-match"] = condition
        return context

    return run


def mend(actions: Any, evaluator: Any) -> None:
    """Put it into MiniStack's modules; it looks these functions up at every request."""
    actions.dynamodb_service_context = naming_attributes(actions.dynamodb_service_context)
    actions.dynamodb_transaction_checks = naming_attributes_of_parts(actions.dynamodb_transaction_checks)
    actions.s3_service_context = naming_conditional_writes(actions.s3_service_context)
    evaluator.enforce = by_part(evaluator.enforce)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
