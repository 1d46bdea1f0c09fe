import time
from typing import Any

import httpx
import jwt
import pytest
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from google.oauth2 import service_account

from tests.unit.models.conftest import SCOPE, Server
from tests.unit.service_accounts import account_info, new_key

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@pytest.fixture(scope="module")
def other_key() -> str:
    return new_key()


def claims(server: Server, **change: Any) -> dict[str, Any]:
    now = int(time.time())
    usual = {
        "iss": server.info["client_email"],
        "aud": server.info["token_uri"],
        "iat": now,
        "exp": now + 3600,
        "scope": SCOPE,
    }
    return {name: value for name, value in {**usual, **change}.items() if value is not None}


def grant(server: Server, assertion: str, grant_type: str = GRANT) -> httpx.Response:
    return httpx.post(f"{server.url}/token", data={"grant_type": grant_type, "assertion": assertion})


def test_a_service_account_gets_a_token(server: Server) -> None:
    credentials = server.credentials()
    credentials.refresh(Request())
    assert credentials.token
    assert credentials.valid


def test_a_grant_of_another_key_is_refused(server: Server, other_key: str) -> None:
    info = account_info(other_key, server.info["token_uri"])
    stranger = service_account.Credentials.from_service_account_info(info, scopes=[SCOPE])
    with pytest.raises(RefreshError, match="invalid_grant"):
        stranger.refresh(Request())


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"exp": 1}, "invalid_grant"),
        ({"aud": "https://elsewhere.example/token"}, "invalid_grant"),
        ({"iss": "somebody@else.example"}, "invalid_grant"),
        ({"iat": None}, "invalid_grant"),
        ({"scope": "email"}, "invalid_scope"),
    ],
)
def test_bad_claims(server: Server, change: dict[str, Any], error: str) -> None:
    answer = grant(server, jwt.encode(claims(server, **change), server.info["private_key"], algorithm="RS256"))
    assert (answer.status_code, answer.json()["error"]) == (400, error)


@pytest.mark.parametrize("assertion", ["", "a.b.c", "not a token"])
def test_an_assertion_that_is_no_token(server: Server, assertion: str) -> None:
    assert grant(server, assertion).json()["error"] == "invalid_grant"


def test_an_assertion_signed_otherwise(server: Server) -> None:
    hmac = jwt.encode(claims(server), "x" * 32, algorithm="HS256")
    assert grant(server, hmac).json()["error"] == "invalid_grant"


def test_another_grant_type(server: Server) -> None:
    assert grant(server, "", "password").json()["error"] == "unsupported_grant_type"
