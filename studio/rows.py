"""Reading a row strictly: what could not be answered is refused when it is read, before others are answered with it.

A row may have been written by somebody who was not to write it, so each attribute has a type here, which is that of
the API's answers: an Int within its range, a time that AWSDateTime takes, text that can be sent. What a row holds
beyond the attributes that are asked for is ignored.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from studio import text as texts
from studio.errors import UnreadableError

T = TypeVar("T")

MOST_INT = 2**31 - 1  # GraphQL's Int
_MOST_WHOLE = 2**53 - 1  # what JSON's readers keep exactly
_LAST_SECOND = 253_402_300_799  # of the year 9999
_LONGEST_TEXT = 4_000
# Characters of a whole row: a page has 100, and Lambda answers with 6 MB at most.
_LARGEST = 50_000
_TIME = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_URL = re.compile(r"https?://[\x21-\x7e]+", re.ASCII)


@dataclass(frozen=True)
class Row:
    """A row, or a map within one. Each attribute is read by a function that raises ValueError or TypeError."""

    item: Mapping[str, Any]

    def get(self, name: str, read: Callable[[Any], T]) -> T:
        """Return an attribute that must be there.

        Raises
        ------
        UnreadableError
        """
        try:
            return read(self.item[name])
        except (ValueError, TypeError, KeyError, ArithmeticError):
            raise UnreadableError(name) from None

    def find(self, name: str, read: Callable[[Any], T]) -> T | None:
        """Return an attribute that may be absent.

        Raises
        ------
        UnreadableError
        """
        return None if self.item.get(name) is None else self.get(name, read)


def without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a map as it is written within a row: what is None is absent, as it is in the row itself."""
    return {name: value for name, value in values.items() if value is not None}


def row(value: Any) -> Row:
    """Read a map."""
    if not isinstance(value, Mapping):
        raise TypeError("no map")
    return Row(value)  # pyright: ignore[reportUnknownArgumentType]


def small_row(item: Mapping[str, Any], most: int = _LARGEST) -> Row:
    """Read a row of which a page may hold a hundred.

    Raises
    ------
    UnreadableError
    """
    if _size(item) > most:
        raise UnreadableError("more than an answer can hold")
    return Row(item)


def _size(value: Any) -> int:
    if isinstance(value, str | bytes):
        return len(value)
    if isinstance(value, Mapping):
        return sum(len(str(name)) + _size(part) for name, part in value.items())  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return 8 + sum(map(_size, value)) if isinstance(value, list | set | tuple) else 8  # pyright: ignore[reportUnknownArgumentType]


def text_to(most: int) -> Callable[[Any], str]:
    """Return a reader of text of so many characters."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or len(value) > most or not texts.is_whole(value):
            raise ValueError("no text")
        return value

    return read


text = text_to(_LONGEST_TEXT)


def url(value: Any) -> str:
    if not _URL.fullmatch(text(value)):
        raise ValueError("no URL")
    return value


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("neither true nor false")
    return value


def whole_to(most: int, least: int = 0) -> Callable[[Any], int]:
    """Return a reader of whole numbers in a range."""

    def read(value: Any) -> int:
        if type(value) is not int or not least <= value <= most:
            raise ValueError("no whole number in its range")
        return value

    return read


integer = whole_to(MOST_INT, -MOST_INT - 1)
count = whole_to(MOST_INT)
# What adds up over time: an answer shows it at most as large as an Int.
total = whole_to(_MOST_WHOLE, -_MOST_WHOLE)
seconds = whole_to(_LAST_SECOND)
millis = whole_to(_LAST_SECOND * 1000 + 999)


# It grows by one with every change, and has room to.
version = whole_to(2_000_000_000, least=1)


def decimal(value: Any) -> Decimal:
    if type(value) is not int and not isinstance(value, Decimal):
        raise TypeError("no number")
    return Decimal(value)


def time(value: Any) -> str:
    """Read a time as `studio.clock` writes it, which AWSDateTime takes."""
    if not _TIME.fullmatch(text(value)):
        raise ValueError("no time")
    datetime.fromisoformat(value)
    return value


def day(value: Any) -> str:
    if not _DAY.fullmatch(text(value)):
        raise ValueError("no day")
    datetime.fromisoformat(value)
    return value


def json_map(value: Any) -> dict[str, Any]:
    """Read a map that can be written as JSON."""
    if not isinstance(value, dict):
        raise TypeError("no map")
    text_to(_LARGEST)(json.dumps(value, ensure_ascii=False, allow_nan=False))
    return value  # pyright: ignore[reportUnknownVariableType]


def list_of(read: Callable[[Any], T]) -> Callable[[Any], tuple[T, ...]]:
    def read_all(value: Any) -> tuple[T, ...]:
        if not isinstance(value, list | tuple):
            raise TypeError("no list")
        return tuple(read(each) for each in value)  # pyright: ignore[reportUnknownVariableType]

    return read_all


def map_of(read: Callable[[Any], T]) -> Callable[[Any], dict[str, T]]:
    def read_all(value: Any) -> dict[str, T]:
        return {text(name): read(part) for name, part in row(value).item.items()}

    return read_all


def set_of(read: Callable[[Any], T]) -> Callable[[Any], frozenset[T]]:
    def read_all(value: Any) -> frozenset[T]:
        if not isinstance(value, set | frozenset):
            raise TypeError("no set")
        return frozenset(read(each) for each in value)  # pyright: ignore[reportUnknownVariableType]

    return read_all
