"""Google's token endpoint for service accounts, and the check of the tokens that it gave."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from local.models.google_error import GoogleError

JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
# What google-auth claims whatever the account's token_uri says.
GOOGLE_AUDIENCE = "https://oauth2.googleapis.com/token"
TOKEN_LIFE = timedelta(seconds=3599)
SCOPES = frozenset({"https://www.googleapis.com/auth/cloud-platform"})


@dataclass(frozen=True)
class ServiceAccount:
    """The one account whose grants are good."""

    email: str
    token_uri: str
    public_key: Any  # one of cryptography's key types
    token_key: bytes  # derived from the account's key: tokens outlive a restart of this server

    @classmethod
    def read(cls, path: Path) -> "ServiceAccount":
        """Read a service account's JSON file. Raises OSError, KeyError or ValueError."""
        info = json.loads(path.read_text())
        pem = info["private_key"].encode()
        public_key = load_pem_private_key(pem, password=None).public_key()
        return cls(info["client_email"], info["token_uri"], public_key, hashlib.sha256(pem).digest())


class Authority:
    """Gives tokens and checks them; without an account every well-formed grant and every token is good."""

    def __init__(self, account: ServiceAccount | None) -> None:
        self._account = account
        self._token_key = account.token_key if account else hashlib.sha256(b"no account").digest()

    def check_bearer(self, request: web.Request) -> None:
        """Let a request with a good token pass. Raises GoogleError 401."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise GoogleError(401, "Request is missing required authentication credential.")
        if self._account and not self._is_ours(token):
            raise GoogleError(401, "Request had invalid authentication credentials.")

    def _is_ours(self, token: str) -> bool:
        try:
            jwt.decode(token, self._token_key, algorithms=["HS256"])
        except jwt.InvalidTokenError:
            return False
        return True

    async def token(self, request: web.Request) -> web.Response:
        """Answer ``POST /token``."""
        form = await request.post()
        if form.get("grant_type") != JWT_GRANT:
            return _refuse("unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type')}")
        try:
            claims = self._verify(str(form.get("assertion", "")))
        except jwt.InvalidTokenError as error:
            return _refuse("invalid_grant", f"Invalid JWT: {error}")
        if not SCOPES & set(str(claims.get("scope", "")).split()):
            return _refuse("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        return web.json_response(self._grant(claims))

    def _verify(self, assertion: str) -> dict[str, Any]:
        if self._account is None:
            return _read_unverified(assertion)
        return jwt.decode(
            assertion,
            self._account.public_key,
            algorithms=["RS256"],
            audience=[GOOGLE_AUDIENCE, self._account.token_uri],
            issuer=self._account.email,
            options={"require": ["exp", "iat", "iss", "aud"]},
        )

    def _grant(self, claims: dict[str, Any]) -> dict[str, Any]:
        expires = datetime.now(UTC) + TOKEN_LIFE
        token = jwt.encode({"sub": claims.get("iss"), "exp": expires}, self._token_key, algorithm="HS256")
        return {"access_token": token, "expires_in": int(TOKEN_LIFE.total_seconds()), "token_type": "Bearer"}


def _read_unverified(assertion: str) -> dict[str, Any]:
    if jwt.get_unverified_header(assertion).get("alg") != "RS256":
        raise jwt.InvalidAlgorithmError("the assertion must be signed with RS256")
    return jwt.decode(assertion, options={"verify_signature": False})


def _refuse(error: str, description: str) -> web.Response:
    return web.json_response({"error": error, "error_description": description}, status=400)
