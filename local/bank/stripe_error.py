"""Stripe's refusals."""

from aiohttp import web


class StripeError(Exception):
    """A call that Stripe refuses."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        fields = {"message": message, "type": kind, "code": code, "param": param}
        self._body = {"error": {name: value for name, value in fields.items() if value is not None}}

    def to_response(self) -> web.Response:
        return web.json_response(self._body, status=self.status)


def missing(param: str) -> StripeError:
    return StripeError(400, f"Missing required param: {param}.", code="parameter_missing", param=param)


def no_such(what: str, ref: str) -> StripeError:
    return StripeError(404, f"No such {what}: '{ref}'", code="resource_missing", param=what.rpartition(".")[2])
