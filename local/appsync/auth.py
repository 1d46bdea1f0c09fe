"""Credentials, checked: which of the API's modes a caller came by, and who they are."""

import re
import time
import uuid
from collections.abc import Mapping
from typing import Any

import jwt

from .api import Api, Mode, Provider
from .aws import Aws
from .caller import Caller
from .errors import unauthorized
from .invoke import Invoker, LambdaError
from .sigv4 import IamAuthorizer, Signed
from .time_limit import time_limit
from .tokens import Keys, bearer, check_audience, check_client, verified_claims

# Verifying a signature costs more than the rest of a small request; clients send the same token for an hour.
_KEPT_TOKENS = 1000


class Authenticator:
    """Checks the credentials of requests to one API."""

    def __init__(self, api: Api, aws: Aws, invoker: Invoker) -> None:
        self._api = api
        self._aws = aws
        self._invoker = invoker
        self._iam = IamAuthorizer(aws, api.arn)
        self._keys: dict[str, Keys] = {}
        self._known: dict[str, Caller] = {}

    async def caller(self, signed: Signed, source_ip: str, question: Mapping[str, Any] | None = None) -> Caller:
        """Return who sent this request; ``question`` is what a Lambda authorizer receives of it.

        Raises
        ------
        Refusal
            If the request has no credentials of a mode that the API takes, or wrong ones.
        """
        authorization = signed.headers.get("authorization", "")
        key = signed.headers.get("x-api-key", "")
        if authorization.startswith("AWS4-HMAC-SHA256") and self._api.provider(Mode.IAM):
            return await self._iam.caller(signed, source_ip)
        if authorization and (caller := await self._by_token(authorization, signed, source_ip, question)):
            return caller
        if key and self._api.provider(Mode.API_KEY):
            return self._by_key(key)
        raise unauthorized()

    def _by_key(self, key: str) -> Caller:
        expires = self._api.keys.get(key)
        if expires is None or expires <= time.time():
            raise unauthorized()
        return Caller(Mode.API_KEY, expires=expires)

    async def _by_token(
        self, authorization: str, signed: Signed, source_ip: str, question: Mapping[str, Any] | None
    ) -> Caller | None:
        token = bearer(authorization)
        known = self._known.get(token)
        if known and (known.expires or 0) > time.time():
            return known
        provider = self._signer(token)
        if provider:
            return self._keep(token, await self._by_jwt(token, provider, source_ip))
        authorizer = self._api.provider(Mode.LAMBDA)
        return await self._by_lambda(authorization, authorizer, signed, question or {}) if authorizer else None

    def _signer(self, token: str) -> Provider | None:
        """Return the provider whose issuer the token claims to be from."""
        if token.count(".") != 2:  # noqa: PLR2004 - the parts of a JSON web token
            return None
        issuer = _claimed_issuer(token)
        signers = [each for each in self._api.providers if each.mode in {Mode.COGNITO, Mode.OIDC}]
        return next((each for each in signers if _issuer(each) == issuer), None)

    def _keep(self, token: str, caller: Caller) -> Caller:
        if len(self._known) >= _KEPT_TOKENS:
            self._known.clear()
        self._known[token] = caller
        return caller

    async def _by_jwt(self, token: str, provider: Provider, source_ip: str) -> Caller:
        issuer = _issuer(provider)
        claims = await verified_claims(token, self._keys_of(provider), issuer)
        if provider.mode == Mode.OIDC:
            audience = claims.get("aud")
            check_audience(audience if isinstance(audience, list) else [str(audience)], provider.client_pattern)
            identity = {"sub": claims["sub"], "issuer": issuer, "claims": claims}
            return Caller(Mode.OIDC, identity, expires=claims["exp"])
        check_client(claims, provider.client_pattern)
        groups: list[str] | None = claims.get("cognito:groups")
        return Caller(
            Mode.COGNITO,
            _cognito_identity(claims, groups, source_ip, "DENY" if provider.denies else "ALLOW"),
            frozenset(groups or ()),
            expires=claims["exp"],
        )

    def _keys_of(self, provider: Provider) -> Keys:
        issuer = _issuer(provider)
        if issuer not in self._keys:
            self._keys[issuer] = Keys(lambda: self._fetch_keys(provider))
        return self._keys[issuer]

    async def _fetch_keys(self, provider: Provider) -> Any:
        if provider.mode == Mode.COGNITO:
            return await self._aws.get_json(f"{self._aws.endpoint}/{provider.user_pool_id}/.well-known/jwks.json")
        known = await self._aws.get_json(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
        return await self._aws.get_json(known["jwks_uri"])

    async def _by_lambda(
        self, authorization: str, provider: Provider, signed: Signed, question: Mapping[str, Any]
    ) -> Caller:
        event = {
            "authorizationToken": authorization,
            "requestContext": {
                "apiId": self._api.id,
                "accountId": self._api.arn.split(":")[4],
                "requestId": str(uuid.uuid4()),
                "queryString": question.get("query"),
                "operationName": question.get("operationName"),
                "variables": question.get("variables") or {},
            },
            "requestHeaders": dict(signed.headers),
        }
        try:
            async with time_limit(10):  # the authorizer's own limit at AppSync
                answer = await self._invoker.invoke(provider.authorizer, event)
        except (LambdaError, TimeoutError) as error:
            raise unauthorized() from error
        if not isinstance(answer, dict) or answer.get("isAuthorized") is not True:
            raise unauthorized()
        denied = frozenset(filter(None, map(_denied_field, answer.get("deniedFields") or ())))
        return Caller(Mode.LAMBDA, {"resolverContext": answer.get("resolverContext") or {}}, denied=denied)


def _issuer(provider: Provider) -> str:
    """Return the issuer that tokens of this provider carry; the emulator's Cognito signs in AWS's name."""
    if provider.mode == Mode.COGNITO:
        region = provider.pool_region or provider.user_pool_id.split("_")[0]
        return f"https://cognito-idp.{region}.amazonaws.com/{provider.user_pool_id}"
    return provider.issuer


def _claimed_issuer(token: str) -> str:
    try:
        return str(jwt.decode(token, options={"verify_signature": False}).get("iss", ""))
    except jwt.PyJWTError as error:
        raise unauthorized() from error


def _cognito_identity(
    claims: Mapping[str, Any], groups: list[str] | None, source_ip: str, default: str
) -> dict[str, Any]:
    return {
        "sub": claims["sub"],
        "issuer": claims["iss"],
        "username": claims.get("cognito:username") or claims.get("username") or claims["sub"],
        "claims": claims,
        "sourceIp": [source_ip],
        "defaultAuthStrategy": default,
        "groups": groups,
    }


def _denied_field(name: str) -> tuple[str, str] | None:
    """Read ``Type.field`` or its long form ``arn:…/types/Type/fields/field``."""
    found = re.search(r"(?:types/)?(\w+)(?:\.|/fields/)(\w+)$", name)
    return (found.group(1), found.group(2)) if found else None
