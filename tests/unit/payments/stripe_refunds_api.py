"""Stripe's Refunds API on loopback: a refund for each idempotency key, and refusals as the test says."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Answer = tuple[int, dict[str, Any]]


class StripeRefundsApi(ThreadingHTTPServer):
    """`refusal` answers the next ones; `status` is that of new refunds."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.refusal: Answer | None = None
        self.status = "succeeded"
        self.made: list[dict[str, Any]] = []
        self._kept: dict[str, Answer] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, method: str, headers: dict[str, str], given: dict[str, str]) -> Answer:
        self.asked.append((method, headers, given))
        if method == "GET":
            return 200, {"object": "list", "url": "/v1/refunds", "has_more": False, "data": self.made}
        key = headers["idempotency-key"]
        if key not in self._kept:
            if self.refusal:
                return self.refusal
            self._kept[key] = 200, self._refund(given)
        return self._kept[key]

    def forget(self) -> None:
        """Forget the keys, as Stripe does after a day."""
        self._kept.clear()

    def _refund(self, given: dict[str, str]) -> dict[str, Any]:
        refund = {
            "id": f"re_{len(self.made) + 1}",
            "object": "refund",
            "amount": int(given["amount"]),
            "currency": "usd",
            "metadata": {"paymentId": given["metadata[paymentId]"], "refundId": given["metadata[refundId]"]},
            "payment_intent": given["payment_intent"],
            "status": self.status,
        }
        self.made.append(refund)
        return refund


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self._answer("POST", self.rfile.read(int(self.headers["content-length"])).decode())

    def do_GET(self) -> None:
        self._answer("GET", urlsplit(self.path).query)

    def _answer(self, method: str, form: str) -> None:
        assert isinstance(self.server, StripeRefundsApi)
        assert urlsplit(self.path).path == "/v1/refunds"
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, content = self.server.answer(method, headers, dict(parse_qsl(form)))
        answer = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass
