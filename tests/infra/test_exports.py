"""What an update cannot do: a stack may not take back what another, which is deployed after it, still imports."""

from collections.abc import Iterator
from typing import Any

from tests.infra.templates import Templates


def test_no_option_takes_away_what_a_deployed_stack_still_imports(dev: Templates, other: Templates) -> None:
    """Mail alone does, whose resources go with it: it ends in the stacks' opposite order (docs/operations.md)."""
    for before, after in ((dev, other), (other, dev)):
        gone = set(imported(before.by_stack)) - set(after.exports)
        assert {name for name in gone if "Mail" not in name} == set()
    assert not set(imported(other.by_stack)) - set(dev.exports)


def test_a_value_that_is_exported_stays_the_same_under_every_option(dev: Templates, other: Templates) -> None:
    both = dev.exports.keys() & other.exports.keys()
    assert {name: dev.exports[name] for name in both} == {name: other.exports[name] for name in both}


def imported(part: Any) -> Iterator[str]:
    """Yield the names of the exports that a template reads."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "Fn::ImportValue":
                yield value
            else:
                yield from imported(value)
    elif isinstance(part, list):
        for each in part:
            yield from imported(each)
