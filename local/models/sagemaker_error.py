"""Errors in the form that SageMaker's runtime gives them."""

import secrets

from aiohttp import web

from local.models.bedrock_error import throttled
from local.models.faults import NO_FAULT, Fault

# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html#API_runtime_InvokeEndpointAsync_Errors
NAMES = {400: "ValidationError", 429: "ThrottlingException", 500: "InternalFailure", 503: "ServiceUnavailable"}
FIRST_SERVER_ERROR = 500


class SageMakerError(Exception):
    """A call that ends with an HTTP error instead of an answer; without a name it has its status's usual one."""

    def __init__(self, status: int, message: str = "The request was refused.", name: str | None = None) -> None:
        usual = "ValidationError" if status < FIRST_SERVER_ERROR else "InternalFailure"
        self.status = status
        self.name = name or NAMES.get(status, usual)
        self.message = message
        super().__init__(message)

    def to_response(self, fault: Fault = NO_FAULT) -> web.Response:
        """Give the HTTP answer."""
        headers = {"x-amzn-ErrorType": self.name, "x-amzn-RequestId": secrets.token_hex(16)}
        if fault.retry_after:
            headers["Retry-After"] = fault.retry_after
        return web.json_response({"Message": throttled(fault) or self.message}, status=self.status, headers=headers)
