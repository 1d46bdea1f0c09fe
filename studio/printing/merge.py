"""What is known of an order after one more state of it was read, in whatever order states are read.

States come late and more than once: two callbacks have two functions ask, and the first to ask may be the last to
write. So what only grows is joined: a status, a step and a parcel stand as far as any state showed them, and every
label of a parcel is kept. What comes and goes, issues and charges, is that of the newest state. Joined in any order
and as often as one likes, the same states make the same order.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import TypeVar

from studio.printing.model import Charge, Issue, Label, Parcel, ParcelStatus, PrintOrder, PrintStatus, Stage, Step

T = TypeVar("T", PrintStatus, Stage, ParcelStatus)


def merge(known: PrintOrder, seen: PrintOrder) -> PrintOrder:
    """Join two states of one order. Raises ValueError for those of two orders."""
    if known.id != seen.id:
        raise ValueError("two orders")
    return PrintOrder(
        id=known.id,
        reference=max(known.reference or "", seen.reference or "") or None,
        status=further(known.status, seen.status),
        updated_at=max(known.updated_at, seen.updated_at),
        steps={step: further(known.steps[step], seen.steps[step]) for step in Step},
        parcels=_parcels([*known.parcels, *seen.parcels]),
        issues=tuple(sorted(_newest_issues(known, seen))),
        charges=tuple(sorted(_newest_charges(known, seen))),
    )


def further(one: T, other: T) -> T:
    """Return which of two states comes later in a life; enumerations list them in that order."""
    order = list(type(one))
    return max(one, other, key=order.index)


def _parcels(states: Iterable[Parcel]) -> tuple[Parcel, ...]:
    by_id = groupby(sorted(states, key=lambda parcel: parcel.id), key=lambda parcel: parcel.id)
    return tuple(_parcel(id_, list(same)) for id_, same in by_id)


def _parcel(id_: str, states: list[Parcel]) -> Parcel:
    status = states[0].status
    for state in states[1:]:
        status = further(status, state.status)
    sent = [state.dispatched_at for state in states if state.dispatched_at is not None]
    return Parcel(id_, status, min(sent, default=None), _labels(label for state in states for label in state.labels))


def _labels(labels: Iterable[Label]) -> tuple[Label, ...]:
    """Keep each label once, since the first state that showed it."""
    in_order = sorted(labels, key=lambda label: (label.name, label.since))
    return tuple(next(same) for _, same in groupby(in_order, key=lambda label: label.name))


def _newest_issues(known: PrintOrder, seen: PrintOrder) -> set[Issue]:
    return {issue for state in _newest(known, seen) for issue in state.issues}


def _newest_charges(known: PrintOrder, seen: PrintOrder) -> set[Charge]:
    return {charge for state in _newest(known, seen) for charge in state.charges}


def _newest(known: PrintOrder, seen: PrintOrder) -> list[PrintOrder]:
    """Return the newer state, or both where they are of one moment."""
    newest = max(known.updated_at, seen.updated_at)
    return [state for state in (known, seen) if state.updated_at == newest]
