"""Whatever order states are read in, and however often: no status goes backward, and no tracking number is lost."""

import random
from collections.abc import Iterable, Iterator
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.printing.cost import Cost
from studio.printing.item import print_order_from_item, print_order_to_item
from studio.printing.merge import merge
from studio.printing.model import (
    Charge,
    Issue,
    IssueKind,
    Label,
    Parcel,
    ParcelStatus,
    PrintOrder,
    PrintStatus,
    Stage,
    Step,
)

TIMES = st.sampled_from([f"2026-11-20T12:00:0{second}.000Z" for second in range(5)])
FEW = st.sampled_from([None, "a", "b"])
LABELS = st.builds(Label, carrier=FEW, service=st.none(), number=FEW, url=st.none(), since=TIMES)
ISSUES = st.builds(Issue, st.sampled_from(IssueKind), st.sampled_from(["x", "y"]), st.just("ori_1"))
CHARGES = st.builds(
    Charge, st.sampled_from(["chg_1", "chg_2"]), st.just("Item"), st.builds(Cost, st.integers(0, 2), st.just("GBP"))
)


def tidy(state: PrintOrder) -> PrintOrder:
    """Return a state as it is read: each parcel and label once, in order."""
    return merge(state, state)


PARCELS = st.builds(
    Parcel,
    st.sampled_from(["shp_1", "shp_2"]),
    st.sampled_from(ParcelStatus),
    st.none() | TIMES,
    st.lists(LABELS, max_size=2).map(tuple),
)
STATES = st.builds(
    PrintOrder,
    id=st.just("ord_1"),
    reference=st.sampled_from([None, "order-1"]),
    status=st.sampled_from(PrintStatus),
    updated_at=TIMES,
    steps=st.fixed_dictionaries({step: st.sampled_from(Stage) for step in Step}),
    parcels=st.lists(PARCELS, max_size=3).map(tuple),
    issues=st.lists(ISSUES, max_size=2).map(tuple),
    charges=st.lists(CHARGES, max_size=2).map(tuple),
).map(tidy)


@settings(max_examples=50, deadline=None)
@given(STATES, STATES, STATES)
def test_states_make_the_same_order_in_whatever_order(one: PrintOrder, two: PrintOrder, three: PrintOrder) -> None:
    assert merge(one, two) == merge(two, one)
    assert merge(merge(one, two), three) == merge(one, merge(two, three))
    assert merge(merge(one, two), two) == merge(one, two)
    assert merge(one, one) == one


@settings(max_examples=50, deadline=None)
@given(STATES, STATES)
def test_what_is_known_only_grows(known: PrintOrder, seen: PrintOrder) -> None:
    assert_grew(known, merge(known, seen))


@given(STATES)
def test_a_state_is_kept_in_a_row(state: PrintOrder) -> None:
    assert print_order_from_item(print_order_to_item(state)) == state


def numbers(order: PrintOrder) -> set[tuple[str, str]]:
    found = ((parcel.id, label.number) for parcel in order.parcels for label in parcel.labels)
    return {(id_, number) for id_, number in found if number is not None}


def assert_grew(before: PrintOrder, after: PrintOrder) -> None:
    statuses, stages, parcel_statuses = list(PrintStatus), list(Stage), list(ParcelStatus)
    assert statuses.index(after.status) >= statuses.index(before.status)
    assert all(stages.index(after.steps[step]) >= stages.index(before.steps[step]) for step in Step)
    assert numbers(after) >= numbers(before)
    now = {parcel.id: parcel for parcel in after.parcels}
    for parcel in before.parcels:
        assert parcel_statuses.index(now[parcel.id].status) >= parcel_statuses.index(parcel.status)
        assert parcel.dispatched_at is None or now[parcel.id].dispatched_at is not None


def at(second: int) -> str:
    return f"2026-11-20T12:{second // 60:02}:{second % 60:02}.000Z"


def life(parcels: int) -> list[PrintOrder]:
    """Return an order's states from the first to the last; a parcel is sent on under a second number."""
    states = [state(0, PrintStatus.DRAFT, [])]
    states.append(state(1, PrintStatus.IN_PROGRESS, [Step.DOWNLOAD]))
    states.append(state(2, PrintStatus.IN_PROGRESS, [Step.DOWNLOAD, Step.ALLOCATE, Step.PREPARE, Step.PRODUCE]))
    for sent in range(1, parcels + 1):
        steps = [Step.DOWNLOAD, Step.ALLOCATE, Step.PREPARE, Step.PRODUCE, Step.SHIP]
        states.append(state(2 * sent + 1, PrintStatus.IN_PROGRESS, steps, sent))
        states.append(state(2 * sent + 2, PrintStatus.IN_PROGRESS, steps, sent, relabeled=True))
    return [*states, state(2 * parcels + 3, PrintStatus.COMPLETE, list(Step), parcels, relabeled=True)]


def state(
    second: int, status: PrintStatus, steps: Iterable[Step], sent: int = 0, *, relabeled: bool = False
) -> PrintOrder:
    """Return a state in which the parcels before the last have their second number."""
    label = [
        Label("post", None, f"{n}-{'b' if relabeled or n < sent else 'a'}", None, at(second))
        for n in range(1, sent + 1)
    ]
    return PrintOrder(
        id="ord_1",
        reference="order-1",
        status=status,
        updated_at=at(second),
        steps=dict.fromkeys(Step, Stage.NOT_STARTED) | dict.fromkeys(steps, Stage.COMPLETE),
        parcels=tuple(Parcel(f"shp_{n}", ParcelStatus.SHIPPED, at(second), (each,)) for n, each in enumerate(label, 1)),
        issues=() if second != 1 else (Issue(IssueKind.DOWNLOAD_RETRIED, "NotDownloaded", "ori_1"),),
    )


def delivered(states: list[PrintOrder], callbacks: int, luck: random.Random) -> Iterator[PrintOrder]:
    """Give the states that were read for so many callbacks: late, doubled, in any order, none left out."""
    reads = [*states, *luck.choices(states, k=callbacks - len(states))]
    luck.shuffle(reads)
    yield from reads


def test_ten_thousand_callbacks_shuffled_and_doubled() -> None:
    states = life(parcels=2)
    known, *rest = delivered(states, 10_000, random.Random(1))
    for seen in rest:
        after = merge(known, seen)
        assert_grew(known, after)
        known = after
    assert known == reduce(merge, states)
    assert known.status == PrintStatus.COMPLETE
    assert numbers(known) == {("shp_1", "1-a"), ("shp_1", "1-b"), ("shp_2", "2-a"), ("shp_2", "2-b")}
    assert [parcel.label and parcel.label.number for parcel in known.parcels] == ["1-b", "2-b"]
    assert known.issues == ()


def test_an_issue_that_is_over_is_forgotten_and_a_late_state_does_not_bring_it_back() -> None:
    states = life(parcels=1)
    assert states[1].issues
    assert merge(merge(states[1], states[2]), states[1]).issues == ()


def test_of_two_ends_the_printed_one_holds() -> None:
    states = life(parcels=1)
    canceled = state(99, PrintStatus.CANCELED, [])
    assert merge(states[-1], canceled).status == PrintStatus.COMPLETE
    assert merge(canceled, states[-1]).status == PrintStatus.COMPLETE


def test_a_label_without_a_number_takes_no_number_s_place() -> None:
    numbered = Parcel("shp_1", ParcelStatus.SHIPPED, at(1), (Label("post", None, "N1", None, at(1)),))
    bare = Parcel("shp_1", ParcelStatus.SHIPPED, at(9), (Label("other", None, None, None, at(9)),))
    one, two = (PrintOrder("ord_1", None, PrintStatus.IN_PROGRESS, at(1), parcels=(each,)) for each in (numbered, bare))
    (parcel,) = merge(one, two).parcels
    assert parcel.label is not None
    assert parcel.label.number == "N1"


def test_two_orders_are_not_one() -> None:
    other = PrintOrder("ord_2", None, PrintStatus.DRAFT, at(0))
    with pytest.raises(ValueError, match="two orders"):
        merge(life(1)[0], other)
