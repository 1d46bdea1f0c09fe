"""Stripe's form bodies: ``line_items[0][price_data][currency]=usd`` and the like, as nested objects."""

import re
from collections.abc import Collection, Iterable
from typing import Any

from local.bank.stripe_error import StripeError, missing

Json = dict[str, Any]
NAME = re.compile(r"[^\[\]]+")
URL = re.compile(r"https?://[!-~]+")


def nested(pairs: Iterable[tuple[str, str]]) -> Json:
    """Read a form; a list becomes an object of its places. Raises StripeError."""
    form: Json = {}
    for key, value in pairs:
        *path, last = NAME.findall(key) or [key]
        if key.endswith("[]"):  # the next place of a list
            taken = form.get(last, {})
            path, last = [*path, last], str(len(taken) if isinstance(taken, dict) else 0)
        node = form
        for name in path:
            node = node.setdefault(name, {})
            if not isinstance(node, dict):
                raise StripeError(400, f"Invalid object: {key}", param=key)
        node[last] = value
    return form


class Form:
    """One object of a form, whose every name must be known."""

    def __init__(self, values: Any, names: Collection[str], path: str = "") -> None:
        """Raises StripeError."""
        self._path = path
        if not isinstance(values, dict):
            raise StripeError(400, f"Invalid object: {path}", param=path)
        for name in values:
            if name not in names:
                where = self._param(name)
                raise StripeError(400, f"Received unknown parameter: {where}", code="parameter_unknown", param=where)
        self._values: Json = values

    def _param(self, name: str) -> str:
        return f"{self._path}[{name}]" if self._path else name

    def text(self, name: str) -> str | None:
        value = self._values.get(name)
        if isinstance(value, dict):
            raise StripeError(400, f"Invalid string: {name}", param=self._param(name))
        return value or None

    def needed(self, name: str) -> str:
        text = self.text(name)
        if text is None:
            raise missing(self._param(name))
        return text

    def url(self, name: str) -> str | None:
        text = self.text(name)
        if text is not None and not URL.fullmatch(text):
            raise StripeError(400, "Not a valid URL", code="url_invalid", param=self._param(name))
        return text

    def number(self, name: str) -> int | None:
        text = self.text(name)
        if text is not None and not re.fullmatch("[0-9]{1,12}", text):
            where = self._param(name)
            raise StripeError(400, f"Invalid integer: {text}", code="parameter_invalid_integer", param=where)
        return None if text is None else int(text)

    def metadata(self, name: str = "metadata") -> dict[str, str]:
        values = self._values.get(name) or {}  # an empty text stands for an empty object
        if not isinstance(values, dict):
            raise StripeError(400, f"Invalid object: {name}", param=self._param(name))
        return {key: str(value) for key, value in values.items()}

    def texts(self, name: str) -> list[str]:
        """Return a list of texts, in its order; one that is left out is empty."""
        values = self._values.get(name) or {}
        if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
            raise StripeError(400, "Invalid array", param=self._param(name))
        return [str(value) for value in values.values()]

    def object(self, name: str, names: Collection[str]) -> "Form":
        return Form(self._values.get(name) or {}, names, self._param(name))

    def objects(self, name: str, names: Collection[str]) -> "list[Form]":
        places = self._values.get(name)
        if not isinstance(places, dict):
            raise missing(self._param(name))
        return [Form(value, names, f"{self._param(name)}[{place}]") for place, value in places.items()]
