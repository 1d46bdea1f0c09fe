"""Stripe's lists: newest first, a page at a time, from an object on."""

from collections.abc import Mapping, Sequence
from itertools import dropwhile
from typing import Final

from local.bank.stripe_error import StripeError, no_such
from local.bank.stripe_form import Form, Json

PAGING: Final = frozenset({"limit", "starting_after", "ending_before"})
USUAL, MOST = 10, 100


def listed(url: str, found: Sequence[Json], form: Form) -> Json:
    """Return a page of what was found, which is newest first. Raises StripeError."""
    limit, after, before = _limit(form), form.text("starting_after"), form.text("ending_before")
    if after and before:
        message = "You can only pass one of these parameters: starting_after, ending_before."
        raise StripeError(400, message, param="ending_before")
    rest = list(found)
    if before:  # the page just before that object
        rest = _behind(rest[::-1], before, "ending_before")
    elif after:
        rest = _behind(rest, after, "starting_after")
    page = rest[:limit]
    data = page[::-1] if before else page
    return {"object": "list", "url": url, "has_more": len(rest) > limit, "data": data}


def matching(things: Sequence[Json], wanted: Mapping[str, str | None]) -> list[Json]:
    """Return the things that have these values; None asks for nothing."""
    asked = {name: value for name, value in wanted.items() if value is not None}
    return [thing for thing in things if all(thing[name] == value for name, value in asked.items())]


def _limit(form: Form) -> int:
    limit = form.number("limit")
    if limit is None:
        return USUAL
    if not 1 <= limit <= MOST:
        bound = f"less than or equal to {MOST}" if limit > MOST else "greater than or equal to 1"
        message = f"This value must be {bound} (it currently is '{limit}')."
        raise StripeError(400, message, code="parameter_invalid_integer", param="limit")
    return limit


def _behind(things: Sequence[Json], id_: str, param: str) -> list[Json]:
    found = list(dropwhile(lambda thing: thing["id"] != id_, things))
    if not found:
        raise no_such(param, id_)
    return found[1:]
