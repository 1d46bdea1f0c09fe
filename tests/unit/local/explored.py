"""The explorer's page over a gateway that knows only what is asked here: sign-in, one query and one subscription."""

import base64
import io
import json
import time
from typing import Any

from aiohttp import WSMsgType, web
from graphql import build_schema, graphql_sync
from PIL import Image

from local.appsync.explorer.build import DIST

SDL = """
type Query { models: [Model!]! me: User }
type Model { id: ID! title: String! points: Int! }
type User { id: ID! email: String! points: Int! }
type Mutation { cancelJob(id: ID!): Job }
type Subscription { onJob(owner: ID!): Job }
type Job { id: ID! status: String! thumbnail: String errorMessage: String }
"""
USER = {"email": "user@namo.test", "password": "Namo-1"}
SUB = "0c5f2a54-6f0e-4b3c-9b7e-5a3f1f0c2d11"
MODELS = "query Models {\n  models {\n    id\n    title\n    points\n  }\n}"
WATCH = "subscription Watch($me: ID!) {\n  onJob(owner: $me) {\n    id\n    status\n    thumbnail\n  }\n}"
EXAMPLES = [{"query": MODELS}, {"query": WATCH, "variables": {"me": "{sub}"}}]
CONFIG = {
    "region": "ap-southeast-1",
    "userPoolId": "pool",
    "userPoolClientId": "client",
    "apiKey": "da2-key",
    "authModes": ["API_KEY"],
    "examples": EXAMPLES,
    "title": "NamO Studio",
    "accounts": [USER, {"email": "admin@namo.test", "password": "Namo-2"}],
}


class ExplorerSite:
    """What the page asks for; `subscribed` are the operations that came, `events` what each is sent."""

    def __init__(self) -> None:
        self.subscribed: list[Any] = []
        self.events: list[Any] = []

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.get("/", self.page),
                web.get("/config.json", self.config),
                web.post("/cognito", self.cognito),
                web.post("/graphql", self.graphql),
                web.get("/graphql/realtime", self.realtime),
                web.get("/picture.png", self.picture),
                web.static("/explorer", DIST),
            ]
        )
        return app

    async def page(self, _request: web.Request) -> web.FileResponse:
        return web.FileResponse(DIST / "index.html")

    async def config(self, _request: web.Request) -> web.Response:
        return web.json_response(CONFIG)

    async def cognito(self, _request: web.Request) -> web.Response:
        claims = json.dumps({"sub": SUB, "exp": time.time() + 3600}).encode()
        token = f"e30.{base64.urlsafe_b64encode(claims).decode()}."
        return web.json_response({"AuthenticationResult": {"AccessToken": token, "RefreshToken": "r"}})

    async def graphql(self, request: web.Request) -> web.Response:
        asked = await request.json()
        models = [{"id": "nanobanana-pro", "title": "Nano Banana Pro", "points": 2}]
        done = graphql_sync(build_schema(SDL), asked["query"], {"models": models, "me": None})
        return web.json_response({"data": done.data})

    async def picture(self, _request: web.Request) -> web.Response:
        file = io.BytesIO()
        Image.new("RGB", (64, 48), "teal").save(file, "PNG")
        return web.Response(body=file.getvalue(), content_type="image/png")

    async def realtime(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=("graphql-ws",))
        await socket.prepare(request)
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                await self._answer(socket, json.loads(message.data))
        return socket

    async def _answer(self, socket: web.WebSocketResponse, message: Any) -> None:
        if message["type"] == "connection_init":
            await socket.send_json({"type": "connection_ack", "payload": {"connectionTimeoutMs": 300_000}})
        if message["type"] == "start":
            self.subscribed.append(json.loads(message["payload"]["data"]))
            await socket.send_json({"type": "start_ack", "id": message["id"]})
            for event in self.events:
                await socket.send_json({"type": "data", "id": message["id"], "payload": {"data": event}})
