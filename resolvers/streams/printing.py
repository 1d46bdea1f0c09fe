"""Submits an order to the printer as soon as its row is there, and asks for one that the printer called about.

What fails here stays due, and is the reconciler's: no order waits for another.
"""

from collections.abc import Mapping
from typing import Any

from resolvers.printing import printing
from resolvers.streams.records import Record, failures, row_of
from studio.clock import now
from studio.settings import printing as settings
from studio.settings.environment import read_settings
from studio.sweeping import each

_printing = printing(read_settings(settings.Printing))


def handler(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """Take a batch of orders further, until the printer does not answer, which may take a minute each time."""
    answers = True

    def act(record: Record) -> None:
        nonlocal answers
        answers = answers and _printing.advance(row_of(record), now())

    each(event["Records"], act, what="order at the printer", name=row_of)
    return failures([])
