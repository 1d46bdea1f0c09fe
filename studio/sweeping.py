"""Working through many items, so that one that fails holds up none of the others: the loop of sweeps, batches, queues.

What fails is logged in one form, which alarms count; a row that is looked at again by a `due` of its own is put off
with a growing pause.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, TypeVar

from aws_lambda_powertools.logging import Logger

from studio import rows
from studio.clock import millis
from studio.dynamo import ConditionFailed, Table, update
from studio.errors import UnreadableError
from studio.rows import Row

T = TypeVar("T")
R = TypeVar("R")

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
_FAILED = "an item failed"

log = Logger()


def each(
    items: Iterable[T],
    act: Callable[[T], object],
    *,
    what: str,
    name: Callable[[T], str],
    put_off: Callable[[T], object] | None = None,
) -> list[T]:
    """Do something to every item, and return those to which it could not be done.

    Parameters
    ----------
    what
        What the items are, for the log: "job".
    name
        Which one an item is, for the log: its id, nothing personal.
    put_off
        Makes a failed item wait before it is looked at again.
    """
    failed: list[T] = []
    for item in items:
        try:
            act(item)
        except Exception:
            log.exception(_FAILED, extra=_details(what, name, item))
            failed.append(item)
            if put_off:
                _put_off(what, name, item, put_off)
    return failed


def readable(items: Iterable[R], parse: Callable[[R], T], *, what: str, name: Callable[[R], str]) -> list[T]:
    """Return what the rows hold, but for those that cannot be read."""
    read: list[T] = []
    each(items, lambda item: read.append(parse(item)), what=what, name=name)
    return read


def pause(tries: int, first: timedelta = FIRST_PAUSE, longest: timedelta = LONGEST_PAUSE) -> timedelta:
    """Return how long to wait after so many tries in vain: twice as long each time, up to the longest."""
    return min(first * 2 ** min(max(tries - 1, 0), 20), longest)


def tries_of(row: Mapping[str, Any]) -> int:
    """Return how often a row was looked at in vain; whoever is put off may be one that cannot be read."""
    with suppress(UnreadableError):
        return Row(row).find("tries", rows.count) or 0
    return 0


def put_off(table: Table, row: Mapping[str, Any], now: datetime, latest: int | None = None) -> None:
    """Look at a row again after a growing pause, at the `latest` (in milliseconds) if that is still to come.

    The row needs its `id` and the `due` that was seen: one that somebody else changed meanwhile is left alone.
    """
    tries = tries_of(row) + 1
    due = millis(now + pause(tries))
    if latest is not None and latest > millis(now):
        due = min(due, latest)
    with suppress(ConditionFailed):
        table.apply(
            update(
                {"id": row["id"]},
                condition="#due = :seen",
                values={"seen": row["due"]},
                set={"due": due, "tries": tries},
            )
        )


def _put_off(what: str, name: Callable[[T], str], item: T, act: Callable[[T], object]) -> None:
    try:
        act(item)
    except Exception:
        log.exception(_FAILED, extra=_details(f"{what} to put off", name, item))


def _details(what: str, name: Callable[[T], str], item: T) -> dict[str, str]:
    try:
        return {"what": what, "item": name(item)}
    except Exception:  # noqa: BLE001 - the item's own failure is reported all the same
        return {"what": what, "item": "unnamed"}
