"""Which events a subscription gets, and which of a mutation's payloads end it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .errors import FieldError

_MOST_INVALIDATIONS = 5


def arguments_match(arguments: Mapping[str, Any], value: Any) -> bool:
    """Return whether an event fits the subscription's arguments.

    Each argument given is compared with the field of its name in the mutation's result: ``null`` matches only null, an
    argument left out matches all, and a field that the mutation did not select is null.
    """
    fields: Mapping[str, Any] = value if isinstance(value, dict) else {}
    return all(_same(fields.get(name), wanted) for name, wanted in arguments.items())


def _same(found: Any, wanted: Any) -> bool:
    """Compare without taking ``true`` for 1."""
    return isinstance(found, bool) == isinstance(wanted, bool) and found == wanted


def _contains(found: Any, wanted: Any) -> bool:
    return isinstance(found, (str, list)) and wanted in found


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def test(found: Any, wanted: Any) -> bool:
        numbers = isinstance(found, (int, float)) and isinstance(wanted, (int, float))
        return (numbers or (isinstance(found, str) and isinstance(wanted, str))) and compare(found, wanted)

    return test


_at_least = _ordered(lambda found, wanted: found >= wanted)
_at_most = _ordered(lambda found, wanted: found <= wanted)

_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": _same,
    "ne": lambda found, wanted: not _same(found, wanted),
    "le": _at_most,
    "lt": _ordered(lambda found, wanted: found < wanted),
    "ge": _at_least,
    "gt": _ordered(lambda found, wanted: found > wanted),
    "contains": _contains,
    "notContains": lambda found, wanted: not _contains(found, wanted),
    "beginsWith": lambda found, wanted: isinstance(found, str) and found.startswith(wanted),
    "in": lambda found, wanted: found in wanted,
    "notIn": lambda found, wanted: found not in wanted,
    "between": lambda found, wanted: _at_least(found, wanted[0]) and _at_most(found, wanted[1]),
    "containsAny": lambda found, wanted: isinstance(found, (str, list)) and any(each in found for each in wanted),
}


def check_filter(filters: Any) -> None:
    """Check an enhanced filter or an invalidation filter as a subscription's resolver set it.

    Raises
    ------
    FieldError
        If it is not ``{filterGroup: [{filters: [{fieldName, operator, value}]}]}`` with known operators.
    """
    try:
        operators = [each["operator"] for group in filters["filterGroup"] for each in group["filters"]]
    except (KeyError, TypeError) as error:
        raise FieldError("Invalid subscription filter.", "SubscriptionFilter") from error
    for operator in operators:
        if operator not in _OPERATORS:
            raise FieldError(f"Invalid subscription filter operator '{operator}'.", "SubscriptionFilter")


def check_invalidations(asked: Sequence[Any]) -> None:
    """Check what the resolvers of one request gave to ``extensions.invalidateSubscriptions``.

    Raises
    ------
    FieldError
        If one is not ``{subscriptionField, payload}``, or they are more than AppSync takes.
    """
    if len(asked) > _MOST_INVALIDATIONS:
        raise FieldError(f"More than {_MOST_INVALIDATIONS} subscription invalidations.", "SubscriptionInvalidation")
    for each in asked:
        if not (isinstance(each, dict) and each.get("subscriptionField") and isinstance(each.get("payload"), dict)):
            raise FieldError("Invalid subscription invalidation.", "SubscriptionInvalidation")


def filter_matches(filters: Mapping[str, Any], value: Any) -> bool:
    """Return whether an event fits an enhanced filter: all filters of any one of its groups."""
    return any(all(_passes(each, value) for each in group["filters"]) for group in filters["filterGroup"])


def _passes(each: Mapping[str, Any], value: Any) -> bool:
    for name in each["fieldName"].split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return _OPERATORS[each["operator"]](value, each["value"])
