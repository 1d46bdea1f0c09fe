"""How long a provider asks us to wait: in a header, in its error's details, or in words."""

import contextlib
import math
import re
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final

from studio.clock import now

Headers = Mapping[str, str]

# https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto
_RETRY_INFO, _QUOTA_FAILURE, _ERROR_INFO = "google.rpc.RetryInfo", "google.rpc.QuotaFailure", "google.rpc.ErrorInfo"
_MILLISECONDS: Final = 1000
# "Please retry in 12.837906927s.", "Please retry in 1h2m3.5s.", "please wait 2 minutes before trying again".
_WORDS: Final = re.compile(
    r"\b(?:retry|wait|again|after|in|for) "
    r"(?:([0-9]{1,4})h)?(?:([0-9]{1,4})m)?([0-9]+(?:\.[0-9]+)?) ?(ms|s|secs?|seconds?|m|mins?|minutes?)\b",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?")
_DAILY: Final = re.compile(r"per[ _-]?day|daily", re.IGNORECASE)


def retry_after(headers: Headers, details: object, message: str) -> float | None:
    """Return the longest pause in seconds that an error asks for anywhere, if it does."""
    found = [*_in_headers(headers), *_in_details(details), *_in_words(message)]
    return max((max(0.0, each) for each in found if math.isfinite(each)), default=None)


def until_tomorrow(details: object, message: str) -> bool:
    """Tell whether a quota of the day is used up: then there is no use in trying again within a job's time."""
    violations = [each for one in _of(details, _QUOTA_FAILURE) for each in _objects(one.get("violations"))]
    quotas = [*violations, *(each.get("metadata") for each in _of(details, _ERROR_INFO))]
    stated = [str(text) for each in _objects(quotas) for text in each.values()]
    return any(_DAILY.search(text) for text in (*stated, message))


def _in_headers(headers: Headers) -> Iterator[float]:
    text = headers.get("retry-after", "")
    yield from (each / _MILLISECONDS for each in _number(headers.get("x-amz-retry-after", "")))
    yield from _number(text)
    with contextlib.suppress(ValueError, TypeError):  # no date, or one without a zone
        yield (parsedate_to_datetime(text) - now()).total_seconds()


def _in_details(details: object) -> Iterator[float]:
    for each in _of(details, _RETRY_INFO):
        yield from _number(str(each.get("retryDelay")).removesuffix("s"))


def _in_words(message: str) -> Iterator[float]:
    for hours, minutes, number, unit in _WORDS.findall(message):
        seconds = 1 / _MILLISECONDS if unit.lower() == "ms" else 60 if unit[0] in "mM" else 1
        yield int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(number) * seconds


def _number(text: str) -> Iterator[float]:
    """Yield the number that a text is, if it is one as programs write it; Python reads other scripts' digits too."""
    if _NUMBER.fullmatch(text):
        yield float(text)


def _of(details: object, kind: str) -> list[Mapping[str, Any]]:
    return [each for each in _objects(details) if str(each.get("@type")).endswith(kind)]


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list | tuple) else []
