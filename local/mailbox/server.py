"""The server: the mails of this machine on one loopback port."""

import asyncio
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import boto3
from aiohttp import web

from local.loopback import application, serve_until_stopped
from local.mailbox.events import ACTIONS, event
from local.mailbox.mails import Mail, Mails
from local.mailbox.page import framed, page

_NO_STORE = {"Cache-Control": "no-store"}
# What a mail says is shown, and runs nothing.
_FRAMED = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
)


class Mailbox:
    """Shows mails, and tells what became of one."""

    def __init__(self, folder: Path, topic: str, sns: Any) -> None:
        self._mails = Mails(folder)
        self._topic = topic
        self._sns = sns
        self._said: defaultdict[str, list[str]] = defaultdict(list)

    def routes(self) -> list[web.RouteDef]:
        """Give the paths of the mailbox."""
        return [
            web.get("/", self.newest),
            web.get("/mails", self.list),
            web.get("/mails/{id}", self.one),
            web.get("/mails/{id}/html", self.html),
            web.post("/mails/{id}/{action}", self.say),
        ]

    async def newest(self, _request: web.Request) -> web.Response:
        mails = self._mails.all()
        return self._page(mails, mails[0] if mails else None)

    async def list(self, _request: web.Request) -> web.Response:
        return web.json_response({"mails": self._mails.all()})

    async def one(self, request: web.Request) -> web.Response:
        return self._page(self._mails.all(), self._find(request))

    async def html(self, request: web.Request) -> web.Response:
        headers = {**_NO_STORE, "Content-Security-Policy": _FRAMED}
        return web.Response(text=framed(self._find(request)["html"]), content_type="text/html", headers=headers)

    async def say(self, request: web.Request) -> web.Response:
        """Tell the studio what became of a mail, as SES does; a browser is led back to it."""
        mail, action = self._find(request), request.match_info["action"]
        if action not in ACTIONS:
            raise web.HTTPNotFound(text=f"One of {', '.join(ACTIONS)}.\n")
        message = json.dumps(event(mail, action))
        await asyncio.to_thread(self._sns.publish, TopicArn=self._topic, Message=message)
        self._said[mail["id"]].append(action)
        if "text/html" in request.headers.get("Accept", ""):
            raise web.HTTPSeeOther(f"/mails/{mail['id']}")
        return web.json_response({"said": self._said[mail["id"]]})

    def _find(self, request: web.Request) -> Mail:
        mail = self._mails.find(request.match_info["id"])
        if mail is None:
            raise web.HTTPNotFound(text="There is no such mail.\n")
        return mail

    def _page(self, mails: "list[Mail]", chosen: Mail | None) -> web.Response:
        said = self._said[chosen["id"]] if chosen else []
        return web.Response(text=page(mails, chosen, said), content_type="text/html", headers=_NO_STORE)


def build_app(folder: Path, topic: str, sns: Any) -> web.Application:
    app = application()
    app.add_routes(Mailbox(folder, topic, sns).routes())
    return app


async def serve(port: int, folder: Path, topic: str) -> None:
    """Serve until SIGTERM or SIGINT; port 0 takes a free one."""
    await serve_until_stopped("the mailbox", build_app(folder, topic, boto3.client("sns")), port)
