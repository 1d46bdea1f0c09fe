"""What all shapes share: a record of the studio becomes a dict in the form of a type of the GraphQL schema."""

from collections.abc import Callable
from typing import Any, TypeVar

from studio.lists import Listed
from studio.money import Money

T = TypeVar("T")
Shape = dict[str, Any]

# GraphQL's Int. What adds up is shown at most so large: an answer that cannot be given would hide all others with it.
_LEAST_INT, _MOST_INT = -(2**31), 2**31 - 1


def graphql_int(number: int) -> int:
    return max(_LEAST_INT, min(number, _MOST_INT))


def money(amount: Money) -> Shape:
    return {"minor": amount.minor, "currency": amount.currency}


def connection(page: Listed[T], shape: Callable[[T], Shape]) -> Shape:
    """Return one page of a list."""
    return {"items": [shape(item) for item in page.items], "nextToken": page.next_token}
