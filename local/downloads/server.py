"""The server: it checks a link, asks the bucket, and answers with the headers that the distribution adds."""

import asyncio
import os
import time
from collections.abc import Mapping
from typing import Final

from aiohttp import ClientSession, web

from infra.access import READABLE
from infra.secrets import secret_name
from local.downloads.links import is_good
from local.loopback import application, serve_until_stopped
from local.ministack import Aws

CHUNK: Final = 256 * 1024
REQUEST_HEADERS: Final = ("Range", "If-None-Match", "If-Modified-Since", "If-Range")
RESPONSE_HEADERS: Final = (
    *("Content-Type", "Content-Length", "Content-Range", "Accept-Ranges"),
    *("ETag", "Last-Modified", "Cache-Control"),
)
# Those of the distribution in infra/constructs/downloads.py, but for HSTS, which is nothing to http.
ADDED_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
CORS_HEADERS: Final = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag"}


async def serve(port: int, bucket: str) -> None:
    """Serve until stopped."""
    async with ClientSession(auto_decompress=False) as session:
        app = build_app(Aws(os.environ["AWS_ENDPOINT_URL"]), bucket, session)
        await serve_until_stopped("downloads", app, port)


def build_app(aws: Aws, bucket: str, session: ClientSession) -> web.Application:
    """Return the application."""
    app = application()
    app.add_routes([web.route("*", "/{key:.*}", Downloads(aws, bucket, session).answer)])
    return app


class Downloads:
    """Files of one bucket. The key of links is read at the first, since it is made after this server starts."""

    def __init__(self, aws: Aws, bucket: str, session: ClientSession) -> None:
        self._aws = aws
        self._bucket = bucket
        self._session = session
        self._key = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer as CloudFront would: without a good link nothing, and of what is not there no more."""
        if request.method not in {"GET", "HEAD"}:
            return _refusal(405, {"Allow": "GET, HEAD"})
        path = request.raw_path.partition("?")[0]
        key, good = request.match_info["key"], is_good(path, request.query, await self._signing_key(), time.time())
        if not good or key.partition("/")[0] not in READABLE:
            return _refusal(403)
        return await self._forward(request, key)

    async def _forward(self, request: web.Request, key: str) -> web.StreamResponse:
        url = await asyncio.to_thread(self._origin, request.method, key)
        asked = {name: request.headers[name] for name in REQUEST_HEADERS if name in request.headers}
        async with self._session.request(request.method, url, headers=asked) as found:
            if found.status in {403, 404}:  # CloudFront may not list the bucket, so S3 tells it nothing more
                return _refusal(403)
            response = web.StreamResponse(status=found.status, headers=_headers(request, found.headers))
            await response.prepare(request)
            async for chunk in found.content.iter_chunked(CHUNK):
                await response.write(chunk)
            await response.write_eof()
            return response

    def _origin(self, method: str, key: str) -> str:
        name = "get_object" if method == "GET" else "head_object"
        return self._aws.client("s3").generate_presigned_url(name, Params={"Bucket": self._bucket, "Key": key})

    async def _signing_key(self) -> str:
        self._key = self._key or await asyncio.to_thread(self._read_key)
        return self._key

    def _read_key(self) -> str:
        manager = self._aws.client("secretsmanager")
        return manager.get_secret_value(SecretId=secret_name("local", "downloads"))["SecretString"]


def _headers(request: web.Request, found: Mapping[str, str]) -> dict[str, str]:
    kept = {name: found[name] for name in RESPONSE_HEADERS if name in found}
    named = request.query.get("attachment")
    saved = {"Content-Disposition": f'attachment; filename="{named}"'} if named else {}
    return {**kept, **ADDED_HEADERS, "Vary": "Origin", **(CORS_HEADERS if "Origin" in request.headers else {}), **saved}


def _refusal(status: int, more: Mapping[str, str] | None = None) -> web.Response:
    return web.Response(status=status, headers={"Cache-Control": "no-store", **(more or {})})
