"""Requests over HTTP: credentials, refusals, and what surrounds GraphQL."""

import io
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from local.appsync.api import Mode, Provider
from local.appsync.tokens import verified_claims
from tests.unit.appsync.stage import ACCOUNT, CLIENT, EXAMPLES, ISSUER, POOL, TITLE, Stage, small_api

KEY = {"x-api-key": "da2-good"}


async def refused(stage: Stage, headers: dict[str, str], status: int = 401) -> dict[str, Any]:
    response = await stage.post("{ open }", headers)
    assert response.status == status
    error = (await response.json())["errors"][0]
    assert response.headers["x-amzn-errortype"] == error["errorType"]
    return error


@pytest.mark.parametrize("prefix", ["", "Bearer ", "bearer "])
async def test_a_cognito_token_is_taken_with_and_without_bearer(stage: Stage, prefix: str) -> None:
    stage.function.answers["hello"] = lambda event: event["identity"]["sub"]
    assert await stage.ask("{ hello }", {"Authorization": prefix + stage.token()}) == {"data": {"hello": "u1"}}


async def test_an_id_token_is_taken_by_its_audience(stage: Stage) -> None:
    stage.function.answers["hello"] = lambda event: event["identity"]["username"]
    token = stage.token(token_use="id", client_id=None, aud="client1", **{"cognito:username": "ann-id"})
    assert await stage.ask("{ hello }", {"Authorization": token}) == {"data": {"hello": "ann-id"}}


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": ISSUER + "x"},
        {"token_use": "refresh"},
        {"token_use": None},
        {"client_id": None},
        {"exp": None},
        {"sub": None},
        {"token_use": "id"},
    ],
)
async def test_a_token_with_a_wrong_claim_is_refused(stage: Stage, claims: dict[str, Any]) -> None:
    assert (await refused(stage, {"Authorization": stage.token(**claims)}))["errorType"] == "UnauthorizedException"


async def test_a_token_of_tomorrow_is_refused(stage: Stage) -> None:
    token = stage.token(iat=int(time.time()) + 86_400)
    assert (await refused(stage, {"Authorization": token}))["errorType"] == "UnauthorizedException"


async def test_an_expired_token_is_refused_and_named(stage: Stage) -> None:
    error = await refused(stage, {"Authorization": stage.token(exp=int(time.time()) - 1)})
    assert error["message"] == "Token has expired."


async def test_a_token_signed_by_another_key_is_refused(stage: Stage) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    claims = jwt.decode(stage.token(), options={"verify_signature": False})
    for key_id in ("k1", "k2"):
        forged = jwt.encode(claims, stranger, "RS256", {"kid": key_id})
        await refused(stage, {"Authorization": forged})


async def test_unsigned_and_symmetric_tokens_are_refused(stage: Stage) -> None:
    claims = jwt.decode(stage.token(), options={"verify_signature": False})
    await refused(stage, {"Authorization": jwt.encode(claims, "", "none", {"kid": "k1"})})
    await refused(stage, {"Authorization": jwt.encode(claims, "s" * 32, "HS256", {"kid": "k1"})})


async def test_the_client_pattern_of_the_api_is_heeded(stage: Stage) -> None:
    pool = Provider(Mode.COGNITO, user_pool_id=POOL, pool_region="xx-test-1", client_pattern="other.*")
    await stage.become(small_api(default=pool))
    await refused(stage, {"Authorization": stage.token()})
    stage.function.answers["hello"] = "ok"
    assert await stage.ask("{ hello }", {"Authorization": stage.token(client_id="other1")}) == {"data": {"hello": "ok"}}


@pytest.mark.parametrize(
    "claims",
    [{"client_id": f"{CLIENT}2"}, {"client_id": f"x{CLIENT}"}, {"token_use": "id", "aud": "x", "client_id": CLIENT}],
)
async def test_a_pattern_of_one_client_takes_that_client_only(stage: Stage, claims: dict[str, str]) -> None:
    pool = Provider(Mode.COGNITO, user_pool_id=POOL, pool_region="xx-test-1", client_pattern=f"^{CLIENT}$")
    await stage.become(small_api(default=pool))
    await refused(stage, {"Authorization": stage.token(**claims)})
    stage.function.answers["hello"] = "ok"
    for own in ({}, {"token_use": "id", "aud": CLIENT}):
        assert await stage.ask("{ hello }", {"Authorization": stage.token(**own)}) == {"data": {"hello": "ok"}}


async def test_a_token_is_verified_once_and_again_when_it_expires(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []

    async def verify(token: str, *more: Any) -> dict[str, Any]:
        verified.append(token)
        return await verified_claims(token, *more)

    monkeypatch.setattr("local.appsync.auth.verified_claims", verify)
    headers = {"Authorization": stage.token()}
    for _ in range(2):
        await stage.ask("{ open }", headers)
    assert len(verified) == 1
    later = time.time() + 700
    monkeypatch.setattr("local.appsync.auth.time.time", lambda: later)
    await stage.ask("{ open }", headers)
    assert len(verified) == 2


@pytest.mark.parametrize("headers", [{}, {"x-api-key": "da2-old"}, {"x-api-key": "nobody's"}, {"Authorization": "x"}])
async def test_no_or_wrong_credentials_are_refused(stage: Stage, headers: dict[str, str]) -> None:
    error = await refused(stage, headers)
    assert error == {"errorType": "UnauthorizedException", "message": "You are not authorized to make this call."}


async def test_an_api_key_is_taken(stage: Stage) -> None:
    stage.function.answers["open"] = lambda event: json.dumps(event["identity"])
    assert await stage.ask("{ open }", KEY) == {"data": {"open": "null"}}


async def test_an_api_key_is_nothing_to_an_api_without_keys(stage: Stage) -> None:
    await stage.become(small_api(additional=()))
    await refused(stage, KEY)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("nonsense", "Invalid JSON payload in GraphQLAuth POST request."),
        ("[1]", "Invalid JSON payload in GraphQLAuth POST request."),
        ("{}", "Invalid request, `query` can't be null."),
        ('{"query": 3}', "Invalid JSON payload in GraphQLAuth POST request."),
        ('{"query": " "}', "Invalid request, `query` can't be empty."),
        ('{"query": "{ open"}', "Unable to parse GraphQL query."),
        ('{"query": "{ open }", "variables": 3}', "Invalid JSON payload in GraphQLAuth POST request."),
        (json.dumps({"query": "{a" * 20_000}), "Unable to parse GraphQL query."),
    ],
)
async def test_a_malformed_body_is_refused(stage: Stage, body: str, message: str) -> None:
    response = await stage.session.post(stage.server.make_url("/graphql"), data=body, headers=KEY)
    assert response.status == 400
    assert response.headers["x-amzn-errortype"] == "MalformedHttpRequestException"
    assert (await response.json())["errors"][0]["message"] == message


async def test_a_body_above_one_megabyte_is_refused(stage: Stage) -> None:
    body = json.dumps({"query": "{ open }", "variables": {"pad": "x" * 1024 * 1024}})
    response = await stage.session.post(stage.server.make_url("/graphql"), data=io.BytesIO(body.encode()), headers=KEY)
    assert response.status == 413
    assert response.headers["x-amzn-errortype"] == "RequestEntityTooLargeException"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"query": "query A { open } query B { hello }"}, "BadRequestException"),
        ({"query": "query A { open }", "operationName": "C"}, "BadRequestException"),
        ({"query": "subscription { onJob { id } }"}, "UnsupportedOperation"),
    ],
)
async def test_the_operation_must_be_one_that_http_serves(stage: Stage, body: dict[str, Any], expected: str) -> None:
    response = await stage.session.post(stage.server.make_url("/graphql"), json=body, headers=KEY)
    assert (response.status, response.headers["x-amzn-errortype"]) == (400, expected)


async def test_the_operation_asked_for_is_the_one_executed(stage: Stage) -> None:
    stage.function.answers["open"] = "a"
    body = {"query": "query A { open } query B { x: open }", "operationName": "B"}
    response = await stage.session.post(stage.server.make_url("/graphql"), json=body, headers=KEY)
    assert await response.json() == {"data": {"x": "a"}}


async def test_any_origin_may_call_and_read_the_error_type(stage: Stage) -> None:
    url = stage.server.make_url("/graphql")
    asked = {"Origin": "http://app", "Access-Control-Request-Method": "POST"}
    preflight = await stage.session.options(url, headers={**asked, "Access-Control-Request-Headers": "x-api-key"})
    assert preflight.status == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert preflight.headers["Access-Control-Allow-Headers"] == "x-api-key"
    answer = await stage.session.post(url, json={}, headers={"Origin": "http://app"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "x-amzn-ErrorType" in answer.headers["Access-Control-Expose-Headers"]


async def test_health_names_the_api(stage: Stage) -> None:
    response = await stage.session.get(stage.server.make_url("/healthz"))
    assert await response.json() == {"status": "ok", "apiId": "api1", "subscriptions": 0}


async def test_the_page_is_told_how_to_sign_in(stage: Stage) -> None:
    response = await stage.session.get(stage.server.make_url("/config.json"))
    assert await response.json() == {
        "region": "xx-test-1",
        "userPoolId": POOL,
        "userPoolClientId": "client1",
        "apiKey": "da2-good",
        "authModes": ["AMAZON_COGNITO_USER_POOLS", "API_KEY", "AWS_IAM"],
        "cognitoEndpoint": "/cognito",
        "examples": EXAMPLES,
        "title": TITLE,
        "accounts": [ACCOUNT],
    }


@pytest.mark.parametrize("path", ["/config.json", "/healthz", "/"])
async def test_no_other_origin_reads_what_is_for_the_explorer(stage: Stage, path: str) -> None:
    response = await stage.session.get(stage.server.make_url(path), headers={"Origin": "http://evil.example"})
    assert "Access-Control-Allow-Origin" not in response.headers


async def test_calls_to_cognito_and_only_those_are_passed_on(stage: Stage) -> None:
    url = stage.server.make_url("/cognito")
    target = "AWSCognitoIdentityProviderService.InitiateAuth"
    passed = await stage.session.post(url, data='{"a":1}', headers={"X-Amz-Target": target})
    assert (await passed.json(content_type=None)).items() >= {"asked": target, "given": '{"a":1}'}.items()
    kept = await stage.session.post(url, data="{}", headers={"X-Amz-Target": "DynamoDB_20120810.Scan"})
    assert kept.status == 400


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
async def test_another_sites_page_signs_nobody_in_but_asks_graphql(stage: Stage, headers: dict[str, str]) -> None:
    target = {"X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth"}
    barred = await stage.session.post(stage.server.make_url("/cognito"), data=b"{}", headers=target | headers)
    asked = await stage.session.post(stage.server.make_url("/graphql"), data=b"{}", headers=headers)
    assert (barred.status, asked.status) == (403, 401)


async def test_a_fault_of_ours_is_an_answer_too(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: Any) -> Any:
        raise RuntimeError("ours")

    monkeypatch.setattr(stage.gateway, "execute", broken)
    error = await refused(stage, KEY, 500)
    assert error["errorType"] == "InternalFailure"
    assert "ours" not in error["message"]
