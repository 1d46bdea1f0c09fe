"""What all shapes share: a record of the studio becomes a dict in the form of a type of the GraphQL schema."""

from typing import Any

from studio.money import Money

Shape = dict[str, Any]

# GraphQL's Int. What adds up is shown at most so large: an answer that cannot be given would hide all others with it.
_LEAST_INT, _MOST_INT = -(2**31), 2**31 - 1


def graphql_int(number: int) -> int:
    return max(_LEAST_INT, min(number, _MOST_INT))


def money(amount: Money) -> Shape:
    return {"minor": amount.minor, "currency": amount.currency}
