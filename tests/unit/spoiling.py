"""Rows with one attribute, or a part of one, that holds anything DynamoDB can hold."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import Binary
from hypothesis import strategies as st

from studio.dynamo import pack, unpack

_LONG = ["x"] * 100_000
_IN_ITS_PLACE = "here is the long list"
_KEYS = st.text("ab", max_size=3)
# What has once hidden a list, or nearly.
_KNOWN = st.sampled_from(
    [
        *("x", "", "junk", "NaN", "1", "\ud800", "é" * 200_000, "2026-11-20", "2026-02-30T10:00:00.000Z"),
        *("2026-11-20T25:00:00.000Z", "+10000-01-01T00:00:00Z", "\uff12026-11-20T10:00:00Z", "http://", "PENDING"),
        *(0, -1, 5, 2**31, -(2**31) - 1, 2**53, 10**30, 10**37, Decimal("1.5"), Decimal("1E-130"), Decimal("1E125")),
        *(None, True, False, [], {}, [None], [[]], [{}], {"x": "y"}, Binary(b"x"), {Binary(b"x")}, {"x"}, {1}),
        _LONG,
    ]
)
_SIMPLE = st.one_of(_KNOWN, st.integers(-(10**37), 10**37), st.text(max_size=9), st.booleans())
VALUES = st.recursive(
    _SIMPLE, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3), max_leaves=4
)


def paths(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where every part of a row lies."""
    parts = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield (*at, name)
        yield from paths(part, (*at, name))


def spoiled(row: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return a row that holds another value at a place."""
    if not path:
        return value
    copy = list(row) if isinstance(row, list) else dict(row)
    copy[path[0]] = spoiled(row[path[0]], path[1:], value)
    return copy


def kept_with(row: Mapping[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """Return a row that DynamoDB gave back, with another value at a place, as it gives back that."""
    attribute = path[0]
    rest = {name: part for name, part in row.items() if name != attribute}
    return rest | kept({attribute: spoiled(row[attribute], path[1:], value)})


def kept(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as DynamoDB gives it back; the long list is not turned into its notation and back each time."""
    short = _each(row, lambda part: _IN_ITS_PLACE if part is _LONG else part)
    return _each(unpack(pack(short)), lambda part: _LONG if part == _IN_ITS_PLACE else part)


def _each(value: Any, swapped: Callable[[Any], Any]) -> Any:
    if isinstance(value, dict):
        return {name: _each(part, swapped) for name, part in value.items()}
    if isinstance(value, list) and value is not _LONG:
        return [_each(part, swapped) for part in value]
    return swapped(value)
