"""What the stack tells frontends and tools, and who reaches whom."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.stack.client import StackClient

Stack = Mapping[str, Any]


def amplify_outputs(stack: Stack) -> dict[str, Any]:
    return json.loads((Path(stack["caFile"]).parent.parent / "amplify_outputs.json").read_text())


def test_amplify_outputs_name_what_is_deployed(stack: Stack, client: StackClient) -> None:
    said = amplify_outputs(stack)
    pool, web = said["auth"]["user_pool_id"], said["auth"]["user_pool_client_id"]
    found = client.boto("cognito-idp").describe_user_pool_client(UserPoolId=pool, ClientId=web)["UserPoolClient"]
    assert "ALLOW_USER_PASSWORD_AUTH" in found["ExplicitAuthFlows"]
    guests = client.boto("cognito-identity").describe_identity_pool(IdentityPoolId=said["auth"]["identity_pool_id"])
    assert guests["AllowUnauthenticatedIdentities"] is said["auth"]["unauthenticated_identities_enabled"] is True
    assert said["version"] == "1.4"
    assert said["data"]["url"] == stack["graphqlTlsUrl"]
    assert said["data"]["url"].startswith("https://localhost:")
    assert said["data"]["default_authorization_type"] == "AMAZON_COGNITO_USER_POOLS"
    assert set(said["data"]["authorization_types"]) == {"API_KEY", "AWS_IAM"}
    assert said["data"]["aws_region"] == said["auth"]["aws_region"] == "ap-southeast-1"


def test_the_password_policy_is_the_pools(stack: Stack, client: StackClient) -> None:
    policy = client.boto("cognito-idp").describe_user_pool(UserPoolId=stack["userPoolId"])["UserPool"]["Policies"]
    said = amplify_outputs(stack)["auth"]["password_policy"]
    deployed = policy["PasswordPolicy"]
    assert said == {
        "min_length": deployed["MinimumLength"],
        "require_lowercase": deployed["RequireLowercase"],
        "require_uppercase": deployed["RequireUppercase"],
        "require_numbers": deployed["RequireNumbers"],
        "require_symbols": deployed["RequireSymbols"],
    }


def test_rows_expire_where_the_template_says(stack: Stack, client: StackClient) -> None:
    for name in ("Jobs", "Usage"):
        found = client.boto("dynamodb").describe_time_to_live(TableName=stack["tables"][name])["TimeToLiveDescription"]
        assert (found["TimeToLiveStatus"], found["AttributeName"]) == ("ENABLED", "expiresAt")


async def test_callers_are_told_apart(client: StackClient) -> None:
    models = "{ models { id } }"
    assert (await client.graphql(models, as_="nobody")).status == 401
    assert {one["id"] for one in (await client.graphql(models, as_="api_key")).data["models"]} >= {"nanobanana-pro"}
    seen = {
        who: (await client.graphql("{ me { email role } }", as_=who)).data["me"]["role"] for who in ("user", "admin")
    }
    assert seen == {"user": "USER", "admin": "ADMIN"}


async def test_a_new_user_has_the_points_asked_for(client: StackClient) -> None:
    person = await client.new_user(points=3)
    assert await client.points(person) == 3


async def test_functions_reach_the_emulator_the_models_and_the_gateway(client: StackClient) -> None:
    person = await client.new_user()
    seen: list[str] = []
    async with client.subscribe(as_=person) as events:
        (job,) = await client.generate(person)
        async for event in events:  # pushed by a function, through the gateway
            seen.append(event["onJob"]["status"])
            if seen[-1] == "COMPLETED":  # drawn by the models, stored in the emulator
                break
    assert seen == ["PENDING", "PROCESSING", "COMPLETED"]
    assert job["status"] == "PENDING"
