"""Tokens of lists in pages: opaque, and accepted only by the list that they came from."""

import base64
import hashlib
import json
from typing import Any

from studio import text
from studio.dynamo import Item
from studio.errors import ErrorType, StudioError

DEFAULT_LIMIT = 20
MAX_LIMIT = 100
_DIGEST_BYTES = 9
_LONGEST_TOKEN = 8192  # more than any: the keys of a row and of its index have some 1,000 bytes
_LARGEST = 10**38  # DynamoDB keeps 38 digits


def checked_limit(limit: int | None) -> int:
    """Apply the default of 20.

    Raises
    ------
    StudioError
        LIMIT_OUT_OF_RANGE: not 1 to 100.
    """
    if limit is None:
        return DEFAULT_LIMIT
    if not 1 <= limit <= MAX_LIMIT:
        raise StudioError(ErrorType.LIMIT_OUT_OF_RANGE, f"limit must be 1 to {MAX_LIMIT}.", min=1, max=MAX_LIMIT)
    return limit


def encode(list_: str, position: Item | None) -> str | None:
    """Return the token for where `list_` (a name with its owner) goes on, or None at its end.

    The digest is no secret: it catches damage and a token of another list. Whoever forges one still reads only
    their own list, because the list's key never comes from the token.
    """
    if position is None:
        return None
    body = json.dumps(position, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_digest(list_, body) + body).decode()


def decode(list_: str, token: str | None) -> Item | None:
    """Return the position a token stands for.

    Raises
    ------
    StudioError
        PAGE_TOKEN_INVALID: malformed, or of another list.
    """
    if token is None:
        return None
    try:
        position = _position(list_, token)
    except (ValueError, RecursionError):
        raise invalid_token() from None
    if not _is_sound(position):
        raise invalid_token()
    return position


def _position(list_: str, token: str) -> Any:
    if len(token) > _LONGEST_TOKEN:
        raise invalid_token()
    raw = base64.b64decode(token.encode(), altchars=b"-_", validate=True)
    digest, body = raw[:_DIGEST_BYTES], raw[_DIGEST_BYTES:]
    if digest != _digest(list_, body):
        raise invalid_token()
    return json.loads(body)


def _is_sound(position: Any) -> bool:
    """Tell whether a position is one of DynamoDB's: names with texts and whole numbers."""
    return isinstance(position, dict) and position != {} and all(_is_key(*each) for each in position.items())


def _is_key(name: str, value: Any) -> bool:
    if isinstance(value, str):
        return value != "" and text.is_whole(name + value)
    return type(value) is int and abs(value) < _LARGEST and text.is_whole(name)


def invalid_token() -> StudioError:
    return StudioError(ErrorType.PAGE_TOKEN_INVALID, "nextToken is not one that this list gave you.")


def _digest(list_: str, body: bytes) -> bytes:
    return hashlib.sha256(list_.encode() + b"\0" + body).digest()[:_DIGEST_BYTES]
