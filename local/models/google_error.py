"""Errors in the form that Google's APIs give them."""

import json
from typing import Any

from aiohttp import web

# https://cloud.google.com/apis/design/errors#handling_errors
STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
MESSAGES = {
    429: "Resource exhausted. Please try again later.",
    500: "Internal error encountered.",
    503: "The service is currently unavailable.",
    504: "Deadline expired before operation could complete.",
}


class GoogleError(Exception):
    """A call that ends with an HTTP error instead of an answer."""

    def __init__(self, code: int, message: str | None = None, retry_after: str | None = None) -> None:
        self.code = code
        self.message = message or MESSAGES.get(code, "The request was refused.")
        self.retry_after = retry_after
        super().__init__(self.message)

    def to_response(self) -> web.Response:
        """Give the HTTP answer, with Retry-After in header and body where it was asked for."""
        error: dict[str, Any] = {
            "code": self.code,
            "message": self.message,
            "status": STATUS_NAMES.get(self.code, "UNKNOWN"),
            "details": self._details(),
        }
        headers = {"Retry-After": self.retry_after} if self.retry_after else {}
        return web.json_response({"error": error}, status=self.code, headers=headers, dumps=_pretty)

    def _details(self) -> list[dict[str, Any]]:
        if not self.retry_after:
            return []
        return [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{self.retry_after}s"}]


def _pretty(body: object) -> str:
    return json.dumps(body, indent=2)
