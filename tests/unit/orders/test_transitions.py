"""What may become of an order, whatever is tried with it: statuses, steps and parcels only ever go forward."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.clock import iso, parse
from studio.orders import transitions
from studio.orders.item import order_from_item, order_to_item
from studio.orders.model import ENDED, Order, OrderAction, OrderFailure, OrderParcel, OrderStatus, OrderStepKind
from studio.orders.transitions import NotPossibleError, actions
from tests.unit.orders.samples import ADDRESS, PARCEL, of_files, pending
from tests.unit.world import NOON

S, K = OrderStatus, OrderStepKind
LEGAL = {
    S.PENDING: {S.PROCESSING, S.CANCELED},
    S.PROCESSING: {S.COMPLETED, S.FAILED, S.CANCELED},
    **dict.fromkeys(ENDED, frozenset[OrderStatus]()),
}
TO: dict[OrderStatus, Callable[[Order], Order]] = {
    S.PROCESSING: lambda order: transitions.paid(order, "payment-1", NOON),
    S.COMPLETED: lambda order: transitions.completed(order, NOON),
    S.FAILED: lambda order: transitions.failed(order, OrderFailure.RENDERING_FAILED, NOON),
    S.CANCELED: lambda order: transitions.canceled(order, OrderFailure.CANCELED_BY_CUSTOMER, NOON),
}
PARCELS = st.builds(
    OrderParcel,
    st.sampled_from(["p-1", "p-2", "p-3"]),
    st.just(iso(NOON)),
    st.none() | st.just("DHL"),
    st.none() | st.sampled_from(["T1", "T2"]),
    st.none() | st.just("https://track.example/T"),
)
Change = Callable[[Order], Order]
CHANGES: st.SearchStrategy[Change] = st.one_of(
    st.sampled_from([*TO.values()]),
    st.lists(st.sampled_from(K), min_size=1, max_size=3).map(
        lambda kinds: lambda order: transitions.stepped(order, *kinds, now=NOON)
    ),
    st.lists(PARCELS, max_size=3).map(lambda parcels: lambda order: transitions.parcelled(order, parcels, NOON)),
    st.sampled_from([{"a": "1"}, {"b": "2"}]).map(lambda jobs: lambda order: transitions.rendering(order, jobs, NOON)),
    st.just(lambda order: transitions.printed(order, NOON)),
    st.sampled_from([replace(ADDRESS, city="Jurong"), replace(ADDRESS, country="VN")]).map(
        lambda address: lambda order: transitions.readdressed(order, address, NOON)
    ),
    st.just(lambda order: transitions.unaddressed(order, NOON)),
)


def at(status: OrderStatus, order: Order | None = None) -> Order:
    return replace(order or pending(), status=status)


@pytest.mark.parametrize("before", S)
@pytest.mark.parametrize("after", TO)
def test_of_all_pairs_of_statuses_the_legal_ones_are_possible(before: OrderStatus, after: OrderStatus) -> None:
    order = at(before)
    if after in LEGAL[before]:
        changed = TO[after](order)
        assert (changed.status, changed.version) == (after, order.version + 1)
        assert (changed.due is None) == (after in ENDED)
    else:
        with pytest.raises(NotPossibleError):
            TO[after](order)


@given(st.sampled_from([pending, of_files]), st.lists(CHANGES, max_size=25))
def test_whatever_is_tried_goes_forward(make: Callable[[], Order], changes: list[Change]) -> None:
    order = make()
    for change in changes:
        try:
            after = change(order)
        except NotPossibleError:
            continue
        check_forward(order, after)
        assert order_from_item(order_to_item(after)) == after
        order = after


def check_forward(before: Order, after: Order) -> None:
    if after == before:
        return
    assert after.version == before.version + 1
    assert after.history[-1].version == after.version
    assert after.history[:-1] == before.history
    assert after.status == before.status or after.status in LEGAL[before.status]
    assert after.steps[: len(before.steps)] == before.steps
    kinds = [step.kind for step in after.steps]
    assert kinds == sorted({*kinds}, key=list(K).index)
    known = {parcel.id: parcel for parcel in after.parcels}
    for parcel in before.parcels:
        assert not parcel.tracking_number or known[parcel.id].tracking_number
    assert after.printed >= before.printed
    assert after.payment == before.payment or (before.payment is None and after.status == S.PROCESSING)
    assert {*before.renderings} <= {*after.renderings} == {*after.tries}
    assert all(before.tries.get(id_, 0) <= tries for id_, tries in after.tries.items())
    assert after.address is None or after.address.country == after.country
    assert after.due is None or after.status not in ENDED


def test_what_has_happened_is_answered_as_it_stands() -> None:
    order = transitions.paid(pending(), "payment-1", NOON)
    order = transitions.printed(transitions.stepped(order, K.RENDERED, now=NOON), NOON)
    order = transitions.parcelled(order, [PARCEL], NOON)
    assert transitions.stepped(order, K.PAID, K.RENDERED, now=NOON) is order
    assert transitions.printed(order, NOON) is order
    assert transitions.parcelled(order, [replace(PARCEL, tracking_url=None)], NOON) is order
    assert transitions.readdressed(pending(), ADDRESS, NOON).version == 1


def test_a_parcel_that_comes_late_is_kept_however_the_order_ended() -> None:
    order = replace(pending(), status=S.FAILED, printed=True)
    assert transitions.parcelled(order, [PARCEL], NOON).parcels == (PARCEL,)


def test_the_latest_hundred_changes_are_kept() -> None:
    order = transitions.paid(pending(), "payment-1", NOON)
    for i in range(120):
        order = transitions.rendering(order, {"a": str(i)}, NOON)
    assert [event.version for event in order.history] == list(range(order.version - 99, order.version + 1))


def test_actions_of_a_life() -> None:
    order = pending()
    assert actions(order, NOON) == [OrderAction.PAY, OrderAction.CANCEL, OrderAction.CHANGE_ADDRESS]
    assert OrderAction.PAY not in actions(order, parse(order.pay_by))
    assert OrderAction.PAY in actions(order, parse(order.pay_by) - timedelta(milliseconds=1))
    order = transitions.paid(order, "payment-1", NOON)
    assert actions(order, NOON) == [OrderAction.CANCEL, OrderAction.CHANGE_ADDRESS]
    order = transitions.printed(transitions.stepped(order, K.RENDERED, now=NOON), NOON)
    assert actions(order, NOON) == []


def test_actions_where_nothing_is_printed() -> None:
    order = transitions.paid(of_files(), "payment-1", NOON)
    assert actions(order, NOON) == [OrderAction.CANCEL]
    order = transitions.stepped(order, K.RENDERED, K.DELIVERED, now=NOON)
    assert actions(order, NOON) == []


@pytest.mark.parametrize("status", sorted(ENDED))
def test_nothing_can_be_done_with_an_order_that_has_ended(status: OrderStatus) -> None:
    assert actions(at(status), NOON) == []


def test_it_goes_nowhere_else_once_it_is_printed_nor_to_another_country() -> None:
    elsewhere = replace(ADDRESS, city="Jurong")
    assert transitions.readdressed(pending(), elsewhere, NOON).address == elsewhere
    with pytest.raises(NotPossibleError):
        transitions.readdressed(pending(), replace(ADDRESS, country="VN"), NOON)
    with pytest.raises(NotPossibleError):
        transitions.readdressed(replace(pending(), status=S.PROCESSING, printed=True), elsewhere, NOON)
    with pytest.raises(NotPossibleError):
        transitions.readdressed(of_files(), elsewhere, NOON)
