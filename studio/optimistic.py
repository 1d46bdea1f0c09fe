"""Optimistic locking: what was read is written on condition; where it changed meanwhile, it is all done again."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from studio.dynamo import ConditionFailed
from studio.errors import ContendedError

T = TypeVar("T")

# Others who write the same row are few, and each try begins with what they wrote.
_TRIES = 8


def retry(attempt: Callable[[], T]) -> T:
    """Read, decide and write, until nothing changed in between: `attempt` raises ConditionFailed where something did.

    Raises
    ------
    ContendedError
        Something changed at every try.
    """
    for _ in range(_TRIES):
        with suppress(ConditionFailed):
            return attempt()
    raise ContendedError
