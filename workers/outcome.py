"""How a provider's call can end, in the words of the refund table."""

from studio.jobs.model import Failure, JobErrorCode
from workers.imaging.flaw import UnfitError


class TransientError(Exception):
    """The provider may do better in a moment: 429, 5xx, a timeout or the network.

    Parameters
    ----------
    retry_after
        Seconds the provider asked us to wait, if it did.
    """

    def __init__(self, retry_after: float | None = None) -> None:
        super().__init__("the provider is not available")
        self.retry_after = retry_after


class FinalError(Exception):
    """Trying again would not help."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.code)
        self.failure = failure


UNAVAILABLE = Failure(JobErrorCode.PROVIDER_UNAVAILABLE, "The image model is not available right now.")
UNUSABLE = Failure(JobErrorCode.PROVIDER_REJECTED, "The image model gave no usable image.")
REJECTED = Failure(JobErrorCode.PROVIDER_REJECTED, "The image model did not accept this request.")
BLOCKED = Failure(JobErrorCode.SAFETY_BLOCKED, "The safety filter blocked this image. Please change the prompt.")
RECITATION = Failure(
    JobErrorCode.RECITATION, "The image came out too close to an existing work. Please change the prompt."
)
REFUSED = Failure(JobErrorCode.MODEL_REFUSED, "The image model declined to make this image. Please change the prompt.")
RETIRED = Failure(JobErrorCode.MODEL_RETIRED, "This model is no longer offered by its provider.")
GONE = Failure(JobErrorCode.INVALID_IMAGE, "A picture of this is no longer there. Please upload it again.")
TOO_LARGE = Failure(
    JobErrorCode.INVALID_IMAGE, "The picture is too large to be worked on here. Please send a smaller one."
)
INTERNAL = Failure(JobErrorCode.INTERNAL, "Something went wrong on our side while making this.")


def invalid(error: UnfitError) -> FinalError:
    """Return what it means that an image of the request cannot be used; the sentence says why."""
    return FinalError(Failure(JobErrorCode.INVALID_IMAGE, error.message))
