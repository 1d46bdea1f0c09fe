"""What an HTTP error means for a job, at any provider."""

from collections.abc import Mapping
from typing import Any

from studio.alarms import Alarm, raise_alarm
from workers.outcome import REJECTED, RETIRED, UNAVAILABLE, FinalError, TransientError
from workers.providers.retry_after import Headers, retry_after, until_tomorrow

_NOT_FOUND, _SERVER = 404, 500
_REFUSES_US = frozenset({401, 403})  # our key or our rights, whoever asks
_PASSING = frozenset({408, 424, 429})  # timed out, the model itself failed (Bedrock's 424), too many requests


def failure_of(
    status: int, headers: Headers | None = None, details: object = None, message: str | None = None
) -> TransientError | FinalError:
    """Return what to raise for a provider's error; `details` are those of its body, as Google sends them.

    That a provider refuses us and not the request rings: no job of anybody's would pass.
    """
    if status in _REFUSES_US:
        raise_alarm(Alarm.PROVIDER_REFUSES, status=status)
    if status in _PASSING or status >= _SERVER:
        return passing(headers or {}, details, message or "")
    return FinalError(RETIRED if status == _NOT_FOUND else REJECTED)


def passing(headers: Headers, details: object = None, message: str = "") -> TransientError | FinalError:
    """Return what to raise for an error that passes: after the pause that was asked for, if it passes today."""
    if until_tomorrow(details, message):
        return FinalError(UNAVAILABLE)
    return TransientError(retry_after(headers, details, message))


def error_object(body: object) -> Mapping[str, Any]:
    """Return the error of a body in the form that Google's APIs give it: bare, under "error", or in a list."""
    if isinstance(body, list):
        body = next(iter(body), None)
    if not isinstance(body, dict):
        return {}
    inner = body.get("error", body)
    return inner if isinstance(inner, dict) else {}
