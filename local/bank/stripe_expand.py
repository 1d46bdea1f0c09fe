"""Stripe's `expand`: an id in an answer becomes the object that it names; what cannot is refused."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from local.bank import stripe_objects as objects
from local.bank.stripe_bank import StripeBank
from local.bank.stripe_error import StripeError
from local.bank.stripe_form import Json

MOST_DEEP = 4
Fetch = Callable[[StripeBank, Json], Json | None]


def _intent(bank: StripeBank, thing: Json) -> Json | None:
    return objects.intent(*bank.of_intent(thing["payment_intent"])) if thing["payment_intent"] else None


def _charge(bank: StripeBank, thing: Json) -> Json:
    """Return the charge of a refund, or the latest one of a PaymentIntent."""
    intent = thing["id"] if thing["object"] == "payment_intent" else thing["payment_intent"]
    return objects.charge(*bank.of_intent(intent))


def _line_items(bank: StripeBank, thing: Json) -> Json:
    return objects.line_items(bank.checkout(thing["id"]))


# What can be expanded, by the kind of object: how it is had, and which kind it is.
KNOWN: Final[Mapping[str, Mapping[str, tuple[Fetch, str]]]] = {
    "checkout.session": {"payment_intent": (_intent, "payment_intent"), "line_items": (_line_items, "list")},
    "payment_intent": {"latest_charge": (_charge, "charge")},
    "charge": {"payment_intent": (_intent, "payment_intent")},
    "refund": {"payment_intent": (_intent, "payment_intent"), "charge": (_charge, "charge")},
}


def parsed(kind: str, paths: Sequence[str], *, many: bool) -> list[list[str]]:
    """Return the names along each path into an object of this kind, or into a list of such. Raises StripeError."""
    return [_names(kind, path, many=many) for path in paths]


def expand(bank: StripeBank, answer: Json, paths: Sequence[Sequence[str]]) -> Json:
    """Put the objects that the paths name into an answer, or into each of its list."""
    for names in paths:
        for thing in answer["data"] if answer["object"] == "list" else [answer]:
            _expand(bank, thing, names)
    return answer


def _names(kind: str, path: str, *, many: bool) -> list[str]:
    names = path.split(".")
    if many and names.pop(0) != "data":
        raise _refusal(path)
    if not 0 < len(names) <= MOST_DEEP:
        raise _refusal(path)
    for name in names:
        if name not in KNOWN.get(kind, {}):
            raise _refusal(path)
        _, kind = KNOWN[kind][name]
    return names


def _expand(bank: StripeBank, thing: Json, names: Sequence[str]) -> None:
    name, *rest = names
    if not isinstance(thing.get(name), dict):  # another path may have expanded it
        thing[name] = KNOWN[thing["object"]][name][0](bank, thing)
    if rest and thing[name] is not None:
        _expand(bank, thing[name], rest)


def _refusal(path: str) -> StripeError:
    return StripeError(400, f"This property cannot be expanded ({path}).", param="expand")
