"""Lists in pages: a checked limit, and an opaque token that only the list it came from accepts."""

import base64
import binascii
import hashlib
import json

from studio.dynamo import Item
from studio.errors import ErrorType, StudioError

DEFAULT_LIMIT = 20
MAX_LIMIT = 100
_DIGEST_BYTES = 9


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
        raise StudioError(ErrorType.LIMIT_OUT_OF_RANGE, f"limit must be 1 to {MAX_LIMIT}.")
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
        raw = base64.b64decode(token.encode(), altchars=b"-_", validate=True)
        digest, body = raw[:_DIGEST_BYTES], raw[_DIGEST_BYTES:]
        if digest == _digest(list_, body):
            return json.loads(body)
    except (binascii.Error, ValueError):
        pass
    raise invalid_token()


def invalid_token() -> StudioError:
    return StudioError(ErrorType.PAGE_TOKEN_INVALID, "nextToken is not one that this list gave you.")


def _digest(list_: str, body: bytes) -> bytes:
    return hashlib.sha256(list_.encode() + b"\0" + body).digest()[:_DIGEST_BYTES]
