"""Every part of the schema says what it is: a developer's tools show nothing else of it."""

from collections.abc import Iterator

import pytest
from graphql import DocumentNode, Node, parse

from schema.print import document


def undescribed(types: DocumentNode) -> list[str]:
    return [name for definition in types.definitions for name, node in _parts(definition) if not _text(node).strip()]


def _parts(definition: Node) -> Iterator[tuple[str, Node]]:
    """Yield a type and all that it has, by what they are called."""
    name = _name(definition)
    yield name, definition
    for part in (*(getattr(definition, "fields", None) or ()), *(getattr(definition, "values", None) or ())):
        yield f"{name}.{_name(part)}", part
        yield from ((f"{name}.{_name(part)}({_name(each)})", each) for each in getattr(part, "arguments", None) or ())


def _name(node: Node) -> str:
    return node.name.value  # pyright: ignore[reportAttributeAccessIssue]


def _text(node: Node) -> str:
    description = getattr(node, "description", None)
    return description.value if description else ""


def test_everything_is_described() -> None:
    assert undescribed(document()) == []


def test_what_ends_on_me_is_not_promised_as_an_event() -> None:
    """It publishes no change that shuts somebody out: tests/unit/resolvers/test_publish.py."""
    parts = dict(each for definition in document().definitions for each in _parts(definition))
    pushed, _, ended = _text(parts["Subscription.onMe"]).partition(". ")
    for change in ("disabled", "demoted", "leave"):
        assert change not in pushed
        assert change in ended.partition("it ends")[0]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('type A { "b" b: Int }', ["A"]),
        ('"a" type A { b: Int }', ["A.b"]),
        ('"a" type A { "b" b(c: Int): Int }', ["A.b(c)"]),
        ('"a" input A { b: Int }', ["A.b"]),
        ('"a" enum A { B }', ["A.B"]),
        ('" " enum A { "b" B }', ["A"]),
    ],
)
def test_what_is_not_described_is_named(text: str, found: list[str]) -> None:
    assert undescribed(parse(text)) == found
