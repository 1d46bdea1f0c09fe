"""A Stripe that makes Checkout Sessions, remembers what it was asked, and is away when told so."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

Answer = tuple[int, dict[str, Any]]


class StripeApi(ThreadingHTTPServer):
    """On loopback; one answer for each idempotency key, as Stripe has it, but where nothing was begun."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[dict[str, str], dict[str, str]]] = []
        self.paths: list[str] = []
        self.status = 200
        self.url: str | None = "https://checkout.stripe.com/c/pay"
        self._kept: dict[str, Answer] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, headers: dict[str, str], given: dict[str, str]) -> Answer:
        self.asked.append((headers, given))
        key = headers["idempotency-key"]
        if key in self._kept:
            return self._kept[key]
        answer = self.status, self._body(headers, key)
        if not 400 <= self.status < 500:
            self._kept[key] = answer
        return answer

    def _body(self, headers: dict[str, str], key: str) -> dict[str, Any]:
        if self.status != 200:
            return {"error": {"type": "api_error", "message": f"secret {headers['authorization']}"}}
        return {"id": f"cs_{key}", "object": "checkout.session", "url": self.url and f"{self.url}/{key}"}


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, StripeApi)
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.paths.append(self.path)
        status, content = self.server.answer(headers, dict(parse_qsl(body)))
        answer = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(answer)))
        self.send_header("stripe-should-retry", "false")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass
