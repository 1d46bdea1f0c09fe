"""A GraphQL request as strangers send it: JSON that may hold anything."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, Self

from .errors import malformed


@dataclass(frozen=True)
class GraphQLRequest:
    """What is asked; ``operation_name`` says which of the document's operations is meant."""

    query: str
    operation_name: str | None
    variables: Mapping[str, Any]

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Check the parts of a request.

        Raises
        ------
        Refusal
            400 if one has another type, or there is no query.
        """
        query, name, variables = body.get("query"), body.get("operationName"), body.get("variables")
        if query is None:
            raise malformed("Invalid request, `query` can't be null.")
        if not isinstance(query, str) or not isinstance(name or "", str) or not isinstance(variables or {}, dict):
            raise malformed("Invalid JSON payload in GraphQLAuth POST request.")
        if not query.strip():
            raise malformed("Invalid request, `query` can't be empty.")
        return cls(query, name or None, variables or {})


def read_json(text: str | bytes) -> Any:
    """Return what a JSON text holds.

    Raises
    ------
    ValueError
        It is not JSON, holds Python's NaN or Infinity, or is nested too deeply to be read.
    """
    try:
        return json.loads(text, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
