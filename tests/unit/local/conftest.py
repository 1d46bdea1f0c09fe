import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from tests.unit.serving import serving

Put = tuple[str, Any]


@pytest.fixture
def puts() -> Iterator[tuple[str, list[Put]]]:
    """A server that keeps what it is sent: its address, and what that was."""
    received: list[Put] = []

    class Taking(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            received.append((self.path, json.loads(self.rfile.read(int(self.headers["content-length"])))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    with serving(HTTPServer(("127.0.0.1", 0), Taking)) as url:
        yield url, received
