"""What an error of an AWS service means for a job."""

from typing import Final

from botocore.exceptions import ClientError

from workers.outcome import FinalError, TransientError
from workers.providers.status import failure_of, passing

# A 400 of some services, but one that passes.
_THROTTLED: Final = frozenset({"ThrottlingException", "Throttling", "ServiceQuotaExceededException"})


def failure(error: ClientError) -> TransientError | FinalError:
    """Return what to raise; the pause stands in the headers, and where AWS sends none there, in the message."""
    details, meta = error.response.get("Error", {}), error.response.get("ResponseMetadata", {})
    headers, message = meta.get("HTTPHeaders", {}), details.get("Message", "")
    if details.get("Code") in _THROTTLED:
        return passing(headers, message=message)
    return failure_of(meta.get("HTTPStatusCode", 500), headers, message=message)
