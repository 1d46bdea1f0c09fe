"""Errors in the form that Google's APIs give them."""

import json
from typing import Any

from aiohttp import web

from local.models.faults import NO_FAULT, Fault

RPC = "type.googleapis.com/google.rpc"
DAILY = {
    "quotaMetric": "aiplatform.googleapis.com/generate_content_requests",
    "quotaId": "GenerateContentRequestsPerDayPerProjectPerModel",
    "quotaValue": "250",
}

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

    def __init__(self, code: int, message: str | None = None, fault: Fault = NO_FAULT) -> None:
        self.code = code
        self.message = message or MESSAGES.get(code, "The request was refused.")
        self.fault = fault
        super().__init__(self.message)

    def to_response(self) -> web.Response:
        """Give the HTTP answer, with the pause in header and body, or in the body alone, as the fault says."""
        error: dict[str, Any] = {
            "code": self.code,
            "message": self.message,
            "status": STATUS_NAMES.get(self.code, "UNKNOWN"),
            "details": self._details(),
        }
        headers = {"Retry-After": self.fault.retry_after} if self.fault.retry_after else {}
        return web.json_response({"error": error}, status=self.code, headers=headers, dumps=_pretty)

    def _details(self) -> list[dict[str, Any]]:
        pause = self.fault.retry_info or self.fault.retry_after
        quota = [{"@type": f"{RPC}.QuotaFailure", "violations": [DAILY]}] if self.fault.daily else []
        return [*quota, *([{"@type": f"{RPC}.RetryInfo", "retryDelay": f"{pause}s"}] if pause else [])]


def _pretty(body: object) -> str:
    return json.dumps(body, indent=2)
