"""What an HTTP status means for a job, at any provider."""

import contextlib
from email.utils import parsedate_to_datetime

from studio.clock import now
from workers.outcome import REJECTED, RETIRED, FinalError, TransientError

_NOT_FOUND, _SERVER = 404, 500
_PASSING = frozenset({408, 424, 429})  # timed out, the model itself failed (Bedrock's 424), too many requests


def failure_of(status: int, retry_after: str = "") -> TransientError | FinalError:
    """Return what to raise for a provider's error; `retry_after` is that header's text."""
    if status in _PASSING or status >= _SERVER:
        return TransientError(_seconds(retry_after))
    return FinalError(RETIRED if status == _NOT_FOUND else REJECTED)


def _seconds(text: str) -> float | None:
    """Read Retry-After: seconds, or a date."""
    with contextlib.suppress(ValueError):
        return max(0.0, float(text))
    with contextlib.suppress(ValueError):
        return max(0.0, (parsedate_to_datetime(text) - now()).total_seconds())
    return None
