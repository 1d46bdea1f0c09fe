"""Callers of the other modes: IAM, OpenID Connect, a Lambda authorizer."""

import json
from typing import Any

import pytest

from local.appsync.api import Mode, Provider
from tests.unit.appsync.stage import ARN, Stage, small_api

ROLE = "arn:aws:sts::123456789012:assumed-role/publisher/run1"
PUBLISH = json.dumps({"query": 'mutation { publish(job: "{\\"id\\": 1}") { id } }'})


async def signed(stage: Stage, body: str, arn: str = ROLE, **more: str) -> tuple[int, dict[str, Any]]:
    headers = {**stage.signed("/graphql", body, arn), **more}
    response = await stage.session.post(stage.server.make_url("/graphql"), data=body, headers=headers)
    return response.status, await response.json()


async def test_a_signed_request_is_judged_by_the_emulator(stage: Stage) -> None:
    stage.emulator.allowed.add("Mutation%2Ffields%2Fpublish")
    role = "arn:aws:sts::123456789012:assumed-role/publisher/run1"
    body = json.dumps({"query": 'mutation { publish(job: "{\\"id\\": 1, \\"owner\\": 2}") { id internal } }'})
    url = stage.server.make_url("/graphql")
    response = await stage.session.post(url, data=body, headers=stage.signed("/graphql", body, role))
    assert await response.json() == {"data": {"publish": {"id": "1", "internal": None}}}
    asked = await stage.emulator.seen[-1].text()
    assert "PolicySourceArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fpublisher&" in asked
    assert f"{ARN}/types/Mutation/fields/publish".replace(":", "%3A").replace("/", "%2F") in asked


async def test_a_signature_of_another_body_is_refused(stage: Stage) -> None:
    role = "arn:aws:sts::123456789012:assumed-role/publisher/run1"
    headers = stage.signed("/graphql", "{}", role)
    response = await stage.session.post(stage.server.make_url("/graphql"), data='{"query": "x"}', headers=headers)
    assert (response.status, response.headers["x-amzn-errortype"]) == (400, "BadRequestException")


async def test_an_iam_caller_who_may_nothing_of_it_is_refused(stage: Stage) -> None:
    body = json.dumps({"query": "{ hello open }"})
    headers = stage.signed("/graphql", body, "arn:aws:iam::123456789012:user/path/eve")
    response = await stage.session.post(stage.server.make_url("/graphql"), data=body, headers=headers)
    assert (response.status, (await response.json())["errors"][0]["message"]) == (401, "Permission denied")
    assert "user%2Feve" in await stage.emulator.seen[-1].text()


async def test_what_an_iam_resolver_learns_of_its_caller(stage: Stage) -> None:
    stage.emulator.allowed.add("Mutation%2Ffields%2Fpublish")
    stage.emulator.allowed.add("Query%2Ffields%2Fjobs")
    await stage.become(small_api(sdl=small_api().sdl.replace("jobs: [Job!]!", "jobs: [Job!]! @aws_iam")))
    stage.function.answers["jobs"] = []
    body = json.dumps({"query": "{ jobs { id } hello }"})
    headers = stage.signed("/graphql", body, "arn:aws:sts::123456789012:assumed-role/reader/run1")
    answer = await (await stage.session.post(stage.server.make_url("/graphql"), data=body, headers=headers)).json()
    assert answer["data"] == {"jobs": [], "hello": None}
    assert answer["errors"][0]["errorType"] == "Unauthorized"
    identity = stage.function.calls[0]["identity"]
    assert identity["accountId"] == "123456789012"
    assert identity["userArn"] == "arn:aws:sts::123456789012:assumed-role/reader/run1"


async def test_a_lambda_authorizer_decides(stage: Stage) -> None:
    await stage.become(small_api(default=Provider(Mode.LAMBDA, authorizer="arn:auth")))
    context = {"isAuthorized": True, "resolverContext": {"tier": "gold"}, "deniedFields": ["Query.jobs"]}
    stage.function.answers["*"] = context
    stage.function.answers["hello"] = lambda event: event["identity"]["resolverContext"]["tier"]
    answer = await stage.ask("{ hello jobs { id } }", {"Authorization": "custom"})
    assert answer["data"] is None
    assert [each["errorType"] for each in answer["errors"]] == ["Unauthorized"]
    assert (await stage.ask("{ hello }", {"Authorization": "custom"}))["data"] == {"hello": "gold"}
    asked = stage.function.calls[0]
    assert asked["authorizationToken"] == "custom"
    assert asked["requestContext"]["queryString"] == "{ hello jobs { id } }"
    stage.function.answers["*"] = {"isAuthorized": False}
    assert (await stage.post("{ hello }", {"Authorization": "custom"})).status == 401
    stage.function.fail("*", "broken")
    assert (await stage.post("{ hello }", {"Authorization": "custom"})).status == 401


@pytest.mark.parametrize("names_callers", [True, False])
async def test_who_signed_is_found_out_either_way(stage: Stage, *, names_callers: bool) -> None:
    stage.emulator.names_callers = names_callers
    stage.emulator.allowed.add("publisher")
    assert await signed(stage, PUBLISH) == (200, {"data": {"publish": {"id": "1"}}})
    targets = [each.headers.get("X-Amz-Target", "").partition(".")[2] for each in stage.emulator.seen]
    assert targets == (["GetCallerIdentity", ""] if names_callers else ["GetCallerIdentity", "ListReplays", ""])


async def test_a_callers_own_target_header_steers_nothing(stage: Stage) -> None:
    stage.emulator.allowed.add("publisher")
    await signed(stage, PUBLISH, **{"X-Amz-Target": "DynamoDB_20120810.DeleteTable"})
    assert not any("DeleteTable" in each.headers.get("X-Amz-Target", "") for each in stage.emulator.seen)


async def test_who_is_refused_nothing_is_the_root(stage: Stage) -> None:
    assert await signed(stage, PUBLISH, "arn:aws:iam::123456789012:root") == (200, {"data": {"publish": {"id": "1"}}})
    assert all("X-Amz-Target" in each.headers for each in stage.emulator.seen), "nothing was simulated"


async def test_iam_is_nothing_to_an_api_without_it(stage: Stage) -> None:
    await stage.become(small_api(additional=()))
    assert (await signed(stage, PUBLISH))[0] == 401
    assert stage.emulator.seen == []


def open_id(stage: Stage) -> Provider:
    return Provider(Mode.OIDC, issuer=stage.gateway.aws.endpoint, client_pattern="web")


@pytest.mark.parametrize(("audience", "status"), [("web", 200), (["x", "web"], 200), ("webbed", 401), (None, 401)])
async def test_an_open_id_token_is_taken_by_issuer_and_audience(stage: Stage, audience: Any, status: int) -> None:
    await stage.become(small_api(default=open_id(stage)))
    stage.function.answers["hello"] = lambda event: event["identity"]["claims"]["sub"]
    token = stage.token(iss=stage.gateway.aws.endpoint, aud=audience, client_id=None, token_use=None)
    response = await stage.post("{ hello }", {"Authorization": token})
    assert response.status == status
    if status == 200:
        assert await response.json() == {"data": {"hello": "u1"}}


async def test_a_pools_token_is_nothing_to_another_issuer(stage: Stage) -> None:
    await stage.become(small_api(default=open_id(stage)))
    assert (await stage.post("{ hello }")).status == 401
