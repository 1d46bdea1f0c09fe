"""Signed calls to the emulator over one pooled, asynchronous session (botocore's clients block)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from yarl import URL


@dataclass
class Aws:
    """An AWS endpoint, the credentials to call it with, and the session to do it over."""

    endpoint: str
    region: str
    credentials: Credentials
    session: aiohttp.ClientSession

    async def post(
        self, service: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Sign and send one POST; return status, headers and body."""
        request = AWSRequest("POST", self.endpoint + path, data=body, headers=dict(headers))
        SigV4Auth(self.credentials, service, self.region).add_auth(request)
        return await self.forward(path, body, dict(request.headers.items()))

    async def forward(self, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str], bytes]:
        """Send a POST as it is, signed by someone else or not at all."""
        url = URL(self.endpoint + path, encoded=True)
        async with self.session.post(url, data=body, headers=headers) as answer:
            return answer.status, answer.headers, await answer.read()

    async def get_json(self, url: str) -> Any:
        async with self.session.get(url) as answer:
            answer.raise_for_status()
            return await answer.json(content_type=None)
