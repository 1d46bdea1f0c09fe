"""The source of the rates: one answer of all currencies, in the shape of https://www.exchangerate-api.com/docs/free."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import urllib3

from studio.money import Currency
from studio.rates.model import BASE, Rate, RateSource, sane

# An answer of all the world's currencies has 4 kB.
MOST_BYTES = 64 * 1024
_OK = 200
_TIMEOUT = urllib3.Timeout(connect=3, read=10)


class BadAnswerError(RuntimeError):
    """The source's answer, or what it says of one currency, cannot be used."""


def fetch(url: str, http: urllib3.PoolManager) -> bytes:
    """Ask the source.

    Raises
    ------
    BadAnswerError
        It is away, it refuses, or says more than it could have to.
    """
    try:
        answer = http.request("GET", url, retries=False, timeout=_TIMEOUT, preload_content=False)
        with answer:
            body = answer.read(MOST_BYTES + 1)
    except urllib3.exceptions.HTTPError as error:
        raise BadAnswerError(f"no answer: {type(error).__name__}") from error
    if answer.status != _OK:
        raise BadAnswerError(f"HTTP {answer.status}")
    if len(body) > MOST_BYTES:
        raise BadAnswerError(f"more than {MOST_BYTES} bytes")
    return body


@dataclass(frozen=True)
class Quotation:
    """What the source said of all currencies at once."""

    as_of: datetime
    numbers: Mapping[str, Any]

    def rate(self, quote: Currency) -> Rate:
        """Return one currency's rate.

        Raises
        ------
        BadAnswerError
            It is missing, or no number that could be a rate.
        """
        number = self.numbers.get(quote)
        if not isinstance(number, Decimal) or not sane(number):
            raise BadAnswerError("not a rate")
        return Rate(BASE, quote, +number, self.as_of, RateSource.PROVIDER)  # to 28 digits: DynamoDB keeps 38


def read(body: bytes, now: datetime) -> Quotation:
    """Read an answer.

    Raises
    ------
    BadAnswerError
        It is malformed, says that it failed, has another base, or comes from the future.
    """
    answer = _parsed(body)
    if answer.get("result") != "success":
        raise BadAnswerError("malformed, or the source says that it failed")
    if answer.get("base_code") != BASE:
        raise BadAnswerError("another base")
    numbers = answer.get("rates")
    if not isinstance(numbers, dict):
        raise BadAnswerError("no rates")
    return Quotation(_past(answer.get("time_last_update_unix"), now), numbers)


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body, parse_float=_decimal, parse_int=_decimal)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _decimal(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation:  # an exponent beyond all bounds
        return Decimal("NaN")


def _past(at: Any, now: datetime) -> datetime:
    if not isinstance(at, Decimal) or not at.is_finite() or not 0 < at <= Decimal(now.timestamp()):
        raise BadAnswerError("its time is not in the past")
    return datetime.fromtimestamp(int(at), UTC)
