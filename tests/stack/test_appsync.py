"""AppSync's data plane as a process of its own, on an emulator of its own, over an API that is not the studio's."""

import asyncio
import io
import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from gql import Client, gql
from gql.transport.appsync_auth import AppSyncIAMAuthentication
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport

from local import ministack
from local.ministack import ACCOUNT, REGION, ROOT, Aws
from local.processes import Children, free_ports
from tests import proc

SDL = """
type Query { hello(name: String): String open: String @aws_api_key }
type Note @aws_iam @aws_cognito_user_pools { id: ID! owner: ID text: String }
type Mutation { tell(note: AWSJSON!): Note @aws_iam  keep: String @aws_iam }
type Subscription { onNote(owner: ID): Note @aws_subscribe(mutations: ["tell"]) @aws_iam @aws_cognito_user_pools }
"""
FUNCTION = """
def handler(event, context):
    print("called")
    if event["arguments"].get("name") == "bad":
        raise ValueError("bad name")
    return f"{event['identity']['username']} {event['arguments']}"
"""
PASS = """
export function request(ctx) { return { payload: ctx.args.note ?? 'v1' }; }
export function response(ctx) { return ctx.result; }
"""
RUNTIME = {"name": "APPSYNC_JS", "runtimeVersion": "1.0.0"}
TELL = "mutation ($note: AWSJSON!) { tell(note: $note) { id owner } }"


def trust(principal: str) -> str:
    statement = {"Effect": "Allow", "Principal": json.loads(principal), "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@dataclass
class Deployment:
    """A small API in an emulator, and the gateway that serves it."""

    aws: Aws
    api_id: str
    arn: str
    key: str
    client_id: str
    folder: Path
    gateway: "subprocess.Popen[str]"
    ready: dict[str, Any]

    def token(self) -> str:
        result: Any = boto3.client("cognito-idp", endpoint_url=self.aws.endpoint, region_name=REGION).initiate_auth(
            ClientId=self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "ann", "PASSWORD": "Passw0rd!"},
        )
        return result["AuthenticationResult"]["AccessToken"]

    def role(self, name: str, *fields: str) -> Credentials:
        """Return a session of the role ``name``, which may use these fields."""
        iam = self.aws.client("iam")
        if name not in [role["RoleName"] for role in iam.list_roles()["Roles"]]:
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust('{"AWS": "*"}'))
        self.allow(name, *fields)
        session: Any = self.aws.client("sts").assume_role(
            RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{name}", RoleSessionName="run1"
        )["Credentials"]
        return Credentials(session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"])

    def allow(self, name: str, *fields: str) -> None:
        resources = [f"{self.arn}/types/{field.replace('.', '/fields/')}" for field in fields] or ["arn:aws:nothing"]
        statement = {"Effect": "Allow", "Action": "appsync:GraphQL", "Resource": resources}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.aws.client("iam").put_role_policy(RoleName=name, PolicyName="fields", PolicyDocument=document)

    def signed(self, who: Credentials, body: str) -> dict[str, str]:
        request = AWSRequest("POST", self.ready["graphqlUrl"], data=body, headers={"Content-Type": "application/json"})
        SigV4Auth(who, "appsync", REGION).add_auth(request)
        return dict(request.headers.items())

    async def post(self, body: str, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        async with aiohttp.ClientSession() as session:
            answer = await session.post(self.ready["graphqlUrl"], data=body, headers=headers)
            return answer.status, await answer.json()

    async def ask(self, query: str, headers: dict[str, str]) -> dict[str, Any]:
        return (await self.post(json.dumps({"query": query}), headers))[1]

    async def tell(self, who: Credentials, **note: str) -> tuple[int, dict[str, Any]]:
        body = json.dumps({"query": TELL, "variables": {"note": json.dumps(note)}})
        return await self.post(body, self.signed(who, body))


def make_pool(aws: Aws) -> tuple[str, str]:
    cognito = aws.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="pool")["UserPool"]["Id"]
    client = cognito.create_user_pool_client(
        UserPoolId=pool, ClientName="web", ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"]
    )["UserPoolClient"]["ClientId"]
    cognito.admin_create_user(UserPoolId=pool, Username="ann", MessageAction="SUPPRESS")
    cognito.admin_set_user_password(UserPoolId=pool, Username="ann", Password="Passw0rd!", Permanent=True)
    return pool, client


def make_function(aws: Aws) -> str:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("code.py", FUNCTION)
    aws.client("iam").create_role(
        RoleName="function", AssumeRolePolicyDocument=trust('{"Service": "lambda.amazonaws.com"}')
    )
    return aws.client("lambda").create_function(
        FunctionName="hello",
        Runtime=f"python3.{sys.version_info.minor}",
        Role=f"arn:aws:iam::{ACCOUNT}:role/function",
        Handler="code.handler",
        Code={"ZipFile": packed.getvalue()},
    )["FunctionArn"]


def make_api(aws: Aws) -> tuple[dict[str, Any], str, str]:
    """Return the API, its key and the app client."""
    appsync = aws.client("appsync")
    pool, client = make_pool(aws)
    api = appsync.create_graphql_api(
        name="notes",
        authenticationType="AMAZON_COGNITO_USER_POOLS",
        userPoolConfig={"userPoolId": pool, "awsRegion": REGION, "defaultAction": "ALLOW"},
        additionalAuthenticationProviders=[{"authenticationType": "API_KEY"}, {"authenticationType": "AWS_IAM"}],
    )["graphqlApi"]
    api_id = api["apiId"]
    appsync.start_schema_creation(apiId=api_id, definition=SDL.encode())
    appsync.create_data_source(apiId=api_id, name="none", type="NONE")
    appsync.create_data_source(
        apiId=api_id, name="fn", type="AWS_LAMBDA", lambdaConfig={"lambdaFunctionArn": make_function(aws)}
    )
    appsync.create_resolver(apiId=api_id, typeName="Query", fieldName="hello", dataSourceName="fn")
    for type_name, field in (("Mutation", "tell"), ("Mutation", "keep"), ("Query", "open")):
        appsync.create_resolver(
            apiId=api_id, typeName=type_name, fieldName=field, dataSourceName="none", code=PASS, runtime=RUNTIME
        )
    return api, appsync.create_api_key(apiId=api_id)["apiKey"]["id"], client


def start_gateway(aws: Aws, api_id: str, folder: Path, stderr: int | None = None) -> "subprocess.Popen[str]":
    options = ["--aws-endpoint", aws.endpoint, "--region", REGION, "--api-id", api_id, "--cert-dir", str(folder)]
    return subprocess.Popen(
        [sys.executable, "-m", "local.appsync", *options],
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        cwd=ROOT,
        env={**os.environ, **aws.environment},
    )


def line(gateway: "subprocess.Popen[str]") -> dict[str, Any]:
    assert gateway.stdout is not None
    return json.loads(gateway.stdout.readline())


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("appsync")
    port = free_ports([None])[0]
    aws = Aws(f"http://127.0.0.1:{port}")
    with Children(folder / "logs") as children:
        ministack.wait_ready(ministack.start(children, folder / "emulator", port), aws.endpoint)
        api, key, client = make_api(aws)
        with start_gateway(aws, api["apiId"], folder / "certs") as gateway:
            ready = line(gateway)
            yield Deployment(aws, api["apiId"], api["arn"], key, client, folder, gateway, ready)
            gateway.terminate()


async def test_a_user_of_the_emulators_cognito(notes: Deployment) -> None:
    headers = {"Authorization": notes.token()}
    assert await notes.ask('{ hello(name: "x") }', headers) == {"data": {"hello": "ann {'name': 'x'}"}}
    tampered = {"Authorization": headers["Authorization"][:-8] + "AAAAAAAA"}
    assert (await notes.ask("{ hello }", tampered))["errors"][0]["errorType"] == "UnauthorizedException"


async def test_a_function_that_raises(notes: Deployment) -> None:
    answer = await notes.ask('{ hello(name: "bad") }', {"Authorization": notes.token()})
    assert answer["data"] == {"hello": None}
    error = answer["errors"][0]
    assert (error["errorType"], error["message"], error["path"]) == ("Lambda:Unhandled", "bad name", ["hello"])


async def test_the_emulator_judges_signatures_and_fields(notes: Deployment) -> None:
    who = notes.role("teller", "Mutation.tell")
    assert await notes.tell(who, id="1", owner="o") == (200, {"data": {"tell": {"id": "1", "owner": "o"}}})
    body = json.dumps({"query": "mutation { keep }"})
    status, answer = await notes.post(body, notes.signed(who, body))
    assert (status, answer["errors"][0]["message"]) == (401, "Permission denied")
    forged = Credentials(who.access_key, "not the secret", who.token)
    assert (await notes.tell(forged, id="1"))[0] == 400
    status, answer = await notes.post(body + " ", notes.signed(who, body))
    assert (status, answer["errors"][0]["errorType"]) == (400, "BadRequestException")
    stranger = Credentials("AKIANOBODY0000000000", "x")
    status, answer = await notes.tell(stranger, id="1")
    assert (status, answer["errors"][0]["errorType"]) == (403, "UnrecognizedClientException")


async def test_a_permission_taken_away_is_gone_at_once(notes: Deployment) -> None:
    who = notes.role("former", "Mutation.tell")
    assert (await notes.tell(who, id="1"))[0] == 200
    notes.allow("former")
    assert (await notes.tell(who, id="1"))[0] == 401


async def test_a_signed_subscriber_hears_a_signed_publisher(notes: Deployment) -> None:
    publisher = notes.role("publisher", "Mutation.tell")
    subscriber = notes.role("subscriber", "Subscription.onNote")
    host = notes.ready["graphqlUrl"].split("/")[2]
    auth = AppSyncIAMAuthentication(host=host, credentials=subscriber, region_name=REGION)
    url = notes.ready["graphqlUrl"].replace("http", "ws") + "/realtime"
    transport = AppSyncWebsocketsTransport(url=url, auth=auth)
    async with Client(transport=transport) as session:
        events = session.subscribe(gql('subscription { onNote(owner: "o") { id text } }'))
        first = asyncio.ensure_future(anext(events))
        await until_subscribed(notes)
        await notes.tell(publisher, id="0", owner="other")
        await notes.tell(publisher, id="1", owner="o", text="not selected")
        assert await first == {"onNote": {"id": "1", "text": None}}
        await events.aclose()


async def until_subscribed(notes: Deployment) -> None:
    async with aiohttp.ClientSession() as session, asyncio.timeout(60):
        url = notes.ready["graphqlUrl"].replace("/graphql", "/healthz")
        while not (await (await session.get(url)).json())["subscriptions"]:  # noqa: ASYNC110 - the client does not say
            await asyncio.sleep(0.01)


async def test_the_api_is_read_again_on_sighup(notes: Deployment) -> None:
    appsync = notes.aws.client("appsync")
    assert await notes.ask("{ open }", {"x-api-key": notes.key}) == {"data": {"open": "v1"}}
    appsync.update_resolver(
        apiId=notes.api_id,
        typeName="Query",
        fieldName="open",
        dataSourceName="none",
        code=PASS.replace("v1", "v2"),
        runtime=RUNTIME,
    )
    notes.gateway.send_signal(signal.SIGHUP)
    assert line(notes.gateway) == {"reloaded": True}
    assert await notes.ask("{ open }", {"x-api-key": notes.key}) == {"data": {"open": "v2"}}


def test_an_api_that_is_not_there_is_named(notes: Deployment) -> None:
    with start_gateway(notes.aws, "nobodys", notes.folder / "certs", stderr=subprocess.PIPE) as gateway:
        _, said = gateway.communicate(timeout=60)
    assert gateway.returncode == 1
    assert said.startswith("Cannot serve API nobodys")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_node_ends_with_the_gateway_however_that_ends(notes: Deployment, how: signal.Signals) -> None:
    with start_gateway(notes.aws, notes.api_id, notes.folder / "certs") as gateway:
        ready = line(gateway)
        await replace(notes, ready=ready).ask("{ open }", {"x-api-key": notes.key})
        (node,) = proc.children(gateway.pid)
        gateway.send_signal(how)
        assert gateway.wait(timeout=60) == (0 if how == signal.SIGTERM else -how)
        async with asyncio.timeout(60):
            while proc.alive(node):  # noqa: ASYNC110 - no child of ours: nothing tells
                await asyncio.sleep(0.01)
