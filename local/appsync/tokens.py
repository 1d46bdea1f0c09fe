"""JSON web tokens, verified against their issuer's keys."""

import re
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import jwt
from jwt import PyJWK, PyJWKSet, PyJWTError

from .errors import unauthorized

# An unknown key id makes the keys be read again, but not more often than this.
_REFRESH_SECONDS = 5.0


class Keys:
    """The signing keys of one issuer."""

    def __init__(self, fetch: Callable[[], Awaitable[Any]]) -> None:
        self._fetch = fetch
        self._keys: dict[str, PyJWK] = {}
        self._read = float("-inf")

    async def get(self, key_id: str) -> PyJWK:
        """Return the key ``key_id``.

        Raises
        ------
        Refusal
            If the issuer has no such key.
        """
        if key_id not in self._keys and time.monotonic() - self._read > _REFRESH_SECONDS:
            found = PyJWKSet.from_dict(await self._fetch())
            self._keys = {key.key_id: key for key in found.keys if key.key_id}
            self._read = time.monotonic()
        if key_id not in self._keys:
            raise unauthorized()
        return self._keys[key_id]


async def verified_claims(token: str, keys: Keys, issuer: str) -> dict[str, Any]:
    """Return the claims of a token whose signature, issuer and times are right.

    Raises
    ------
    Refusal
        401 if one of them is not.
    """
    try:
        header = jwt.get_unverified_header(token)
        key = await keys.get(str(header.get("kid")))
        return jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            issuer=issuer,
            options={"require": ["exp", "iat", "sub"], "verify_aud": False},
        )
    except jwt.ExpiredSignatureError as error:
        raise unauthorized("Token has expired.") from error
    except PyJWTError as error:
        raise unauthorized() from error


def check_client(claims: Mapping[str, Any], pattern: str) -> None:
    """Check that a Cognito token is an id or access token of an app client that ``pattern`` takes.

    Raises
    ------
    Refusal
        401 if it is not.
    """
    client = {"id": claims.get("aud"), "access": claims.get("client_id")}.get(str(claims.get("token_use")))
    if not isinstance(client, str) or not client:
        raise unauthorized()
    check_audience([client], pattern)


def check_audience(audience: list[str], pattern: str) -> None:
    if pattern and not any(re.fullmatch(pattern, each) for each in audience):
        raise unauthorized()


def bearer(value: str) -> str:
    """Return the token of an Authorization value; AppSync takes it with and without ``Bearer``."""
    return value[7:].strip() if value[:7].lower() == "bearer " else value.strip()
