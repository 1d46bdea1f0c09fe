"""What the source of rates may answer, and how it is asked."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import urllib3

from studio.rates.source import MOST_BYTES, BadAnswerError, fetch
from tests.unit.rates.answers import answer
from tests.unit.serving import serving


class Source(BaseHTTPRequestHandler):
    """Answers what its server's `says` holds."""

    def do_GET(self) -> None:
        status, body = self.server.says  # pyright: ignore[reportAttributeAccessIssue]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None: ...  # pyright: ignore[reportIncompatibleMethodOverride]


@pytest.fixture
def source() -> Iterator[Any]:
    server = HTTPServer(("127.0.0.1", 0), Source)
    with serving(server):
        yield server


def asked(server: Any, *says: Any) -> bytes:
    server.says = says
    with urllib3.PoolManager() as http:
        return fetch(f"http://127.0.0.1:{server.server_port}/v6/latest/USD", http)


def test_what_the_source_says_is_fetched(source: Any) -> None:
    assert asked(source, 200, answer()) == answer()
    assert asked(source, 200, b" " * MOST_BYTES) == b" " * MOST_BYTES


@pytest.mark.parametrize("status", [204, 301, 403, 429, 500])
def test_another_status_is_refused(source: Any, status: int) -> None:
    with pytest.raises(BadAnswerError, match=str(status)):
        asked(source, status, b"" if status == 204 else answer())


def test_too_much_is_refused(source: Any) -> None:
    with pytest.raises(BadAnswerError, match="more than"):
        asked(source, 200, b" " * (MOST_BYTES + 1))


def test_a_source_that_is_away_is_refused(source: Any) -> None:
    port = source.server_port
    source.shutdown()
    source.server_close()
    with urllib3.PoolManager() as http, pytest.raises(BadAnswerError, match="no answer"):
        fetch(f"http://127.0.0.1:{port}/", http)
