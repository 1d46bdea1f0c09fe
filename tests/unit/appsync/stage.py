"""A gateway in this process, over a small API, a fake emulator and a fake Lambda."""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import jwt
from aiohttp import ClientResponse, ClientSession, ClientWebSocketResponse, web
from aiohttp.test_utils import BaseTestServer
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from local.appsync.api import Api, Mode, Provider, Resolver, Source, Step
from local.appsync.gateway import Gateway
from local.appsync.invoke import LambdaError

POOL = "xx-test-1_Pool"
TITLE, ACCOUNT = "A studio", {"email": "user@example.com", "password": "Passw0rd"}
EXAMPLES = [{"query": "{ models { id } }", "variables": {}}]
ISSUER = f"https://cognito-idp.xx-test-1.amazonaws.com/{POOL}"
CLIENT = "client1"
ARN = "arn:aws:appsync:xx-test-1:123456789012:apis/api1"
FUNCTION = Source("fn", "AWS_LAMBDA", "arn:fn")
NONE = Source("none", "NONE")

INVOKE = """
import { util } from '@aws-appsync/utils';
export function request(ctx) { return { operation: 'Invoke', payload: ctx }; }
export function response(ctx) {
  if (ctx.error) util.error('It broke.', 'BROKEN', { kept: 1 }, { why: ctx.error.type });
  return ctx.result;
}
"""
PASS = """
export function request(ctx) { return { payload: ctx.args.job ?? ctx.args }; }
export function response(ctx) { return ctx.result; }
"""

SDL = """
schema { query: Query mutation: Mutation subscription: Subscription }
type Query {
  hello(name: String = "you", more: Filter): String
  echo(json: AWSJSON, at: AWSDateTime): AWSJSON
  open: String @aws_api_key @aws_cognito_user_pools
  jobs: [Job!]!
  owned: Job @aws_api_key @aws_cognito_user_pools
  admin: String @aws_cognito_user_pools(cognito_groups: ["admin", "staff"])
  loop(n: Int): Node
  thing: Thing
}
input Filter { size: Int = 3 color: String }
interface Thing { id: ID! }
type Book implements Thing { id: ID! secret: String @aws_iam }
type Node @aws_cognito_user_pools @aws_api_key { next: Node value: Int! label: String }
type Job @aws_iam @aws_cognito_user_pools {
  id: ID!
  owner: ID!
  status: String
  size: Int
  must: String!
  parts: [Part!]
  internal: String @aws_iam
}
type Part @aws_iam @aws_cognito_user_pools { name: String kind: String }
type Mutation {
  publish(job: AWSJSON!): Job @aws_iam @aws_cognito_user_pools
  touch(id: ID!): String
}
type Subscription {
  onJob(owner: ID, status: String, id: ID): Job
    @aws_subscribe(mutations: ["publish"]) @aws_cognito_user_pools @aws_iam
  onSpecial(owner: ID): Job @aws_subscribe(mutations: ["publish"])
  onAdmin: Job @aws_subscribe(mutations: ["publish"]) @aws_cognito_user_pools(cognito_groups: ["admin"])
}
"""


def resolver(name: str, *steps: Step, pipeline: str = "") -> tuple[tuple[str, str], Resolver]:
    """Return an entry of ``Api.resolvers`` for ``Type.field``."""
    type_name, field_name = name.split(".")
    return (type_name, field_name), Resolver(type_name, field_name, steps, bool(pipeline), pipeline)


def small_api(**changes: Any) -> Api:
    """Return the API of these tests; ``resolvers`` adds to its own."""
    resolvers = dict(
        [
            *(
                resolver(f"Query.{each}", Step(FUNCTION))
                for each in ("hello", "jobs", "owned", "loop", "thing", "echo")
            ),
            *(resolver(f"Query.{each}", Step(FUNCTION, INVOKE)) for each in ("open", "admin")),
            resolver("Mutation.publish", Step(NONE, PASS)),
            resolver("Mutation.touch", Step(FUNCTION, INVOKE)),
        ]
    )
    resolvers.update(changes.pop("resolvers", {}))
    base = Api(
        id="api1",
        arn=ARN,
        sdl=SDL,
        default=Provider(Mode.COGNITO, user_pool_id=POOL, pool_region="xx-test-1"),
        additional=(Provider(Mode.API_KEY), Provider(Mode.IAM)),
        keys={"da2-good": time.time() + 3600, "da2-old": time.time() - 1},
        resolvers=resolvers,
    )
    return replace(base, **changes)


class FakeLambda:
    """Answers invocations from ``answers`` (by field name; ``*`` for the rest) and keeps what it was asked."""

    def __init__(self) -> None:
        self.calls: list[Any] = []
        self.sent: list[Any] = []
        self.answers: dict[str, Any] = {}

    async def invoke(self, function: str, payload: Any) -> Any:
        assert function.startswith("arn:")
        self.calls.append(payload)
        name = payload.get("info", {}).get("fieldName", "*") if isinstance(payload, dict) else "*"
        answer = self.answers.get(name, self.answers.get("*"))
        if isinstance(answer, Exception):
            raise answer
        return answer(payload) if callable(answer) else answer

    async def send(self, function: str, payload: Any) -> None:
        assert function.startswith("arn:")
        self.sent.append(payload)

    def fail(self, name: str, message: str) -> None:
        self.answers[name] = LambdaError(message, "Lambda:Unhandled")


@dataclass
class FakeEmulator:
    """Knows the pool's key, who signed what, and what they may do."""

    key: rsa.RSAPrivateKey
    signers: dict[str, str] = field(default_factory=dict[str, str])
    """Signature (of a test) to ARN."""
    allowed: set[str] = field(default_factory=set[str])
    seen: list[web.Request] = field(default_factory=list[web.Request])
    names_callers: bool = False
    """Answer GetCallerIdentity with the caller, as it does for requests in its own content type."""

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_get(f"/{POOL}/.well-known/jwks.json", self.keys)
        app.router.add_get("/.well-known/openid-configuration", self.discovery)
        app.router.add_post("/{rest:.*}", self.post)
        return app

    async def keys(self, _: web.Request) -> web.Response:
        public = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
        return web.json_response({"keys": [{**public, "kid": "k1", "alg": "RS256", "use": "sig"}]})

    async def discovery(self, request: web.Request) -> web.Response:
        return web.json_response({"jwks_uri": str(request.url.with_path(f"/{POOL}/.well-known/jwks.json"))})

    async def post(self, request: web.Request) -> web.Response:
        self.seen.append(request)
        target = request.headers.get("X-Amz-Target", "")
        body = await request.text()
        if target.startswith("AWSCognitoIdentityProviderService."):
            return web.json_response({"UserPoolClients": [{"ClientId": CLIENT}], "asked": target, "given": body})
        if "SimulatePrincipalPolicy" in body:
            decision = "allowed" if any(each in body for each in self.allowed) else "implicitDeny"
            return web.Response(text=f"<R><EvalDecision>{decision}</EvalDecision></R>")
        return self.judged(request.headers, request.path, body, target)

    def judged(self, headers: Mapping[str, str], path: str, body: str, target: str) -> web.Response:
        arn = self.signers.get(headers["Authorization"].rpartition("Signature=")[2])
        if arn is None or signature(path, body, arn) not in headers["Authorization"]:
            text = "<E><Error><Code>SignatureDoesNotMatch</Code><Message>The signature is wrong.</Message></Error></E>"
            return web.Response(status=403, text=text)
        if target.endswith("GetCallerIdentity") and self.names_callers:
            return web.json_response({"Arn": arn})
        if target.endswith("GetCallerIdentity"):
            return web.Response(status=400, text="<E><Error><Code>InvalidAction</Code></Error></E>")
        if arn.endswith(":root"):
            return web.json_response({})
        return web.json_response({"message": f"User: {arn} is not authorized to perform: x"}, status=403)


def signature(path: str, body: str, arn: str) -> str:
    return hashlib.sha256(f"{path}\n{body}\n{arn}".encode()).hexdigest()


@dataclass
class Stage:
    """Everything a test touches."""

    gateway: Gateway
    server: BaseTestServer
    session: ClientSession
    function: FakeLambda
    emulator: FakeEmulator
    api: Api
    sockets: list[ClientWebSocketResponse] = field(default_factory=list[ClientWebSocketResponse])

    async def become(self, api: Api) -> None:
        """Deploy another API."""
        self.api = api
        await self.gateway.reload()

    def token(self, **claims: Any) -> str:
        """Return an access token of user ``u1``; ``None`` leaves a claim out."""
        now = int(time.time())
        given = {
            "sub": "u1", "iss": ISSUER, "token_use": "access", "client_id": CLIENT, "username": "ann",
            "iat": now, "exp": now + 600, **claims,
        }  # fmt: skip
        kept = {name: value for name, value in given.items() if value is not None}
        return jwt.encode(kept, self.emulator.key, "RS256", {"kid": "k1"})

    def signed(self, path: str, body: str, arn: str) -> dict[str, str]:
        """Return headers that the fake emulator takes for a signature by ``arn``."""
        proof = signature(path, body, arn)
        self.emulator.signers[proof] = arn
        return {"Authorization": f"AWS4-HMAC-SHA256 Credential=AKIA{arn[-4:]}/x, SignedHeaders=host, Signature={proof}"}

    async def post(self, query: str, headers: Mapping[str, str] | None = None, **variables: Any) -> ClientResponse:
        """Post a query as user ``u1``, or with these headers."""
        given = {"Authorization": self.token()} if headers is None else dict(headers)
        body = {"query": query, "variables": variables}
        return await self.session.post(self.server.make_url("/graphql"), json=body, headers=given)

    async def ask(self, query: str, headers: Mapping[str, str] | None = None, **variables: Any) -> dict[str, Any]:
        response = await self.post(query, headers, **variables)
        assert response.status == 200, await response.text()
        return await response.json()

    async def connect(self, **options: Any) -> ClientWebSocketResponse:
        """Open a connection, as user ``u1`` unless told otherwise, and begin to talk."""
        options.setdefault("headers", {"Authorization": self.token()})
        options.setdefault("protocols", ("graphql-ws",))
        url = options.pop("url", None) or self.server.make_url("/graphql/realtime")
        socket = await self.session.ws_connect(url, **options)
        self.sockets.append(socket)
        await socket.send_json({"type": "connection_init"})
        return socket

    async def publish(self, selection: str = "id owner status", **job: Any) -> dict[str, Any]:
        query = f"mutation ($job: AWSJSON!) {{ publish(job: $job) {{ {selection} }} }}"
        return await self.ask(query, job=json.dumps(job))


def start(identifier: str, query: str, authorization: Mapping[str, str], **variables: Any) -> dict[str, Any]:
    """Return a ``start`` message."""
    data = json.dumps({"query": query, "variables": variables})
    extensions = {"authorization": {"host": "localhost", **authorization}}
    return {"id": identifier, "type": "start", "payload": {"data": data, "extensions": extensions}}
