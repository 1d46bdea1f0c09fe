"""The rows of orders at the printer, and who is looked at again, when."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.clock import millis
from studio.dynamo import ConditionFailed, Table, pack, transact, unpack
from studio.errors import UnreadableError
from studio.printing.cost import Cost
from studio.printing.item import submission_from_item, submission_to_item
from studio.printing.protocol import Refusal
from studio.printing.request import Recipient, ShippingMethod
from studio.printing.submission import PrintRefusal, Submission, Trouble
from studio.printing.table import QUIET, PrintOrders
from tests.unit.printing.submissions import BOOK, LAN, PICTURE, found, ordered, print_orders
from tests.unit.printing.test_merge import STATES
from tests.unit.world import World

SOME = st.sampled_from([None, "a"])
MILLIS = st.integers(0, 4 * 10**12)
TIME = "2026-11-20T12:00:00.000Z"
RECIPIENTS = st.builds(
    Recipient,
    name=st.just("Lan"),
    line1=st.just("12"),
    line2=SOME,
    city=st.just("Hà Nội"),
    region=SOME,
    postal_code=SOME,
    country=st.just("VN"),
    phone=SOME,
    email=SOME,
)
SUBMISSIONS = st.builds(
    Submission,
    id=st.just("order-1"),
    owner=st.just("user-1"),
    method=st.sampled_from(ShippingMethod),
    items=st.lists(st.sampled_from([BOOK, PICTURE, replace(PICTURE, price=Cost(0, "VND"))]), max_size=3).map(tuple),
    created_at=st.just(TIME),
    updated_at=st.just(TIME),
    version=st.integers(1, 9),
    recipient=st.none() | RECIPIENTS,
    printer_id=SOME,
    submitted_at=st.none() | st.just(TIME),
    state=st.none() | STATES,
    refusal=st.none() | st.builds(PrintRefusal, st.sampled_from(Refusal), st.just(("recipient: Missing",)), SOME),
    trouble=st.none() | st.sampled_from(Trouble),
    asked_at=st.none() | MILLIS,
    tries=st.integers(0, 9),
    due=st.none() | MILLIS,
)


@pytest.fixture
def table(world: World) -> PrintOrders:
    return print_orders(world)


def submitted(world: World, table: PrintOrders) -> Submission:
    """Return an order that the printer took just now."""
    later = millis(world.time + timedelta(minutes=1))
    before = ordered(world)
    return table.step(before, replace(before, printer_id="ord_1", asked_at=millis(world.time), due=later))


@given(SUBMISSIONS)
def test_a_row_is_read_as_it_was_written(submission: Submission) -> None:
    assert submission_from_item(unpack(pack(submission_to_item(submission)))) == submission


def test_an_order_is_placed_once(world: World, table: PrintOrders) -> None:
    first = ordered(world, items=[BOOK, PICTURE])
    assert (first.due, first.version, first.recipient) == (millis(world.time), 1, LAN)
    with pytest.raises(ConditionFailed):
        transact(world.client, [table.new(first)])


def test_neither_an_address_nor_a_name_is_shown(world: World) -> None:
    assert "Lan" not in repr(ordered(world))


@pytest.mark.parametrize("change", [{"items": [{}]}, {"method": "PIGEON"}, {"due": "soon"}, {"recipient": "Lan"}])
def test_a_row_that_nobody_wrote_is_not_believed(world: World, change: dict[str, object]) -> None:
    with pytest.raises(UnreadableError):
        submission_from_item({**submission_to_item(ordered(world)), **change})


def test_a_product_that_is_no_more_is_not_printed_as_another(world: World) -> None:
    row = submission_to_item(ordered(world))
    row["items"][0]["product"] = "SCROLL"
    with pytest.raises(UnreadableError):
        submission_from_item(row)


def test_what_is_over_is_not_due(world: World, table: PrintOrders) -> None:
    before = ordered(world)
    assert [row["id"] for rows in table.due(world.time) for row in rows] == ["order-1"]
    table.step(before, replace(before, due=None, recipient=None))
    assert [*table.due(world.later(999))] == [[]]
    row = table.get({"id": "order-1"}) or {}
    assert not {"due", "open", "recipient"} & row.keys()


def test_who_read_an_older_row_writes_nothing(world: World, table: PrintOrders) -> None:
    before = ordered(world)
    table.step(before, replace(before, tries=1))
    with pytest.raises(ConditionFailed):
        table.step(before, replace(before, tries=2))
    assert found(table).tries == 1


def test_an_order_is_found_by_the_printers_id(world: World, table: PrintOrders) -> None:
    submitted(world, table)
    assert table.by_printer_id("ord_1") == "order-1"
    assert table.by_printer_id("ord_2") is None


def test_it_is_looked_at_again_at_once(world: World, table: PrintOrders) -> None:
    before = submitted(world, table)
    now = world.later(30)
    assert table.look_again("order-1", now)
    assert found(table) == replace(before, due=millis(now), version=before.version + 1)


def test_what_was_just_asked_for_waits_a_moment(world: World, table: PrintOrders) -> None:
    submitted(world, table)
    now = world.later(1)
    assert table.look_again("order-1", now)
    assert found(table).due == millis(now + QUIET)


def test_a_thousand_callbacks_are_one_more_question(world: World, table: PrintOrders) -> None:
    submitted(world, table)
    assert [table.look_again("order-1", world.later(0.001)) for _ in range(1000)] == [True] + [False] * 999


def test_a_callback_does_not_put_off_what_is_due(world: World, table: PrintOrders) -> None:
    before = submitted(world, table)
    assert not table.look_again("order-1", world.later(61))
    assert found(table) == before


def test_what_is_over_is_looked_at_again_too(world: World, table: PrintOrders) -> None:
    before = submitted(world, table)
    table.step(before, replace(before, due=None))
    assert table.look_again("order-1", world.later(60))
    assert [row["id"] for rows in table.due(world.time) for row in rows] == ["order-1"]


def test_who_was_asking_meanwhile_notices(world: World, table: PrintOrders) -> None:
    before = submitted(world, table)
    table.look_again("order-1", world.later(30))
    with pytest.raises(ConditionFailed):
        table.step(before, replace(before, due=millis(world.time + timedelta(hours=1))))


@pytest.mark.parametrize("id_", ["order-1", "order-2"])
def test_what_is_not_at_the_printer_is_not_looked_at(world: World, table: PrintOrders, id_: str) -> None:
    before = ordered(world)
    assert not table.look_again(id_, world.later(60))
    assert found(table) == before
    assert Table.get(table, {"id": "order-2"}) is None
