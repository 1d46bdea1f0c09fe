"""Where the credentials of a real-time client are: in the URL, in the sub-protocol, in plain headers, in a message."""

import base64
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from .errors import malformed, unauthorized
from .request import read_json
from .sigv4 import Signed

SUB_PROTOCOL = "graphql-ws"
_HEADER_PROTOCOL = "header-"


def connect_credentials(request: web.Request) -> Signed:
    """Return the credentials of a connection, as signed for ``/graphql/connect``.

    Raises
    ------
    Refusal
        If they are there and cannot be read.
    """
    in_query = request.query.get("header")
    if in_query is not None:
        # Older clients put plain base64 in the URL, where a plus sign means a space.
        payload = _decode(request.query.get("payload", "").replace(" ", "+")) or b"{}"
        return Signed("/graphql/connect", _headers(_decode(in_query.replace(" ", "+"))), payload)
    for offered in request.headers.get("Sec-WebSocket-Protocol", "").split(","):
        if offered.strip().startswith(_HEADER_PROTOCOL):
            encoded = offered.strip().removeprefix(_HEADER_PROTOCOL)
            return Signed("/graphql/connect", _headers(_decode(encoded)), b"{}")
    return Signed("/graphql/connect", {name.lower(): value for name, value in request.headers.items()}, b"{}")


def _decode(text: str) -> bytes:
    """Decode base64 of either alphabet, padded or not."""
    plain = text.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except ValueError as error:
        raise unauthorized() from error


def _headers(encoded: bytes) -> dict[str, str]:
    try:
        decoded = read_json(encoded)
    except ValueError as error:
        raise unauthorized() from error
    return _lower(decoded)


def _lower(headers: Any) -> dict[str, str]:
    if not isinstance(headers, dict):
        raise unauthorized()
    return {str(name).lower(): str(value) for name, value in headers.items()}


def start_credentials(payload: Mapping[str, Any]) -> tuple[Signed, dict[str, Any]]:
    """Return the credentials of a ``start`` message and the GraphQL request it holds as a string.

    Raises
    ------
    Refusal
        If either is not what AppSync takes.
    """
    data = payload.get("data")
    extensions = payload.get("extensions")
    authorization = extensions.get("authorization") if isinstance(extensions, dict) else None
    if not isinstance(data, str):
        raise malformed("The payload of start needs data, a string.")
    try:
        request = read_json(data)
    except ValueError as error:
        raise malformed("The data of start is not JSON.") from error
    if not isinstance(request, dict):
        raise malformed("The data of start is not a JSON object.")
    return Signed("/graphql", _lower(authorization or {}), data.encode()), request
