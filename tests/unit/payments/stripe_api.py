"""A Stripe that makes Checkout Sessions, remembers what it was asked, and is away when told so."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl


class StripeApi(ThreadingHTTPServer):
    """On loopback; one session for each idempotency key, as Stripe has it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[dict[str, str], dict[str, str]]] = []
        self.status = 200
        self.url: str | None = "https://checkout.stripe.com/c/pay"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, headers: dict[str, str], given: dict[str, str]) -> dict[str, Any]:
        self.asked.append((headers, given))
        if self.status != 200:
            return {"error": {"type": "api_error", "message": f"secret {headers['authorization']}"}}
        key = headers["idempotency-key"]
        return {"id": f"cs_{key}", "object": "checkout.session", "url": self.url and f"{self.url}/{key}"}


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, StripeApi)
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = json.dumps(self.server.answer(headers, dict(parse_qsl(body)))).encode()
        self.send_response(self.server.status)
        self.send_header("content-length", str(len(answer)))
        self.send_header("stripe-should-retry", "false")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass
