"""The servers on this machine: other names, other sites, and what their logs hold."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_asyncio
from aiohttp import ClientSession, web

from local.appsync import http
from local.bank.keys import KeyFile
from local.bank.server import build_app as build_bank
from local.browsers import Message, guarded
from local.loopback import HOST, application, own_names_only, own_pages_only, readable_only, runner
from local.models.painters import Painters
from local.models.server import build_app as build_models


async def hello(_: web.Request) -> web.Response:
    return web.Response(text="hello")


async def page(_: web.Request) -> web.Response:
    return web.Response(text="<button>", content_type="text/html")


async def read(request: web.Request) -> web.Response:
    return web.json_response(await request.json())


async def file(_: web.Request) -> web.FileResponse:
    return web.FileResponse(__file__)


@pytest_asyncio.fixture
async def port() -> AsyncIterator[int]:
    served = application()
    served.add_routes(
        [
            web.get("/", hello),
            web.post("/", hello),
            web.post("/read", read),
            web.get("/page", page),
            web.get("/file", file),
        ]
    )
    running = runner(served)
    await running.setup()
    await web.TCPSite(running, HOST, 0).start()
    yield running.addresses[0][1]
    await running.cleanup()


async def asked(port: int, method: str, **headers: str) -> int:
    async with ClientSession() as session:
        response = await session.request(method, f"http://{HOST}:{port}/", headers=headers)
        return response.status


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:1", "LOCALHOST", "[::1]:80"])
async def test_this_machines_names_are_answered(port: int, host: str) -> None:
    assert await asked(port, "GET", Host=host) == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "", "[", "10.0.0.1"])
async def test_a_strangers_name_is_not(port: int, host: str) -> None:
    assert await asked(port, "GET", Host=host) == 421


async def test_a_page_is_in_no_other_sites_frame(port: int) -> None:
    async with ClientSession() as session:
        for path in ("/page", "/file"):
            response = await session.get(f"http://{HOST}:{port}{path}")
            assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("body", [b"\xff\xfe", b"[" * 100_000], ids=["no text", "deep"])
async def test_what_cannot_be_read_is_refused(port: int, body: bytes) -> None:
    async with ClientSession() as session:
        response = await session.post(f"http://{HOST}:{port}/read", data=body)
        assert response.status == 400


async def test_another_sites_page_changes_nothing(port: int) -> None:
    own = f"http://{HOST}:{port}"
    assert await asked(port, "POST", Origin=own) == 200
    assert await asked(port, "POST") == 200  # a program's
    for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": f"http://{HOST}:1"}):
        assert await asked(port, "POST", **headers) == 403
    for site in ("cross-site", "same-site"):
        assert await asked(port, "POST", **{"Sec-Fetch-Site": site}) == 403
        assert await asked(port, "GET", **{"Sec-Fetch-Site": site}) == 200  # a link leads here


OWN = "127.0.0.1:4566"
LOCAL = Path(__file__).parents[3] / "local"
APPLICATION = re.compile(r"web\.Application\(.*")


async def answered(path: str, *headers: tuple[str, str], type_: str = "http") -> int:
    """Ask an emulator; what the guard lets through is answered 200."""
    sent: list[Message] = []

    async def emulator(_scope: Message, _receive: Any, send: Callable[[Message], Awaitable[None]]) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: Message) -> None:
        sent.append(message)

    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    scope = {"type": type_, "path": path, "headers": raw, "scheme": "http"}
    await guarded(emulator, "/_ministack/")(scope, cast("Any", None), send)
    return sent[0]["status"]


@pytest.mark.parametrize("path", ["/_ministack/reset", "/_ministack/config", "/_ministack/ses/messages"])
@pytest.mark.parametrize(
    "headers",
    [
        [("host", "evil.example")],
        [("host", "127.0.0.1.nip.io:4566")],
        [],
        [("host", OWN), ("host", "evil.example")],
        [("host", OWN), ("origin", "http://evil.example")],
        [("host", OWN), ("Origin", "null")],
        [("host", OWN), ("origin", f"http://{OWN}"), ("origin", "http://evil.example")],
        [("host", OWN), ("origin", "http://127.0.0.1:3000")],
        [("host", OWN), ("sec-fetch-site", "cross-site")],
        [("host", OWN), ("Sec-Fetch-Site", "same-site")],
        [("host", OWN), ("sec-fetch-site", "\xff")],
    ],
)
async def test_the_emulators_own_paths_are_not_for_other_pages(path: str, headers: list[tuple[str, str]]) -> None:
    assert await answered(path, *headers) == 403
    assert await answered("/bucket/_ministack/", *headers) == 200  # S3 takes forms of other origins


@pytest.mark.parametrize(
    "headers",
    [
        [("host", OWN)],
        [("host", "localhost:4566")],
        [("host", OWN), ("origin", f"http://{OWN}"), ("sec-fetch-site", "same-origin")],
        [("host", OWN), ("sec-fetch-site", "none")],
    ],
)
async def test_the_emulators_own_paths_are_for_programs_and_its_own_pages(headers: list[tuple[str, str]]) -> None:
    assert await answered("/_ministack/reset", *headers) == 200


async def test_what_is_no_request_passes() -> None:
    assert await answered("/_ministack/", type_="websocket") == 200


@pytest.mark.parametrize(
    "request_",
    [
        "GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer eyJhbGci" + "A" * 9000 + "\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer eyJhbGci\x01\r\n\r\n",
        "GET /?header=eyJhbGci" + "A" * 9000 + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /?header=eyJhbGci\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
    ids=["long", "control", "long query", "query"],
)
async def test_no_token_is_logged_where_a_request_cannot_be_read(
    port: int, request_: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        reader, writer = await asyncio.open_connection(HOST, port)
        writer.write(request_.encode())
        assert b" 400 " in await reader.readline()
        writer.close()
    assert "could not be read" in caplog.text
    assert "eyJhbGci" not in caplog.text


def test_every_server_has_these_doors(tmp_path: KeyFile) -> None:
    painters = Painters()
    for made in (build_bank(tmp_path, 1, "A shop"), build_models(painters, None)):
        assert {own_names_only, own_pages_only, readable_only} <= {*made.middlewares}
    painters.close()
    assert own_names_only in http.application(None).middlewares  # pyright: ignore[reportArgumentType]


def test_no_server_is_without_them() -> None:
    found = [(path, made) for path in sorted(LOCAL.rglob("*.py")) for made in APPLICATION.findall(path.read_text())]
    assert len(found) > 1
    assert [path for path, made in found if "middlewares=[own_names_only, " not in made] == []
    others = [path for path, made in found if "own_pages_only" not in made]
    assert {path.relative_to(LOCAL) for path in others} <= {Path("appsync/http.py")}
