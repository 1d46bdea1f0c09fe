"""Prodigi's Print API v4 on the wire (https://www.prodigi.com/print-api/docs/reference/).

Every answer has an `outcome`. Prodigi ends a request of a minute by itself (`timedOut`, 500) and documents no 429; what
stands before an API may well answer one.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Final

import urllib3

from studio import clock
from studio.alarms import Alarm, raise_alarm
from studio.numbers import whole
from studio.printing.prodigi.failures import trace
from studio.printing.prodigi.values import Values
from studio.printing.protocol import (
    AnswerNotUnderstoodError,
    PrinterUnavailableError,
    PrintRefusedError,
    Refusal,
)
from studio.secrets import Secret

_TIMEOUT = urllib3.Timeout(connect=3, read=20)
# Between attempts; whoever wants us to wait longer is asked again by our caller.
_PAUSES: Final = (0.5, 1.5)
_LONGEST_PAUSE = 5
_LONGEST_WAIT = 24 * 3600
_LARGEST = 2_000_000
_PASSING = frozenset({408, 425, 429})
_FAULT, _OK, _BAD, _NOT_FOUND = 500, 200, 400, 404
_CREDENTIALS = frozenset({401, 403})
_NO_SUCH = frozenset({"entitynotfound", "notfound"})


@dataclass(frozen=True)
class Answer:
    """What Prodigi answered: its outcome without case."""

    status: int
    outcome: str
    body: Values

    @property
    def is_unknown(self) -> bool:
        """Whether there is no such thing, or none of ours."""
        return self.status == _NOT_FOUND

    @property
    def is_refusal(self) -> bool:
        return self.status >= _BAD


class Api:
    """Asks Prodigi, and asks again where that may help: all that is asked may be asked twice.

    Parameters
    ----------
    secret
        Holds `apiKey`. Sandbox and live have different ones.
    url
        Where Prodigi's API is, or somebody plays it.
    pause
        Waits so many seconds.
    """

    def __init__(
        self, secret: Secret, url: str, http: urllib3.PoolManager, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._secret = secret
        self._url = url
        self._http = http
        self._pause = pause

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        return self._ask("POST", path, json.dumps(body).encode())

    def _ask(self, method: str, path: str, body: bytes | None) -> Answer:
        for pause in _PAUSES:
            try:
                return self._asked_once(method, path, body)
            except PrinterUnavailableError as error:
                if (error.retry_after or 0) > _LONGEST_PAUSE:
                    raise
                self._pause(max(pause, error.retry_after or 0))
        return self._asked_once(method, path, body)

    def _asked_once(self, method: str, path: str, body: bytes | None) -> Answer:
        headers = {"X-API-Key": self._secret.current()["apiKey"], "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            answer = self._http.request(
                method,
                f"{self._url}{path}",
                body=body,
                headers=headers,
                retries=False,
                redirect=False,
                timeout=_TIMEOUT,
                preload_content=False,
            )
            sent = answer.read(_LARGEST + 1)
        except urllib3.exceptions.HTTPError as error:
            raise PrinterUnavailableError(f"no answer: {type(error).__name__}") from error
        _drop(answer, whole_body=len(sent) <= _LARGEST)
        return _read(answer.status, sent, answer.headers.get("Retry-After"))


def _drop(answer: urllib3.BaseHTTPResponse, *, whole_body: bool) -> None:
    """Give the connection back, or close one that has more to say than is heard."""
    answer.release_conn() if whole_body else answer.close()


def _read(status: int, sent: bytes, retry_after: str | None) -> Answer:
    if status in _PASSING or status >= _FAULT:
        raise PrinterUnavailableError(f"HTTP {status}", _seconds(retry_after))
    body = _json(sent)
    if status in _CREDENTIALS:
        raise_alarm(Alarm.PROVIDER_REFUSES, provider="PRODIGI", status=status, request=trace(body or {}))
        raise PrintRefusedError(Refusal.CREDENTIALS, trace=trace(body or {}))
    outcome = (body or {}).get("outcome")
    if body is None or not isinstance(outcome, str):
        raise AnswerNotUnderstoodError(f"HTTP {status} without an outcome")
    answer = Answer(status, outcome.lower(), body)
    if status not in {_OK, _NOT_FOUND} and not answer.is_refusal:
        raise AnswerNotUnderstoodError(f"HTTP {status}")
    if answer.is_unknown and answer.outcome not in _NO_SUCH:
        raise AnswerNotUnderstoodError("HTTP 404, and not for want of the thing")
    return answer


def _json(sent: bytes) -> Values | None:
    if len(sent) > _LARGEST:
        return None
    try:
        body: Any = json.loads(sent)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _seconds(retry_after: str | None) -> int | None:
    """Read how long to wait, a number of seconds or a date; of what is neither, nothing is made."""
    if retry_after is None:
        return None
    seconds = whole(retry_after.strip())
    if seconds is None:
        seconds = _until(retry_after)
    return None if seconds is None else min(seconds, _LONGEST_WAIT)


def _until(date: str) -> int | None:
    try:
        then = parsedate_to_datetime(date)
        return max(0, round((then - clock.now()).total_seconds()))
    except (ValueError, TypeError, OverflowError):
        return None
