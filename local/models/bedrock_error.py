"""Errors in the form that Amazon Bedrock's runtime gives them."""

import secrets

from aiohttp import web

from local.models.faults import NO_FAULT, Fault

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

    def to_response(self, fault: Fault = NO_FAULT) -> web.Response:
        """Give the HTTP answer; a pause that only the body asks for stands in its words."""
        headers = {"x-amzn-ErrorType": self.name, "x-amzn-RequestId": secrets.token_hex(16)}
        if fault.retry_after:
            headers["Retry-After"] = fault.retry_after
        return web.json_response({"message": throttled(fault) or self.message}, status=self.status, headers=headers)


def throttled(fault: Fault) -> str | None:
    """Give the words in which AWS asks for a pause, or says that a quota of the day is used up."""
    if fault.daily:
        return "Too many requests per day, please wait before trying again."
    return f"Too many requests, please wait {fault.retry_info}s before trying again." if fault.retry_info else None
