"""Errors in the form that Amazon Bedrock's runtime gives them."""

import secrets

from aiohttp import web

# https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html#API_runtime_InvokeModel_Errors
NAMES = {
    400: "ValidationException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    408: "ModelTimeoutException",
    424: "ModelErrorException",
    429: "ThrottlingException",
    500: "InternalServerException",
    503: "ServiceUnavailableException",
}
FIRST_SERVER_ERROR = 500
MESSAGES = {
    403: "You don't have access to the model with the specified model ID.",
    408: "Model has timed out in processing the request. Try your request again.",
    429: "Too many requests, please wait before trying again.",
    500: "The system encountered an unexpected error during processing. Try your request again.",
    503: "Bedrock is unable to process your request.",
}


class BedrockError(Exception):
    """A call that ends with an HTTP error instead of an answer; without a name it has its status's usual one."""

    def __init__(self, status: int, message: str | None = None, name: str | None = None) -> None:
        self.status = status
        usual = "ValidationException" if status < FIRST_SERVER_ERROR else "InternalServerException"
        self.name = name or NAMES.get(status, usual)
        self.message = message or MESSAGES.get(status, "The request was refused.")
        super().__init__(self.message)

    def to_response(self, retry_after: str | None = None) -> web.Response:
        """Give the HTTP answer."""
        headers = {"x-amzn-ErrorType": self.name, "x-amzn-RequestId": secrets.token_hex(16)}
        if retry_after:
            headers["Retry-After"] = retry_after
        return web.json_response({"message": self.message}, status=self.status, headers=headers)
