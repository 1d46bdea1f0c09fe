"""The two ways a request goes wrong: refused as a whole, or one field at a time; and how AppSync words both."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, GraphQLObjectType, GraphQLSchema, SourceLocation, get_named_type

NOT_AUTHORIZED = "You are not authorized to make this call."


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818 - not an accident
    """The whole request is refused with this HTTP status and errorType."""

    status: int
    error_type: str
    message: str

    def body(self) -> dict[str, Any]:
        return {"errors": [{"errorType": self.error_type, "message": self.message}]}


@dataclass(eq=False)
class FieldError(Exception):
    """One field fails; its siblings do not."""

    message: str
    error_type: str | None = None
    data: Any = None
    info: Any = None

    def __str__(self) -> str:
        return self.message


def unauthorized(message: str = NOT_AUTHORIZED) -> Refusal:
    return Refusal(401, "UnauthorizedException", message)


def malformed(message: str) -> Refusal:
    return Refusal(400, "MalformedHttpRequestException", message)


def not_authorized_field(type_name: str, field_name: str) -> FieldError:
    return FieldError(f"Not Authorized to access {field_name} on type {type_name}", "Unauthorized")


def written_path(path: Iterable[str | int]) -> str:
    """Return ``/jobs/items[0]/id``, the way AppSync writes a path inside a message."""
    return "".join(f"[{step}]" if isinstance(step, int) else f"/{step}" for step in path)


def locations(places: Iterable[SourceLocation] | None) -> list[dict[str, Any]] | None:
    if places is None:
        return None
    return [{"line": place.line, "column": place.column, "sourceName": None} for place in places]


def field_error_entry(
    error: FieldError, path: list[str | int], places: Iterable[SourceLocation] | None
) -> dict[str, Any]:
    return {
        "path": path,
        "data": error.data,
        "errorType": error.error_type,
        "errorInfo": error.info,
        "locations": locations(places),
        "message": error.message,
    }


_NON_NULL = re.compile(r"Cannot return null for non-nullable field (\w+)\.(\w+)\.")


def execution_entry(error: GraphQLError, schema: GraphQLSchema) -> dict[str, Any]:
    """Return one error of an executed operation in AppSync's shape."""
    path = error.path or []
    cause = error.original_error
    if isinstance(cause, FieldError):
        return field_error_entry(cause, path, error.locations)
    return {"path": path, "locations": None, "message": _execution_message(error, path, schema)}


def _execution_message(error: GraphQLError, path: list[str | int], schema: GraphQLSchema) -> str:
    null = _NON_NULL.match(error.message)
    parent = schema.type_map.get(null.group(1)) if null else None
    if null and isinstance(parent, GraphQLObjectType):
        of_type = get_named_type(parent.fields[null.group(2)].type)
        place = f"within parent '{parent.name}' ({written_path(path)})"
        return f"Cannot return null for non-nullable type: '{of_type.name}' {place}"
    return f"Can't resolve value ({written_path(path)}) : {error.message}"


def validation_entry(message: str, places: Iterable[SourceLocation] | None) -> dict[str, Any]:
    return {"path": None, "locations": locations(places), "errorType": "ValidationError", "message": message}
