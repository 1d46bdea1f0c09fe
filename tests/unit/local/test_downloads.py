"""What stands in for CloudFront: links open their files and nothing else, with the headers that browsers need."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import ClientResponse, ClientSession, web
from aiohttp.test_utils import TestClient, TestServer

from local.downloads.server import ADDED_HEADERS, build_app
from studio.media.links import Links
from studio.media.model import StoredImage

KEY = "k" * 64
CONTENT = bytes(range(256)) * 4
IMAGE = StoredImage("results/vertex/5f0c/original.png", "image/png", 1, 1, len(CONTENT))


@dataclass
class Bucket:
    """A bucket of one picture, and the emulator's clients that know of it."""

    address: str = ""
    asked: list[str] = field(default_factory=list[str])

    def client(self, service: str) -> Any:
        return self if service in {"s3", "secretsmanager"} else None

    def get_secret_value(self, **named: str) -> Mapping[str, str]:
        assert named == {"SecretId": "namo/local/downloads"}
        return {"SecretString": KEY}

    def generate_presigned_url(self, name: str, **params: Any) -> str:
        self.asked.append(name)
        return f"{self.address}/{params['Params']['Bucket']}/{params['Params']['Key']}"

    async def answer(self, request: web.Request) -> web.Response:
        if request.path != f"/media/{IMAGE.key}":
            return web.Response(status=404, text="<Error><Code>NoSuchKey</Code></Error>")
        headers = {"ETag": '"1"', "Cache-Control": "private, max-age=9", "x-amz-meta-owner": "somebody"}
        if request.headers.get("If-None-Match") == '"1"':
            return web.Response(status=304, headers=headers)
        part = request.http_range
        if request.headers.get("Range"):
            headers["Content-Range"] = f"bytes 0-9/{len(CONTENT)}"
            return web.Response(status=206, body=CONTENT[part], content_type="image/png", headers=headers)
        return web.Response(body=CONTENT, content_type="image/png", headers=headers)


@pytest.fixture
def bucket() -> Bucket:
    return Bucket()


@pytest_asyncio.fixture
async def files(bucket: Bucket) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    origin = web.Application()
    origin.add_routes([web.route("*", "/{key:.*}", bucket.answer)])
    async with TestServer(origin) as server, ClientSession(auto_decompress=False) as session:
        bucket.address = str(server.make_url("")).rstrip("/")
        made: Any = bucket
        async with TestClient(TestServer(build_app(made, "media", session))) as client:
            yield client


def link(image: StoredImage = IMAGE, moment: datetime | None = None, **options: str) -> str:
    return Links("", lambda: KEY).link(image, 900, moment or datetime.now(UTC), **options).url


async def get(files: TestClient[Any, Any], url: str, method: str = "GET", **headers: str) -> ClientResponse:
    return await files.request(method, url, headers={name.replace("_", "-"): value for name, value in headers.items()})


async def test_a_link_opens_its_file_with_the_headers_of_the_distribution(files: TestClient[Any, Any]) -> None:
    found = await get(files, link())
    assert (found.status, await found.read(), found.content_type) == (200, CONTENT, "image/png")
    assert {name: found.headers[name] for name in ADDED_HEADERS} == ADDED_HEADERS
    assert (found.headers["ETag"], found.headers["Cache-Control"]) == ('"1"', "private, max-age=9")
    assert "x-amz-meta-owner" not in found.headers
    head = await get(files, link(), "HEAD")
    assert (head.status, head.headers["Content-Length"]) == (200, str(len(CONTENT)))


async def test_a_page_may_show_a_picture_first_and_read_it_then(files: TestClient[Any, Any]) -> None:
    shown, read = await get(files, link()), await get(files, link(), Origin="http://localhost:5173")
    assert shown.headers["Vary"] == read.headers["Vary"] == "Origin"
    assert "Access-Control-Allow-Origin" not in shown.headers
    assert read.headers["Access-Control-Allow-Origin"] == "*"


async def test_what_a_browser_has_is_not_sent_again_and_parts_are(files: TestClient[Any, Any]) -> None:
    assert (await get(files, link(), If_None_Match='"1"')).status == 304
    part = await get(files, link(), Range="bytes=0-9")
    assert (part.status, await part.read()) == (206, CONTENT[:10])
    assert part.headers["Content-Range"] == f"bytes 0-9/{len(CONTENT)}"


async def test_a_file_is_saved_under_its_name_where_the_link_says_so(files: TestClient[Any, Any]) -> None:
    saved = await get(files, link(attachment="lighthouse.png"))
    assert saved.headers["Content-Disposition"] == 'attachment; filename="lighthouse.png"'
    assert "Content-Disposition" not in (await get(files, link())).headers


@pytest.mark.parametrize(
    "url",
    [
        lambda: f"/{IMAGE.key}",
        lambda: link(moment=datetime.now(UTC) - timedelta(hours=1)),
        lambda: link()[:-1],
        lambda: f"{link()}&attachment=x.png",
        lambda: link(StoredImage("incoming/ada/1", "image/png", 1, 1, 1)),
    ],
)
async def test_nothing_else_opens_anything(files: TestClient[Any, Any], bucket: Bucket, url: Callable[[], str]) -> None:
    await refused(files, url())
    assert bucket.asked == []


async def test_of_what_is_not_there_no_more_is_said(files: TestClient[Any, Any], bucket: Bucket) -> None:
    await refused(files, link(StoredImage("results/vertex/5f0d/original.png", "image/png", 1, 1, 1)))
    assert bucket.asked == ["get_object"]


async def refused(files: TestClient[Any, Any], url: str) -> None:
    answer = await get(files, url)
    assert (answer.status, await answer.read(), answer.headers["Cache-Control"]) == (403, b"", "no-store")


async def test_nothing_is_done_but_reading(files: TestClient[Any, Any]) -> None:
    assert (await get(files, link(), "OPTIONS")).status == 405
    assert (await get(files, link(), "PUT")).status == 405
