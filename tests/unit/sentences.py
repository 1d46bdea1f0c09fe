"""What a person reads is in words: no refusal's sentence holds a name that only programs know."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import graphql

from studio.errors import StudioError

_SCHEMA = Path(__file__).parents[2] / "schema" / "schema.graphql"
# Values of enums that are words of the field too: formats, currencies, and a provider that is called so.
_WORDS = frozenset({"PNG", "JPEG", "USD", "SGD", "VND", "VNPAY"})
_CAPITALS = re.compile(r"\b[A-Z][A-Z0-9_]+\b")
_init = StudioError.__init__


@cache
def _names() -> frozenset[str]:
    """Every value of every enum of the schema."""
    document = graphql.parse(_SCHEMA.read_text("utf-8"), no_location=True)
    enums = [each for each in document.definitions if isinstance(each, graphql.EnumTypeDefinitionNode)]
    return frozenset(value.name.value for each in enums for value in each.values or ()) - _WORDS


def checking(error: StudioError, *args: Any, **facts: Any) -> None:
    """Make a StudioError as its constructor does, whose sentence is in words."""
    _init(error, *args, **facts)
    capitals = _CAPITALS.findall(error.message)
    assert not capitals or _names().isdisjoint(capitals), f"{error.type} says a name of the schema: {error.message}"
